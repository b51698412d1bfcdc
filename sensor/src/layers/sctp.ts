// SCTP common header (RFC 9260 §3.1).
import { u16, u32 } from '../bytes/read.ts';

const SOURCE = 0;
const DESTINATION = 2;
const TAG = 4;
export const LENGTH = 12;

/** Guarantees that all accessors stay inside. */
export const check = (at: number, end: number): boolean => end - at >= LENGTH;

export const sourcePort = (b: Uint8Array, at: number): number => u16(b, at + SOURCE);
export const destinationPort = (b: Uint8Array, at: number): number => u16(b, at + DESTINATION);
export const tag = (b: Uint8Array, at: number): number => u32(b, at + TAG);

export const print = (b: Uint8Array, at: number): string =>
  `SCTP ${sourcePort(b, at)} > ${destinationPort(b, at)}`;
