// The verbs of `rules`, as somebody who owns rules uses them.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Terminal } from './command.ts';
import { rulesCommand } from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-rules-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const GOOD = write(
  'transfer.yml',
  `title: Zone transfer
id: 3912001c-0849-431f-bce7-7c493cc1f9e2
name: transfer
description: A whole zone is
    asked for.
tags: [attack.reconnaissance, attack.t1590.002]
logsource: {product: yagura, service: dns}
detection:
    selection:
        dns.queries.rrtype: [AXFR, IXFR]
        http.url: ''
    condition: selection
level: medium
---
title: Many transfers
id: bb9e6048-0da4-4c01-bd66-d95061dbf6de
tags: [attack.t1595.001]
correlation:
    type: event_count
    rules: [transfer]
    group-by: [src_ip]
    timespan: 1m
    condition: {gte: 3}
level: high
`.replace("        http.url: ''\n", ''),
);
const BAD = write('bad.yml', 'title: No source\nid: 3912001c-0849-431f-bce7-7c493cc1f9e3\n');

async function rules(...args: string[]) {
  const out: string[] = [];
  const said: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    say: (text: string) => void said.push(text),
  } as unknown as Terminal;
  const status = await rulesCommand.run(args, terminal);
  return { status, out: out.join(''), said: said.join('\n') };
}

test('check says what is refused, and where', async () => {
  const good = await rules('check', GOOD);
  expect(good).toEqual({ status: 0, out: '', said: '1 rules, 1 correlations, 0 indicators, 0 refused' });
  const bad = await rules('check', folder);
  expect(bad.status).toBe(1);
  expect(bad.said).toContain('bad.yml:1:1: "logsource" is missing');
  expect(bad.said).toContain('1 refused');
  expect(BAD).toBeTruthy();
});

test('list names every rule; with behaviours those of the detectors', async () => {
  const { out } = await rules('list', GOOD);
  expect(out.split('\n').map((line) => line.split('\t').slice(0, 4))).toEqual([
    ['medium', 'sigma', '3912001c-0849-431f-bce7-7c493cc1f9e2', 'Zone transfer'],
    ['high', 'correlation', 'bb9e6048-0da4-4c01-bd66-d95061dbf6de', 'Many transfers'],
    [''],
  ]);
  const [rule, correlation] = (await rules('list', GOOD, '--json')).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rule).toMatchObject({
    about: 'A whole zone is asked for.',
    types: ['dns'],
    isSilent: true,
    reads: [{ path: 'dns.queries.rrtype', class: 'protocol' }],
  });
  expect(rule.place).toMatch(/transfer\.yml:1$/);
  expect(correlation).toMatchObject({ counts: ['3912001c-0849-431f-bce7-7c493cc1f9e2'], isSilent: false });
  expect((await rules('list', '--behaviour')).out).toContain('\tbehaviour.port-scan.vertical\t');
});

test('explain tells what a rule reads, and what of it leaves', async () => {
  const { out } = await rules('explain', 'many', GOOD);
  expect(out).toContain('rule         Many transfers (bb9e6048-0da4-4c01-bd66-d95061dbf6de)');
  expect(out).toContain('counts       Zone transfer (3912001c-0849-431f-bce7-7c493cc1f9e2)');
  expect(out).toContain('reads        src_ip (flow: leaves under strict)');
  expect(out).toContain('ATT&CK       T1595.001 Active Scanning: Scanning IP Blocks');
  const other = await rules('explain', '3912001c-0849-431f-bce7-7c493cc1f9e2', GOOD);
  expect(other.out).toContain('silent: it is only counted');
  await expect(rules('explain', 'zone transfre', GOOD)).rejects.toThrow(
    'there is no rule "zone transfre" (did you mean "Zone transfer"?)',
  );
});

test('coverage counts what tells, not what is only counted', async () => {
  const { out, said } = await rules('coverage', GOOD, '--no-behaviour');
  expect(out.split('\n').map((line) => line.slice(0, 15).trim())).toEqual([
    'T1595         1',
    'T1595.001     1',
    '',
  ]);
  expect(said).toMatch(/^2 of \d{3} techniques that network traffic shows \(\d %\), by 2 rules$/);
  const missing = await rules('coverage', GOOD, '--no-behaviour', '--missing');
  expect(missing.out).toContain('T1046         0  Network Service Discovery');
  expect(missing.out).not.toContain('T1595.001 ');
  const file = join(folder, 'layer.json');
  await rules('coverage', GOOD, '--no-behaviour', '--navigator', file);
  const layer = JSON.parse(readFileSync(file, 'utf8'));
  expect(layer).toMatchObject({ domain: 'enterprise-attack', versions: { layer: '4.5' } });
  expect(layer.techniques).toEqual([
    { techniqueID: 'T1595', score: 1, comment: 'Many transfers', enabled: true, showSubtechniques: false },
    { techniqueID: 'T1595.001', score: 1, comment: 'Many transfers', enabled: true, showSubtechniques: true },
  ]);
});

test('a verb that is none is refused, with the nearest', async () => {
  await expect(rules('lits', GOOD)).rejects.toThrow('there is no "lits" (did you mean "list"?)');
  await expect(rules()).rejects.toThrow('rules needs a verb');
  expect(rulesCommand.helpOf?.(['explain'])).toContain('rules explain RULE PATH');
  expect(rulesCommand.help).toContain('  coverage  Counts the techniques');
});
