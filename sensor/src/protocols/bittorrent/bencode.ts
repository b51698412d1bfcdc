// Bencoding (BEP 3), read in place: numbers, strings, lists and dictionaries, as offsets over the datagram.
import { decimal } from '../../bytes/line.ts';

const INTEGER = 0x69; // i
const LIST = 0x6c; // l
const DICTIONARY = 0x64; // d
const END = 0x65; // e
const COLON = 0x3a;
/** Values of one message, and their depth, that are gone through. */
const MAX_VALUES = 512;
const MAX_DEPTH = 8;

/** Where a string's bytes begin and end; reused. */
export class Text {
  from = 0;
  to = 0;

  /** Moves to the string at `at`; false when there is none, or it is not whole. */
  read(b: Uint8Array, at: number, end: number): boolean {
    const length = decimal(b, at, end, 6);
    if (length < 0) return false;
    let i = at;
    while (i < end && b[i] !== COLON && i - at < 7) i++;
    if (i >= end || b[i] !== COLON || i + 1 + length > end) return false;
    this.from = i + 1;
    this.to = i + 1 + length;
    return true;
  }
}

const text = new Text();

/** Where the value at `at` ends; -1 when it is malformed, too deep or too long. */
export function skip(b: Uint8Array, at: number, end: number): number {
  let depth = 0;
  for (let i = 0; i < MAX_VALUES && at < end; i++) {
    const c = b[at];
    if (c === END && depth > 0) {
      at++;
      depth--;
    } else if (c === LIST || c === DICTIONARY) {
      at++;
      if (++depth > MAX_DEPTH) return -1;
    } else if (c === INTEGER) {
      const from = at;
      // A number has at most twenty digits.
      while (at < end && b[at] !== END && at - from < 22) at++;
      if (at >= end || b[at] !== END) return -1;
      at++;
    } else {
      if (!text.read(b, at, end)) return -1;
      at = text.to;
    }
    if (depth === 0) return at;
  }
  return -1;
}

/** Keys of one dictionary that are looked at. */
const MAX_KEYS = 32;

/** Where the value of a key of one letter or word begins in the dictionary at `at`; -1 when it is not there. */
export function member(b: Uint8Array, at: number, end: number, key: string): number {
  if (at < 0 || at >= end || b[at] !== DICTIONARY) return -1;
  at++;
  for (let i = 0; i < MAX_KEYS && at < end && b[at] !== END; i++) {
    if (!text.read(b, at, end)) return -1;
    const value = text.to;
    if (isKey(b, text.from, text.to, key)) return value < end ? value : -1;
    at = skip(b, value, end);
    if (at < 0) return -1;
  }
  return -1;
}

function isKey(b: Uint8Array, from: number, to: number, key: string): boolean {
  if (to - from !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (b[from + i] !== key.charCodeAt(i)) return false;
  return true;
}

/** The number at `at`; undefined when there is none. */
export function number(b: Uint8Array, at: number, end: number): number | undefined {
  if (at < 0 || at >= end || b[at] !== INTEGER) return undefined;
  const isNegative = at + 1 < end && b[at + 1] === 0x2d;
  const value = decimal(b, at + (isNegative ? 2 : 1), end, 15);
  return value < 0 ? undefined : isNegative ? -value : value;
}
