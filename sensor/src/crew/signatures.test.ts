// Suricata's rules with several threads: about records, heads of HTTP, packets, flows and counts, as one thread tells them.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'yagura-crew-signatures-'));
afterAll(() => rmSync(folder, { recursive: true }));
const rules = join(folder, 'all.rules');
writeFileSync(
  rules,
  `alert tcp any any -> any any (msg:"SYN"; flags:S; sid:1;)
alert tcp any any -> any any (msg:"ten packets"; flow:established; flow.pkts:>10; threshold:type limit,track by_flow,count 1,seconds 3600; sid:2;)
alert icmp any any -> any any (msg:"echo"; itype:8; sid:3;)
alert ip any any -> any any (msg:"flow"; sid:4;)
alert http any any -> any any (msg:"no referrer"; http.header_names; content:!"Referer"; http.method; content:"GET"; sid:5;)
alert dns any any -> any any (msg:"name"; dns.queries.rrname; content:"."; dataset:set,names,type string; sid:6;)
alert dns any any -> any any (msg:"many names"; dns.query; content:"."; threshold:type threshold,track by_src,count 5,seconds 60; sid:7;)
alert tls any any -> any any (msg:"TLS"; sid:8;)
alert tls any any -> any any (msg:"after SYN"; tls.version:1.3; sid:9;)
`,
);

async function alerts(name: string, workers: number): Promise<string[]> {
  const events = join(folder, `${name}-${workers}.json`);
  const capture = join(ROOT, `test/captures/${name}.pcap.zst`);
  const args = [
    'read',
    capture,
    '--rules',
    rules,
    '--events',
    events,
    '--workers',
    String(workers),
    '--quiet',
  ];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [join(ROOT, 'sensor/src/main.ts'), ...args], { timeout: 50_000 }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return readFileSync(events, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event_type":"alert"') && line.includes('suricata-'));
}

test.each([
  ['office-day', [1, 2, 4, 5, 6, 7, 8, 9]],
  ['dns-resolver', [1, 2, 3, 4, 6, 7]],
] as const)(
  '%s',
  async (name, wanted) => {
    const one = await alerts(name, 1);
    const sids = one.map(
      (line) => (JSON.parse(line) as { alert: { signature_id: number } }).alert.signature_id,
    );
    expect([...new Set(sids)].sort((a, b) => a - b)).toEqual(wanted);
    expect(await alerts(name, 3)).toEqual(one);
  },
  60_000,
);
