// How long to wait before the next attempt: doubling, capped, and never at the same moment as the other sensors.

export interface Pace {
  /** First wait, ms. */
  readonly first: number;
  /** Longest wait, ms. */
  readonly most: number;
}

/** A quarter of a second is soon enough after a restart; ten seconds spare an aggregator that is down. */
export const RETRY: Pace = { first: 250, most: 10_000 };
/** While somebody waits for the last records of a replay. */
export const HURRY: Pace = { first: 250, most: 1_000 };
/** A refusal is lifted by a person: once a minute is soon enough. */
export const REFUSED: Pace = { first: 60_000, most: 60_000 };
/** What an aggregator may ask for by `Retry-After`. */
const MOST_ASKED = 300_000;

export class Backoff {
  #failures = 0;

  reset(): void {
    this.#failures = 0;
  }

  /** @param asked ms that the aggregator asked for @returns ms, drawn from the upper half of the step */
  next(pace: Pace, asked = 0, random: () => number = Math.random): number {
    const step = Math.min(pace.most, pace.first * 2 ** Math.min(this.#failures++, 30));
    const wait = step * (0.5 + random() / 2);
    return Math.max(wait, Math.min(asked, MOST_ASKED));
  }
}
