// The head of an HTTP/1 message (RFC 9112 §2–§5) as the bytes it came in: places, not strings. Strings are made when asked.
import { copy } from '../../bytes/copy.ts';
import type { JsonBytes } from '../../bytes/json.ts';
import { find, latin1, lower, sameWord, word } from '../../bytes/text.ts';
import { HEADER_NAMES, Head, type HeaderName, type MessageHead } from './head.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const COMMA = 0x2c;

/** Longest value that is told; what is longer is cut. */
const MAX_VALUE = 1024;
/** Lines that are read; the others are passed over. */
const MAX_HEADERS = 256;
const FIRST_BYTES = 512;
/** A head that has grown beyond it is not kept for the next message. */
const MAX_KEPT_BYTES = 8192;
const VERSION_LENGTH = 8;

/** Length of a header's name → which names it may be. */
const BY_LENGTH: { index: number; bytes: Uint8Array }[][] = [];
for (const [index, name] of HEADER_NAMES.entries())
  (BY_LENGTH[name.length] ??= []).push({ index, bytes: word(name) });

const CHUNKED = word('chunked');
const KNOWN = ['HTTP/1.1', 'HTTP/1.0', 'GET', 'POST'].map((text) => ({ text, bytes: word(text) }));
/** 1 for letters, digits, dots, dashes and underscores. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const CONTENT_LENGTH = HEADER_NAMES.indexOf('content-length');
const TRANSFER_ENCODING = HEADER_NAMES.indexOf('transfer-encoding');

/** Values by name, each a string when it is read. */
class Values {
  readonly head: WireHead;
  constructor(head: WireHead) {
    this.head = head;
  }
}
for (const [index, name] of HEADER_NAMES.entries())
  Object.defineProperty(Values.prototype, name, {
    enumerable: true,
    get(this: Values) {
      return this.head.value(index);
    },
  });

export class WireHead implements MessageHead {
  readonly headers = new Values(this) as Readonly<Partial<Record<HeaderName, string>>>;
  /** The head from its start line on. */
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  /** Ends of the start line's words. */
  #first = 0;
  #second = 0;
  #line = 0;
  /** Where each header's value begins and ends; -1 without it. */
  readonly #from = new Int32Array(HEADER_NAMES.length);
  readonly #to = new Int32Array(HEADER_NAMES.length);

  /**
   * What is there of a head whose end has not come is kept too, should nothing more come: all lines that are whole.
   * @returns bytes of the whole head; 0 when its end has not come
   */
  take(b: Uint8Array, at: number, end: number, isResponse: boolean): number {
    this.#from.fill(-1);
    this.#line = 0;
    const lf = find(b, LF, at, end);
    if (lf < 0) return 0;
    const stop = lf > at && b[lf - 1] === CR ? lf - 1 : lf;
    this.#startLine(b, at, stop, isResponse);
    let line = lf + 1;
    // Ends: each turn goes one line on.
    for (let n = 0; line < end; n++) {
      if (b[line] === LF) return this.#keep(b, at, line + 1);
      if (b[line] === CR && line + 1 < end && b[line + 1] === LF) return this.#keep(b, at, line + 2);
      let i = line;
      while (i < end && b[i] !== COLON && b[i] !== LF) i++;
      const colon = i;
      while (i < end && b[i] !== LF) i++;
      if (i === end) break;
      const names = BY_LENGTH[colon - line];
      if (names !== undefined && n < MAX_HEADERS && colon < i) this.#header(names, b, at, line, colon, i);
      line = i + 1;
    }
    this.#keepPart(b, at, Math.min(line, at + MAX_KEPT_BYTES));
    return 0;
  }

  #keepPart(b: Uint8Array, at: number, end: number): void {
    this.#keep(b, at, end);
    if (this.#line > end - at) this.#line = 0;
    for (let i = 0; i < this.#to.length; i++) if (this.#to[i] > end - at) this.#from[i] = -1;
  }

  /** The start line is there, at least. */
  get isBegun(): boolean {
    return this.#line > 0;
  }

  #startLine(b: Uint8Array, at: number, stop: number, isResponse: boolean): void {
    let first = at;
    while (first < stop && b[first] !== SPACE) first++;
    let second = Math.min(first + 1, stop);
    if (isResponse) while (second < stop && b[second] !== SPACE) second++;
    else {
      // The rest is all target, blanks included, unless a version ends it.
      const space = stop - 1 - VERSION_LENGTH;
      second = space >= second && b[space] === SPACE && isVersionAt(b, space + 1) ? space : stop;
    }
    this.#first = first - at;
    this.#second = second - at;
    this.#line = stop - at;
  }

  #header(
    names: readonly { index: number; bytes: Uint8Array }[],
    b: Uint8Array,
    at: number,
    line: number,
    colon: number,
    lf: number,
  ): void {
    const first = lower(b[line]);
    for (const { index, bytes } of names) {
      if (bytes[0] !== first || this.#from[index] >= 0 || !sameWord(b, line, bytes)) continue;
      let from = colon + 1;
      let to = lf > from && b[lf - 1] === CR ? lf - 1 : lf;
      while (from < to && (b[from] === SPACE || b[from] === TAB)) from++;
      to = Math.min(to, from + MAX_VALUE);
      while (to > from && (b[to - 1] === SPACE || b[to - 1] === TAB)) to--;
      this.#from[index] = from - at;
      this.#to[index] = to - at;
      return;
    }
  }

  #keep(b: Uint8Array, at: number, end: number): number {
    if (end - at > this.#bytes.length) this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(end - at)));
    copy(b, at, end, this.#bytes, 0);
    return end - at;
  }

  /** Gives back what only this message needed. */
  shrink(): void {
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
  }

  value(index: number): string | undefined {
    return this.#from[index] < 0 ? undefined : latin1(this.#bytes, this.#from[index], this.#to[index]);
  }

  writeValue(index: number, out: JsonBytes, until?: number): boolean {
    const from = this.#from[index];
    if (from < 0) return false;
    let to = this.#to[index];
    if (until !== undefined) {
      const mark = find(this.#bytes, until, from, to);
      if (mark >= 0) to = mark;
      while (to > from && (this.#bytes[to - 1] === SPACE || this.#bytes[to - 1] === TAB)) to--;
    }
    out.octets(this.#bytes, from, to);
    return true;
  }

  isPlain(index: number): boolean {
    const to = this.#to[index];
    const from = this.#from[index];
    if (from < 0 || from === to) return false;
    for (let i = from; i < to; i++) if (PLAIN[this.#bytes[i]] === 0) return false;
    return true;
  }

  get first(): string {
    return this.#known(0, this.#first) ?? latin1(this.#bytes, 0, this.#first);
  }
  get second(): string {
    return latin1(this.#bytes, this.#target, this.#targetEnd);
  }
  get third(): string {
    const from = Math.min(this.#second + 1, this.#line);
    return this.#known(from, this.#line) ?? latin1(this.#bytes, from, Math.min(this.#line, from + MAX_VALUE));
  }

  writeSecond(out: JsonBytes): void {
    out.octets(this.#bytes, this.#target, this.#targetEnd);
  }

  get #target(): number {
    return Math.min(this.#first + 1, this.#line);
  }
  get #targetEnd(): number {
    return Math.max(this.#target, Math.min(this.#second, this.#target + 4 * MAX_VALUE));
  }

  /** A word that is in nearly every message, without making it anew. */
  #known(from: number, to: number): string | undefined {
    for (const { text, bytes } of KNOWN) {
      if (bytes.length !== to - from) continue;
      let i = 0;
      while (i < bytes.length && this.#bytes[from + i] === bytes[i]) i++;
      if (i === bytes.length) return text;
    }
    return undefined;
  }

  /** The start line begins with this word and a blank. */
  begins(method: Uint8Array): boolean {
    if (this.#first !== method.length) return false;
    for (let i = 0; i < method.length; i++) if (this.#bytes[i] !== method[i]) return false;
    return true;
  }

  /** Three digits of a response; 0 without them. */
  get status(): number {
    let status = 0;
    const at = this.#first + 1;
    if (this.#second - at !== 3) return 0;
    for (let i = at; i < at + 3; i++) {
      const digit = this.#bytes[i] - 0x30;
      if (digit < 0 || digit > 9) return 0;
      status = status * 10 + digit;
    }
    return status;
  }

  /** -1 when the field is not there, or is no plain number that a length can be. */
  get contentLength(): number {
    const from = this.#from[CONTENT_LENGTH];
    const to = this.#to[CONTENT_LENGTH];
    if (from < 0 || from === to || to - from > 15) return -1;
    let length = 0;
    for (let i = from; i < to; i++) {
      const digit = this.#bytes[i] - 0x30;
      if (digit < 0 || digit > 9) return -1;
      length = length * 10 + digit;
    }
    return length;
  }

  /** The body comes in chunks: one of the transfer codings says so. */
  get isChunked(): boolean {
    const from = this.#from[TRANSFER_ENCODING];
    if (from < 0) return false;
    const to = this.#to[TRANSFER_ENCODING];
    for (let i = from; i + CHUNKED.length <= to; i++)
      if ((i === from || isBetween(this.#bytes[i - 1])) && sameWord(this.#bytes, i, CHUNKED)) return true;
    return false;
  }

  /** The same in strings, for whoever must keep it. */
  copied(): Head {
    const head = new Head();
    head.first = this.first;
    head.second = this.second;
    head.third = this.third;
    for (const name of HEADER_NAMES) {
      const value = this.headers[name];
      if (value !== undefined) head.headers[name] = value;
    }
    return head;
  }
}

const isBetween = (byte: number): boolean => byte === COMMA || byte === SPACE || byte === TAB;

const VERSION = word('HTTP/');
const DOT = 0x2e;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** `HTTP/1.1` and its like; eight bytes are there. */
function isVersionAt(b: Uint8Array, at: number): boolean {
  for (let i = 0; i < VERSION.length; i++) if (b[at + i] !== VERSION[i]) return false;
  return isDigit(b[at + 5]) && b[at + 6] === DOT && isDigit(b[at + 7]);
}
