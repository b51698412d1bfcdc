// A hash table from 64-bit hashes to small numbers, in typed arrays: 24 to 48 bytes an entry, whatever the text's length.

/*
 * slot:   high (u32) | low (u32) | value + 1 (u32; 0 = free)
 * Open addressing, linear probing, at most half full. Two texts with the same 64 bits are one entry: of a million
 * entries one look-up in 10^13 errs.
 */
export class HashTable {
  #high = new Uint32Array(16);
  #low = new Uint32Array(16);
  #value = new Uint32Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  #slot(high: number, low: number): number {
    const mask = this.#value.length - 1;
    let at = (low ^ (high >>> 7)) & mask;
    while (this.#value[at] !== 0 && (this.#high[at] !== high || this.#low[at] !== low)) at = (at + 1) & mask;
    return at;
  }

  /** @returns the value, or -1 */
  get(high: number, low: number): number {
    return this.#value[this.#slot(high >>> 0, low >>> 0)] - 1;
  }

  /** An entry that exists keeps its value. */
  add(high: number, low: number, value: number): void {
    const [h, l] = [high >>> 0, low >>> 0];
    const at = this.#slot(h, l);
    if (this.#value[at] !== 0) return;
    [this.#high[at], this.#low[at], this.#value[at]] = [h, l, value + 1];
    if (++this.#size * 2 > this.#value.length) this.#grow();
  }

  #grow(): void {
    const [high, low, value] = [this.#high, this.#low, this.#value];
    this.#high = new Uint32Array(value.length * 2);
    this.#low = new Uint32Array(value.length * 2);
    this.#value = new Uint32Array(value.length * 2);
    for (let i = 0; i < value.length; i++) {
      if (value[i] === 0) continue;
      const at = this.#slot(high[i], low[i]);
      [this.#high[at], this.#low[at], this.#value[at]] = [high[i], low[i], value[i]];
    }
  }
}
