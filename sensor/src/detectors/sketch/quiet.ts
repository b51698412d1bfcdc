// What was told already: after an alert its key is quiet for a while, so that one attack is one alert, not thousands.
import { Lru } from './lru.ts';

export class Quiet {
  readonly #until: Lru<string, { until: number; held: number }>;
  readonly #span: number;

  /**
   * @param span µs of packet time
   * @param cap most keys remembered; a forgotten key may be told again early
   */
  constructor(span: number, cap: number) {
    this.#span = span;
    this.#until = new Lru(cap);
  }

  /** Forgets the older half. */
  age(): void {
    this.#until.age();
  }

  /** @returns -1 while the key is quiet; else how often it was held back since it was last told, and it is quiet from now */
  tell(key: string, now: number): number {
    const entry = this.#until.touch(key, () => ({ until: Number.NEGATIVE_INFINITY, held: 0 }));
    // Far before the quiet began: another recording, older than the last.
    if (now < entry.until && now >= entry.until - 2 * this.#span) {
      entry.held++;
      return -1;
    }
    const { held } = entry;
    entry.until = now + this.#span;
    entry.held = 0;
    return held;
  }
}
