// The head of an HTTP/1 message (RFC 9112 §2–§5) as the bytes it came in: places, not strings. Strings are made when asked.
import { copy } from '../../bytes/copy.ts';
import { latin1, sameWord, word } from '../../bytes/text.ts';
import { CaselessWord, findIn, keptView } from '../../bytes/words.ts';
import { HEADER_NAMES, Head, type HeaderName, LOGIN_NAMES, type MessageHead } from './head.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const COMMA = 0x2c;

/** Longest value that is told; what is longer is cut. */
export const MAX_VALUE = 1024;
/** Longest target that is told. */
const MAX_TARGET = 4 * MAX_VALUE;
/** Lines that are read; the others are passed over. */
const MAX_HEADERS = 256;
const FIRST_BYTES = 512;
/** A head that has grown beyond it is not kept for the next message. */
const MAX_KEPT_BYTES = 8192;
const VERSION_LENGTH = 8;

/** A header field that is kept, by the bit and the place that stand for it. */
interface Name {
  readonly index: number;
  readonly word: CaselessWord;
}
/** First letter of a line → which names it may be; the same list for both cases. */
const BY_LETTER: readonly (readonly Name[])[] = Array.from({ length: 256 }, (_, byte) =>
  HEADER_NAMES.flatMap((name, index) =>
    name[0] === String.fromCharCode(byte).toLowerCase() ? [{ index, word: new CaselessWord(name) }] : [],
  ),
);

/** Place of a header field among those that are kept. */
export const headerIndex = (name: HeaderName): number => HEADER_NAMES.indexOf(name);
const LOGIN = LOGIN_NAMES.reduce((bits, name) => bits | (1 << headerIndex(name)), 0);
const CONTENT_LENGTH = headerIndex('content-length');
const TRANSFER_ENCODING = headerIndex('transfer-encoding');

const CHUNKED = word('chunked');
const KNOWN = ['HTTP/1.1', 'HTTP/1.0', 'GET', 'POST'].map((text) => ({ text, bytes: word(text) }));
const NOTHING = new Uint8Array(0);

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

/** All positions that it gives are in `bytes`. */
export class WireHead implements MessageHead {
  readonly headers = new Values(this) as Readonly<Partial<Record<HeaderName, string>>>;
  /** Whose bytes the head is read from: the packet's, until it is kept. */
  bytes: Uint8Array = NOTHING;
  /** Where the start line begins. The places below count from here. */
  start = 0;
  #length = 0;
  #own: Uint8Array = NOTHING;
  /** Ends of the start line's words. */
  #first = 0;
  #second = 0;
  #line = 0;
  /** Major version times ten, and the minor one; -1 when the start line names none. */
  version = -1;
  /** A bit for each header field that is there, and where its value begins and ends. */
  #seen = 0;
  readonly #from = new Int32Array(HEADER_NAMES.length);
  readonly #to = new Int32Array(HEADER_NAMES.length);

  /**
   * Reads a head where it stands. What is there of one whose end has not come is read too, should nothing more come: all
   * lines that are whole. Whoever needs it longer than the packet keeps it.
   * @returns bytes of the whole head; 0 when its end has not come
   */
  take(b: Uint8Array, at: number, end: number, isResponse: boolean): number {
    const view = keptView(b);
    this.bytes = b;
    this.start = at;
    this.#seen = this.#line = this.#length = 0;
    const lf = findIn(view, LF, at, end);
    if (lf < 0) return 0;
    this.#startLine(view, at, lf > at && b[lf - 1] === CR ? lf - 1 : lf, isResponse);
    let line = lf + 1;
    // Ends: each turn goes one line on.
    for (let n = 0; line < end; n++) {
      const first = b[line];
      if (first === LF) return (this.#length = line + 1 - at);
      if (first === CR && line + 1 < end && b[line + 1] === LF) return (this.#length = line + 2 - at);
      const next = findIn(view, LF, line, end);
      if (next < 0) break;
      const names = BY_LETTER[first];
      if (names.length > 0 && n < MAX_HEADERS) this.#header(names, view, line, next);
      line = next + 1;
    }
    this.#cut(Math.min(line - at, MAX_KEPT_BYTES));
    return 0;
  }

  /** Of a head that is not whole, so many bytes count. */
  #cut(length: number): void {
    this.#length = length;
    if (this.#line > length) this.#line = 0;
    for (let i = 0; i < this.#to.length; i++) if (this.#to[i] > length) this.#seen &= ~(1 << i);
  }

  /** The start line is there, at least. */
  get isBegun(): boolean {
    return this.#line > 0;
  }

  #startLine(view: DataView, at: number, stop: number, isResponse: boolean): void {
    const first = wordEnd(view, at, stop);
    let second = Math.min(first + 1, stop);
    let version = -1;
    if (isResponse) {
      second = wordEnd(view, second, stop);
      if (first - at === VERSION_LENGTH) version = versionAt(view, at);
    } else {
      // The rest is all target, blanks included, unless a version ends it.
      const space = stop - 1 - VERSION_LENGTH;
      if (space >= second && view.getUint8(space) === SPACE) version = versionAt(view, space + 1);
      second = version < 0 ? stop : space;
    }
    this.version = version;
    this.#first = first - at;
    this.#second = second - at;
    this.#line = stop - at;
  }

  #header(names: readonly Name[], view: DataView, line: number, lf: number): void {
    for (let k = 0; k < names.length; k++) {
      const { index, word } = names[k];
      const colon = line + word.length;
      if (colon >= lf || view.getUint8(colon) !== COLON || !word.isAt(view, line)) continue;
      // Of a field that stands there twice, the first counts.
      if ((this.#seen & (1 << index)) !== 0) return;
      let from = colon + 1;
      let to = view.getUint8(lf - 1) === CR ? Math.max(from, lf - 1) : lf;
      while (from < to && isBlank(view.getUint8(from))) from++;
      to = Math.min(to, from + MAX_VALUE);
      while (to > from && isBlank(view.getUint8(to - 1))) to--;
      this.#seen |= 1 << index;
      this.#from[index] = from - this.start;
      this.#to[index] = to - this.start;
      return;
    }
  }

  /** Makes it outlive the packet. */
  keep(): void {
    if (this.bytes === this.#own) return;
    const length = this.#length;
    if (length > this.#own.length)
      this.#own = new Uint8Array(Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(length))));
    copy(this.bytes, this.start, this.start + length, this.#own, 0);
    this.bytes = this.#own;
    this.start = 0;
  }

  /** Gives back what only this message needed. */
  release(): void {
    if (this.#own.length > MAX_KEPT_BYTES) this.#own = NOTHING;
    this.bytes = this.#own;
  }

  /** Where the header fields begin, and where the whole head ends. */
  get fieldsAt(): number {
    return this.start + this.#line;
  }
  get end(): number {
    return this.start + this.#length;
  }

  get hasLogin(): boolean {
    return (this.#seen & LOGIN) !== 0;
  }

  has(index: number): boolean {
    return (this.#seen & (1 << index)) !== 0;
  }

  /** Where the value of a header field begins and ends; it must be there. */
  from(index: number): number {
    return this.start + this.#from[index];
  }
  to(index: number): number {
    return this.start + this.#to[index];
  }

  value(index: number): string | undefined {
    return this.has(index) ? latin1(this.bytes, this.from(index), this.to(index)) : undefined;
  }

  get first(): string {
    return this.#known(0, this.#first) ?? latin1(this.bytes, this.start, this.firstEnd);
  }
  get second(): string {
    return latin1(this.bytes, this.target, this.targetEnd);
  }
  get third(): string {
    const from = Math.min(this.#second + 1, this.#line);
    const to = Math.min(this.#line, from + MAX_VALUE);
    return this.#known(from, this.#line) ?? latin1(this.bytes, this.start + from, this.start + to);
  }

  get firstEnd(): number {
    return this.start + this.#first;
  }
  get target(): number {
    return this.start + Math.min(this.#first + 1, this.#line);
  }
  get targetEnd(): number {
    return Math.max(this.target, Math.min(this.start + this.#second, this.target + MAX_TARGET));
  }

  /** A word that is in nearly every message, without making it anew. */
  #known(from: number, to: number): string | undefined {
    for (const { text, bytes } of KNOWN) if (this.#isThere(bytes, from, to)) return text;
    return undefined;
  }

  #isThere(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from !== bytes.length) return false;
    const at = this.start + from;
    for (let i = 0; i < bytes.length; i++) if (this.bytes[at + i] !== bytes[i]) return false;
    return true;
  }

  /** The start line begins with this word and a blank. */
  begins(method: Uint8Array): boolean {
    return this.#isThere(method, 0, this.#first);
  }

  /** Three digits of a response; 0 without them. */
  get status(): number {
    if (this.#second - this.#first !== 4) return 0;
    return Math.max(0, this.#number(this.#first + 1, this.#second));
  }

  /** -1 when the field is not there, or is no plain number that a length can be. */
  get contentLength(): number {
    const from = this.#from[CONTENT_LENGTH];
    const to = this.#to[CONTENT_LENGTH];
    return this.has(CONTENT_LENGTH) && to - from <= 15 ? this.#number(from, to) : -1;
  }

  /** Nothing but digits; -1 when it is none. */
  #number(from: number, to: number): number {
    let number = from === to ? -1 : 0;
    for (let i = this.start + from; i < this.start + to; i++) {
      const digit = this.bytes[i] - 0x30;
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  /** The body comes in chunks: one of the transfer codings says so. */
  get isChunked(): boolean {
    if (!this.has(TRANSFER_ENCODING)) return false;
    const from = this.from(TRANSFER_ENCODING);
    const to = this.to(TRANSFER_ENCODING);
    for (let i = from; i + CHUNKED.length <= to; i++)
      if ((i === from || isBetween(this.bytes[i - 1])) && sameWord(this.bytes, i, CHUNKED)) return true;
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

/** Where the word at `at` ends. */
function wordEnd(view: DataView, at: number, stop: number): number {
  const space = findIn(view, SPACE, at, stop);
  return space < 0 ? stop : space;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
const isBetween = (byte: number): boolean => byte === COMMA || isBlank(byte);

const DOT = 0x2e;
const SLASH = 0x2f;
/** `HTTP` as a little-endian word. */
const HTTP = 0x50545448;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** 11 of `HTTP/1.1`, and its like; -1 of anything else. Eight bytes are there. */
function versionAt(view: DataView, at: number): number {
  if (view.getInt32(at, true) !== HTTP || view.getUint8(at + 4) !== SLASH) return -1;
  const major = view.getUint8(at + 5);
  const minor = view.getUint8(at + 7);
  const isVersion = isDigit(major) && view.getUint8(at + 6) === DOT && isDigit(minor);
  return isVersion ? (major - 0x30) * 10 + minor - 0x30 : -1;
}
