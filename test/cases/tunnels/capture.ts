// The same question and answer through every kind of tunnel, both ways; two networks with the same addresses inside.
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { answer, query } from '../../support/packets/dns.ts';
import { ethernet, type IpHeader, ip, other, type Segment, udp } from '../../support/packets/frame.ts';
import { octets } from '../../support/packets/octets.ts';
import {
  capwap,
  erspan2,
  geneve,
  gre,
  gtp,
  l2tp,
  ppp,
  pptp,
  snap,
  toPort,
  vxlan,
  wireless,
} from '../../support/packets/wrap.ts';

const CLIENT = '10.1.0.7';
const SERVER = '10.1.0.53';
/** Each direction has its own endpoint, call or session where the protocol is so. */
const TUNNELS: readonly (readonly [string, (packet: Uint8Array, way: number) => Segment])[] = [
  ['ip', (p) => other(4, p)],
  ['gre', (p) => gre(0x0800, p)],
  ['gre-key', (p) => gre(0x0800, p, { key: 99, checksum: true })],
  ['nvgre', (p, way) => gre(0x6558, ethernet(p), { key: 0x1234500 | way })],
  ['erspan', (p, way) => erspan2(23, 100 + way, ethernet(p))],
  ['pptp', (p, way) => pptp(way, 1, ppp(p))],
  ['vxlan-5', (p) => toPort(4789, vxlan(5, ethernet(p)))],
  ['vxlan-6', (p) => toPort(4789, vxlan(6, ethernet(p)))],
  ['geneve', (p) => toPort(6081, geneve(7, 0x0800, p, [0, 1, 2, 1, 9, 9, 9, 9]))],
  ['gtp', (p, way) => toPort(2152, gtp(way, p))],
  ['l2tp', (p, way) => toPort(1701, l2tp(way, ppp(p)))],
  ['capwap', (p) => toPort(5247, capwap(wireless(snap(0x0800, p)), true))],
  [
    'vxlan-in-gre',
    (p) => gre(0x0800, ip({ src: '203.0.113.1', dest: '203.0.113.2' }, toPort(4789, vxlan(5, ethernet(p))))),
  ],
];

/** A server of its own for each tunnel, where the two networks have the same. */
const server = (i: number, name: string) => (name.startsWith('vxlan-') ? SERVER : `10.1.1.${i}`);

export const frames: Frame[] = TUNNELS.flatMap(([name, wrap], i) => {
  const [near, far]: IpHeader[] = [
    { src: '192.0.2.1', dest: '192.0.2.2' },
    { src: '192.0.2.2', dest: '192.0.2.1' },
  ];
  const at = server(i, name);
  const asked = ip({ src: CLIENT, dest: at }, udp({ from: 40_000, to: 53 }, query(`${name}.example`)));
  const said = ip(
    { src: at, dest: CLIENT },
    udp({ from: 53, to: 40_000 }, answer(`${name}.example`, ['192.0.2.9'])),
  );
  const time = NOON + i * 10_000;
  return [
    { time, bytes: ethernet(ip(near, wrap(asked, 1))) },
    { time: time + 1000, bytes: ethernet(ip(far, wrap(said, 2))) },
  ];
});

// A tunnel of IPv6 through IPv4, and one through a relay of Teredo.
const six = (segment: Segment) => ip({ src: '2001:db8::7', dest: '2001:db8::53' }, segment);
const question = six(udp({ from: 40_000, to: 53 }, query('six.example')));
frames.push(
  { time: NOON + 500_000, bytes: ethernet(ip({ src: '192.0.2.1', dest: '192.0.2.2' }, other(41, question))) },
  {
    time: NOON + 501_000,
    bytes: ethernet(
      ip({ src: '192.0.2.1', dest: '192.0.2.2' }, toPort(3544, octets([0, 0, 1, 2, 3, 4, 5, 6], question))),
    ),
  },
);
