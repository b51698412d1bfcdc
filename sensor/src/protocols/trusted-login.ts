// What rlogin and rsh share: words that end with a zero say who wants what, and one byte answers.
import { find } from '../bytes/text.ts';
import {
  type Direction,
  type Emit,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

/** One word of the request. */
export interface Word {
  readonly most: number;
  readonly isEmptyAllowed?: boolean;
  /** Least and highest byte in it. */
  readonly low: number;
  readonly high: number;
}

/** Nothing but what can be seen, and no space: names. */
export const VISIBLE = { low: 0x21, high: 0x7e } as const;
/** With spaces: a command. */
export const PRINTABLE = { low: 0x20, high: 0x7e } as const;
export const DIGITS = { low: 0x30, high: 0x39 } as const;

export const UNFINISHED = -1;
export const OTHER = -2;

/** Where each word ends, into `ends`. @returns behind the last one, UNFINISHED or OTHER */
export function readWords(
  b: Uint8Array,
  at: number,
  end: number,
  words: readonly Word[],
  ends: number[],
): number {
  let from = at;
  for (let n = 0; n < words.length; n++) {
    const { most, low, high, isEmptyAllowed = false } = words[n];
    const zero = find(b, 0, from, Math.min(end, from + most + 1));
    const stop = zero < 0 ? end : zero;
    for (let i = from; i < stop; i++) if (b[i] < low || b[i] > high) return OTHER;
    if (zero < 0) return end - from > most ? OTHER : UNFINISHED;
    if (zero === from && !isEmptyAllowed) return OTHER;
    ends[n] = zero;
    from = zero + 1;
  }
  return from;
}

export const verdictOf = (behind: number): Verdict =>
  behind === UNFINISHED ? 'more' : behind === OTHER ? 'no' : 'yes';

interface Request {
  accepted: boolean | undefined;
}

export abstract class TrustedLogin<R extends Request> implements StreamParser {
  #request: R | undefined;
  #emitted = false;

  /** @returns what is asked and where it ends, or UNFINISHED or OTHER */
  protected abstract read(b: Uint8Array, at: number, end: number): { request: R; behind: number } | number;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) {
      // The request was not seen, or comes later: the answer alone says nothing.
      if (this.#request === undefined) return 0;
      this.#request.accepted = bytes[at] === 0;
      this.end(emit);
      return STREAM_DONE;
    }
    // What follows is what somebody types.
    if (this.#request !== undefined) return STREAM_DONE;
    const found = this.read(bytes, at, end);
    if (typeof found === 'number') return found === UNFINISHED ? 0 : STREAM_LOST;
    this.#request = found.request;
    return found.behind - at;
  }

  end(emit: Emit): void {
    if (this.#emitted || this.#request === undefined) return;
    this.#emitted = true;
    emit.event(this.#request);
  }
}
