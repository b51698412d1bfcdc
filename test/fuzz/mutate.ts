// Damage done to a message: what accidents, middle boxes and enemies do to bytes.
import { octets } from '../support/packets/octets.ts';
import type { Random } from './random.ts';

/** Values that lengths, counts and offsets go wrong with. */
const EDGES = [0, 1, 2, 3, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff];
const MAX_LENGTH = 4096;

type Damage = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const change = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  changed.set(values.slice(0, Math.max(0, changed.length - at)), at);
  return changed;
};
const without = (bytes: Uint8Array, at: number, count: number): Uint8Array =>
  octets(bytes.subarray(0, at), bytes.subarray(at + count));

const DAMAGE: readonly Damage[] = [
  (b, r) => change(b, r.below(b.length), r.below(256)),
  (b, r) => {
    const at = r.below(b.length);
    return change(b, at, b[at] ^ (1 << r.below(8)));
  },
  (b, r) => change(b, r.below(b.length), r.one(EDGES)),
  (b, r) => change(b, r.below(b.length), r.one(EDGES), r.one(EDGES)),
  (b, r) => {
    const at = r.below(b.length);
    return change(b, at, b[at] + (r.below(2) === 0 ? 1 : 255));
  },
  (b, r) => b.subarray(0, r.below(b.length)),
  (b, r) => without(b, r.below(b.length), 1 + r.below(8)),
  (b, r) => {
    const at = r.below(b.length);
    return octets(b.subarray(0, at), r.bytes(1 + r.below(8)), b.subarray(at));
  },
  (b, r) => {
    const at = r.below(b.length);
    const end = at + r.below(Math.min(64, b.length - at) + 1);
    return octets(b.subarray(0, end), b.subarray(at, end), b.subarray(end));
  },
  (b, r, others) => {
    const other = r.one(others);
    return octets(b.subarray(0, r.below(b.length)), other.subarray(r.below(other.length || 1)));
  },
];

/** The message with one to four pieces of damage; at most 4 KiB of it. */
export function mutate(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let damaged = bytes.subarray(0, MAX_LENGTH);
  for (let n = 1 + random.below(4); n > 0 && damaged.length > 0; n--)
    damaged = random.one(DAMAGE)(damaged, random, others).subarray(0, MAX_LENGTH);
  return damaged;
}
