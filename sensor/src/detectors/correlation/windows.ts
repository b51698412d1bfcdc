// Sliding windows of numbers and values in packet time, each of a bounded size.

/** A growing list of which the front is given up; what is behind it is moved together now and then. */
class Trail {
  times: number[] = [];
  head = 0;

  /** Entries that are still inside. */
  get size(): number {
    return this.times.length - this.head;
  }

  clear(): void {
    this.times = [];
    this.head = 0;
  }
}

/** Entries of a sum before neighbours are put together. */
const MAX_ENTRIES = 1024;

/**
 * The sum and the number of the values within a span. Up to 1,024 values it is exact. Of more, the oldest half is put
 * together by twos, again and again: an entry of several leaves when the last of them would. So what is added up is at most
 * too much by what came within one entry at the window's far end, 1/256 of the values, and nothing is ever left out.
 */
export class SumWindow {
  readonly #trail = new Trail();
  #sums: number[] = [];
  #counts: number[] = [];
  sum = 0;
  count = 0;

  get size(): number {
    return this.#trail.size * 3;
  }

  /** Notes a value; those more than `span` before it leave. */
  add(value: number, now: number, span: number): void {
    const trail = this.#trail;
    const { times } = trail;
    for (; trail.head < times.length && now - times[trail.head] > span; trail.head++) {
      this.sum -= this.#sums[trail.head];
      this.count -= this.#counts[trail.head];
    }
    times.push(now);
    this.#sums.push(value);
    this.#counts.push(1);
    this.sum += value;
    this.count++;
    if (trail.size > MAX_ENTRIES || trail.head > MAX_ENTRIES) this.#compact();
  }

  clear(): void {
    this.#trail.clear();
    this.#sums = [];
    this.#counts = [];
    this.sum = this.count = 0;
  }

  #compact(): void {
    const { times, head } = this.#trail;
    const half = times.length - (MAX_ENTRIES >> 1);
    const to: [number[], number[], number[]] = [[], [], []];
    // Bounded by the entries. The sums are taken anew: adding and taking away leaves rounding behind.
    let at = head;
    for (; at + 1 < half; at += 2) {
      to[0].push(times[at + 1]);
      to[1].push(this.#sums[at] + this.#sums[at + 1]);
      to[2].push(this.#counts[at] + this.#counts[at + 1]);
    }
    for (; at < times.length; at++) {
      to[0].push(times[at]);
      to[1].push(this.#sums[at]);
      to[2].push(this.#counts[at]);
    }
    [this.#trail.times, this.#sums, this.#counts] = to;
    this.#trail.head = 0;
    this.sum = this.#sums.reduce((total, sum) => total + sum, 0);
  }
}

/** Values that a percentile is taken of. */
const MAX_RANKED = 512;

/**
 * Percentiles of the values within a span, by the nearest rank. Up to 512 values they are exact; of more, the newest 512
 * stand for all: the rank is then off by 2.2 points of a hundred or less in two cases of three (√(p(1−p)/512)).
 */
export class RankWindow {
  #times: number[] = [];
  #values: number[] = [];
  #next = 0;

  get size(): number {
    return this.#times.length * 2;
  }

  add(value: number, now: number): void {
    this.#times[this.#next] = now;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % MAX_RANKED;
  }

  /** @param percent 0 (the least) to 100 (the greatest); undefined when nothing is within the span that ends now */
  percentile(percent: number, now: number, span: number): number | undefined {
    const inside = this.#values.filter((_, i) => now - this.#times[i] <= span).toSorted((a, b) => a - b);
    return inside[Math.max(0, Math.ceil((percent / 100) * inside.length) - 1)];
  }

  clear(): void {
    this.#times = [];
    this.#values = [];
    this.#next = 0;
  }
}

/** Events that shares are taken of, at most; and at least: of fewer, a hundredth part means nothing. */
const MAX_SHARED = 2_000;
export const LEAST_SHARED = 100;

/** How many percent of the last 2,000 events within a span have one value. */
export class ShareWindow {
  readonly #trail = new Trail();
  #values: string[] = [];
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#trail.size + this.#counts.size;
  }

  /** Notes a value. @returns its share; undefined while there are fewer than 100 events */
  add(value: string, now: number, span: number): number | undefined {
    const trail = this.#trail;
    const { times } = trail;
    for (; trail.size > 0 && (now - times[trail.head] > span || trail.size >= MAX_SHARED); trail.head++) {
      const old = this.#values[trail.head];
      const left = this.#counts.get(old)! - 1;
      if (left === 0) this.#counts.delete(old);
      else this.#counts.set(old, left);
    }
    if (trail.head >= MAX_SHARED) {
      trail.times = times.slice(trail.head);
      this.#values = this.#values.slice(trail.head);
      trail.head = 0;
    }
    trail.times.push(now);
    this.#values.push(value);
    const count = (this.#counts.get(value) ?? 0) + 1;
    this.#counts.set(value, count);
    return trail.size < LEAST_SHARED ? undefined : (100 * count) / trail.size;
  }

  clear(): void {
    this.#trail.clear();
    this.#values = [];
    this.#counts.clear();
  }
}

/** Which rules were met, in any order: when each was last. */
export class MetWindow {
  readonly #last: Float64Array;

  constructor(rules: number) {
    this.#last = new Float64Array(rules).fill(Number.NEGATIVE_INFINITY);
  }

  get size(): number {
    return this.#last.length;
  }

  add(rule: number, now: number): void {
    this.#last[rule] = now;
  }

  isMet(rule: number, now: number, span: number): boolean {
    return now - this.#last[rule] <= span;
  }

  clear(): void {
    this.#last.fill(Number.NEGATIVE_INFINITY);
  }
}

/** Which rules were met one after the other: for each, the latest beginning of a row that has come as far as to it. */
export class RowWindow {
  readonly #start: Float64Array;
  readonly #last: Float64Array;

  constructor(rules: number) {
    this.#start = new Float64Array(rules).fill(Number.NEGATIVE_INFINITY);
    this.#last = new Float64Array(rules).fill(Number.NEGATIVE_INFINITY);
  }

  get size(): number {
    return this.#start.length * 2;
  }

  add(rule: number, now: number): void {
    const start = this.#start;
    this.#last[rule] = now;
    start[rule] = rule === 0 ? now : Math.max(start[rule], start[rule - 1]);
    // What was met at the same time may have come first in the dispatcher's order, and belongs behind.
    for (let next = rule + 1; next < start.length && this.#last[next] === now; next++)
      start[next] = Math.max(start[next], start[next - 1]);
  }

  /** How many of the rules, from the first on, stand in a row that began within the span. */
  length(now: number, span: number): number {
    let length = 0;
    while (length < this.#start.length && now - this.#start[length] <= span) length++;
    return length;
  }

  /** The last rule was met now, in a row that began within the span. */
  isWhole(now: number, span: number): boolean {
    const end = this.#start.length - 1;
    return this.#last[end] === now && now - this.#start[end] <= span;
  }

  clear(): void {
    this.#start.fill(Number.NEGATIVE_INFINITY);
    this.#last.fill(Number.NEGATIVE_INFINITY);
  }
}
