// Fragments that arrive in disorder, overlap, are too large, never become whole, and come through a tunnel.
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { query } from '../../support/packets/dns.ts';
import { ethernet, fragments, ip, other, tcp, udp } from '../../support/packets/frame.ts';
import { octets } from '../../support/packets/octets.ts';
import { toPort, vxlan } from '../../support/packets/wrap.ts';

const V4 = { src: '10.1.0.7', dest: '10.1.0.53' };
const V6 = { src: '2001:db8::7', dest: '2001:db8::53' };
const padding = new Uint8Array(100);
const question = (from: number) => udp({ from, to: 53 }, octets(query(`n${from}.example`), padding));

const all: Uint8Array[] = [
  ...fragments(V4, question(1), 48).toReversed(),
  ...fragments(V6, question(2), 48),
  ...fragments(
    { src: '10.1.0.8', dest: '10.1.0.53' },
    tcp({ from: 3, to: 80, flags: 'PA', sequence: 1 }, 'GET / HTTP/1.1\r\nHost: www.example\r\n\r\n'),
    32,
  ),
  // Overlapping: the second piece again, shifted.
  ...fragments({ src: '10.1.0.9', dest: '10.1.0.53' }, question(4), 48).flatMap((packet, i) =>
    i === 1 ? [packet, shifted()] : [packet],
  ),
  // The last piece never comes.
  ...fragments({ src: '10.1.0.10', dest: '10.1.0.53' }, question(5), 48).slice(0, 2),
  // Ping of death.
  ip({ ...V4, fragment: { at: 65_528, end: 65_528 + 64, id: 9 } }, other(1, new Uint8Array(65_592))),
  // Whole packets in a tunnel whose own packets are fragmented, and the other way round.
  ...fragments(
    { src: '192.0.2.1', dest: '192.0.2.2' },
    toPort(4789, vxlan(5, ethernet(ip({ src: '10.9.0.1', dest: '10.9.0.53' }, question(6))))),
    64,
  ),
  ...fragments({ src: '10.9.0.2', dest: '10.9.0.53' }, question(7), 64).map((packet) =>
    ip({ src: '192.0.2.3', dest: '192.0.2.2' }, toPort(4789, vxlan(5, ethernet(packet)))),
  ),
];

function shifted(): Uint8Array {
  const { bytes, protocol } = question(4);
  return ip({ src: '10.1.0.9', dest: '10.1.0.53', fragment: { at: 40, end: 72 } }, other(protocol, bytes));
}

export const frames: Frame[] = all.map((packet, i) => ({ time: NOON + i * 1000, bytes: ethernet(packet) }));
