// UDP (RFC 768).
import { u16 } from '../bytes/read.ts';

const SOURCE = 0;
const DESTINATION = 2;
const TOTAL = 4;
export const LENGTH = 8;

/** Guarantees that the header is captured. */
export const check = (at: number, end: number): boolean => end - at >= LENGTH;

export const sourcePort = (b: Uint8Array, at: number): number => u16(b, at + SOURCE);
export const destinationPort = (b: Uint8Array, at: number): number => u16(b, at + DESTINATION);
/** Header and payload; 0 in a jumbogram (RFC 2675). */
export const totalLength = (b: Uint8Array, at: number): number => u16(b, at + TOTAL);

export const print = (b: Uint8Array, at: number): string =>
  `UDP ${sourcePort(b, at)} > ${destinationPort(b, at)} len ${totalLength(b, at)}`;
