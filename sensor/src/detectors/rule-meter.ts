// What each rule costs and finds: matches, the last of them, and time, measured on one event of many.
//
// A clock read for every test would cost more than most tests. One event in 61 is measured whole and stands for the
// others; 61 is prime, so that no rhythm of the traffic hides from it.
import type { RuleIdentity } from '../wire/alert.ts';

const ONE_IN = 61;
/** ms of wall-clock time over which a rule's share is judged. */
const PERIOD = 10_000;
/** Measured events without which a share is chance. */
const LEAST_SAMPLES = 20;

/** What is known of one rule. */
export interface RuleCost {
  readonly identity: RuleIdentity;
  matches: number;
  /** µs of packet time; NaN before the first match. */
  lastMatch: number;
  /** ms spent in its test, estimated. */
  spent: number;
  /** Share of the time, 0 to 1, for which it was suspended; undefined while it is at work. */
  suspendedAt: number | undefined;
}

/** Any rule whose test can be called. */
export interface Metered {
  readonly identity: RuleIdentity;
}

export class RuleMeter {
  /** Those that took too much. */
  readonly suspended: RuleCost[] = [];
  readonly #costs = new Map<Metered, RuleCost>();
  readonly #budget: number;
  readonly #now: () => number;
  #turn = 0;
  #periodBegan: number;
  #samples = 0;
  readonly #period = new Map<RuleCost, number>();

  /**
   * @param budget share of the time, 0 to 1, above which a rule is suspended; 0 is never, as it must be where the same
   * capture has to give the same alerts
   * @param now ms of a steady clock
   */
  constructor(rules: readonly Metered[], budget: number, now = () => performance.now()) {
    this.#budget = budget;
    this.#now = now;
    this.#periodBegan = now();
    for (const rule of rules)
      this.#costs.set(rule, {
        identity: rule.identity,
        matches: 0,
        lastMatch: Number.NaN,
        spent: 0,
        suspendedAt: undefined,
      });
  }

  /** Whether the event that comes now is one to be measured. */
  isTurn(): boolean {
    if (++this.#turn < ONE_IN) return false;
    this.#turn = 0;
    this.#samples++;
    return true;
  }

  /** Calls a rule's test and takes its time. */
  measured(rule: Metered, holds: () => boolean): boolean {
    const began = this.#now();
    const result = holds();
    const cost = this.#costs.get(rule);
    if (cost !== undefined) {
      const spent = (this.#now() - began) * ONE_IN;
      cost.spent += spent;
      this.#period.set(cost, (this.#period.get(cost) ?? 0) + spent);
    }
    return result;
  }

  matched(rule: Metered, time: number): void {
    const cost = this.#costs.get(rule);
    if (cost === undefined) return;
    cost.matches++;
    cost.lastMatch = time;
  }

  /** Once a second: rules that took too much of the last seconds are suspended. */
  look(): void {
    const now = this.#now();
    const elapsed = now - this.#periodBegan;
    if (elapsed < PERIOD) return;
    if (this.#budget > 0 && this.#samples >= LEAST_SAMPLES)
      for (const [cost, spent] of this.#period) {
        const share = spent / elapsed;
        if (share <= this.#budget || cost.suspendedAt !== undefined) continue;
        cost.suspendedAt = share;
        this.suspended.push(cost);
      }
    this.#period.clear();
    this.#samples = 0;
    this.#periodBegan = now;
  }

  isSuspended(rule: Metered): boolean {
    return this.suspended.length > 0 && this.#costs.get(rule)?.suspendedAt !== undefined;
  }

  /** Of all rules, the dearest first. */
  costs(): RuleCost[] {
    return [...this.#costs.values()].toSorted((a, b) => b.spent - a.spent || b.matches - a.matches);
  }
}
