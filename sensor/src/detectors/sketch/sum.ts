// A sum over a sliding window, kept in twelve buckets: right to a twelfth of the window.

const BUCKETS = 12;

export class SumWindow {
  readonly #width: number;
  readonly #sums: number[] = Array(BUCKETS).fill(0);
  #newest = 0;

  /** @param span µs */
  constructor(span: number) {
    this.#width = span / BUCKETS;
  }

  /** Adds an amount at a time; @returns the sum of the window that ends at the latest time seen. */
  add(amount: number, time: number): number {
    const bucket = Math.floor(time / this.#width);
    if (bucket > this.#newest) {
      const steps = Math.min(BUCKETS, bucket - this.#newest);
      for (let i = 0; i < steps; i++) this.#sums[(bucket - i) % BUCKETS] = 0;
      this.#newest = bucket;
    }
    if (bucket > this.#newest - BUCKETS) this.#sums[bucket % BUCKETS] += amount;
    let sum = 0;
    for (const n of this.#sums) sum += n;
    return sum;
  }
}
