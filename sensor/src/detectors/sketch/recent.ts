// For each slot the moments of its last events: as many as a threshold needs, with a number beside each.
import { age } from './moment.ts';
import type { Column, Slots } from './slots.ts';

/** Most that is kept of a slot, whatever a threshold says. */
export const MOST_RECENT = 1024;

export class Recent {
  readonly most: number;
  readonly #used: Column<Uint16Array>;
  readonly #next: Column<Uint16Array>;
  readonly #times: Column<Uint32Array>;
  readonly #values: Column<Uint32Array> | undefined;

  /** @param most events kept of each slot @param hasValues a number of 32 bits is kept beside each */
  constructor(slots: Slots, most: number, hasValues = false) {
    this.most = Math.max(1, Math.min(MOST_RECENT, Math.ceil(most)));
    this.#used = slots.shorts();
    this.#next = slots.shorts();
    this.#times = slots.words(this.most);
    this.#values = hasValues ? slots.words(this.most) : undefined;
  }

  /** Notes an event in the place of the oldest one. @param now moment */
  add(slot: number, now: number, value = 0): void {
    const next = this.#next.cells[slot];
    const at = slot * this.most + next;
    this.#times.cells[at] = now;
    if (this.#values !== undefined) this.#values.cells[at] = value;
    this.#next.cells[slot] = next + 1 === this.most ? 0 : next + 1;
    if (this.#used.cells[slot] < this.most) this.#used.cells[slot]++;
  }

  /** @param span ms; what is exactly so old still counts @returns events within the span that ends now */
  count(slot: number, now: number, span: number): number {
    const { cells } = this.#times;
    const from = slot * this.most;
    const to = from + this.#used.cells[slot];
    let count = 0;
    for (let i = from; i < to; i++) if (age(cells[i], now) <= span) count++;
    return count;
  }

  /** ms since the oldest that is kept and within the span. */
  reach(slot: number, now: number, span: number): number {
    const { cells } = this.#times;
    const from = slot * this.most;
    let reach = 0;
    for (let i = from; i < from + this.#used.cells[slot]; i++) {
      const old = age(cells[i], now);
      if (old <= span && old > reach) reach = old;
    }
    return reach;
  }

  /** Writes the numbers of those within the span into the beginning of `into`. @returns how many */
  values(slot: number, now: number, span: number, into: Float64Array): number {
    const { cells } = this.#times;
    const { cells: values } = this.#values!;
    const from = slot * this.most;
    let count = 0;
    for (let i = from; i < from + this.#used.cells[slot]; i++)
      if (age(cells[i], now) <= span) into[count++] = values[i];
    return count;
  }
}
