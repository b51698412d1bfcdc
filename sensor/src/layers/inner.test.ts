// Tunnels: what is inside is decoded as if it stood there alone, and one number tells each network from the others.
import { describe, expect, test } from 'vitest';
import { ethernet, ip, other, type Segment, tcp, udp } from '../../../test/support/packets/frame.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { TUNNELS } from '../../../test/support/packets/stacks.ts';
import {
  CONTROL_WORD,
  erspan2,
  frame,
  geneve,
  gre,
  gtp,
  l2tp,
  labels,
  ppp,
  pptp,
  toPort,
  vxlan,
} from '../../../test/support/packets/wrap.ts';
import { decode } from './decode.ts';
import { descend, NOTHING_INSIDE } from './inner.ts';
import { ODDITY_NAMES } from './oddities.ts';
import { FATES, MAX_DEPTH, Packet } from './packet.ts';
import { print } from './print.ts';

const OUTER = { src: '192.0.2.1', dest: '192.0.2.2' };
const OUTER6 = { src: '2001:db8:a::1', dest: '2001:db8:a::2' };
const INNER = { src: '10.1.0.7', dest: '10.1.0.8' };
const INNER6 = { src: '2001:db8::7', dest: '2001:db8::8' };
const segment = tcp({ from: 1, to: 2, flags: 'PA', sequence: 3, acknowledged: 4 }, 'hello');
const v4 = ip(INNER, segment);
const v6 = ip(INNER6, segment);

function into(bytes: Uint8Array, wire = bytes.length) {
  const p = new Packet();
  p.bytes = octets(new Uint8Array(3), bytes, new Uint8Array(80).fill(0x45));
  p.at = 3;
  p.end = 3 + bytes.length;
  p.wire = wire;
  p.link = 1;
  const fates: string[] = [FATES[decode(p)]];
  while (p.carries !== 0) {
    const fate = descend(p);
    fates.push(fate === NOTHING_INSIDE ? 'nothing' : FATES[fate]);
  }
  const payload = Buffer.from(p.bytes.subarray(p.payload, p.payloadEnd)).toString('latin1');
  return { p, fates, payload, odd: Array.from(p.oddity.subarray(0, p.oddities), (i) => ODDITY_NAMES[i]) };
}
const within = (tunnel: Segment, outer = OUTER) => into(ethernet(ip(outer, tunnel)));

describe.each(TUNNELS)('%s', (_, tunnel, wire) => {
  test('its packet is decoded, and its own bytes are counted', () => {
    const { p, fates, payload } = within(tunnel);
    expect(fates).toEqual(['decoded', 'decoded']);
    expect([p.sourcePort, p.destinationPort, p.sequence, payload]).toEqual([1, 2, 3, 'hello']);
    expect([p.depth, p.wire]).toEqual([1, wire]);
    expect(p.tunnel).not.toBe(0);
    expect([p.outerSource[3], p.outerDestination[3], p.outerVersion]).toEqual([0xc0000201, 0xc0000202, 4]);
  });

  test('in IPv6, and with the ends exchanged: the same tunnel', () => {
    const back = { src: OUTER6.dest, dest: OUTER6.src };
    expect(within(tunnel, OUTER6).p.tunnel).toBe(within(tunnel).p.tunnel);
    expect(within(tunnel, back).p.tunnel).toBe(within(tunnel).p.tunnel);
    expect(within(tunnel, OUTER6).payload).toBe('hello');
  });

  test('cut anywhere: nothing behind the end is looked at, nothing breaks', () => {
    const whole = ethernet(ip(OUTER, tunnel));
    for (let end = 0; end < whole.length; end++) {
      const { p, fates } = into(whole.subarray(0, end), whole.length);
      expect(p.payloadEnd).toBeLessThanOrEqual(3 + end);
      if (fates.length > 1 && fates[1] === 'decoded')
        expect([p.sourcePort, p.destinationPort, p.payloadLength]).toEqual([1, 2, 5]);
    }
  });

  test('it can be printed', () => {
    const p = new Packet();
    p.bytes = ethernet(ip(OUTER, tunnel));
    Object.assign(p, { at: 0, end: p.bytes.length, wire: p.bytes.length, link: 1 });
    expect(print(p)).toMatch(/ \|\| .*TCP 1 > 2 \[PA\] seq 3 ack 4 \| payload 5$/);
  });
});

describe('one number for a network', () => {
  const tunnelOf = (segment: Segment) => within(segment).p.tunnel;
  test.each([
    ['VXLAN', (n: number) => toPort(4789, vxlan(n, ethernet(v4)))],
    ['GENEVE', (n: number) => toPort(6081, geneve(n, 0x0800, v4))],
    ['NVGRE', (n: number) => gre(0x6558, ethernet(v4), { key: n << 8 })],
    ['GRE with keys', (n: number) => gre(0x0800, v4, { key: n })],
  ])('%s: another network is another number', (_, tunnel) => {
    const numbers = [0, 1, 2, 0xffff, 0x7fffff].map((n) => tunnelOf(tunnel(n)));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test.each([
    ['GTP', (n: number) => toPort(2152, gtp(n, v4))],
    ['PPTP', (n: number) => pptp(n, n, ppp(v4))],
    ['L2TP', (n: number) => toPort(1701, l2tp(n, ppp(v4)))],
    ['ERSPAN', (n: number) => erspan2(0, n, ethernet(v4))],
    ['the flow bits of NVGRE', (n: number) => gre(0x6558, ethernet(v4), { key: 0x500 | n })],
  ])('%s: a number that each direction has for itself is left out', (_, tunnel) =>
    expect(tunnelOf(tunnel(1))).toBe(tunnelOf(tunnel(2))),
  );

  test('kinds differ, and so does what is around', () => {
    const deep = (outer: number) => within(toPort(4789, vxlan(outer, ethernet(ip(OUTER, gre(0x0800, v4))))));
    expect(deep(1).p.tunnel).not.toBe(deep(2).p.tunnel);
    expect(deep(1).p.tunnel).not.toBe(tunnelOf(gre(0x0800, v4)));
    expect(tunnelOf(other(4, v4))).not.toBe(tunnelOf(gre(0x0800, v4)));
  });
});

test('ERSPAN hands on the VLAN that the mirrored frame had', () => {
  const { p } = within(erspan2(23, 5, ethernet(v4, [7])));
  expect([...p.vlan.subarray(0, p.vlans)]).toEqual([23, 7]);
});

test('tunnels inside each other end somewhere', () => {
  let packet: Uint8Array = v4;
  for (let i = 0; i < MAX_DEPTH + 2; i++) packet = ip(OUTER, other(4, packet));
  const { fates, odd, p } = into(frame(0x0800, packet));
  expect(fates.length).toBe(1 + MAX_DEPTH + 1);
  expect(fates.at(-1)).toBe('too_deep');
  expect([p.depth, odd]).toEqual([MAX_DEPTH, ['decoder.too_many_layers']]);
});

test.each([
  ['a DNS query to the port of VXLAN', toPort(4789, octets([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]))],
  [
    'a DNS query from the port of GTP',
    udp({ from: 2152, to: 53 }, octets([0x6b, 0xcb, 1, 0, 0, 1], new Uint8Array(20))),
  ],
  ['an echo of GTP', toPort(2152, octets([0x32, 1, 0, 4], new Uint8Array(8)))],
  ['a control message of L2TP', toPort(1701, octets([0xc8, 2, 0, 12], new Uint8Array(8)))],
  ['IPv6 without an address of Teredo', udp({ from: 40_001, to: 40_002 }, v6)],
  ['CAPWAP under DTLS', toPort(5247, octets([1, 0, 0, 0, 22, 254, 255], new Uint8Array(40)))],
  ['a control packet of GENEVE', toPort(6081, octets([0, 0x80, 0x65, 0x58], new Uint8Array(60)))],
  ['a keepalive of GRE', gre(0, [])],
])('%s carries nothing', (_, tunnel) => {
  const { fates, odd } = within(tunnel);
  expect(['decoded', 'decoded,nothing']).toContain(fates.join());
  expect(odd).toEqual([]);
});

test('labels around Ethernet, with and without a control word', () => {
  for (const between of [CONTROL_WORD, []])
    expect(into(frame(0x8847, labels([16], octets(between, ethernet(v4))))).payload).toBe('hello');
});
