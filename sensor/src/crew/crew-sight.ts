// On how much of the traffic the alerts of a crew rest: what all workers told of themselves, added up.
import { COLUMNS, type Totals } from '../sight/coverage.ts';
import type { Inlet } from './inlet.ts';
import { PHASE } from './record.ts';

/** Frames, then what a `Sighting` adds up. */
export const TOLD = COLUMNS + 1;
const FRAMES = 0;
const SEEN = 1;

export class CrewSight implements Totals {
  /** What this thread sees itself. */
  own: Totals | undefined;
  readonly #isExact: boolean;
  readonly #told = new Map<Inlet, Float64Array>();
  /** Of workers that were lost. */
  readonly #past = new Float64Array(TOLD);
  /** Frames that went by so far. */
  #frames = 0;

  /** @param isExact records are put in order by their place among all frames */
  constructor(isExact: boolean) {
    this.#isExact = isExact;
  }

  /** What comes now happened at this record's place. */
  at({ order, phase }: Inlet): void {
    // Whatever is told before its packet does not know of it yet.
    if (this.#isExact) this.#frames = phase < PHASE.packet ? Math.ceil(order) - 1 : Math.floor(order);
  }

  /** A worker told of itself. */
  hear(inlet: Inlet): void {
    let told = this.#told.get(inlet);
    if (told === undefined) this.#told.set(inlet, (told = new Float64Array(TOLD)));
    inlet.totals(told);
  }

  /** Another one stands in its place now. */
  lose(inlet: Inlet): void {
    const told = this.#told.get(inlet);
    if (told === undefined) return;
    this.#told.delete(inlet);
    for (let i = 0; i < TOLD; i++) this.#past[i] += told[i];
  }

  totals(into: Float64Array): void {
    into.fill(0);
    this.own?.totals(into);
    let frames = 0;
    for (const told of [this.#past, ...this.#told.values()]) {
      frames += told[FRAMES];
      for (let i = 0; i < COLUMNS; i++) into[i] += told[SEEN + i];
    }
    // Of those that went by since a worker told of itself, most were seen.
    if (this.#isExact) into[0] += this.#frames - frames;
  }
}
