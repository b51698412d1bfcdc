// One line of EVE, read byte by byte: values whose names our schema has become values here, all else never becomes a text.
import { latin1, utf8 } from '../bytes/text.ts';
import type { Value } from '../protocols/event.ts';
import type { Told } from '../protocols/told.ts';
import type { Scalar } from '../wire/field.ts';
import { checks, MAX_TEXT, NAMES, type Name, SLOTS } from './names.ts';

/** Objects and lists inside each other; EVE's deepest records have seven. */
export const MAX_DEPTH = 16;
/** Elements of one list that are kept. */
export const MAX_ITEMS = 256;
/** Bytes of the longest name that may be ours. */
const MAX_NAME = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const SMALL_U = 0x75;
/** Letters after a backslash, but `u`. */
const ESCAPED = new Set([...'"\\/bfnrt'].map((c) => c.charCodeAt(0)));

const WORDS: Readonly<Record<number, readonly [Uint8Array, boolean | null]>> = {
  116: [Uint8Array.from([...'true'], (c) => c.charCodeAt(0)), true],
  102: [Uint8Array.from([...'false'], (c) => c.charCodeAt(0)), false],
  110: [Uint8Array.from([...'null'], (c) => c.charCodeAt(0)), null],
};

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;

/** Why a line is not read: it is no JSON object (RFC 8259), or nested too deep. */
export type Fault = 'syntax' | 'depth';

/** A reused reader; what it read is valid until the next line. */
export class Reading implements Told {
  readonly values: Value[] = new Array(SLOTS).fill(undefined);
  /** Slots that have a value; one may be named twice. */
  readonly touched: number[] = [];
  /** Members whose names are not ours; an object with all that it holds counts once. */
  unnamed = 0;
  /** Values of our names that are not of the field's type. */
  mistyped = 0;
  /** Where reading stopped. */
  at = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #fault: Fault | undefined;
  /** Whether the text last passed over has a backslash, or a byte beyond ASCII. */
  #isEscaped = false;
  #isWide = false;

  /** Reads `bytes[at, end)`. @returns why it cannot be read; then nothing of it may be used */
  read(bytes: Uint8Array, at: number, end: number): Fault | undefined {
    for (const slot of this.touched) this.values[slot] = undefined;
    this.touched.length = 0;
    this.unnamed = this.mistyped = 0;
    this.#fault = undefined;
    this.#bytes = bytes;
    this.#end = end;
    this.at = at;
    this.#space();
    if (this.#next() !== OPEN_OBJECT) return 'syntax';
    if (this.#value(NAMES, 0, -1)) {
      this.#space();
      if (this.at !== end) this.#fault = 'syntax';
    } else this.#fault ??= 'syntax';
    return this.#fault;
  }

  /** Sets what the line said in other words. */
  set(slot: number, value: Value): void {
    this.values[slot] = value;
    if (value !== undefined) this.touched.push(slot);
  }

  #next(): number {
    return this.at < this.#end ? this.#bytes[this.at] : -1;
  }

  #space(): void {
    while (this.at < this.#end && isSpace(this.#bytes[this.at])) this.at++;
  }

  /**
   * @param name what it is called; undefined inside of what is passed over
   * @param row of the list's element that it stands in; -1 outside of lists
   */
  #value(name: Name | undefined, depth: number, row: number): boolean {
    const first = this.#next();
    if (first === OPEN_OBJECT || first === OPEN_LIST) {
      if (depth === MAX_DEPTH) {
        this.#fault = 'depth';
        return false;
      }
      return first === OPEN_OBJECT ? this.#object(name, depth, row) : this.#list(name, depth, row);
    }
    return this.#scalar(name, row, false);
  }

  #object(name: Name | undefined, depth: number, row: number): boolean {
    // A number where we have a list of objects, or the other way round.
    if (name !== undefined && name.children.size === 0) this.mistyped++;
    const inside = name?.children.size === 0 ? undefined : name;
    this.at++;
    this.#space();
    if (this.#next() === CLOSE_OBJECT) return this.#pass();
    // Ends: every turn takes a member, and with the line's bytes.
    for (;;) {
      const key = this.#key(inside);
      if (key === undefined) return false;
      this.#space();
      if (this.#next() !== COLON) return false;
      this.at++;
      this.#space();
      const child = inside?.children.get(key);
      if (inside !== undefined && child === undefined) this.unnamed++;
      if (!this.#value(child, depth + 1, row)) return false;
      this.#space();
      const then = this.#next();
      if (then === CLOSE_OBJECT) return this.#pass();
      if (then !== COMMA) return false;
      this.at++;
      this.#space();
    }
  }

  #list(name: Name | undefined, depth: number, row: number): boolean {
    // A list inside of a list's element has no place in a column.
    const isPassed = name === undefined || row >= 0;
    if (name !== undefined && row >= 0) this.mistyped++;
    const element = isPassed ? undefined : name.element;
    const isPlain = !isPassed && element === undefined && name.slot >= 0;
    this.at++;
    this.#space();
    if (this.#next() === CLOSE_LIST) return this.#pass();
    // Ends: every turn takes an element, and with the line's bytes.
    for (let i = 0; ; i++) {
      const first = this.#next();
      const isNested = first === OPEN_OBJECT || first === OPEN_LIST;
      const kept = i < MAX_ITEMS;
      if (
        isNested
          ? !this.#value(kept ? element : undefined, depth + 1, i)
          : !this.#scalar(isPlain && kept ? name : undefined, -1, true)
      )
        return false;
      this.#space();
      const then = this.#next();
      if (then === CLOSE_LIST) return this.#pass();
      if (then !== COMMA) return false;
      this.at++;
      this.#space();
    }
  }

  #pass(): true {
    this.at++;
    return true;
  }

  #scalar(name: Name | undefined, row: number, inList: boolean): boolean {
    const isKept = name !== undefined && name.slot >= 0;
    if (name !== undefined && !isKept) this.mistyped++;
    const start = this.at;
    const first = this.#next();
    if (first === QUOTE) {
      if (!this.#text()) return false;
      if (isKept) this.#keep(name.slot, this.#string(start + 1, this.at - 1), row, inList);
      return true;
    }
    const word = WORDS[first];
    if (word !== undefined) {
      const [letters, value] = word;
      if (this.#end - start < letters.length) return false;
      for (let i = 0; i < letters.length; i++) if (this.#bytes[start + i] !== letters[i]) return false;
      this.at += letters.length;
      if (isKept && value !== null) this.#keep(name.slot, value, row, inList);
      return true;
    }
    if (!this.#number()) return false;
    if (isKept) this.#keep(name.slot, Number(latin1(this.#bytes, start, this.at)), row, inList);
    return true;
  }

  /** Takes a text with its quotes; what it is is not looked at. */
  #text(): boolean {
    const bytes = this.#bytes;
    this.#isEscaped = this.#isWide = false;
    this.at++;
    // Ends: every turn takes a byte.
    for (; this.at < this.#end; this.at++) {
      const byte = bytes[this.at];
      if (byte === QUOTE) return this.#pass();
      if (byte < 0x20) return false;
      if (byte > 0x7e) this.#isWide = true;
      if (byte !== BACKSLASH) continue;
      this.#isEscaped = true;
      if (++this.at === this.#end) return false;
      if (bytes[this.at] === SMALL_U) {
        if (this.#end - this.at < 5) return false;
        for (let i = 1; i <= 4; i++) if (!isHexDigit(bytes[this.at + i])) return false;
        this.at += 4;
      } else if (!ESCAPED.has(bytes[this.at])) return false;
    }
    return false;
  }

  /** The text last taken, which stands in `[from, to)`. */
  #string(from: number, to: number): string {
    const bytes = this.#bytes;
    if (this.#isEscaped) return (JSON.parse(utf8(bytes, from - 1, to + 1)) as string).substring(0, MAX_TEXT);
    // Four bytes make a character at most.
    if (this.#isWide) return utf8(bytes, from, Math.min(to, from + 4 * MAX_TEXT)).substring(0, MAX_TEXT);
    return latin1(bytes, from, Math.min(to, from + MAX_TEXT));
  }

  /** @returns '' for a name that cannot be ours; undefined when there is none */
  #key(inside: Name | undefined): string | undefined {
    if (this.#next() !== QUOTE) return undefined;
    const start = this.at + 1;
    if (!this.#text()) return undefined;
    return inside === undefined || this.at - start > MAX_NAME ? '' : this.#string(start, this.at - 1);
  }

  #number(): boolean {
    if (this.#next() === MINUS) this.at++;
    if (this.#next() === ZERO) this.at++;
    else if (!this.#digits()) return false;
    if (this.#next() === DOT) {
      this.at++;
      if (!this.#digits()) return false;
    }
    if ((this.#next() | 0x20) === 0x65) {
      this.at++;
      const sign = this.#next();
      if (sign === MINUS || sign === 0x2b) this.at++;
      return this.#digits();
    }
    return true;
  }

  #digits(): boolean {
    const start = this.at;
    while (isDigit(this.#next())) this.at++;
    return this.at > start;
  }

  #keep(slot: number, said: Scalar, row: number, inList: boolean): void {
    const value = checks[slot](said);
    if (value === undefined) {
      this.mistyped++;
      return;
    }
    if (row < 0 && !inList) return this.set(slot, value);
    let list = this.values[slot] as (Scalar | undefined)[] | undefined;
    if (typeof list !== 'object') this.set(slot, (list = []));
    if (row < 0) {
      // A list that is named twice goes on.
      if (list.length < MAX_ITEMS) list.push(value);
    } else {
      // Ends: rows are fewer than MAX_ITEMS.
      while (list.length < row) list.push(undefined);
      list[row] = value;
    }
  }
}
