// JSON written straight into one growing buffer: no string is put together that is only taken apart again.
import { copy } from '../bytes/copy.ts';
import type { Scalar } from '../wire/field.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = '0123456789abcdef';
/** Bytes of the longest escape, `\uXXXX`. */
const ESCAPE = 6;
/** `-1.2345678901234567e-308` and then some. */
const LONGEST_NUMBER = 32;
const MAX_INT = 0x7fffffff;
const COMMA = 0x2c;
const NO_KEY = new Uint8Array(0);

/** Pure ASCII: whatever is outside it is escaped, so bytes and characters are the same. */
export class JsonBytes {
  bytes: Uint8Array;
  /** Bytes written. */
  at = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  #room(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = new Uint8Array(2 ** Math.ceil(Math.log2(this.at + count)));
    copy(this.bytes, 0, this.at, larger, 0);
    this.bytes = larger;
  }

  /** Printable ASCII that is JSON already. */
  ascii(text: string): void {
    this.#room(text.length);
    const { bytes, at } = this;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
    this.at = at + text.length;
  }

  /** The same, prepared once. */
  prepared(text: Uint8Array): void {
    this.#room(text.length);
    const { bytes, at } = this;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text[i];
    this.at = at + text.length;
  }

  byte(code: number): void {
    this.#room(1);
    this.bytes[this.at++] = code;
  }

  /** A prepared key, a value, and a comma: what nearly all of a record consists of, in one step. */
  member(key: Uint8Array, value: Scalar): void {
    const length = typeof value === 'string' ? value.length * ESCAPE : LONGEST_NUMBER;
    this.#room(key.length + length + 3);
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < key.length; i++) bytes[at++] = key[i];
    at = typeof value === 'string' ? text(bytes, at, value) : word(bytes, at, value);
    bytes[at] = COMMA;
    this.at = at + 1;
  }

  /** A value and a comma. */
  item(value: Scalar): void {
    this.member(NO_KEY, value);
  }
}

/** Any text, in quotes. */
function text(bytes: Uint8Array, at: number, value: string): number {
  bytes[at++] = QUOTE;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c >= 0x20 && c < 0x7f && c !== QUOTE && c !== BACKSLASH) bytes[at++] = c;
    else at = escaped(bytes, at, c);
  }
  bytes[at++] = QUOTE;
  return at;
}

/** A number or a truth value. JSON has no word for what is no finite number: 0. */
function word(bytes: Uint8Array, at: number, value: number | boolean): number {
  if (typeof value === 'number' && value >= 0 && value <= MAX_INT && (value | 0) === value)
    return digits(bytes, at, value);
  const written =
    typeof value === 'boolean' ? (value ? 'true' : 'false') : Number.isFinite(value) ? String(value) : '0';
  for (let i = 0; i < written.length; i++) bytes[at++] = written.charCodeAt(i);
  return at;
}

function digits(bytes: Uint8Array, at: number, value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count++;
  for (let i = at + count - 1; i >= at; i--) {
    const rest = (value / 10) | 0;
    bytes[i] = 0x30 + value - rest * 10;
    value = rest;
  }
  return at + count;
}

function escaped(bytes: Uint8Array, at: number, c: number): number {
  bytes[at++] = BACKSLASH;
  if (c === QUOTE || c === BACKSLASH) {
    bytes[at++] = c;
    return at;
  }
  bytes[at++] = 0x75;
  for (let shift = 12; shift >= 0; shift -= 4) bytes[at++] = HEX.charCodeAt((c >> shift) & 15);
  return at;
}
