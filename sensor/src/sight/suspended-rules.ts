// Rules that were suspended because they took too much time: what they would see is not seen.
import type { RuleCost } from '../detectors/rule-meter.ts';
import type { BlindSpans } from './blind-spans.ts';

export class SuspendedRules {
  readonly #spans: BlindSpans;
  #told = new Set<string>();

  constructor(spans: BlindSpans) {
    this.#spans = spans;
  }

  /** @param suspended those that are now @param wall ms since 1970 */
  look(suspended: readonly RuleCost[], wall: number): void {
    if (suspended.length === 0 && this.#told.size === 0) return;
    const now = new Set(suspended.map(causeOf));
    for (const cause of now) if (!this.#told.has(cause)) this.#spans.dark(cause, 'suspended', wall, wall);
    for (const cause of this.#told) if (!now.has(cause)) this.#spans.light(cause, wall);
    this.#told = now;
  }
}

const causeOf = ({ identity, suspendedAt = 0 }: RuleCost): string =>
  `rule "${identity.name}" (${identity.id}) is suspended: it took ${(100 * suspendedAt).toFixed(0)} % of the time`;
