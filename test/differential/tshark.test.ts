// tshark and the sensor find the same in our recordings: as many packets, messages and sessions, with the same names,
// fingerprints and Community IDs.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Eve, senseFile } from '../support/sense.ts';
import { plain, recordings } from './captures.ts';

interface Findings {
  readonly packets: number;
  /** DNS messages. */
  readonly dns: number;
  /** Connections in which a TLS client said hello, at once or after STARTTLS and the like. */
  readonly tls: number;
  /** HTTP requests. */
  readonly http: number;
  /** Each in order, once. */
  readonly conversations: readonly string[];
  readonly names: readonly string[];
  readonly servers: readonly string[];
  readonly hosts: readonly string[];
  readonly ja3: readonly string[];
  readonly ja3s: readonly string[];
}

/** Where the two differ, and why that is right or known. */
const DIFFERENT: Readonly<
  Record<string, { readonly in: readonly (keyof Findings)[]; readonly why: string }>
> = {
  'bulk-upload': {
    in: ['hosts'],
    why: 'a snap length of 96 bytes cuts heads; tshark tells what it has of them',
  },
  'built-baseline-normal': {
    in: ['tls'],
    why: 'TLS in the packets of TDS: the sensor reads it as TDS alone',
  },
  'built-outward': {
    in: ['conversations', 'http', 'hosts'],
    why: 'tshark has one Community ID a packet, the inmost of a tunnel, and fields of its own for HTTP/2',
  },
  'nmap-udp': { in: ['dns'], why: 'probes to ports other than 53: tshark knows DNS by its port' },
};
/** Above so many packets a recording is compared in CI only. */
const LARGE = 800;
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
  ...[
    'frame.protocols',
    'icmp.type',
    'icmpv6.type',
    'communityid',
    'tcp.stream',
    'tcp.srcport',
    'tcp.dstport',
  ],
  ...['dns.id', 'dns.qry.name', 'http.request.method', 'http.host'],
  ...[
    'tls.handshake.type',
    'tls.handshake.extensions_server_name',
    'tls.handshake.ja3',
    'tls.handshake.ja3s',
  ],
] as const;
/** Protocols that tshark reads with the fields of DNS, HTTP and TLS. */
const KIN = /:(llmnr|nbns|mdns|ssdp|quic)\b/;
type Row = Record<(typeof FIELDS)[number], readonly string[]>;

async function rowsOf(path: string): Promise<Row[]> {
  const file = join(folder, 'x.pcap');
  writeFileSync(file, plain(path));
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  // Tabs between fields and commas between values of one: neither stands in any value of these.
  const args = ['-n', '--enable-protocol', 'communityid', '-r', file, '-T', 'fields', ...fields];
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const cells = line.split('\t').map((cell) => (cell === '' ? [] : cell.split(',')));
      return Object.fromEntries(FIELDS.map((field, i) => [field, cells[i]])) as unknown as Row;
    });
}

/** Names of ordinary letters: of others the two choose their own way of writing. */
const isPlain = (name: string): boolean => /^[\w.*-]+$/.test(name);

const once = (values: readonly string[]): string[] => [...new Set(values.filter((v) => v !== ''))].sort();

async function tshark(path: string): Promise<Findings> {
  const rows = await rowsOf(path);
  // What an ICMP error quotes was counted when it was sent; what is an event of its own kind here has tshark's fields there.
  const own = rows.filter(
    (row) =>
      row['icmp.type'].length + row['icmpv6.type'].length === 0 && !KIN.test(row['frame.protocols'][0]),
  );
  const clients = own.filter((row) => row['tls.handshake.type'].includes('1'));
  const all = (from: readonly Row[], field: (typeof FIELDS)[number]) => from.flatMap((row) => row[field]);
  return {
    packets: rows.length,
    dns: all(own, 'dns.id').length,
    tls: new Set(all(clients, 'tcp.stream')).size,
    http: all(own, 'http.request.method').length,
    conversations: once(all(rows, 'communityid')),
    names: once(all(own, 'dns.qry.name').filter(isPlain)),
    servers: once(all(own, 'tls.handshake.extensions_server_name')),
    hosts: once(all(own, 'http.host').map((host) => host.replace(/:\d+$/, ''))),
    ja3: once(all(own, 'tls.handshake.ja3')),
    ja3s: once(all(own, 'tls.handshake.ja3s')),
  };
}

async function sensor(path: string): Promise<Findings> {
  const { sensor: ran, of } = await senseFile(path);
  // tshark has fields of their own for DTLS.
  const tls = of('tls')
    .filter((e) => e['app_proto'] !== 'dtls')
    .map((e) => e['tls'] as Eve);
  const http = of('http').map((e) => e['http'] as Eve);
  return {
    packets: ran.counters.packets,
    dns: of('dns').length,
    tls: tls.filter((session) => session['ja4'] !== undefined).length,
    http: http.filter((exchange) => exchange['http_method'] !== undefined).length,
    conversations: once(of('flow').map((e) => e['community_id'])),
    names: once(
      of('dns')
        .flatMap((e) => (e['dns'].queries ?? []).map((q: Eve) => q['rrname']))
        .filter(isPlain),
    ),
    servers: once(tls.map((session) => session['sni'] ?? '')),
    hosts: once(http.map((exchange) => exchange['hostname'] ?? '')),
    ja3: once(tls.map((session) => session['ja3']?.hash ?? '')),
    ja3s: once(tls.map((session) => session['ja3s']?.hash ?? '')),
  };
}

test('tshark is there where everything must be tried', () => {
  if (isCI) expect(installed, 'CI=true: install the Debian package tshark').toBe(true);
  else if (!installed) console.warn('skipped: tshark is not installed (Debian package tshark)');
});

describe.skipIf(!installed)('the same findings', () => {
  test.for(recordings)('$name', async ({ name, path }, context) => {
    const own = await sensor(path);
    if (own.packets > LARGE && !isCI) context.skip(`above ${LARGE} packets: compared when CI=true`);
    const other = await tshark(path);
    const known = DIFFERENT[name] ?? { in: [], why: '' };
    const rest = (findings: Findings) =>
      Object.fromEntries(
        Object.entries(findings).filter(([key]) => !known.in.includes(key as keyof Findings)),
      );
    expect(rest(own)).toEqual(rest(other));
    for (const key of known.in) expect(own[key], `no longer different: ${known.why}`).not.toEqual(other[key]);
  });
});
