// PPPoE session packets (RFC 2516 §4): version, code, session, length; PPP follows. Stands behind TYPE.
import { u16 } from '../bytes/read.ts';

const VERSION_TYPE = 0;
const CODE = 1;
const SESSION = 2;
const TOTAL = 4;
export const LENGTH = 6;

export const TYPE_SESSION = 0x8864;

/** Guarantees that all accessors stay inside. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

/** True for session data: version 1, type 1, code 0. */
export const isData = (b: Uint8Array, at: number): boolean =>
  b[at + VERSION_TYPE] === 0x11 && b[at + CODE] === 0;
export const session = (b: Uint8Array, at: number): number => u16(b, at + SESSION);
/** Bytes of PPP. */
export const payloadLength = (b: Uint8Array, at: number): number => u16(b, at + TOTAL);

export const print = (b: Uint8Array, at: number): string =>
  `PPPoE session ${session(b, at)} len ${payloadLength(b, at)}`;
