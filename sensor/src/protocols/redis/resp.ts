// RESP, the serialisation of Redis (versions 2 and 3): a scanner that walks over whole values and keeps none of them.
import { find } from '../../bytes/text.ts';

const LF = 0x0a;
const CR = 0x0d;
/** A line that says what follows: a type, a number, CR LF. Texts may be longer, and are cut. */
const MAX_LINE = 4096;
/** Lists in lists. */
const MAX_DEPTH = 8;

export const ARRAY = 0x2a;
export const BULK = 0x24;
export const ERROR = 0x2d;
export const PUSH = 0x3e;
const MAP = 0x25;
const SET = 0x7e;
const ATTRIBUTE = 0x7c;
const SIMPLE = new Set([...'+-:_#,('].map((sign) => sign.charCodeAt(0)));
const COUNTED = new Set([ARRAY, PUSH, MAP, SET, ATTRIBUTE]);
const SIZED = new Set([BULK, 0x21, 0x3d]);

/** What a scanner tells as it goes. Positions are valid during the call. */
export interface RespSink {
  /** A value begins at the top: its type, and where its line ends (`[at, end)` without type and line break). */
  top(type: number, b: Uint8Array, at: number, end: number, count: number): void;
  /** The `index`-th element of a list at the top is a text of which this much is here. */
  element(index: number, b: Uint8Array, at: number, end: number): void;
  /** The value that began is whole. */
  done(): void;
}

export class RespScanner {
  /** Elements still to come, a number a level. */
  readonly #left: number[] = [];
  #index = 0;
  #skip = 0;
  readonly #sink: RespSink;
  /** Longest text of an element that the sink wants whole. */
  readonly #wanted: number;

  constructor(sink: RespSink, wanted: number) {
    this.#sink = sink;
    this.#wanted = wanted;
  }

  /** @returns bytes taken; -1 when it is no RESP */
  scan(b: Uint8Array, at: number, end: number): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.#skip > 0) {
        const taken = Math.min(this.#skip, end - next);
        this.#skip -= taken;
        next += taken;
        if (this.#skip === 0) this.#whole();
        continue;
      }
      const taken = this.#line(b, next, end);
      if (taken < 0) return -1;
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  #line(b: Uint8Array, at: number, end: number): number {
    const lf = find(b, LF, at, Math.min(end, at + MAX_LINE));
    if (lf < 0) return end - at >= MAX_LINE ? -1 : 0;
    if (lf - at < 1 || b[lf - 1] !== CR) return -1;
    const type = b[at];
    const isTop = this.#left.length === 0;
    if (SIMPLE.has(type)) {
      if (isTop) this.#sink.top(type, b, at + 1, lf - 1, 0);
      this.#whole();
      return lf + 1 - at;
    }
    const count = integer(b, at + 1, lf - 1);
    if (count === undefined) return -1;
    if (COUNTED.has(type)) {
      if (isTop) {
        this.#sink.top(type, b, at + 1, lf - 1, count);
        this.#index = 0;
      }
      const elements = type === MAP || type === ATTRIBUTE ? count * 2 : count;
      if (elements <= 0) this.#whole();
      else if (this.#left.length >= MAX_DEPTH) return -1;
      else this.#left.push(elements);
      return lf + 1 - at;
    }
    if (!SIZED.has(type)) return -1;
    if (isTop) this.#sink.top(type, b, at + 1, lf - 1, count);
    if (count < 0) {
      this.#whole();
      return lf + 1 - at;
    }
    if (this.#left.length !== 1) {
      this.#skip = count + 2;
      return lf + 1 - at;
    }
    const wanted = Math.min(count, this.#wanted);
    if (end - lf - 1 < wanted) return 0;
    this.#sink.element(this.#index, b, lf + 1, lf + 1 + wanted);
    this.#skip = count + 2;
    return lf + 1 - at;
  }

  /** A value ended: it may be the last of its list, and that of another. */
  #whole(): void {
    const left = this.#left;
    if (left.length === 1) this.#index++;
    // Ends: each turn leaves a level.
    while (left.length > 0 && --left[left.length - 1] === 0) {
      left.pop();
      if (left.length === 1) this.#index++;
    }
    if (left.length === 0) this.#sink.done();
  }

  gap(count: number): boolean {
    if (this.#skip <= count) return false;
    this.#skip -= count;
    return true;
  }
}

/** A whole number with a sign perhaps; undefined when it is none, or too large for a length. */
function integer(b: Uint8Array, at: number, end: number): number | undefined {
  let n = 0;
  const from = b[at] === 0x2d ? at + 1 : at;
  if (end <= from || end - from > 9) return undefined;
  for (let i = from; i < end; i++) {
    if (b[i] < 0x30 || b[i] > 0x39) return undefined;
    n = n * 10 + b[i] - 0x30;
  }
  return from === at ? n : -n;
}
