// For each slot how its events are spread over their own life, at most 27 hours: 48 bins that grow wider as it grows longer.
//
// It begins with bins of a second. When they are full, neighbours are joined and bins are twice as wide; at 2,048 s they
// are wide enough for a day, and then the oldest go. So the histogram of a minute is as fine as that of a day: a
// 24th of it is one to two bins, and what a bin holds is shared out between the bars it reaches into.
import type { Column, Slots } from './slots.ts';

const FINE = 48;
/** s: 48 of them are a day and a little. */
const WIDEST = 2048;

export class Spread {
  readonly #bins: Column<Uint16Array>;
  /** Seconds since 1970 where the first bin begins, and seconds that each is wide. */
  readonly #start: Column<Float64Array>;
  readonly #width: Column<Float64Array>;

  constructor(slots: Slots) {
    this.#bins = slots.shorts(FINE);
    this.#start = slots.floats();
    this.#width = slots.floats();
  }

  /** @param second since 1970, not before the last one */
  add(slot: number, second: number): void {
    const { cells } = this.#bins;
    const from = slot * FINE;
    if (this.#width.cells[slot] === 0) {
      this.#width.cells[slot] = 1;
      this.#start.cells[slot] = second;
    }
    let at = Math.floor((second - this.#start.cells[slot]) / this.#width.cells[slot]);
    // Ends: each turn doubles the width, up to the widest.
    while (at >= FINE && this.#width.cells[slot] < WIDEST) at = this.#widen(slot, second);
    if (at >= FINE) {
      const gone = Math.min(FINE, at - FINE + 1);
      cells.copyWithin(from, from + gone, from + FINE);
      cells.fill(0, from + FINE - gone, from + FINE);
      this.#start.cells[slot] += (at - FINE + 1) * this.#width.cells[slot];
      at = FINE - 1;
    }
    if (at >= 0 && cells[from + at] < 0xffff) cells[from + at]++;
  }

  /** The life so far in `bars.length` equal parts, up to and with `second`. @returns seconds that it spans */
  bars(slot: number, second: number, bars: number[]): number {
    bars.fill(0);
    const { cells } = this.#bins;
    const width = this.#width.cells[slot];
    const start = this.#start.cells[slot];
    const span = Math.max(1, second - start);
    const each = (span / bars.length) * (1 + 1e-9);
    for (let i = 0; i < FINE; i++) {
      const held = cells[slot * FINE + i];
      if (held === 0) continue;
      const from = i * width;
      const to = Math.min(span, from + width);
      share(held, from / each, Math.max(to, from + 1e-6) / each, bars);
    }
    return span;
  }

  #widen(slot: number, second: number): number {
    const { cells } = this.#bins;
    const from = slot * FINE;
    const width = this.#width.cells[slot] * 2;
    for (let i = 0; i < FINE / 2; i++)
      cells[from + i] = Math.min(0xffff, cells[from + 2 * i] + cells[from + 2 * i + 1]);
    cells.fill(0, from + FINE / 2, from + FINE);
    this.#width.cells[slot] = width;
    return Math.floor((second - this.#start.cells[slot]) / width);
  }
}

/** Shares what is held among the bars between two places. */
function share(held: number, from: number, to: number, bars: number[]): void {
  const last = Math.min(bars.length - 1, Math.ceil(to) - 1);
  for (let i = Math.floor(from); i <= last; i++) {
    const part = Math.min(to, i + 1) - Math.max(from, i);
    if (i >= 0) bars[i] += (held * part) / (to - from);
  }
}
