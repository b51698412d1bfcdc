// For each slot a sum over a sliding window, kept in twelve buckets: right to a twelfth of the window.
import type { Column, Slots } from './slots.ts';

const BUCKETS = 12;

export class Sums {
  readonly #width: number;
  readonly #cells: Column<Float64Array>;
  /** Number of the newest bucket. */
  readonly #newest: Column<Float64Array>;

  /** @param span µs */
  constructor(slots: Slots, span: number) {
    this.#width = span / BUCKETS;
    this.#cells = slots.floats(BUCKETS);
    this.#newest = slots.floats();
  }

  /** Adds an amount at a time; @returns the sum of the window that ends at the latest time seen. */
  add(slot: number, amount: number, time: number): number {
    const { cells } = this.#cells;
    const from = slot * BUCKETS;
    const bucket = Math.floor(time / this.#width);
    const newest = this.#newest.cells[slot];
    // Far before what is known: another recording, older than the last.
    if (bucket >= newest + BUCKETS || bucket <= newest - 2 * BUCKETS) cells.fill(0, from, from + BUCKETS);
    else for (let passed = newest + 1; passed <= bucket; passed++) cells[from + (passed % BUCKETS)] = 0;
    if (bucket > newest || bucket <= newest - 2 * BUCKETS) this.#newest.cells[slot] = bucket;
    if (bucket > this.#newest.cells[slot] - BUCKETS) cells[from + (bucket % BUCKETS)] += amount;
    let sum = 0;
    for (let i = from; i < from + BUCKETS; i++) sum += cells[i];
    return sum;
  }
}
