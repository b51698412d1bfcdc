// Frames of HTTP/2 (RFC 9113 §4, §6): their types and flags, and how a connection begins.
import { u16, u24, u32 } from '../../bytes/read.ts';
import { word } from '../../bytes/text.ts';
import type { Verdict } from '../protocol.ts';

export const PREFACE = word('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const FRAME_HEADER = 9;
export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const GOAWAY = 7;
export const CONTINUATION = 9;

export const ACK = 0x01;
export const END_STREAM = 0x01;
export const END_HEADERS = 0x04;
export const PADDED = 0x08;
export const HAS_PRIORITY = 0x20;

/** Settings that one frame may tell. */
export const MAX_SETTINGS = 16;

export function isPreface(b: Uint8Array, at: number, end: number): Verdict {
  const length = Math.min(PREFACE.length, end - at);
  for (let i = 0; i < length; i++) if (b[at + i] !== PREFACE[i]) return 'no';
  return length < PREFACE.length ? 'more' : 'yes';
}

/** The first frame of a server: settings that exist, and nothing else (§3.4). */
export function isServerPreface(b: Uint8Array, at: number, end: number): Verdict {
  if (end - at < FRAME_HEADER + 2)
    return end - at < 4 || (u16(b, at) === 0 && b[at + 3] === SETTINGS) ? 'more' : 'no';
  const length = u24(b, at);
  if (length === 0 || length % 6 !== 0 || length > 6 * MAX_SETTINGS || b[at + 3] !== SETTINGS) return 'no';
  const setting = u16(b, at + FRAME_HEADER);
  return b[at + 4] === 0 && u32(b, at + 5) === 0 && setting > 0 && setting <= 9 ? 'yes' : 'no';
}
