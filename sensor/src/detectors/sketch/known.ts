// What was met before: keys with the watched time of their first and their last meeting, and a count of whatever matters.
import type { Key } from './key.ts';
import { type Column, type SavedSlots, Slots } from './slots.ts';
import type { Watched } from './watched.ts';

export class Known {
  readonly #slots: Slots;
  readonly #first: Column<Uint32Array>;
  readonly #last: Column<Uint32Array>;
  readonly #count: Column<Uint16Array>;
  #slot = -1;

  /** @param cap most keys; above it those are forgotten that were not met lately @param before what another had learnt */
  constructor(cap: number, before?: unknown) {
    this.#slots = new Slots(cap);
    this.#first = this.#slots.words();
    this.#last = this.#slots.words();
    this.#count = this.#slots.shorts();
    if (before !== undefined) this.#slots.restore(before as SavedSlots);
  }

  get size(): number {
    return this.#slots.size;
  }
  get evicted(): number {
    return this.#slots.evicted;
  }

  /** Meets a key. @returns seconds since it was first met; -1 when it is new */
  meet(key: Key, watched: Watched): number {
    const { stamp } = watched;
    const slot = this.#slots.claim(key);
    this.#slot = slot;
    this.#last.cells[slot] = stamp;
    if (!this.#slots.isNew) return watched.since(this.#first.cells[slot]);
    this.#first.cells[slot] = stamp;
    return -1;
  }

  /** Looks without meeting. @returns seconds since it was first met; -1 when it never was */
  age(key: Key, watched: Watched): number {
    this.#slot = this.#slots.find(key);
    return this.#slot < 0 ? -1 : watched.since(this.#first.cells[this.#slot]);
  }

  /** Count of the key that was met or looked at last; 0 when there was none. */
  get count(): number {
    return this.#slot < 0 ? 0 : this.#count.cells[this.#slot];
  }

  /** Adds to the count of the key that was met or looked at last; it ends at 65,535. */
  add(): void {
    if (this.#slot >= 0 && this.#count.cells[this.#slot] < 0xffff) this.#count.cells[this.#slot]++;
  }

  relieve(): void {
    this.#slots.age();
    this.#slot = -1;
  }

  /** To be given to the constructor of another. */
  learnt(): SavedSlots {
    return this.#slots.saved();
  }
}
