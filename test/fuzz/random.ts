// Numbers that look random and are the same in every run, and how much fuzzing this run is to do.

/** Rounds over everything: 1 in the ordinary tests; FUZZ_ROUNDS=200 is a night's work. */
export const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1);
/** Another seed finds other things; what a run finds, the same seed finds again. */
export const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_105);

/** xorshift32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  }

  /** An integer of [0, below). */
  below(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % below;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Another row of numbers that begins here. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }

  /** The same numbers again. */
  copy(): Random {
    const copy = new Random(0);
    copy.#state = this.#state;
    return copy;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
