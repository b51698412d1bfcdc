// GENEVE (RFC 8926 §3.4): options, the EtherType of what follows, the virtual network.
import { u16, u24 } from '../bytes/read.ts';

const VERSION_OPTIONS = 0;
const FLAGS = 1;
const TYPE = 2;
const NETWORK = 4;
export const LENGTH = 8;

export const PORT = 6081;

/** A control packet of the tunnel's ends: it carries no traffic. */
const CONTROL = 0x80;
const RESERVED = 0x3f;

/** Guarantees that the header with its options is captured, and that it is one with traffic. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LENGTH &&
  b[at + VERSION_OPTIONS] >> 6 === 0 &&
  (b[at + FLAGS] & (CONTROL | RESERVED)) === 0 &&
  end - at >= headerLength(b, at);

/** Bytes, options included: 8–260. */
export const headerLength = (b: Uint8Array, at: number): number =>
  LENGTH + ((b[at + VERSION_OPTIONS] & 0x3f) << 2);
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);
/** 24 bits. */
export const network = (b: Uint8Array, at: number): number => u24(b, at + NETWORK);

export const print = (b: Uint8Array, at: number): string =>
  `GENEVE ${network(b, at)} type 0x${etherType(b, at).toString(16).padStart(4, '0')}`;
