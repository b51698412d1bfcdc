// CAPWAP data (RFC 5415 §4.3): frames between a wireless access point and its controller.
import { u24 } from '../bytes/read.ts';

const PREAMBLE = 0;
const BITS = 1;
const FLAGS = 3;
const MIN_LENGTH = 8;

export const PORT = 5247;

const HEADER_SHIFT = 19;
const BINDING_SHIFT = 9;
const BINDING_80211 = 1;
/** Bits behind the binding: native frame, fragment, and a keep-alive of the channel. */
const NATIVE = 0x100;
const FRAGMENT = 0x80;
const KEEP_ALIVE = 0x08;

/** Guarantees that the header is captured, that it is in the clear (preamble 0), and that traffic follows. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= MIN_LENGTH &&
  b[at + PREAMBLE] === 0 &&
  headerLength(b, at) >= MIN_LENGTH &&
  end - at >= headerLength(b, at) &&
  (b[at + FLAGS] & (FRAGMENT | KEEP_ALIVE)) === 0;

/** Bytes. */
export const headerLength = (b: Uint8Array, at: number): number => (u24(b, at + BITS) >> HEADER_SHIFT) << 2;
/** True when an 802.11 frame follows; else it is one of Ethernet. */
export const isWireless = (b: Uint8Array, at: number): boolean =>
  (u24(b, at + BITS) & NATIVE) !== 0 && ((u24(b, at + BITS) >> BINDING_SHIFT) & 0x1f) === BINDING_80211;

export const print = (b: Uint8Array, at: number): string =>
  `CAPWAP ${isWireless(b, at) ? '802.11' : 'Ethernet'}`;
