// Network service header (RFC 8300 §2): a path of services, with what follows named. Stands behind TYPE.
import { u24 } from '../bytes/read.ts';

const VERSION = 0;
const TOTAL = 1;
const NEXT = 3;
const PATH = 4;
const INDEX = 7;
const MIN_LENGTH = 8;

export const TYPE = 0x894f;

export const NEXT_IPV4 = 1;
export const NEXT_IPV6 = 2;
export const NEXT_ETHERNET = 3;
export const NEXT_NSH = 4;
export const NEXT_MPLS = 5;

/** Guarantees that the header with its context is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= MIN_LENGTH && headerLength(b, at) >= MIN_LENGTH && end - at >= headerLength(b, at);

/** 2 bits; 0 is the only one. */
export const version = (b: Uint8Array, at: number): number => b[at + VERSION] >> 6;
/** Bytes. */
export const headerLength = (b: Uint8Array, at: number): number => (b[at + TOTAL] & 0x3f) << 2;
export const next = (b: Uint8Array, at: number): number => b[at + NEXT];
/** 24 bits. */
export const path = (b: Uint8Array, at: number): number => u24(b, at + PATH);
export const index = (b: Uint8Array, at: number): number => b[at + INDEX];

export const print = (b: Uint8Array, at: number): string => `NSH path ${path(b, at)} index ${index(b, at)}`;
