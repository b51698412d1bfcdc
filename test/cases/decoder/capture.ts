// Frames that belong to no flow: ARP, and headers that lie, more of one kind than are told in a second.
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { ethernet, ip, other, tcp, udp } from '../../support/packets/frame.ts';
import { arp, frame } from '../../support/packets/wrap.ts';

const V4 = { src: '10.1.0.7', dest: '10.1.0.53' };
const asked = frame(0x0806, arp('10.1.0.7', '10.1.0.53'));
const change = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  changed.set(values, at);
  return changed;
};

const all: Uint8Array[] = [
  asked,
  frame(0x8100, [0, 7, 8, 6], arp('10.1.0.53', '10.1.0.7', 2)),
  change(asked, 20, 0, 99),
  change(ethernet(ip(V4, udp({ from: 1, to: 2 }))), 14, 0x44),
  ethernet(ip({ ...V4, options: [7, 50, 4, 0] }, udp({ from: 3, to: 4 }))),
  ...Array.from({ length: 25 }, () => ethernet(ip(V4, other(6, new Uint8Array(12))))),
  ethernet(ip(V4, tcp({ from: 5, to: 6, flags: 'S' }))),
];

export const frames: Frame[] = all.map((bytes, i) => ({ time: NOON + i * 1000, bytes }));
