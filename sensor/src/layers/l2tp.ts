// L2TP version 2 data messages (RFC 2661 §3.1): PPP within UDP.
import { u16 } from '../bytes/read.ts';

const FLAGS = 0;
const MIN_LENGTH = 6;

export const PORT = 1701;

const CONTROL = 0x8000;
const HAS_LENGTH = 0x4000;
const HAS_SEQUENCE = 0x0800;
const HAS_OFFSET = 0x0200;
const VERSION = 0x000f;
/** Bits that must be 0. */
const RESERVED = 0x34f0;
const VERSION_2 = 2;

/** Guarantees that the whole header is captured, and that it is one of data. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= MIN_LENGTH &&
  (u16(b, at + FLAGS) & (CONTROL | RESERVED | VERSION)) === VERSION_2 &&
  headerLength(b, at, end) > 0;

/** Bytes, padding included; 0 when it is cut. */
export function headerLength(b: Uint8Array, at: number, end: number): number {
  const flags = u16(b, at + FLAGS);
  let length = MIN_LENGTH + ((flags & HAS_LENGTH) !== 0 ? 2 : 0) + ((flags & HAS_SEQUENCE) !== 0 ? 4 : 0);
  if ((flags & HAS_OFFSET) !== 0) {
    if (at + length + 2 > end) return 0;
    length += 2 + u16(b, at + length);
  }
  return at + length <= end ? length : 0;
}
/** Of the receiver: another in each direction. */
export const session = (b: Uint8Array, at: number): number =>
  u16(b, at + ((u16(b, at + FLAGS) & HAS_LENGTH) !== 0 ? 6 : 4));

export const print = (b: Uint8Array, at: number): string => `L2TP session ${session(b, at)}`;
