// What was told already, by keys without texts: after an alert its key is quiet for a while.
import type { Key } from './key.ts';
import { type Column, Slots } from './slots.ts';

export class Silence {
  readonly #slots: Slots;
  readonly #until: Column<Float64Array>;
  readonly #span: number;

  /** @param span µs of packet time @param cap most keys remembered; a forgotten one may be told again early */
  constructor(span: number, cap: number) {
    this.#span = span;
    this.#slots = new Slots(cap);
    this.#until = this.#slots.floats();
  }

  /** @returns whether it may be told; it is quiet from now on */
  tell(key: Key, now: number): boolean {
    const slot = this.#slots.claim(key);
    const until = this.#until.cells[slot];
    // Far before the quiet began: another recording, older than the last.
    if (now < until && now >= until - 2 * this.#span) return false;
    this.#until.cells[slot] = now + this.#span;
    return true;
  }

  age(): void {
    this.#slots.age();
  }
}
