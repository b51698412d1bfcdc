// A SIP message's head (RFC 3261 §7): start line and the header fields that records tell, over the bytes it came in.

import { decimal, shown, skipBlanks, wordEnd } from '../../bytes/line.ts';
import { find, latin1, lower, sameWord, startsWith, word } from '../../bytes/text.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
/** Header lines that are read. */
const MAX_HEADERS = 128;
const MAX_VALUE = 256;
const VERSION = word('SIP/2.0');

const HEADERS = [
  ['from', 'f'],
  ['to', 't'],
  ['call-id', 'i'],
  ['cseq', ''],
  ['user-agent', ''],
  ['server', ''],
  ['content-type', 'c'],
  ['content-length', 'l'],
] as const;
const WORDS = HEADERS.map(([long, short]) => ({ long: word(long), short: word(short) }));
export const FROM = 0;
export const TO = 1;
export const CALL_ID = 2;
export const CSEQ = 3;
export const USER_AGENT = 4;
export const SERVER = 5;
export const CONTENT_TYPE = 6;
const CONTENT_LENGTH = 7;

/** One object, valid during the event. */
export class Message {
  bytes: Uint8Array = new Uint8Array(0);
  isResponse = false;
  direction: 0 | 1 = 0;
  #at = 0;
  #lineEnd = 0;
  /** Ends of the start line's first two words. */
  #first = 0;
  #second = 0;
  readonly #from = new Int32Array(HEADERS.length);
  readonly #to = new Int32Array(HEADERS.length);
  /** Behind the empty line. */
  headEnd = 0;

  /** @returns 1 for a whole head, 0 when its end has not come, -1 when this is none */
  take(b: Uint8Array, at: number, end: number): number {
    const lf = find(b, LF, at, end);
    const stop = lf < 0 ? end : lf > at && b[lf - 1] === CR ? lf - 1 : lf;
    if (lf < 0) return 0;
    if (!isStartLine(b, at, stop)) return -1;
    this.bytes = b;
    this.#at = at;
    this.#lineEnd = stop;
    this.isResponse = startsWith(b, at, stop, VERSION);
    this.#first = wordEnd(b, at, stop);
    this.#second = wordEnd(b, Math.min(stop, this.#first + 1), stop);
    this.#from.fill(-1);
    let line = lf + 1;
    // Ends: each turn goes one line on.
    for (let n = 0; n < MAX_HEADERS; n++) {
      const next = find(b, LF, line, end);
      if (next < 0) return 0;
      const lineStop = next > line && b[next - 1] === CR ? next - 1 : next;
      if (lineStop === line) {
        this.headEnd = next + 1;
        return 1;
      }
      this.#header(b, line, lineStop);
      line = next + 1;
    }
    return -1;
  }

  #header(b: Uint8Array, at: number, end: number): void {
    const colon = find(b, COLON, at, end);
    if (colon < 0) return;
    let stop = colon;
    while (stop > at && (b[stop - 1] === SPACE || b[stop - 1] === TAB)) stop--;
    const length = stop - at;
    for (let i = 0; i < WORDS.length; i++) {
      const { long, short } = WORDS[i];
      const one = length === long.length ? long : length === short.length ? short : undefined;
      if (one === undefined || length === 0 || lower(b[at]) !== one[0] || !sameWord(b, at, one)) continue;
      if (this.#from[i] >= 0) return;
      this.#from[i] = skipBlanks(b, colon + 1, end);
      this.#to[i] = end;
      return;
    }
  }

  header(which: number): string | undefined {
    return this.#from[which] < 0
      ? undefined
      : shown(this.bytes, this.#from[which], this.#to[which], MAX_VALUE);
  }

  /** 0 without the field: nothing says that there is more. */
  get contentLength(): number {
    const at = this.#from[CONTENT_LENGTH];
    return at < 0 ? 0 : Math.max(0, decimal(this.bytes, at, this.#to[CONTENT_LENGTH]));
  }

  get first(): string {
    return latin1(this.bytes, this.#at, this.#first);
  }
  get second(): string {
    return shown(this.bytes, Math.min(this.#lineEnd, this.#first + 1), this.#second, MAX_VALUE);
  }
  get third(): string {
    return shown(this.bytes, Math.min(this.#lineEnd, this.#second + 1), this.#lineEnd, MAX_VALUE);
  }
  get startLine(): string {
    return shown(this.bytes, this.#at, this.#lineEnd, 2 * MAX_VALUE);
  }
}

/** `METHOD uri SIP/2.0`, or `SIP/2.0 nnn reason`. */
export function isStartLine(b: Uint8Array, at: number, stop: number): boolean {
  const first = wordEnd(b, at, stop);
  if (startsWith(b, at, first, VERSION))
    return first - at === VERSION.length && decimal(b, first + 1, stop, 3) >= 100;
  if (first - at < 3 || first - at > 16) return false;
  for (let i = at; i < first; i++) if (b[i] < 0x41 || b[i] > 0x5a) return false;
  return (
    stop - first > VERSION.length + 2 &&
    b[stop - VERSION.length - 1] === SPACE &&
    startsWith(b, stop - VERSION.length, stop, VERSION)
  );
}
