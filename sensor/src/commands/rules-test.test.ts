// `rules test` on our recordings: what it shows, what it withholds, and how it ends.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Terminal } from './command.ts';
import { rulesCommand } from './rules.ts';

const ROOT = join(import.meta.dirname, '../../..');
const capture = (name: string): string => join(ROOT, 'test/captures', `${name}.pcap.zst`);
const folder = mkdtempSync(join(tmpdir(), 'yagura-rules-test-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

async function rules(args: readonly string[], hasColour = false) {
  const out: string[] = [];
  const said: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    say: (text: string) => void said.push(text),
    hasColour,
  } as unknown as Terminal;
  const status = await rulesCommand.run(['test', ...args], terminal);
  return { status, out: out.join(''), said: said.join('\n') };
}

const transfer = (captures: string) =>
  `title: Zone transfer
name: transfer
logsource: {product: yagura, service: dns}
detection:
    selection:
        dns.type: request
        dns.queries.rrtype: [AXFR, IXFR]
    filter:
        dns.rcode: REFUSED
    condition: selection and not filter
level: medium
yagura:
    captures: ${captures}
`;

describe('a rule on captures', () => {
  const path = write('transfer.yml', transfer('{fires: [dns-odd], silent: [dns-resolver]}'));
  const both = ['--capture', capture('dns-odd'), '--capture', capture('dns-resolver')];
  test('shows each match with what the rule looked at; what it rests on is marked', async () => {
    const { status, out, said } = await rules([path, ...both]);
    expect(out).toMatch(/^\ndns-odd: Zone transfer \(medium, .*transfer\.yml:1\)$/m);
    expect(out).toMatch(/^ {3}\d{4}-\d\d-\d\dT[\d:.]+Z {2}dns {2}TCP [\d.]+:\d+ → 10\.20\.0\.53:53$/m);
    expect(out).toMatch(/^ {6}\* dns\.queries\.rrtype +AXFR$/m);
    // Looked at, and not what the match rests on.
    expect(out).toMatch(/^ {8}dns\.rcode +\(absent\)$/m);
    expect(out).toMatch(/^Zone transfer {2}dns-odd +2 {2}fires, as it says$/m);
    expect(out).toMatch(/^Zone transfer {2}dns-resolver +0 {2}silent, as it says$/m);
    expect(said).toBe('1 rules, 2 matches');
    expect(status).toBe(0);
  });
  test('on a terminal the matched fields are lit', async () => {
    const { out } = await rules([path, ...both], true);
    expect(out).toMatch(/^ {8}\u001b\[1;32mdns\.queries\.rrtype +AXFR\u001b\[0m$/m);
    expect(out).not.toContain('*');
  });
  test('counts all and shows the first', async () => {
    const { out } = await rules([path, ...both, '--most', '1']);
    expect(out.match(/ → /g)).toHaveLength(1);
    expect(out).toMatch(/^Zone transfer {2}dns-odd +2 /m);
  });
  test('a claim that does not hold ends with 1', async () => {
    const wrong = write('wrong.yml', transfer('{fires: [dns-resolver], silent: [dns-odd]}'));
    const { status, out, said } = await rules([wrong, ...both]);
    expect(status).toBe(1);
    expect(out).toMatch(/dns-odd +2 {2}NOT silent$/m);
    expect(out).toMatch(/dns-resolver +0 {2}NOT fires$/m);
    expect(said).toBe('1 rules, 2 matches, 2 claims that do not hold');
  });
  test('a rule that does not load ends with 1, and the others are tried', async () => {
    const bad = write('bad.yml', 'title: No source\n');
    const { status, said } = await rules([path, bad, ...both]);
    expect(status).toBe(1);
    expect(said).toContain('bad.yml:1:1: "logsource" is missing');
    expect(said).toContain('1 rules, 2 matches');
  });
});

const WEB = write(
  'web.yml',
  `title: Log-in form
name: form
logsource: {product: yagura, service: http}
detection:
    selection:
        http.http_method: POST
        http.url|contains: login
    condition: selection
---
title: Many log-ins
correlation:
    type: event_count
    rules: [form]
    group-by: [src_ip, http.url]
    timespan: 1m
    condition: {gte: 10}
`,
);
const web = [WEB, '--capture', capture('web-bruteforce'), '--most', '1'];

test('what does not leave under the profile is not shown, in matches and in groups', async () => {
  const strict = await rules(web);
  expect(strict.out).toMatch(/^ {6}\* http\.url +\(withheld, \d+ characters\)$/m);
  expect(strict.out).not.toContain('/login');
  const named = await rules([...web, '--profile', 'lawful-order']);
  expect(named.out).toMatch(/^ {6}\* http\.url +\/login$/m);
});

test('a correlation shows what it measured, and its group', async () => {
  const { out } = await rules(web);
  expect(out).toMatch(
    /^web-bruteforce: Many log-ins .*\n {3}\S+ {2}http {2}TCP .*\n {6}\* count +10\n {6}\* src_ip +203\.0\.113\.50\n {6}\* http\.url +\(withheld/m,
  );
});

test('as JSON: a line for each match, capture and count', async () => {
  const { out } = await rules([...web, '--json']);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ kind }) => kind)).toEqual(['match', 'match', 'capture', 'count', 'count']);
  expect(lines[0]).toMatchObject({
    rule: { name: 'Log-in form' },
    capture: 'web-bruteforce',
    type: 'http',
    flow: { dest_ip: '10.20.0.80', dest_port: 80, proto: 'TCP' },
    fields: [
      { name: 'http.http_method', isMatched: true, value: 'POST' },
      { name: 'http.url', isMatched: true, withheld: 6 },
    ],
  });
  expect(lines[1].measured).toEqual({ what: 'count', value: 10 });
  expect(lines[3]).toMatchObject({ rule: { name: 'Log-in form' }, capture: 'web-bruteforce', is_kept: true });
  expect(lines[3].matches).toBeGreaterThan(100);
});

test('rules of Suricata are shown by the fields that they matched', async () => {
  const path = write(
    'web.rules',
    'alert http any any -> any any (msg:"Log-in sent"; http.method; content:"POST"; http.uri; content:"login"; sid:7; rev:1;)\n',
  );
  const { status, out } = await rules([path, ...web.slice(1)]);
  expect(out).toMatch(/^web-bruteforce: Log-in sent \(.*web\.rules:1\)$/m);
  expect(out).toMatch(/^ {6}\* http\.http_method +POST$/m);
  expect(out).toMatch(/^ {6}\* http\.url +\(withheld, \d+ characters\)$/m);
  expect(status).toBe(0);
});

test('a folder of captures is all of them', async () => {
  const { said } = await rules([WEB, '--capture', capture('dns-odd'), '--capture', folder]);
  expect(said).toBe('2 rules, 0 matches');
});

test.each([
  [[WEB], 'at least one --capture'],
  [['--capture', 'x'], 'rules test needs rules'],
  [[WEB, '--capture', capture('dns-odd'), '--profile', 'lax'], 'there is no profile "lax"'],
  [[WEB, '--capture', join(folder, 'none.pcap')], 'none.pcap'],
])('%# is refused', async (args, wanted) => {
  await expect(rules(args)).rejects.toThrow(wanted);
});
