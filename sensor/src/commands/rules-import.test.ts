// `rules import`: the table, the file of what works, JSON, and the settings beside the rules.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Terminal } from './command.ts';
import { importRules } from './rules-import.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-import-'));
writeFileSync(
  join(folder, 'a.rules'),
  `alert dns $OWN any -> any any (msg:"one"; dns.query; content:"evil.example"; sid:1;)
alert http any any -> any any (http.request_body; content:"a"; sid:2;)
# alert tls any any -> any any (tls.sni; content:"evil.example"; sid:3;)
# a remark about alert rules
`,
);
writeFileSync(join(folder, 'suricata.yaml'), 'vars:\n  address-groups:\n    OWN: "[192.0.2.0/24]"\n');

async function imported(...args: string[]) {
  const out: string[] = [];
  const said: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    say: (text: string) => void said.push(text),
  } as unknown as Terminal;
  const status = await importRules.run([folder, ...args], terminal);
  return { status, out: out.join(''), said: said.join('\n') };
}

test('a table of what works and what does not', async () => {
  const { status, out } = await imported();
  expect(status).toBe(0);
  expect(out.split('\n').slice(0, 4)).toEqual([
    '2 rules in 1 files',
    'compiled        1   50.0 %',
    'refused         1   50.0 %',
    'invalid         0    0.0 %',
  ]);
  expect(out).toMatch(/^http\.request_body +1 +"http\.request_body": it reads payload.*\(a\.rules:2\)$/m);
});

test('rules that are commented out, and a file of what works', async () => {
  const path = join(folder, 'works.txt');
  const { out } = await imported('--commented', '--json', '--to', path);
  expect(JSON.parse(out)).toMatchObject({ files: 1, rules: 3, compiled: 2, refused: 1, invalid: [] });
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  expect(lines.map((line) => /sid:(\d+)/.exec(line)?.[1])).toEqual(['1', '3']);
});

test('an invalid rule is named with its place, and ends with 1', async () => {
  const bad = join(folder, 'bad.rules');
  writeFileSync(bad, 'alert dns any any -> any any (dns.query; content:"a"; depht:1; sid:9;)\n');
  const { status, said } = await imported();
  expect(status).toBe(1);
  expect(said).toBe('bad.rules:1:55: there is no option "depht" (did you mean "depth"?)');
  writeFileSync(bad, '');
});
