// From frame to transport header: headers stacked every way, and every frame cut at every byte.
import { describe, expect, test } from 'vitest';
import { ethernet, fragments, icmp6, ip, tcp, udp, type Vlans } from '../../../test/support/packets/frame.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { LINK } from '../sources/source.ts';
import { decode } from './decode.ts';
import { FATES, Packet } from './packet.ts';

function look(
  bytes: Uint8Array,
  { link = LINK.ethernet as number, end = bytes.length, wire = bytes.length } = {},
) {
  const p = new Packet();
  // Behind what was captured stands something else, as in a source's buffer.
  p.bytes = octets(new Uint8Array(5).fill(0xaa), bytes.subarray(0, end), new Uint8Array(64).fill(0x55));
  p.at = 5;
  p.end = 5 + end;
  p.wire = wire;
  p.link = link;
  const fate = FATES[decode(p)];
  const payload = Buffer.from(p.bytes.subarray(p.payload, p.payloadEnd)).toString('latin1');
  return { p, fate, payload };
}

const V4 = { src: '10.1.0.7', dest: '198.51.100.9' };
const V6 = { src: '2001:db8::7', dest: '2001:db8::9' };
const segment = tcp(
  { from: 1, to: 2, flags: 'PA', sequence: 3, acknowledged: 4, options: [1, 1, 1] },
  'hello',
);
const datagram = udp({ from: 1, to: 2 }, 'hello');

describe('headers stacked', () => {
  test.each<[string, Vlans, number[]]>([
    ['untagged', [], []],
    ['one tag', [7], [7]],
    ['QinQ', [100, 200], [100, 200]],
    ['old tag types', [{ id: 1, type: 0x9100 }, { id: 2, type: 0x9200 }, 3], [1, 2, 3]],
    ['priority bits', [{ id: 0xe00a, type: 0x8100 }], [10]],
  ])('%s', (_, vlans, ids) => {
    const { p, fate, payload } = look(ethernet(ip(V4, segment), vlans));
    expect(fate).toBe('decoded');
    expect([...p.vlan.subarray(0, p.vlans)]).toEqual(ids);
    expect([p.sourcePort, p.destinationPort, p.sequence, p.acknowledged, p.tcpFlags]).toEqual([
      1, 2, 3, 4, 0x18,
    ]);
    expect(payload).toBe('hello');
  });

  test('more tags than any network has', () => {
    expect(look(ethernet(ip(V4, segment), [1, 2, 3, 4, 5])).fate).toBe('not_ip');
  });

  test('IPv4 options', () => {
    const { fate, payload } = look(ethernet(ip({ ...V4, options: new Uint8Array(40).fill(1) }, segment)));
    expect([fate, payload]).toEqual(['decoded', 'hello']);
  });

  test.each([
    ['hop-by-hop', [[0, [0, 1, 4, 0, 0, 0, 0]]]],
    [
      'routing, then destination options',
      [
        [43, new Uint8Array(7)],
        [60, [1, ...new Uint8Array(14)]],
      ],
    ],
    // Length counts 4-byte words less two (RFC 4302 §2.2).
    ['authentication', [[51, [4, ...new Uint8Array(22)]]]],
    ['mobility', [[135, new Uint8Array(7)]]],
  ] as [string, [number, number[]][]][])('IPv6 with %s', (_, extensions) => {
    const { p, fate, payload } = look(ethernet(ip({ ...V6, extensions }, segment)));
    expect([fate, payload, p.protocol]).toEqual(['decoded', 'hello', 6]);
  });

  test('a chain of extension headers without end is refused', () => {
    const extensions = Array.from({ length: 40 }, () => [60, new Uint8Array(7)] as const);
    expect(look(ethernet(ip({ ...V6, extensions }, segment))).fate).toBe('ipv6_bad');
  });

  test('MLD behind a router alert', () => {
    const { p, fate } = look(
      ethernet(ip({ ...V6, extensions: [[0, [0, 5, 2, 0, 0, 1, 0]]] }, icmp6(143, 0))),
    );
    expect([fate, p.sourcePort]).toEqual(['decoded', 143]);
  });

  test.each([
    ['raw', LINK.raw, ip(V6, datagram)],
    ['BSD loopback', LINK.null, octets([2, 0, 0, 0], ip(V4, datagram))],
    ['Linux cooked', LINK.sll, octets(new Uint8Array(14), [8, 0], ip(V4, datagram))],
    ['Linux cooked 2', LINK.sll2, octets([8, 0], new Uint8Array(18), ip(V4, datagram))],
    [
      'Linux cooked with a VLAN',
      LINK.sll,
      octets(new Uint8Array(14), [0x81, 0, 0, 9, 8, 0], ip(V4, datagram)),
    ],
  ])('link type %s', (_, link, bytes) => {
    const { fate, payload } = look(bytes, { link });
    expect([fate, payload]).toEqual(['decoded', 'hello']);
  });

  test('a link type that nobody knows', () => {
    expect(look(ethernet(ip(V4, datagram)), { link: 147 }).fate).toBe('link_unknown');
  });
});

describe('fragments', () => {
  const long = udp({ from: 1, to: 53 }, 'x'.repeat(100));
  test.each([V4, V6])('of $src: the first has ports, the others have none', (header) => {
    const packets = fragments(header, long, 48).map((packet) => look(ethernet(packet)));
    expect(packets.map(({ fate }) => fate)).toEqual(['decoded', 'fragment', 'fragment']);
    expect(packets.every(({ p }) => p.fragmented && p.protocol === 17)).toBe(true);
    expect(packets.map(({ p }) => p.destinationPort)).toEqual([53, 0, 0]);
  });

  test('an atomic fragment is a whole packet (RFC 6946)', () => {
    const fragment = { at: 0, end: long.bytes.length };
    const { p, fate } = look(ethernet(ip({ ...V6, fragment }, long)));
    expect([fate, p.fragmented, p.destinationPort]).toEqual(['decoded', false, 53]);
  });
});

describe('lengths that lie', () => {
  const change = (bytes: Uint8Array, at: number, ...values: number[]) => {
    bytes.set(values, at);
    return bytes;
  };
  test.each([
    ['IPv4 header length below 20', change(ethernet(ip(V4, segment)), 14, 0x44), 'ipv4_bad'],
    [
      'IPv4 header beyond the frame',
      change(ethernet(ip(V4, datagram)), 14, 0x4f).subarray(0, 60),
      'ipv4_bad',
    ],
    ['IPv4 total length below its header', change(ethernet(ip(V4, segment)), 16, 0, 19), 'ipv4_bad'],
    ['IPv4 version 5', change(ethernet(ip(V4, segment)), 14, 0x55), 'ipv4_bad'],
    ['TCP offset below 20', change(ethernet(ip(V4, segment)), 46, 0x40), 'tcp_bad'],
    ['TCP offset beyond the packet', change(ethernet(ip(V4, segment)), 46, 0xf0), 'tcp_bad'],
    [
      'IPv6 extension beyond the frame',
      change(ethernet(ip({ ...V6, extensions: [[0, [0, 0, 0, 0, 0, 0, 0]]] }, segment)), 55, 200),
      'ipv6_bad',
    ],
  ])('%s', (_, bytes, fate) => expect(look(bytes).fate).toBe(fate));

  test('a UDP length beyond its packet is cut to the packet', () => {
    const { fate, payload } = look(change(ethernet(ip(V4, datagram)), 38, 0xff, 0xff));
    expect([fate, payload]).toEqual(['decoded', 'hello']);
  });

  test('a UDP length shorter than its packet is believed', () => {
    expect(look(change(ethernet(ip(V4, datagram)), 38, 0, 10)).payload).toBe('he');
  });

  test('segmentation offload: a total length of 0 means the whole frame', () => {
    expect(
      look(change(ethernet(ip(V4, tcp({ from: 1, to: 2, flags: 'A' }, 'x'.repeat(100)))), 16, 0, 0)).payload,
    ).toBe('x'.repeat(100));
  });
});

test('a frame cut anywhere: what is captured is read, the rest is known to be missing, nothing behind it is touched', () => {
  const frames = [
    ethernet(ip(V4, segment), [7]),
    ethernet(ip({ ...V6, extensions: [[0, new Uint8Array(7)]] }, segment)),
    ethernet(ip(V4, udp({ from: 1, to: 2 }, 'x'.repeat(40)))),
    ethernet(ip(V6, icmp6(128, 0, 'x'.repeat(30)))),
  ];
  for (const bytes of frames)
    for (let end = 0; end <= bytes.length; end++) {
      const { p, fate } = look(bytes, { end, wire: bytes.length });
      const whole = look(bytes);
      expect(p.payload, fate).toBeLessThanOrEqual(5 + end);
      expect(p.payloadEnd).toBeGreaterThanOrEqual(p.payload);
      expect(p.payloadEnd).toBeLessThanOrEqual(5 + end);
      if (fate === 'decoded') {
        expect(p.payloadLength).toBe(whole.p.payloadLength);
        expect([p.sourcePort, p.destinationPort]).toEqual([whole.p.sourcePort, whole.p.destinationPort]);
      } else expect(end).toBeLessThan(bytes.length);
    }
});
