// Time that was watched: packet time without its gaps and its steps back. What is learnt is as old as this says.
//
// A night without a sensor teaches nothing, and neither does the year between two recordings; so learning times and the
// age of what is known are counted in seconds that packets were seen in, which never go back and go on after a restart.

/** µs: a quiet network has gaps; what is longer was not watched. */
const LONGEST_GAP = 600e6;
/** Of a day, for people. */
const DAY = 86_400;

export class Watched {
  /** Since the first packet of all runs. */
  seconds: number;
  #last = Number.NaN;

  /** @param before seconds that earlier runs watched */
  constructor(before: unknown = 0) {
    this.seconds = typeof before === 'number' && before >= 0 ? before : 0;
  }

  /** @param now µs of packet time */
  tick(now: number): void {
    const step = now - this.#last;
    if (step > 0) this.seconds += Math.min(step, LONGEST_GAP) / 1e6;
    this.#last = now;
  }

  /** In 32 bits, for columns; never 0, which is "not yet". */
  get stamp(): number {
    return Math.floor(this.seconds) + 1;
  }

  /** Seconds since a stamp. */
  since(stamp: number): number {
    return this.stamp - stamp;
  }

  /** Days, to a tenth. */
  get days(): number {
    return Math.round((this.seconds / DAY) * 10) / 10;
  }
}
