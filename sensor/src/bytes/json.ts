// JSON written straight into one growing buffer: no string is put together that is only taken apart again.
import { copy } from './copy.ts';
import { asWord, DIGIT_COUNTS, digitsThen, threeDigitsThen } from './digits.ts';
import { formatTime } from './time.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const HEX = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));
/** Bytes of the longest escape, `\uXXXX`. */
const ESCAPE = 6;
/** `-1.2345678901234567e-308` and then some; an address or a time in quotes. */
const LONGEST_WORD = 48;
const MAX_INT = 0x7fffffff;
/** Bytes of a word, which is also what a last one may lap over what it writes. */
const WORD = 8;

const DIGITS = digitsThen(',');
const THREE_DIGITS = threeDigitsThen(',');
/** Those of an address: 0–255 with a dot behind them. */
const OCTETS = digitsThen('.');
/** Four hexadecimal digits of a byte and its upper neighbour are two of these. */
const HEX_BYTES = Int32Array.from({ length: 256 }, (_, n) => asWord(n.toString(16).padStart(2, '0')));
/** `Z",` */
const END_OF_TIME = asWord('Z",');

/** `"YYYY-MM-DDTHH:MM:SS.` of seconds lately written: three times stand in a flow's record, and its neighbours' are near. */
const SECONDS_KEPT = 64;
const SECOND_WORDS = 3;
const SECOND_LENGTH = 21;
const seconds = new Float64Array(SECONDS_KEPT).fill(Number.NaN);
const secondWords = new Float64Array(SECONDS_KEPT * SECOND_WORDS);
const secondBytes = new Uint8Array(secondWords.buffer);

/** The longest run of zeros among eight groups, for every set of groups that are zero (bit 0 the first): its start | its length << 4. */
const ZERO_RUNS = Uint8Array.from({ length: 256 }, (_, zeros) => {
  let best = 0;
  for (let from = 0; from < 8; from++) {
    let n = 0;
    while (from + n < 8 && (zeros >> (from + n)) & 1) n++;
    if (n > 1 && n > best >> 4) best = from | (n << 4);
  }
  return best;
});

/**
 * ASCII that is JSON already, kept as 64-bit words: eight bytes are written at a time. As floating-point numbers, for
 * those are what a DataView moves without making an object; ASCII is never one of the patterns that are no number.
 */
export class Prepared {
  readonly length: number;
  /** Little-endian; the last word is filled up with zeros. */
  readonly words: Float64Array;

  constructor(text: string) {
    this.length = text.length;
    this.words = new Float64Array((text.length + WORD - 1) >> 3);
    const bytes = new Uint8Array(this.words.buffer);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
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
  /** The same bytes, to write eight at a time; a last word may lap over by WORD. */
  #view: DataView;
  /** `at` may go so far before there must be more room. */
  #limit: number;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + WORD);
    this.#view = new DataView(this.bytes.buffer);
    this.#limit = capacity;
  }

  /** Makes sure that so many bytes fit behind `at`. */
  room(count: number): void {
    if (this.at + count > this.#limit) this.#grow(count);
  }

  #grow(count: number): void {
    this.#limit = 2 ** Math.ceil(Math.log2(this.at + count));
    const larger = new Uint8Array(this.#limit + WORD);
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
    for (let i = 0; i < words.length; i++) view.setFloat64(at + i * WORD, words[i], true);
    return at + length;
  }

  /** Writes `length` bytes of ASCII that is JSON already, kept in `words` from `from` on. */
  packed(words: Float64Array, from: number, length: number): void {
    this.room(length);
    const { at } = this;
    const view = this.#view;
    for (let i = 0; i < length; i += WORD) view.setFloat64(at + i, words[from + (i >> 3)], true);
    this.at = at + length;
  }

  /** Writes once more what was written `[from, from + length)`: plain ASCII. */
  again(from: number, length: number): void {
    this.room(length);
    const { at } = this;
    const view = this.#view;
    // A last word may read what it has just written, which `at` then leaves out.
    for (let i = 0; i < length; i += WORD) view.setFloat64(at + i, view.getFloat64(from + i, true), true);
    this.at = at + length;
  }

  /** Digits of a whole number up to MAX_INT, and a comma behind them. @returns where the comma stands */
  #digits(at: number, value: number): number {
    const view = this.#view;
    if (value < 1000) {
      view.setInt32(at, DIGITS[value], true);
      return at + DIGIT_COUNTS[value];
    }
    const thousands = (value / 1000) | 0;
    let behind: number;
    if (thousands < 1000) {
      view.setInt32(at, DIGITS[thousands], true);
      behind = at + DIGIT_COUNTS[thousands];
    } else behind = this.#digits(at, thousands);
    view.setInt32(behind, THREE_DIGITS[value - thousands * 1000], true);
    return behind + 3;
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
    const at = this.#prepared(key);
    if (value >= 0 && value <= MAX_INT && (value | 0) === value) {
      this.at = this.#digits(at, value) + 1;
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
      this.at = this.#digits(this.at, value);
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
    const { at } = this;
    const view = this.#view;
    const clamped = us >= 0 && us < 253_402_300_800e6 ? us : 0;
    const second = Math.floor(clamped / 1e6);
    const kept = second & (SECONDS_KEPT - 1);
    if (seconds[kept] !== second) keepSecond(kept, second, clamped);
    for (let i = 0; i < SECOND_WORDS; i++)
      view.setFloat64(at + i * WORD, secondWords[kept * SECOND_WORDS + i], true);
    const fraction = (clamped - second * 1e6) | 0;
    const thousands = (fraction / 1000) | 0;
    view.setInt32(at + SECOND_LENGTH, THREE_DIGITS[thousands], true);
    view.setInt32(at + SECOND_LENGTH + 3, THREE_DIGITS[fraction - thousands * 1000], true);
    view.setInt32(at + SECOND_LENGTH + 6, END_OF_TIME, true);
    this.at = at + SECOND_LENGTH + 8;
  }

  /** An IPv4 address, in quotes. */
  ipv4(a: number): void {
    this.room(LONGEST_WORD);
    const view = this.#view;
    let at = this.at;
    this.bytes[at++] = QUOTE;
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = (a >>> shift) & 255;
      view.setInt32(at, OCTETS[octet], true);
      at += DIGIT_COUNTS[octet] + 1;
    }
    this.bytes[at - 1] = QUOTE;
    this.at = at;
  }

  /** An IPv6 address, in quotes, as RFC 5952 writes it. */
  ipv6(a: number, b: number, c: number, d: number): void {
    this.room(LONGEST_WORD);
    const { bytes } = this;
    const run = ZERO_RUNS[zeros(a) | (zeros(b) << 2) | (zeros(c) << 4) | (zeros(d) << 6)];
    const from = run & 15;
    const behind = from + (run >> 4);
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let i = 0; i < 8; i++) {
      if (i >= from && i < behind) {
        if (i === 0) bytes[at++] = COLON;
        if (i === from) bytes[at++] = COLON;
        continue;
      }
      const word = i < 2 ? a : i < 4 ? b : i < 6 ? c : d;
      at = this.#group(at, i & 1 ? word & 0xffff : word >>> 16);
    }
    // Each group has a colon behind it; the last one's gives way to the quote, that of a run does not.
    if (behind === 8) at++;
    bytes[at - 1] = QUOTE;
    this.at = at;
  }

  /** Up to four hexadecimal digits and a colon. */
  #group(at: number, value: number): number {
    const length = value > 0xfff ? 4 : value > 0xff ? 3 : value > 0xf ? 2 : 1;
    const digits = HEX_BYTES[value >> 8] | (HEX_BYTES[value & 255] << 16);
    this.#view.setInt32(at, digits >>> ((4 - length) << 3), true);
    this.bytes[at + length] = COLON;
    return at + length + 1;
  }
}

/** Which half of a word is 0: bit 0 the upper, bit 1 the lower. */
const zeros = (word: number): number => (word >>> 16 === 0 ? 1 : 0) | ((word & 0xffff) === 0 ? 2 : 0);

function keepSecond(kept: number, second: number, us: number): void {
  seconds[kept] = second;
  const text = `"${formatTime(us)}`;
  for (let i = 0; i < SECOND_LENGTH; i++) secondBytes[kept * SECOND_WORDS * WORD + i] = text.charCodeAt(i);
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
