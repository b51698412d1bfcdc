// JSON written straight into one growing buffer: no string is put together that is only taken apart again.
import { copy } from '../bytes/copy.ts';
import type { Scalar } from '../wire/field.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = '0123456789abcdef';
/** Bytes of the longest escape, `\uXXXX`. */
const ESCAPE = 6;

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

  /** Any text, in quotes. */
  string(text: string): void {
    this.#room(text.length * ESCAPE + 2);
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x20 && c < 0x7f && c !== QUOTE && c !== BACKSLASH) bytes[at++] = c;
      else at = escaped(bytes, at, c);
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  scalar(value: Scalar): void {
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'boolean') this.ascii(value ? 'true' : 'false');
    else this.#number(value);
  }

  /** JSON has no word for what is no finite number. */
  #number(value: number): void {
    if (value >= 0 && value < 10 && Number.isInteger(value)) this.byte(0x30 + value);
    else this.ascii(Number.isFinite(value) ? String(value) : '0');
  }
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
