// All correlations of a rule set: hands each match to those that count it, and what fires to those that count that.
import type { Event } from '../../protocols/event.ts';
import type { RuleSet } from '../../rules/load.ts';
import type { Correlation, Input } from '../../rules/sigma/correlation.ts';
import type { SigmaRule } from '../../rules/sigma/rule.ts';
import { Correlator, type Fire, type Fired } from './correlator.ts';

interface Counting {
  readonly correlator: Correlator;
  readonly input: Input;
}

export class Correlators {
  readonly #each: readonly Correlator[];
  readonly #byDigest: ReadonlyMap<string, Correlator>;
  readonly #counted = new Map<SigmaRule | Correlation, Counting[]>();
  readonly #silent = new Set<SigmaRule | Correlation>();
  readonly #alert: Fired;
  readonly #showsAll: boolean;

  /**
   * @param cap most groups of each
   * @param alert called for those that hold and are not only counted themselves
   * @param before those at work until now: the ones whose texts are the same go on
   * @param showsAll those that are only counted, too, are told
   */
  constructor(rules: RuleSet, cap: number, alert: Fired, before?: Correlators, showsAll = false) {
    this.#alert = alert;
    this.#showsAll = showsAll;
    const byDigest = new Map<string, Correlator>();
    this.#each = rules.correlations.map((correlation) => {
      const { digest, inputs, generate } = correlation;
      const known = before === undefined ? undefined : before.#byDigest.get(digest);
      const correlator = new Correlator(correlation, cap, (rule, fire) => this.#fired(rule, fire), known);
      byDigest.set(digest, correlator);
      for (const input of inputs) {
        const list = this.#counted.get(input.rule) ?? [];
        list.push({ correlator, input });
        this.#counted.set(input.rule, list);
        if (!generate) this.#silent.add(input.rule);
      }
      return correlator;
    });
    this.#byDigest = byDigest;
  }

  /** It is counted, and says nothing itself. */
  isSilent(rule: SigmaRule): boolean {
    return this.#silent.has(rule);
  }

  /** A rule holds for an event, and its row still speaks of it. */
  match(rule: SigmaRule, event: Event): void {
    const counting = this.#counted.get(rule);
    if (counting === undefined) return;
    for (const { correlator, input } of counting) correlator.add(input, event, event.time, rule);
  }

  tick(now: number): void {
    for (const correlator of this.#each) correlator.tick(now);
  }

  /** Memory is short. */
  age(): void {
    for (const correlator of this.#each) correlator.age();
  }

  /** Groups given up because there were too many. */
  get evicted(): number {
    return this.#each.reduce((total, { evicted }) => total + evicted, 0);
  }

  /** Ends: no correlation counts itself, not by way of others either. */
  #fired(correlation: Correlation, fire: Fire): void {
    for (const { correlator, input } of this.#counted.get(correlation) ?? []) {
      for (const column of input.carried ?? []) column.fill(fire.group, fire.leaf);
      correlator.add(input, fire.about, fire.time, fire.leaf);
    }
    if (this.#showsAll || !this.#silent.has(correlation)) this.#alert(correlation, fire);
  }
}
