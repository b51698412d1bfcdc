// VXLAN (RFC 7348 §5) with its group policy, and the generic form that names its payload (draft-ietf-nvo3-vxlan-gpe).
import { u24 } from '../bytes/read.ts';

const FLAGS = 0;
const NEXT = 3;
const NETWORK = 4;
export const LENGTH = 8;

/** The registered port, the one Linux used before, and that of the generic form. */
export const PORTS = [4789, 8472, 4790] as const;

const NETWORK_VALID = 0x08;
const NEXT_VALID = 0x04;
/** Bits that must be 0. */
const VERSION = 0x30;

export const NEXT_ETHERNET = 3;

/** Guarantees that the header is captured, and that it is one. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LENGTH &&
  (b[at + FLAGS] & (NETWORK_VALID | VERSION)) === NETWORK_VALID &&
  b[at + NETWORK + 3] === 0;

/** 24 bits. */
export const network = (b: Uint8Array, at: number): number => u24(b, at + NETWORK);
/** What follows: the generic form names it, on whatever port; else it is a frame. */
export const next = (b: Uint8Array, at: number): number =>
  (b[at + FLAGS] & NEXT_VALID) === 0 ? NEXT_ETHERNET : b[at + NEXT];

export const print = (b: Uint8Array, at: number): string => `VXLAN ${network(b, at)}`;
