// Jumps of the wall clock: it is held against one that only ever goes on.

export interface Clocks {
  /** Wall clock, ms since 1970. */
  wall(): number;
  /** ms since anything; stands still while the machine sleeps. */
  steady(): number;
}

export const CLOCKS: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

export interface Step {
  /** Where the clock would have been, and where it is. ms since 1970 */
  readonly expected: number;
  readonly now: number;
}

export class ClockSteps {
  readonly #clocks: Clocks;
  readonly #most: number;
  #wall: number;
  #steady: number;

  /** @param most ms between two looks that are no step: adjusting, not setting */
  constructor(most: number, clocks: Clocks = CLOCKS) {
    this.#clocks = clocks;
    this.#most = most;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
  }

  /** @returns the step since the last look */
  look(): Step | undefined {
    const [now, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    const expected = this.#wall + (steady - this.#steady);
    this.#wall = now;
    this.#steady = steady;
    return Math.abs(now - expected) > this.#most ? { expected, now } : undefined;
  }
}
