// Sliding windows that know only what a threshold needs: the times of the last N events, or the last N distinct values.

/** Times of the last `capacity` events. Memory grows with what comes, up to the capacity. */
export class EventWindow {
  readonly #capacity: number;
  #times: number[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * Notes an event.
   * @param span µs; events exactly `span` apart are still together
   * @returns events within the span that ends now, at most `capacity`
   */
  add(now: number, span: number): number {
    const { length } = this.#times;
    if (length < this.#capacity && this.#next === 0) this.#times.push(now);
    else {
      this.#times[this.#next] = now;
      this.#next = (this.#next + 1) % this.#capacity;
    }
    // Times are in order from the oldest on: the first one inside the span is found by halving.
    const held = this.#times.length;
    let low = 0;
    let high = held - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (now - this.#times[(this.#next + middle) % held] <= span) high = middle;
      else low = middle + 1;
    }
    return held - low;
  }

  clear(): void {
    this.#times = [];
    this.#next = 0;
  }
}

/** Values with the time each was last seen, at most `capacity` of them. One value alone, the usual case, needs no map. */
export class ValueWindow<Value = string> {
  readonly #capacity: number;
  #only: Value | undefined;
  #onlyTime = 0;
  /** Made for the second value. */
  #seen: Map<Value, number> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Notes a value; @returns distinct values within the span that ends now, at most `capacity`. */
  add(value: Value, now: number, span: number): number {
    if (this.#seen === undefined) {
      if (this.#only === undefined || this.#only === value || now - this.#onlyTime > span) {
        this.#only = value;
        this.#onlyTime = now;
        return Math.min(1, this.#capacity);
      }
      this.#seen = new Map([[this.#only, this.#onlyTime]]);
      this.#only = undefined;
    }
    this.#seen.delete(value);
    this.#seen.set(value, now);
    return this.count(now, span);
  }

  /** Distinct values within the span that ends now, at most `capacity`. */
  count(now: number, span: number): number {
    if (this.#seen === undefined) {
      if (this.#only !== undefined && now - this.#onlyTime > span) this.#only = undefined;
      return this.#only === undefined ? 0 : Math.min(1, this.#capacity);
    }
    for (const [old, time] of this.#seen) {
      if (now - time <= span && this.#seen.size <= this.#capacity) break;
      this.#seen.delete(old);
    }
    return this.#seen.size;
  }

  values(): IterableIterator<Value> {
    return this.#seen?.keys() ?? (this.#only === undefined ? [] : [this.#only]).values();
  }

  clear(): void {
    this.#only = this.#seen = undefined;
  }
}
