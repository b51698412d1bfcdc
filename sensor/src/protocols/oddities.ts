// Which of the decoder's oddities are told: the first few of a kind in a second, the rest are counted.
import { ODDITIES, ODDITY_NAMES, type Oddity } from '../layers/oddities.ts';
import type { Anomaly } from './anomaly.ts';

/** Records of one kind in a second of packet time: enough to see it, too few to drown in. */
const TOLD_A_SECOND = 10;

export class OddityGate {
  /** Packets by what was odd about them, in the order of ODDITY_NAMES. */
  readonly counts = new Float64Array(ODDITY_NAMES.length);
  readonly #told = new Uint8Array(ODDITY_NAMES.length);
  readonly #messages: readonly Anomaly[] = ODDITY_NAMES.map((event) => ({ event, type: 'decode' }));

  /** A new second begins. */
  tick(): void {
    this.#told.fill(0);
  }

  /** Counts it. @returns what to tell; undefined when enough of its kind was told in this second */
  count(what: Oddity): Anomaly | undefined {
    this.counts[what]++;
    if (this.#told[what] === TOLD_A_SECOND) return undefined;
    this.#told[what]++;
    return this.#messages[what];
  }
}

/** Names with a sentence each, for the reference. */
export const oddities: Readonly<Record<string, string>> = ODDITIES;
