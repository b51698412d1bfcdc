// The part that protocols of text lines share: a stream cut into lines, and bytes between them that are passed over.
import { find } from '../bytes/text.ts';
import type { Direction, Emit, STREAM_DONE, STREAM_LOST, StreamParser } from '../flow/parser.ts';

const CR = 0x0d;
const LF = 0x0a;
/** Of a longer line nothing is read. */
export const MAX_LINE = 2048;

/** What the reader of a line answers: go on; behind this line another parser reads; this line is not taken yet. */
export const GO_ON = 0;
export const HAND_OVER = 1;
export const HOLD = 2;
export type LineVerdict =
  | typeof GO_ON
  | typeof HAND_OVER
  | typeof HOLD
  | typeof STREAM_DONE
  | typeof STREAM_LOST;

export abstract class LineStream implements StreamParser {
  /** Bytes of each direction that are passed over unread. */
  protected readonly passing: [number, number] = [0, 0];
  /** Bytes of an unfinished line in which its end was already looked for. */
  readonly #searched: [number, number] = [0, 0];
  /** The line that stands at the front is one whose beginning is gone, or that is too long. */
  readonly #spoilt: [boolean, boolean] = [false, false];

  /** One line `[at, end)` without its CR and LF. */
  protected abstract line(
    b: Uint8Array,
    at: number,
    end: number,
    direction: Direction,
    emit: Emit,
  ): LineVerdict;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.passing[direction] > 0) {
        const taken = Math.min(this.passing[direction], end - next);
        this.passing[direction] -= taken;
        next += taken;
        continue;
      }
      const lf = find(bytes, LF, next + this.#searched[direction], end);
      if (lf < 0) {
        if (end - next <= MAX_LINE && !this.#spoilt[direction]) {
          this.#searched[direction] = end - next;
          return next - at;
        }
        this.#searched[direction] = 0;
        this.#spoilt[direction] = true;
        return end - at;
      }
      this.#searched[direction] = 0;
      const from = next;
      next = lf + 1;
      if (this.#spoilt[direction] || lf - from > MAX_LINE) {
        this.#spoilt[direction] = false;
        continue;
      }
      const stop = lf > from && bytes[lf - 1] === CR ? lf - 1 : lf;
      const verdict = this.line(bytes, from, stop, direction, emit);
      if (verdict === HOLD) return from - at;
      if (verdict === HAND_OVER) return next - at;
      if (verdict < 0) return verdict;
    }
    return next - at;
  }

  /** A hole in what is passed over does not matter; one in a line costs that line. */
  gap(direction: Direction, count: number): boolean {
    const passing = this.passing[direction];
    this.#searched[direction] = 0;
    if (passing >= count) this.passing[direction] = passing - count;
    else {
      this.passing[direction] = 0;
      this.#spoilt[direction] = true;
    }
    return true;
  }
}
