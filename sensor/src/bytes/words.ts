// Looks at bytes four at a time.
import { viewOf } from './read.ts';

/** The bytes last seen: packets of one piece of a capture stand in the same buffer, so a view lasts for thousands. */
let seen: Uint8Array = new Uint8Array(0);
let view = viewOf(seen);

/** A view over these bytes: the same as before when they are the same. */
export function keptView(b: Uint8Array): DataView {
  if (b !== seen) {
    seen = b;
    view = viewOf(b);
  }
  return view;
}

const ONES = 0x01010101;
const TOPS = 0x80808080;
const BIT_OF_CASE = 0x20;

/** Position of a byte in `[at, end)`; -1 when it is not there. Never looks behind `end`. */
export function findIn(view: DataView, byte: number, at: number, end: number): number {
  const pattern = Math.imul(byte, ONES);
  let i = at;
  for (; i + 4 <= end; i += 4) {
    // A byte that is the one looked for becomes 0; the lowest top bit left is that of the first such byte.
    const rest = view.getInt32(i, true) ^ pattern;
    const zeros = (rest - ONES) & ~rest & TOPS;
    if (zeros !== 0) return i + ((31 - Math.clz32(zeros & -zeros)) >> 3);
  }
  for (; i < end; i++) if (view.getUint8(i) === byte) return i;
  return -1;
}

/** A lower-case ASCII word of at least four bytes, found in any case. */
export class CaselessWord {
  readonly length: number;
  /** Where its words of four begin (the last may lap over the one before), what they are, and which bits do not matter. */
  readonly #starts: Int32Array;
  readonly #words: Int32Array;
  readonly #cases: Int32Array;

  constructor(text: string) {
    this.length = text.length;
    const count = Math.ceil(text.length / 4);
    this.#starts = Int32Array.from({ length: count }, (_, i) => Math.min(i * 4, text.length - 4));
    const words = (of: (code: number) => number): Int32Array =>
      this.#starts.map((start) =>
        [0, 1, 2, 3].reduce((word, i) => word | (of(text.charCodeAt(start + i)) << (i * 8)), 0),
      );
    this.#words = words((code) => code);
    this.#cases = words((code) => (code >= 0x61 && code <= 0x7a ? BIT_OF_CASE : 0));
  }

  /** The word stands at `at`. The caller has proved the length. */
  isAt(view: DataView, at: number): boolean {
    const starts = this.#starts;
    for (let i = 0; i < starts.length; i++)
      if ((view.getInt32(at + starts[i], true) | this.#cases[i]) !== this.#words[i]) return false;
    return true;
  }
}
