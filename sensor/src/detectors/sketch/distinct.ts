// For each slot the last distinct values with the time each was last seen: as many as a threshold needs, and no more.
import { age } from './moment.ts';
import type { Column, Slots } from './slots.ts';

/** Most that is kept of a slot, whatever a threshold says. */
export const MOST_DISTINCT = 1024;

export class Distinct {
  readonly #used: Column<Uint16Array>;
  readonly #values: Column<Uint32Array>;
  readonly #times: Column<Uint32Array>;
  readonly #most: number;

  /** @param most values kept of each slot */
  constructor(slots: Slots, most: number) {
    this.#most = Math.max(1, Math.min(MOST_DISTINCT, Math.ceil(most)));
    this.#used = slots.shorts();
    this.#values = slots.words(this.#most);
    this.#times = slots.words(this.#most);
  }

  /**
   * Notes a value.
   * @param value 32 bits · @param now moment · @param span ms; a value exactly `span` old still counts
   * @returns distinct values within the span that ends now, at most as many as are kept
   */
  add(slot: number, value: number, now: number, span: number): number {
    const { cells: values } = this.#values;
    const { cells: times } = this.#times;
    const from = slot * this.#most;
    const used = this.#used.cells[slot];
    let count = 0;
    let known = -1;
    let oldest = from;
    let most = -1;
    for (let i = from; i < from + used; i++) {
      const old = age(times[i], now);
      if (old <= span) count++;
      if (values[i] === value) {
        known = i;
        if (old > span) count++;
      }
      if (old > most) {
        most = old;
        oldest = i;
      }
    }
    if (known < 0) {
      if (used < this.#most) {
        known = from + used;
        this.#used.cells[slot] = used + 1;
        count++;
      } else {
        known = oldest;
        // It takes the place of one that counted, or did not.
        if (most > span) count++;
      }
      values[known] = value;
    }
    times[known] = now;
    return count;
  }

  /** Distinct values within the span that ends now, at most as many as are kept. */
  count(slot: number, now: number, span: number): number {
    const { cells } = this.#times;
    const from = slot * this.#most;
    let count = 0;
    for (let i = from; i < from + this.#used.cells[slot]; i++) if (age(cells[i], now) <= span) count++;
    return count;
  }
}
