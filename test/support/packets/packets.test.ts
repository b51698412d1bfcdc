// The packet builder held to programs that others wrote: tshark must find nothing wrong with what it makes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sense } from '../sense.ts';
import { inOrder, NOON, pcap } from './capture.ts';
import { Conversation, datagrams } from './conversation.ts';
import { answer, query } from './dns.ts';
import { ethernet, icmp, icmp6, ip } from './frame.ts';
import { addressOctets, internetChecksum } from './octets.ts';
import { ordinaryClient, ordinaryServer, records } from './tls.ts';

const web = () =>
  new Conversation()
    .handshake()
    .send('client', 'GET / HTTP/1.1\r\nHost: www.example\r\n\r\n')
    .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    .close();
const overIpv6 = () =>
  new Conversation({ client: '2001:db8::7', server: '2001:db8:1::9', serverPort: 443, vlans: [10, 20] })
    .handshake()
    .send('client', records(ordinaryClient('www.example')))
    .send('server', records(ordinaryServer()))
    .close();
const names = () =>
  datagrams({ server: '10.1.0.53' }, [
    ['client', query('www.example')],
    ['server', answer('www.example', ['192.0.2.1', '192.0.2.2'])],
  ]);
const pings = [
  { time: NOON, bytes: ethernet(ip({ src: '10.1.0.7', dest: '10.1.0.8' }, icmp(8, 0, [0, 1, 0, 1]))) },
  { time: NOON, bytes: ethernet(ip({ src: 'fe80::1', dest: 'fe80::2' }, icmp6(128, 0, [0, 1, 0, 1]))) },
];

test('the checksum of RFC 1071 §3', () => {
  expect(internetChecksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])).toBe(0xffff & ~0xddf2);
  expect([...addressOctets('2001:db8::9')]).toEqual([
    0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9,
  ]);
});

test('the sensor reads what the builder writes', () => {
  const { events, of } = sense(inOrder(web().frames, overIpv6().frames, names(), pings));
  expect(of('http')[0].http).toMatchObject({ hostname: 'www.example', status: 200, length: 2 });
  expect(of('tls')[0].tls).toMatchObject({ sni: 'www.example', version: 'TLS 1.3' });
  expect(of('tls')[0].vlan).toEqual([10, 20]);
  expect(of('dns')).toHaveLength(2);
  expect(of('anomaly')).toEqual([]);
  expect(
    of('flow')
      .map((e) => e['proto'])
      .sort(),
  ).toEqual(['ICMP', 'IPv6-ICMP', 'TCP', 'TCP', 'UDP']);
  expect(events.length).toBe(1 + 1 + 2 + 5);
});

const tshark = (() => {
  try {
    return execFileSync('tshark', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
})();

test.skipIf(!tshark)('tshark finds every checksum right and nothing malformed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-builder-'));
  try {
    const path = join(folder, 'x.pcap');
    const frames = inOrder(web().frames, overIpv6().frames, names(), pings);
    writeFileSync(path, pcap(frames));
    const checks = ['ip', 'tcp', 'udp'].flatMap((layer) => ['-o', `${layer}.check_checksum:TRUE`]);
    const wrong =
      'ip.checksum.status==0 || tcp.checksum.status==0 || udp.checksum.status==0 || icmp.checksum.status==0 || icmpv6.checksum.status==0 || _ws.malformed';
    const lines = (filter: string) =>
      execFileSync('tshark', ['-n', '-r', path, ...checks, '-Y', filter], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .toString()
        .split('\n')
        .filter((line) => line !== '');
    expect(lines(wrong)).toEqual([]);
    expect(lines('frame').length).toBe(frames.length);
    expect(lines('tcp.checksum.status==1').length).toBe(web().frames.length + overIpv6().frames.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
