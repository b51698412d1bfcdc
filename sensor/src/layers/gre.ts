// GRE (RFC 2784, 2890), and version 1 of it in which PPTP carries PPP (RFC 2637 §4.1).
import { u16, u32 } from '../bytes/read.ts';
import { hex16 } from '../bytes/text.ts';

const FLAGS = 0;
const TYPE = 2;
export const MIN_LENGTH = 4;

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080;
const VERSION = 0x0007;
/** Source routes of RFC 1701 §2: a list that ends with an entry of length 0. */
const ROUTE_LENGTH = 3;
const MAX_ROUTES = 8;

export const TYPE_BRIDGED = 0x6558;
export const TYPE_PPP = 0x880b;
export const TYPE_ERSPAN = 0x88be;
export const TYPE_ERSPAN_3 = 0x22eb;
export const TYPE_WCCP = 0x883e;
/** 802.11 frames, as wireless controllers of Aruba send them. */
export const TYPE_WIRELESS = 0x8200;

/** Guarantees that the whole header is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= MIN_LENGTH && headerLength(b, at, end) > 0;

export const flags = (b: Uint8Array, at: number): number => u16(b, at + FLAGS);
export const version = (b: Uint8Array, at: number): number => flags(b, at) & VERSION;
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);
export const hasSequence = (b: Uint8Array, at: number): boolean => (flags(b, at) & SEQUENCE) !== 0;
/** 32 bits; -1 when there is none. In version 1 it names a call in one direction, and is left out. */
export function key(b: Uint8Array, at: number, end: number): number {
  const f = flags(b, at);
  const where = at + MIN_LENGTH + ((f & (CHECKSUM | ROUTING)) !== 0 ? 4 : 0);
  return (f & KEY) !== 0 && (f & VERSION) === 0 && where + 4 <= end ? u32(b, where) : -1;
}

/** Bytes; 0 when it is cut. */
export function headerLength(b: Uint8Array, at: number, end: number): number {
  const f = flags(b, at);
  let length = MIN_LENGTH;
  if ((f & VERSION) === 1) {
    length += 4 + ((f & SEQUENCE) !== 0 ? 4 : 0) + ((f & ACKNOWLEDGEMENT) !== 0 ? 4 : 0);
    return at + length <= end ? length : 0;
  }
  if ((f & (CHECKSUM | ROUTING)) !== 0) length += 4;
  if ((f & KEY) !== 0) length += 4;
  if ((f & SEQUENCE) !== 0) length += 4;
  for (let i = 0; (f & ROUTING) !== 0; i++) {
    if (i === MAX_ROUTES || at + length + 4 > end) return 0;
    const route = b[at + length + ROUTE_LENGTH];
    length += 4 + route;
    if (route === 0) break;
  }
  return at + length <= end ? length : 0;
}

export const print = (b: Uint8Array, at: number, end: number): string => {
  const number = key(b, at, end);
  return `GRE type 0x${hex16(etherType(b, at))}${number < 0 ? '' : ` key ${number}`}`;
};
