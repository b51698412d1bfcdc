// Words and texts out of lines that a peer wrote as it liked.
import { lower, utf8 } from './text.ts';

const SPACE = 0x20;
const TAB = 0x09;

/** Where the word at `at` ends: a blank, or `end`. */
export function wordEnd(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== SPACE && b[i] !== TAB) i++;
  return i;
}

/** Where the next word begins behind the blanks at `at`. */
export function skipBlanks(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && (b[i] === SPACE || b[i] === TAB)) i++;
  return i;
}

/** At most `max` bytes of text (UTF-8), control characters left out. */
export const shown = (b: Uint8Array, at: number, end: number, max = 128): string =>
  utf8(b, at, Math.min(end, at + max)).replace(/\p{Cc}/gu, '');

/** True when a word of these lower-case ASCII bytes, in any case, and nothing more stands in `[at, end)`. */
export function isWord(b: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  if (end - at !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (lower(b[at + i]) !== word[i]) return false;
  return true;
}

/** True when this lower-case ASCII word, in any case, stands somewhere in `[at, end)`. */
export function contains(b: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  // Bounded by the text's length times the word's.
  for (let i = at; i + word.length <= end; i++) {
    let n = 0;
    while (n < word.length && lower(b[i + n]) === word[n]) n++;
    if (n === word.length) return true;
  }
  return false;
}

/** Three digits as a number; -1 when there are none. */
export function threeDigits(b: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return -1;
  let n = 0;
  for (let i = at; i < at + 3; i++) {
    if (b[i] < 0x30 || b[i] > 0x39) return -1;
    n = n * 10 + b[i] - 0x30;
  }
  return n;
}

/** Decimal digits from `at` on, at most `max` of them; -1 when there are none. */
export function decimal(b: Uint8Array, at: number, end: number, max = 10): number {
  let n = 0;
  let i = at;
  for (; i < end && i - at < max && b[i] >= 0x30 && b[i] <= 0x39; i++) n = n * 10 + b[i] - 0x30;
  return i === at ? -1 : n;
}
