// GTP-U version 1 (3GPP TS 29.281 §5.1): a user's packet between the nodes of a mobile network.
import { u16, u32 } from '../bytes/read.ts';

const FLAGS = 0;
const MESSAGE = 1;
const TOTAL = 2;
const ENDPOINT = 4;
const MIN_LENGTH = 8;
const OPTIONAL_LENGTH = 12;
const NEXT_EXTENSION = 11;
/** No sender puts more extension headers into one packet. */
const MAX_EXTENSIONS = 8;

export const PORT = 2152;

/** Version 1, GTP and not GTP', the spare bit 0. */
const FIXED = 0xf8;
const FIXED_VALUE = 0x30;
const OPTIONAL = 0x07;
const HAS_EXTENSION = 0x04;
/** A packet of a user; all other messages are between the nodes. */
const USER_PACKET = 0xff;

/** Guarantees that the header with its extensions is captured, and that it is one of a user's packet. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= MIN_LENGTH &&
  (b[at + FLAGS] & FIXED) === FIXED_VALUE &&
  b[at + MESSAGE] === USER_PACKET &&
  headerLength(b, at, end) > 0;

/** Bytes behind the first eight. */
export const messageLength = (b: Uint8Array, at: number): number => u16(b, at + TOTAL);
/** 32 bits, chosen by the receiver: another in each direction. */
export const endpoint = (b: Uint8Array, at: number): number => u32(b, at + ENDPOINT);

/** Bytes; 0 when it is cut or its extensions lie. */
export function headerLength(b: Uint8Array, at: number, end: number): number {
  const flags = b[at + FLAGS];
  if ((flags & OPTIONAL) === 0) return MIN_LENGTH;
  if (end - at < OPTIONAL_LENGTH) return 0;
  let length = OPTIONAL_LENGTH;
  let next = (flags & HAS_EXTENSION) !== 0 ? b[at + NEXT_EXTENSION] : 0;
  for (let i = 0; next !== 0; i++) {
    if (i === MAX_EXTENSIONS || at + length >= end) return 0;
    const size = b[at + length] << 2;
    if (size === 0 || at + length + size > end) return 0;
    length += size;
    next = b[at + length - 1];
  }
  return length;
}

export const print = (b: Uint8Array, at: number): string => `GTP-U endpoint ${endpoint(b, at)}`;
