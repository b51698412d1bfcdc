// JSON written straight into one growing buffer: no string is put together that is only taken apart again.
import { copy } from './copy.ts';
import { formatTime } from './time.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const DOT = 0x2e;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const HEX = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));
/** Bytes of the longest escape, `\uXXXX`. */
const ESCAPE = 6;
/** `-1.2345678901234567e-308` and then some; an address or a time in quotes. */
const LONGEST_WORD = 48;
const MAX_INT = 0x7fffffff;
/** Bytes that a last word may lap over what it writes. */
const LAP = 4;

/** Three bytes a number 0–255: its digits; and how many they are. */
const OCTETS = new Uint8Array(256 * 3);
const OCTET_LENGTHS = new Uint8Array(256);
for (let n = 0; n < 256; n++) {
  const digits = String(n);
  OCTET_LENGTHS[n] = digits.length;
  for (let i = 0; i < digits.length; i++) OCTETS[n * 3 + i] = digits.charCodeAt(i);
}
/** Two digits of the numbers 0–99. */
const PAIRS = Uint8Array.from(
  { length: 200 },
  (_, i) => 0x30 + (i & 1 ? (i >> 1) % 10 : Math.floor((i >> 1) / 10)),
);

/** `YYYY-MM-DDTHH:MM:SS.` of seconds lately written: three times stand in a flow's record, and its neighbours' are near. */
const SECONDS_KEPT = 64;
const SECOND_LENGTH = 20;
const seconds = new Float64Array(SECONDS_KEPT).fill(Number.NaN);
const secondTexts = new Uint8Array(SECONDS_KEPT * SECOND_LENGTH);

/** ASCII that is JSON already, kept as 32-bit words: four bytes are written at a time. */
export class Prepared {
  readonly length: number;
  /** Little-endian; the last word is filled up with zeros. */
  readonly words: Int32Array;

  constructor(text: string) {
    this.length = text.length;
    this.words = new Int32Array((text.length + 3) >> 2);
    for (let i = 0; i < text.length; i++) this.words[i >> 2] |= text.charCodeAt(i) << ((i & 3) << 3);
  }
}

/** `"name":` */
export const jsonKey = (name: string): Prepared => new Prepared(`${JSON.stringify(name)}:`);

/** The keys of these names, each prepared. */
export const jsonKeys = <Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Prepared>> =>
  Object.fromEntries(names.map((name) => [name, jsonKey(name)])) as Record<Name, Prepared>;

/** Pure ASCII: whatever is outside it is escaped, so bytes and characters are the same. */
export class JsonBytes {
  bytes: Uint8Array;
  /** Bytes written. */
  at = 0;
  /** The same bytes, to write four at a time; a last word may lap over by LAP. */
  #view: DataView;
  /** `at` may go so far before there must be more room. */
  #limit: number;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + LAP);
    this.#view = new DataView(this.bytes.buffer);
    this.#limit = capacity;
  }

  /** Makes sure that so many bytes fit behind `at`. */
  room(count: number): void {
    if (this.at + count > this.#limit) this.#grow(count);
  }

  #grow(count: number): void {
    this.#limit = 2 ** Math.ceil(Math.log2(this.at + count));
    const larger = new Uint8Array(this.#limit + LAP);
    copy(this.bytes, 0, this.at, larger, 0);
    this.bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(code: number): void {
    this.room(1);
    this.bytes[this.at++] = code;
  }

  prepared(text: Prepared): void {
    this.room(text.length);
    this.at = this.#prepared(text);
  }

  #prepared({ words, length }: Prepared): number {
    const { at } = this;
    const view = this.#view;
    for (let i = 0; i < words.length; i++) view.setInt32(at + i * 4, words[i], true);
    return at + length;
  }

  /** A prepared key, a value, and a comma. */
  member(key: Prepared, value: string | number | boolean): void {
    this.prepared(key);
    this.value(value);
    this.byte(COMMA);
  }

  /** The same where the value is a small number, as nearly all are. */
  count(key: Prepared, value: number): void {
    this.room(key.length + LONGEST_WORD);
    const { bytes } = this;
    let at = this.#prepared(key);
    if (value >= 0 && value <= MAX_INT && (value | 0) === value) {
      at = digits(bytes, at, value);
      bytes[at] = COMMA;
      this.at = at + 1;
      return;
    }
    this.at = at;
    this.number(value);
    this.byte(COMMA);
  }

  /** The same where the value is plain ASCII that needs no escape. */
  word(key: Prepared, value: string): void {
    this.room(key.length + value.length + 3);
    const { bytes } = this;
    let at = this.#prepared(key);
    bytes[at++] = QUOTE;
    for (let i = 0; i < value.length; i++) bytes[at++] = value.charCodeAt(i);
    bytes[at++] = QUOTE;
    bytes[at++] = COMMA;
    this.at = at;
  }

  /** Opens an object as a member. @returns where it began, for `close` */
  open(key: Prepared): number {
    const before = this.at;
    this.prepared(key);
    this.byte(OPEN);
    return before;
  }

  /** Closes an object that began at `before`; one that is empty is taken back. */
  close(before: number, key: Prepared): void {
    if (this.at === before + key.length + 1) {
      this.at = before;
      return;
    }
    this.bytes[this.at - 1] = CLOSE;
    this.byte(COMMA);
  }

  value(value: string | number | boolean): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'boolean') this.boolean(value);
    else this.number(value);
  }

  /** Any text, in quotes. */
  text(value: string): void {
    this.room(value.length * ESCAPE + 2);
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let i = 0; i < value.length; i++) {
      const c = value.charCodeAt(i);
      if (c >= 0x20 && c < 0x7f && c !== QUOTE && c !== BACKSLASH) bytes[at++] = c;
      else at = escaped(bytes, at, c);
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** Octets `[at, end)` as the Latin-1 text that they are, in quotes. */
  octets(from: Uint8Array, at: number, end: number): void {
    this.room((end - at) * ESCAPE + 2);
    const { bytes } = this;
    let to = this.at;
    bytes[to++] = QUOTE;
    for (let i = at; i < end; i++) {
      const c = from[i];
      if (c >= 0x20 && c < 0x7f && c !== QUOTE && c !== BACKSLASH) bytes[to++] = c;
      else to = escaped(bytes, to, c);
    }
    bytes[to++] = QUOTE;
    this.at = to;
  }

  /** JSON has no word for what is no finite number: 0. */
  number(value: number): void {
    if (value >= 0 && value <= MAX_INT && (value | 0) === value) {
      this.room(LONGEST_WORD);
      this.at = digits(this.bytes, this.at, value);
    } else this.ascii(Number.isFinite(value) ? String(value) : '0');
  }

  boolean(value: boolean): void {
    this.ascii(value ? 'true' : 'false');
  }

  /** Printable ASCII that is JSON already. */
  ascii(text: string): void {
    this.room(text.length);
    const { bytes, at } = this;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
    this.at = at + text.length;
  }

  /** Time as RFC 3339, in quotes. @param us since 1970 */
  time(us: number): void {
    this.room(LONGEST_WORD);
    const { bytes } = this;
    let { at } = this;
    const clamped = us >= 0 && us < 253_402_300_800e6 ? us : 0;
    const second = Math.floor(clamped / 1e6);
    const kept = second & (SECONDS_KEPT - 1);
    const text = kept * SECOND_LENGTH;
    if (seconds[kept] !== second) {
      seconds[kept] = second;
      const whole = formatTime(clamped);
      for (let i = 0; i < SECOND_LENGTH; i++) secondTexts[text + i] = whole.charCodeAt(i);
    }
    bytes[at++] = QUOTE;
    for (let i = 0; i < SECOND_LENGTH; i++) bytes[at++] = secondTexts[text + i];
    const fraction = (clamped - second * 1e6) | 0;
    const high = (fraction / 10_000) | 0;
    const rest = fraction - high * 10_000;
    const middle = (rest / 100) | 0;
    at = pair(bytes, at, high);
    at = pair(bytes, at, middle);
    at = pair(bytes, at, rest - middle * 100);
    bytes[at++] = 0x5a;
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** An IPv4 address, in quotes. */
  ipv4(a: number): void {
    this.room(LONGEST_WORD);
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let shift = 24; shift >= 0; shift -= 8) {
      at = octet(bytes, at, (a >>> shift) & 255);
      if (shift > 0) bytes[at++] = DOT;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** An IPv6 address, in quotes, as RFC 5952 writes it. */
  ipv6(a: number, b: number, c: number, d: number): void {
    this.room(LONGEST_WORD);
    const { bytes } = this;
    let { at } = this;
    const group = (i: number): number => {
      const word = i < 2 ? a : i < 4 ? b : i < 6 ? c : d;
      return i & 1 ? word & 0xffff : word >>> 16;
    };
    let best = -1;
    let bestLength = 1;
    for (let i = 0; i < 8; i++) {
      let n = 0;
      while (i + n < 8 && group(i + n) === 0) n++;
      if (n > bestLength) {
        best = i;
        bestLength = n;
      }
      if (n > 0) i += n - 1;
    }
    bytes[at++] = QUOTE;
    const first = at;
    for (let i = 0; i < 8; i++) {
      if (i === best) {
        bytes[at++] = COLON;
        bytes[at++] = COLON;
        i += bestLength - 1;
        continue;
      }
      if (at > first && bytes[at - 1] !== COLON) bytes[at++] = COLON;
      const word = group(i);
      for (let shift = word > 0xfff ? 12 : word > 0xff ? 8 : word > 0xf ? 4 : 0; shift >= 0; shift -= 4)
        bytes[at++] = HEX[(word >> shift) & 15];
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }
}

function octet(bytes: Uint8Array, at: number, value: number): number {
  const length = OCTET_LENGTHS[value];
  for (let i = 0; i < length; i++) bytes[at + i] = OCTETS[value * 3 + i];
  return at + length;
}

function pair(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = PAIRS[value * 2];
  bytes[at + 1] = PAIRS[value * 2 + 1];
  return at + 2;
}

function digits(bytes: Uint8Array, at: number, value: number): number {
  if (value < 256) return octet(bytes, at, value);
  const count =
    value < 10_000
      ? value < 1000
        ? 3
        : 4
      : value < 100_000_000
        ? value < 1_000_000
          ? value < 100_000
            ? 5
            : 6
          : value < 10_000_000
            ? 7
            : 8
        : value < 1_000_000_000
          ? 9
          : 10;
  let to = at + count;
  // Ends: a hundredth is left after each turn.
  while (value >= 100) {
    const rest = (value / 100) | 0;
    const two = (value - rest * 100) * 2;
    bytes[--to] = PAIRS[two + 1];
    bytes[--to] = PAIRS[two];
    value = rest;
  }
  if (value >= 10) {
    bytes[--to] = PAIRS[value * 2 + 1];
    bytes[--to] = PAIRS[value * 2];
  } else bytes[--to] = 0x30 + value;
  return at + count;
}

function escaped(bytes: Uint8Array, at: number, c: number): number {
  bytes[at++] = BACKSLASH;
  if (c === QUOTE || c === BACKSLASH) {
    bytes[at++] = c;
    return at;
  }
  bytes[at++] = 0x75;
  for (let shift = 12; shift >= 0; shift -= 4) bytes[at++] = HEX[(c >> shift) & 15];
  return at;
}
