// tshark and the sensor count the same packets, DNS messages, TLS clients and HTTP requests in our recordings.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { senseFile } from '../support/sense.ts';
import { plain, recordings } from './captures.ts';

interface Counts {
  readonly packets: number;
  readonly dns: number;
  readonly tls: number;
  readonly http: number;
}

/** Where the two differ, and why that is right or known. */
const DIFFERENT: Readonly<Record<string, { readonly count: keyof Counts; readonly why: string }>> = {
  'bulk-upload': {
    count: 'http',
    why: 'a snap length of 96 bytes cuts the heads; tshark reads the first line',
  },
  'nmap-udp': { count: 'dns', why: 'probes to ports other than 53: tshark knows DNS by its port' },
};
/** Sessions that begin in another protocol (STARTTLS, CONNECT): tshark goes on in TLS, the sensor does not yet. */
const UPGRADED = new Set(['25', '110', '143', '587', '3128']);

/** Above so many packets a recording is compared in CI only. */
const LARGE = 2_000;
const isCI = process.env['CI'] === 'true';

const installed = ((): boolean => {
  try {
    return execFileSync('tshark', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
})();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-tshark-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIELDS = [
  'icmp.type',
  'icmpv6.type',
  'dns.id',
  'tcp.stream',
  'tcp.dstport',
  'tls.handshake.type',
  'http.request.method',
];

async function tshark(path: string): Promise<Counts> {
  const file = join(folder, 'x.pcap');
  writeFileSync(file, plain(path));
  const args = ['-n', '-r', file, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])];
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 1 << 28 });
  const rows = stdout
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t'));
  const times = (cell: string): number => (cell === '' ? 0 : cell.split(',').length);
  const clients = new Set<string>();
  let [dns, http] = [0, 0];
  for (const [icmp, icmp6, id, stream, port, handshake, method] of rows) {
    // What an ICMP error quotes was counted when it was sent.
    if (icmp === '' && icmp6 === '') dns += times(id);
    if (handshake.split(',').includes('1') && !UPGRADED.has(port)) clients.add(stream);
    http += times(method);
  }
  return { packets: rows.length, dns, tls: clients.size, http };
}

async function sensor(path: string): Promise<Counts> {
  const { sensor: ran, of } = await senseFile(path);
  return {
    packets: ran.counters.packets,
    dns: of('dns').length,
    tls: of('tls').filter((e) => e['tls'].ja4 !== undefined).length,
    http: of('http').filter((e) => e['http'].http_method !== undefined).length,
  };
}

test('tshark is there where everything must be tried', () => {
  if (isCI) expect(installed, 'CI=true: install the Debian package tshark').toBe(true);
  else if (!installed) console.warn('skipped: tshark is not installed (Debian package tshark)');
});

describe.skipIf(!installed)('the same counts', () => {
  test.for(recordings)('$name', async ({ name, path }, context) => {
    const own = await sensor(path);
    if (own.packets > LARGE && !isCI) context.skip(`above ${LARGE} packets: compared when CI=true`);
    const other: Counts = await tshark(path);
    const known = DIFFERENT[name];
    if (known === undefined) expect(own).toEqual(other);
    else {
      expect(own[known.count], `no longer different: ${known.why}`).not.toBe(other[known.count]);
      expect({ ...own, [known.count]: 0 }).toEqual({ ...other, [known.count]: 0 });
    }
  });
});
