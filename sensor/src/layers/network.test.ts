// What stands between the link and IP, and the link types: each gives the packet behind it, or says what is odd.
import { describe, expect, test } from 'vitest';
import { ethernet, ip, other, udp } from '../../../test/support/packets/frame.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { STACKS } from '../../../test/support/packets/stacks.ts';
import { arp, frame, labels, nsh, ppp, pppoe, snap, wireless } from '../../../test/support/packets/wrap.ts';
import { LINK } from '../sources/source.ts';
import { decode } from './decode.ts';
import { ODDITY_NAMES } from './oddities.ts';
import { FATES, Packet } from './packet.ts';
import { print } from './print.ts';

const V4 = { src: '10.1.0.7', dest: '198.51.100.9' };
const V6 = { src: '2001:db8::7', dest: '2001:db8::9' };
const datagram = udp({ from: 1, to: 2 }, 'hello');
const v4 = ip(V4, datagram);
const v6 = ip(V6, datagram);

function packetOf(bytes: Uint8Array, link: number, wire: number): Packet {
  const p = new Packet();
  p.bytes = octets(new Uint8Array(5), bytes, new Uint8Array(80).fill(0x45));
  Object.assign(p, { at: 5, end: 5 + bytes.length, wire, link });
  return p;
}
function look(bytes: Uint8Array, link: number = LINK.ethernet, wire = bytes.length) {
  const p = packetOf(bytes, link, wire);
  const fate = FATES[decode(p)];
  const payload = Buffer.from(p.bytes.subarray(p.payload, p.payloadEnd)).toString('latin1');
  return { p, fate, payload, odd: Array.from(p.oddity.subarray(0, p.oddities), (i) => ODDITY_NAMES[i]) };
}

describe.each(STACKS)('%s', (_, link, bytes) => {
  test('is passed', () => {
    const { fate, payload, odd } = look(bytes, link);
    expect([fate, payload, odd]).toEqual(['decoded', 'hello', []]);
  });

  test('cut anywhere: nothing behind the end is looked at, and a snap length is nobody’s fault', () => {
    for (let end = 0; end < bytes.length; end++) {
      const { p, fate, odd } = look(bytes.subarray(0, end), link, bytes.length);
      expect(p.payloadEnd).toBeLessThanOrEqual(5 + end);
      if (fate !== 'decoded') expect(odd).toEqual([]);
    }
  });

  test('can be printed', () => {
    expect(print(packetOf(bytes, link, bytes.length))).toMatch(/UDP 1 > 2 len 13 \| payload 5$/);
  });
});

test('an encrypted frame of 802.11, one without data, and a beacon hold nothing', () => {
  for (const control of [
    [0x08, 0x42],
    [0x48, 2],
    [0x80, 0],
  ])
    expect(look(octets(control, wireless(snap(0x0800, v4)).subarray(2)), LINK.ieee80211).fate).toBe('not_ip');
});

test('ARP, with a tag or without', () => {
  const { p, fate } = look(frame(0x0806, arp('10.0.0.1', '10.0.0.2')));
  expect([fate, p.transport]).toEqual(['arp', 5 + 14]);
  expect(look(frame(0x8100, [0, 7, 8, 6], arp('10.0.0.1', '10.0.0.2'))).fate).toBe('arp');
  expect(print(packetOf(frame(0x0806, arp('10.0.0.1', '10.0.0.2', 2)), 1, 42))).toContain(
    'ARP reply 10.0.0.1 (02:00:00:00:00:01) > 10.0.0.2',
  );
});

const change = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  changed.set(values, at);
  return changed;
};
const options = (...bytes: number[]) => ethernet(ip({ ...V4, options: bytes }, datagram));
const asked = frame(0x0806, arp('10.0.0.1', '10.0.0.2'));
const extension = (type: number, ...rest: number[]) =>
  ethernet(ip({ ...V6, extensions: [[type, rest]] }, datagram));

test.each<[string, Uint8Array, string[]]>([
  ['no frame', new Uint8Array(13), ['ethernet.pkt_too_small']],
  ['a fifth tag', ethernet(v4, [1, 2, 3, 4, 5]), ['vlan.too_many_layers']],
  ['half a tag', frame(0x8100, [0, 7, 8]), ['vlan.header_too_small']],
  ['half a label', frame(0x8847, [0, 0]), ['mpls.header_too_small']],
  [
    'labels around nothing known',
    frame(0x8847, labels([16], new Uint8Array(30).fill(0x77))),
    ['mpls.unknown_payload_type'],
  ],
  ['labels without a bottom', frame(0x8847, new Uint8Array(400)), ['too_many_layers']],
  ['a PPPoE session with a code', frame(0x8864, change(pppoe(5, ppp(v4)), 1, 9)), ['pppoe.wrong_code']],
  ['services of another version', frame(0x894f, change(nsh(1, v4), 0, 0x40)), ['nsh.unsupported_version']],
  ['services around nothing known', frame(0x894f, nsh(77, v4)), ['nsh.unknown_payload']],
  ['ARP that is cut', asked.subarray(0, 40), ['arp.pkt_too_small']],
  ['ARP of other hardware', change(asked, 14, 0, 6), ['arp.unsupported_hardware']],
  ['ARP for another protocol', change(asked, 16, 0x86, 0xdd), ['arp.unsupported_protocol']],
  ['ARP with short hardware addresses', change(asked, 18, 4), ['arp.invalid_hardware_size']],
  ['ARP with long addresses', change(asked, 19, 16), ['arp.invalid_protocol_size']],
  ['ARP that does nothing known', change(asked, 20, 0, 99), ['arp.unsupported_opcode']],
  ['another version where IPv4 should be', frame(0x0800, change(v4, 0, 0x65)), ['ipv4.wrong_ip_version']],
  ['a header of 16 bytes', frame(0x0800, change(v4, 0, 0x44)), ['ipv4.hlen_too_small']],
  ['a length below the header', frame(0x0800, change(v4, 2, 0, 19)), ['ipv4.iplen_smaller_than_hlen']],
  ['a length beyond the frame', frame(0x0800, change(v4, 2, 9, 0)), ['ipv4.trunc_pkt']],
  ['an IPv6 length beyond the frame', frame(0x86dd, change(v6, 4, 9, 0)), ['ipv6.trunc_pkt']],
  ['an IPv6 header that is cut', frame(0x86dd, v6.subarray(0, 39)), ['ipv6.pkt_too_small']],
  ['an option that reaches beyond', options(7, 50, 4, 0, 0, 0, 0, 0), ['ipv4.opt_invalid_len']],
  ['a security option of another length', options(130, 4, 0, 0, 0, 0, 0, 0), ['ipv4.opt_invalid_len']],
  ['an option twice', options(136, 4, 0, 1, 136, 4, 0, 1), ['ipv4.opt_duplicate']],
  ['an option that nobody knows', options(200, 8, 0, 0, 0, 0, 0, 0), ['ipv4.opt_unknown']],
  ['a byte left behind', options(1, 1, 1, 1, 1, 1, 1, 7), ['ipv4.opt_eol_required']],
  ['options of four bytes', options(1, 1, 1, 0), ['ipv4.opt_pad_required']],
  ['a router alert', options(148, 4, 0, 0), []],
  ['a routing header of type 0', extension(43, 0, 0, 0, 0, 0, 0, 0), ['ipv6.rh_type_0']],
  [
    'a fragment of everything',
    ethernet(ip({ ...V6, fragment: { at: 0, end: 13 } }, datagram)),
    ['ipv6.exthdr_useless_fh'],
  ],
  ['bytes behind the last header', ethernet(ip(V6, other(59, [1, 2, 3]))), ['ipv6.data_after_none_header']],
  ['ICMPv6 in IPv4', ethernet(ip(V4, other(58, new Uint8Array(8)))), ['ipv4.icmpv6']],
  ['ICMP in IPv6', ethernet(ip(V6, other(1, new Uint8Array(8)))), ['ipv6.icmpv4']],
  ['half a TCP header', ethernet(ip(V4, other(6, new Uint8Array(12)))), ['tcp.pkt_too_small']],
  [
    'a TCP header of 16 bytes',
    ethernet(ip(V4, other(6, new Uint8Array(20).fill(0x40)))),
    ['tcp.hlen_too_small'],
  ],
  [
    'a TCP header beyond its packet',
    ethernet(ip(V4, other(6, new Uint8Array(20).fill(0xf0)))),
    ['tcp.invalid_optlen'],
  ],
  ['half a UDP header', ethernet(ip(V4, other(17, [0, 1, 0, 2]))), ['udp.pkt_too_small']],
  ['a UDP length beyond its packet', ethernet(change(v4, 24, 0x40, 0)), ['udp.len_invalid']],
  ['half an SCTP header', ethernet(ip(V4, other(132, [0, 1, 0, 2]))), ['sctp.pkt_too_small']],
])('%s is odd', (_, bytes, names) => {
  expect(look(bytes).odd).toEqual(names.map((name) => `decoder.${name}`));
});
