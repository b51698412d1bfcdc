// One packet, or one train of fragments, of each kind of header stack.
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { query } from '../../support/packets/dns.ts';
import { ethernet, fragments, ip, other, tcp, udp } from '../../support/packets/frame.ts';
import { be16, octets } from '../../support/packets/octets.ts';

const V4 = { src: '10.1.0.7', dest: '10.1.0.53' };
const V6 = { src: '2001:db8::7', dest: '2001:db8::53' };
const question = (from: number) => udp({ from, to: 53 }, query(`n${from}.example`));
const bytes = new Uint8Array(7);

const stacks: Uint8Array[] = [
  ethernet(ip({ ...V4, options: [7, 7, 4, 0, 0, 0, 0, 0] }, question(1))),
  ethernet(
    ip(
      {
        ...V6,
        extensions: [
          [0, bytes],
          [43, bytes],
          [60, bytes],
        ],
      },
      question(2),
    ),
  ),
  ethernet(ip({ ...V6, extensions: [[51, [4, ...new Uint8Array(22)]]] }, question(3))),
  ethernet(ip(V4, question(4)), [{ id: 1, type: 0x9100 }, 2, 3]),
  ...fragments(V4, udp({ from: 5, to: 53 }, octets(query('n5.example'), new Uint8Array(100))), 64).map(
    (packet) => ethernet(packet),
  ),
  ethernet(ip({ ...V6, fragment: { at: 0, end: question(6).bytes.length } }, question(6))),
  ethernet(ip(V4, other(132, octets(be16(7), be16(8), new Uint8Array(8))))),
  ethernet(ip(V4, other(47, [0, 0, 8, 0]))),
  // A TCP header longer than its packet.
  ethernet(
    ip(V4, {
      ...tcp({ from: 9, to: 9, flags: 'S' }),
      bytes: octets(tcp({ from: 9, to: 9, flags: 'S' }).bytes.map((b, i) => (i === 12 ? 0xf0 : b))),
    }),
  ),
  // ARP.
  octets(new Uint8Array(12), [8, 6], new Uint8Array(46)),
];

export const frames: Frame[] = stacks.map((frame, i) => ({ time: NOON + i * 1000, bytes: frame }));
