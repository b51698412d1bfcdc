// What Windows protocols write: text in UTF-16, GUIDs, 64-bit numbers and times since 1601, all little-endian.
import { u16le, u32le } from './read.ts';
import { hex8 } from './text.ts';

/** Longest text made of a field that a peer writes freely. */
const MAX_TEXT = 1024;

/**
 * UTF-16LE text of `[at, end)` up to its first NUL, without control characters.
 * @param max characters; what is longer is cut
 */
export function utf16le(b: Uint8Array, at: number, end: number, max = MAX_TEXT): string {
  let text = '';
  // Ends: each turn goes two bytes on.
  for (let i = at; i + 1 < end && text.length < max; i += 2) {
    const unit = u16le(b, i);
    if (unit === 0) break;
    if (unit >= 0x20 && unit !== 0x7f) text += String.fromCharCode(unit);
  }
  return text;
}

/** One byte a character up to the first NUL, without control characters. */
export function oem(b: Uint8Array, at: number, end: number, max = MAX_TEXT): string {
  let text = '';
  for (let i = at; i < end && b[i] !== 0 && text.length < max; i++)
    if (b[i] >= 0x20 && b[i] !== 0x7f) text += String.fromCharCode(b[i]);
  return text;
}

/** 16 bytes as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`; the first three groups stand in little-endian order. */
export function guid(b: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    const from = i < 4 ? 3 - i : i < 6 ? 9 - i : i < 8 ? 13 - i : i;
    text += (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + hex8(b[at + from]);
  }
  return text;
}

/** Unsigned 64 bits; exact up to 2^53, the nearest double above. */
export const u64le = (b: Uint8Array, at: number): number => u32le(b, at + 4) * 2 ** 32 + u32le(b, at);

const SECONDS_1601_TO_1970 = 11_644_473_600;

/** A FILETIME (100 ns since 1601) as seconds since 1970; 0 where none is given, or one before 1970. */
export const filetime = (b: Uint8Array, at: number): number =>
  Math.max(0, Math.floor(u64le(b, at) / 1e7) - SECONDS_1601_TO_1970);
