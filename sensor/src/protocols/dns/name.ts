// Names of DNS (RFC 1035 §3.1, §4.1.4) over the packet: where one ends, whether it is sound, and its presentation form.
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';

/** RFC 1035 §2.3.4. */
export const MAX_NAME_BYTES = 255;
/** Bytes that `writeName` may need: each byte of a label at most `\\DDD`. */
export const MAX_NAME_TEXT = MAX_NAME_BYTES * 5;
/** Compression pointers followed in one name; each must lead backwards, so this is a second guard. */
const MAX_JUMPS = 16;
/** The two highest bits of a length: a pointer. */
export const POINTER = 0xc0;
const MAX_LABEL = 63;

/** Where the name at `at` ends (compressed names end with their pointer); -1 when it is malformed. */
export function skipName(b: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + MAX_NAME_BYTES);
  // Ends: each turn goes at least one byte on.
  while (at < limit) {
    const length = b[at];
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2 <= end ? at + 2 : -1;
    if (length > MAX_LABEL) return -1;
    at += length + 1;
  }
  return -1;
}

/** What is wrong with a name that is followed through its pointers; '' for a sound one. */
export function faultOfName(
  b: Uint8Array,
  at: number,
  start: number,
  end: number,
): '' | 'infinite_loop' | 'name_too_long' | 'malformed_data' {
  let jumps = 0;
  let total = 0;
  // Ends: each turn takes a label (at most MAX_NAME_BYTES in all) or a jump (at most MAX_JUMPS).
  while (at < end) {
    const length = b[at];
    if (length === 0) return '';
    if (length >= POINTER) {
      if (at + 2 > end) return 'malformed_data';
      const target = start + (u16(b, at) & 0x3fff);
      if (target >= end) return 'malformed_data';
      // A pointer leads to an earlier name (RFC 1035 §4.1.4): one that does not, or never comes to an end, is a trap.
      if (target >= at || ++jumps > MAX_JUMPS) return 'infinite_loop';
      at = target;
      continue;
    }
    if (length > MAX_LABEL) return 'malformed_data';
    total += length + 1;
    if (total > MAX_NAME_BYTES) return jumps > 0 ? 'infinite_loop' : 'name_too_long';
    at += length + 1;
  }
  return 'malformed_data';
}

const BACKSLASH = 0x5c;
const DOT = 0x2e;
const QUOTE = 0x22;

/** 1 where a byte of a label stands for itself, in a name's text and in a JSON string alike. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, c) =>
  c > 0x20 && c < 0x7f && c !== DOT && c !== BACKSLASH && c !== QUOTE ? 1 : 0,
);

/** Where a name is written to become text. */
const written = new Uint8Array(MAX_NAME_TEXT);

/** The name as text without the final dot; '' for the root. Unprintable bytes as \DDD (RFC 1035 §5.1). */
export function nameText(b: Uint8Array, at: number, start: number, end: number): string {
  const quoted = latin1(written, 0, writeName(b, at, start, end, written, 0));
  return quoted.includes('\\') ? (JSON.parse(`"${quoted}"`) as string) : quoted;
}

/**
 * Writes the same text as it stands between the quotes of a JSON string, without making a string: `\` and `"` are
 * escaped once more. `out` must have MAX_NAME_TEXT bytes from `into` on.
 * @returns where the text ends in `out`
 */
export function writeName(
  b: Uint8Array,
  at: number,
  start: number,
  end: number,
  out: Uint8Array,
  into: number,
): number {
  const first = into;
  let jumps = 0;
  let total = 0;
  // Ends: each turn takes a label (at most MAX_NAME_BYTES in all) or a jump (at most MAX_JUMPS).
  while (at < end) {
    const length = b[at];
    if (length === 0) break;
    if (length >= POINTER) {
      if (at + 2 > end || ++jumps > MAX_JUMPS) break;
      const target = start + (u16(b, at) & 0x3fff);
      if (target >= at) break;
      at = target;
      continue;
    }
    total += length + 1;
    if (length > MAX_LABEL || total > MAX_NAME_BYTES || at + 1 + length > end) break;
    if (into !== first) out[into++] = DOT;
    for (let i = at + 1; i <= at + length; i++) {
      const c = b[i];
      if (PLAIN[c] === 1) out[into++] = c;
      else into = writeOdd(c, out, into);
    }
    at += length + 1;
  }
  return into;
}

/** A byte that needs an escape. */
function writeOdd(c: number, out: Uint8Array, into: number): number {
  if (c === QUOTE) {
    out[into++] = BACKSLASH;
    out[into++] = QUOTE;
    return into;
  }
  out[into++] = BACKSLASH;
  out[into++] = BACKSLASH;
  if (c === DOT) out[into++] = DOT;
  else if (c === BACKSLASH) {
    out[into++] = BACKSLASH;
    out[into++] = BACKSLASH;
  } else {
    out[into++] = 0x30 + Math.floor(c / 100);
    out[into++] = 0x30 + (Math.floor(c / 10) % 10);
    out[into++] = 0x30 + (c % 10);
  }
  return into;
}
