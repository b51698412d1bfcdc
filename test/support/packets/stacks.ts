// One packet in every wrapping there is: what the tests of layers take apart, and what fuzzing damages.
import { LINK } from '../../../sensor/src/sources/source.ts';
import { ethernet, ip, other, type Segment, tcp, udp } from './frame.ts';
import { be16, octets } from './octets.ts';
import {
  capwap,
  erspan2,
  erspan3,
  frame,
  geneve,
  gre,
  gtp,
  l2tp,
  labels,
  lengthFrame,
  nsh,
  ppp,
  pppoe,
  pptp,
  snap,
  toPort,
  vxlan,
  wireless,
} from './wrap.ts';

const segment = tcp({ from: 1, to: 2, flags: 'PA', sequence: 3, acknowledged: 4 }, 'hello');
const datagram = udp({ from: 1, to: 2 }, 'hello');

const v4 = ip({ src: '10.1.0.7', dest: '10.1.0.8' }, segment);
const v6 = ip({ src: '2001:db8::7', dest: '2001:db8::8' }, segment);

/** Name, what the outer IP packet carries, and the bytes that the packet inside is said to have: a TCP segment of `hello`. */
export const TUNNELS: readonly (readonly [string, Segment, number])[] = [
  ['IPv4 in IPv4', other(4, v4), v4.length],
  ['6in4', other(41, v6), v6.length],
  ['GRE', gre(0x0800, v4), v4.length],
  [
    'GRE with checksum, key and sequence',
    gre(0x86dd, v6, { checksum: true, key: 9, sequence: 1 }),
    v6.length,
  ],
  ['GRE around Ethernet', gre(0x6558, ethernet(v4)), ethernet(v4).length],
  ['GRE around labels', gre(0x8847, labels([16, 17], v4)), 8 + v4.length],
  ['PPTP', pptp(7, 1, ppp(v4)), 2 + v4.length],
  ['ERSPAN I', gre(0x88be, ethernet(v4)), ethernet(v4).length],
  ['ERSPAN II', erspan2(0, 5, ethernet(v4)), 8 + ethernet(v4).length],
  ['ERSPAN III', erspan3(0, 5, ethernet(v4)), 12 + ethernet(v4).length],
  ['ERSPAN III with a subheader', erspan3(0, 5, ethernet(v4), true), 20 + ethernet(v4).length],
  ['EtherIP', other(97, octets([0x30, 0], ethernet(v4))), ethernet(v4).length],
  ['VXLAN', toPort(4789, vxlan(5, ethernet(v4))), ethernet(v4).length],
  ['VXLAN on the old port of Linux', toPort(8472, vxlan(5, ethernet(v4))), ethernet(v4).length],
  ['VXLAN that names IPv6', toPort(4790, vxlan(5, v6, 2)), v6.length],
  ['VXLAN with services', toPort(4790, vxlan(5, nsh(3, ethernet(v4)), 4)), 8 + ethernet(v4).length],
  ['GENEVE around Ethernet', toPort(6081, geneve(5, 0x6558, ethernet(v4))), ethernet(v4).length],
  ['GENEVE with options', toPort(6081, geneve(5, 0x0800, v4, [0, 1, 2, 1, 9, 9, 9, 9])), v4.length],
  ['GTP', toPort(2152, gtp(77, v4)), v4.length],
  ['GTP with extension headers', toPort(2152, gtp(77, v6, [1, 0, 9, 0xc0, 1, 1, 2, 0])), v6.length],
  ['Teredo', toPort(3544, v6), v6.length],
  [
    'Teredo with indications',
    toPort(3544, octets([0, 1, 0, 0], new Uint8Array(9), [0, 0, 1, 2, 3, 4, 5, 6], v6)),
    v6.length,
  ],
  [
    'Teredo between peers',
    udp({ from: 40_001, to: 40_002 }, ip({ src: '2001:0:1::7', dest: '2001:db8::8' }, segment)),
    v6.length,
  ],
  [
    'CAPWAP around 802.11',
    toPort(5247, capwap(wireless(snap(0x0800, v4)), true)),
    wireless(snap(0x0800, v4)).length,
  ],
  [
    'CAPWAP with frame control swapped',
    toPort(5247, capwap(wireless(snap(0x0800, v4), { qos: true, swapped: true }), true)),
    wireless(snap(0x0800, v4), { qos: true }).length,
  ],
  ['CAPWAP around Ethernet', toPort(5247, capwap(ethernet(v4), false)), ethernet(v4).length],
  ['L2TP', toPort(1701, l2tp(3, ppp(v4))), 2 + v4.length],
];

const datagram4 = ip({ src: '10.1.0.7', dest: '198.51.100.9' }, datagram);
const datagram6 = ip({ src: '2001:db8::7', dest: '2001:db8::9' }, datagram);
const radiotap = (present: number[], fields: number[]): number[] => {
  const length = 4 + present.length + fields.length;
  return [0, 0, length, 0, ...present, ...fields];
};
const qos = wireless(snap(0x0800, datagram4), { qos: true });

/** Name, link type and frame around a UDP datagram of `hello`. */
export const STACKS: readonly (readonly [string, number, Uint8Array])[] = [
  ['one label', LINK.ethernet, frame(0x8847, labels([16], datagram4))],
  ['four labels around IPv6', LINK.ethernet, frame(0x8847, labels([16, 17, 18, 19], datagram6))],
  ['an explicit null', LINK.ethernet, frame(0x8848, labels([0], datagram4))],
  [
    'labels behind a tag',
    LINK.ethernet,
    octets(ethernet(datagram4, [7]).subarray(0, 16), be16(0x8847), labels([99], datagram4)),
  ],
  ['PPPoE', LINK.ethernet, frame(0x8864, pppoe(5, ppp(datagram6)))],
  ['LLC and SNAP', LINK.ethernet, lengthFrame(snap(0x0800, datagram4))],
  ['LLC with the service point of IP', LINK.ethernet, lengthFrame(octets([6, 6, 3], datagram4))],
  ['a network service header', LINK.ethernet, frame(0x894f, nsh(1, datagram4))],
  ['802.1ah', LINK.ethernet, frame(0x88e7, [0, 0, 0, 9], ethernet(datagram4))],
  ['FabricPath', LINK.ethernet, frame(0x8903, [0, 9], ethernet(datagram4))],
  ['a VN-Tag', LINK.ethernet, frame(0x8926, [0, 0, 0, 9, 8, 0], datagram4)],
  ['PPP', LINK.ppp, ppp(datagram4)],
  ['PPP with address and control', LINK.ppp, octets([0xff, 3], ppp(datagram6))],
  ['PPP with its protocol in one byte', LINK.ppp, octets([0x21], datagram4)],
  ['PPP with a direction', LINK.pppWithDirection, octets([1, 0xff, 3], ppp(datagram4))],
  ['PPP in HDLC', LINK.pppHdlc, octets([0xff, 3], ppp(datagram4))],
  ['Cisco HDLC', LINK.cHdlc, octets([0x0f, 0, 8, 0], datagram4)],
  ['Cisco HDLC under the other number', LINK.pppHdlc, octets([0x8f, 0, 0x86, 0xdd], datagram6)],
  ['PPPoE without Ethernet', LINK.pppoe, pppoe(1, ppp(datagram4))],
  ['frame relay with an NLPID', LINK.frameRelay, octets([0x18, 0x41, 3, 0xcc], datagram4)],
  ['frame relay with padding', LINK.frameRelay, octets([0x18, 0x41, 3, 0, 0x8e], datagram6)],
  ['frame relay with SNAP', LINK.frameRelay, octets([0x18, 0x41, 3, 0x80, 0, 0, 0, 8, 0], datagram4)],
  ['frame relay as Cisco writes it', LINK.frameRelay, octets([0x18, 0x41, 8, 0], datagram4)],
  ['labels at once', LINK.mpls, labels([16], datagram4)],
  ['LLC at once', LINK.llc, snap(0x86dd, datagram6)],
  ['FDDI', LINK.fddi, octets([0x50], new Uint8Array(12), snap(0x0800, datagram4))],
  ['FireWire', LINK.ieee1394, octets(new Uint8Array(16), [8, 0], datagram4)],
  ['OpenBSD within IPsec', LINK.enc, octets(new Uint8Array(12), datagram4)],
  ["OpenBSD's filter", LINK.pflog, octets([61], new Uint8Array(63), datagram4)],
  ['a probe of netANALYZER', LINK.netanalyzer, octets(new Uint8Array(4), ethernet(datagram4))],
  ['Linux cooked around LLC', LINK.sll, octets(new Uint8Array(14), [0, 4], snap(0x0800, datagram4))],
  ['802.11', LINK.ieee80211, wireless(snap(0x0800, datagram4))],
  [
    '802.11 between access points',
    LINK.ieee80211,
    octets(wireless(snap(0, []), { flags: 3 }).subarray(0, 24), new Uint8Array(6), snap(0x0800, datagram4)),
  ],
  [
    '802.11 of several frames',
    LINK.ieee80211,
    octets(
      qos.subarray(0, 24),
      [0x80, 0],
      new Uint8Array(12),
      be16(8 + datagram4.length),
      snap(0x0800, datagram4),
    ),
  ],
  ['radiotap', LINK.radiotap, octets(radiotap([0, 0, 0, 0], []), qos)],
  [
    'radiotap that says the header is padded, behind a clock and a second word of presence',
    LINK.radiotap,
    octets(
      radiotap([3, 0, 0, 0x80, 0, 0, 0, 0], [0, 0, 0, 0, ...new Uint8Array(8), 0x20]),
      qos.subarray(0, 26),
      [0, 0],
      snap(0x0800, datagram4),
    ),
  ],
  ['Prism', LINK.prism, octets([0x44, 0, 0, 0, 144, 0, 0, 0], new Uint8Array(136), qos)],
  [
    'AVS under the number of Prism',
    LINK.prism,
    octets([0x80, 0x21, 0x10, 1, 0, 0, 0, 64], new Uint8Array(56), qos),
  ],
  ['per-packet information', LINK.ppi, octets([0, 0, 8, 0, 105, 0, 0, 0], qos)],
];
