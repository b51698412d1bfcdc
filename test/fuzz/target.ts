// The contract of fuzzing: a target makes one trial after another out of a row of random numbers.
import type { Random } from './random.ts';

/** An input, in one or several pieces (frames), and what is done with it: the same again for any other input. */
export interface Trial {
  readonly pieces: readonly Uint8Array[];
  /** @throws Finding when an invariant is broken */
  attempt(pieces: readonly Uint8Array[]): void;
}

export interface Target {
  /** As `--only` names it. */
  readonly name: string;
  make(random: Random): Trial;
}

/** The targets of one registry: a new entry there is a new target here. */
export interface Registry {
  readonly name: string;
  readonly targets: () => Promise<readonly Target[]>;
}

/** An input that broke an invariant. */
export class Finding extends Error {
  constructor(what: string, why: string, input: Uint8Array, cause?: unknown) {
    super(
      `${what} ${why}${cause === undefined ? '' : `: ${cause}`} on ${Buffer.from(input).toString('hex')}`,
      {
        cause,
      },
    );
  }
}

/** Tries one input after another. @returns bytes tried */
export function fuzz(target: Target, random: Random, inputs: number): number {
  let bytes = 0;
  for (let n = 0; n < inputs; n++) {
    const trial = target.make(random);
    trial.attempt(trial.pieces);
    for (const { length } of trial.pieces) bytes += length;
  }
  return bytes;
}
