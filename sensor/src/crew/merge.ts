// The records of all workers in one order: that in which one thread alone would have met them.
import { compareFlows } from '../flow/order.ts';
import type { Inlet } from './inlet.ts';
import { PHASE } from './record.ts';

/** ms that the kernel's clock and ours may differ by. */
const FUTURE = 1000;

export class Merge {
  readonly #inlets: readonly (Inlet | undefined)[];
  readonly #patience: number;

  /**
   * @param inlets one a worker; those that are restarted change in place
   * @param patience ms that a record waits for workers that may have an earlier one; infinite where each says how far it
   *   is, and otherwise records are put in order by their time
   */
  constructor(inlets: readonly (Inlet | undefined)[], patience: number) {
    this.#inlets = inlets;
    this.#patience = patience;
  }

  /** Who has the next record at hand; undefined when nobody has, or somebody may have an earlier one. */
  next(): Inlet | undefined {
    let first: Inlet | undefined;
    for (const inlet of this.#inlets)
      if (inlet?.load() && (first === undefined || isBefore(inlet, first))) first = inlet;
    if (first === undefined) return undefined;
    for (const inlet of this.#inlets) {
      // One that has a record now and had none above came too late for the comparison: the next turn sees it.
      if (inlet === undefined || inlet === first || inlet.isOver || inlet.passed >= first.order) continue;
      if (!inlet.isLoaded && !this.#hasWaited(first.order)) return undefined;
    }
    return first;
  }

  /** Packets have the time of the wall clock; one from the future says that the clock was set back. @param time µs */
  #hasWaited(time: number): boolean {
    const age = Date.now() - time / 1000;
    return age >= this.#patience || (age < -FUTURE && this.#patience < Number.POSITIVE_INFINITY);
  }

  /** Nothing will come any more. */
  get isOver(): boolean {
    return this.#inlets.every((inlet) => inlet === undefined || (!inlet.load() && inlet.isOver));
  }
}

function isBefore(a: Inlet, b: Inlet): boolean {
  if (a.order !== b.order) return a.order < b.order;
  if (a.phase !== b.phase) return a.phase < b.phase;
  return a.phase === PHASE.lapse && a.hasRow && b.hasRow && compareFlows(a, 0, b, 0) < 0;
}
