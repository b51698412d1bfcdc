// One Sigma correlation at work: measures matches per group in a sliding window of packet time.
import type { Event, FlowView } from '../../protocols/event.ts';
import type { Correlation, Input } from '../../rules/sigma/correlation.ts';
import type { Comparison } from '../../rules/sigma/correlation-condition.ts';
import type { SigmaRule } from '../../rules/sigma/rule.ts';
import { copyOf } from '../flow-copy.ts';
import { Lru } from '../sketch/lru.ts';
import { bounded, type Measure, measureOf } from './measure.ts';

/** A correlation that holds. */
export interface Fire {
  /** The event that completed it, or the group's last flow when time did. */
  readonly about: Event | FlowView;
  /** Packet time, µs. */
  readonly time: number;
  /** A count, a sum, …: what its type measures. */
  readonly measured: number;
  /** Values of `group-by`. */
  readonly group: readonly string[];
  /** The rule that met the event; its row still speaks of it. */
  readonly leaf: SigmaRule | undefined;
}
export type Fired = (correlation: Correlation, fire: Fire) => void;

const compare: Record<Comparison, (n: number, than: number) => boolean> = {
  gt: (n, than) => n > than,
  gte: (n, than) => n >= than,
  lt: (n, than) => n < than,
  lte: (n, than) => n <= than,
  eq: (n, than) => n === than,
  neq: (n, than) => n !== than && !Number.isNaN(n),
};

/** Numbers and texts that the groups of one correlation keep; above it the ones touched longest ago are forgotten. */
const MAX_KEPT = 2_000_000;

interface Group {
  readonly measure: Measure;
  /**
   * Not counted before this time. After firing, a group is quiet until a whole span has passed: the same attack goes on
   * counting for as long as it lasts, and its second thousand of events tells nobody anything new.
   */
  quietUntil: number;
  /** Time of its last match. */
  touched: number;
  /** For what is judged at the close: when the window closes, and whom it was about. */
  closes: number;
  last: FlowView | undefined;
}

/** Runs one correlation. State is bounded by `cap` groups, and by what all of them keep. */
export class Correlator {
  readonly #rule: Correlation;
  readonly #groups: Lru<string, Group>;
  readonly #cap: number;
  readonly #fired: Fired;
  #kept = 0;

  /** @param before one of the same rule as it was loaded before: its groups go on */
  constructor(rule: Correlation, cap: number, fired: Fired, before?: Correlator) {
    this.#rule = rule;
    this.#cap = cap;
    this.#fired = fired;
    const goesOn = before !== undefined && before.#cap === cap && before.#rule.digest === rule.digest;
    this.#groups = goesOn ? before.#groups : new Lru(cap);
    if (goesOn) this.#kept = before.#kept;
  }

  /** Forgets the groups that were not touched for longest. */
  age(): void {
    this.#groups.age();
  }

  get evicted(): number {
    return this.#groups.evicted;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** A match of one of the correlation's rules, while the columns still speak of it. µs */
  add(input: Input, about: Event | FlowView, now: number, leaf: SigmaRule | undefined): void {
    const key = keyOf(input);
    // An event that lacks a field of the group belongs to no group.
    if (key === undefined) return;
    const { span, atClose } = this.#rule;
    const group = this.#groups.touch(key, () => this.#open(now));
    // Far before what was seen last: another recording, older than that. It owes nothing to what came later.
    if (now < group.touched - span) this.#renew(group, now);
    group.touched = now;
    if (now < group.quietUntil) return;
    if (atClose && group.closes <= now) {
      this.#judge(key, group);
      this.#renew(group, now);
    }
    const { measure } = group;
    const before = measure.size;
    const counts = measure.add(input, now);
    this.#keep(measure.size - before);
    if (!counts) return;
    if (atClose) {
      group.last = copyOf('flow' in about ? about.flow : about);
      return;
    }
    if (!this.#holds(measure, now)) return;
    const measured = measure.measured(now);
    group.quietUntil = now + span;
    this.#clear(measure);
    this.#fired(this.#rule, { about, time: now, measured, group: groupOf(key), leaf });
  }

  /** Closes windows whose time has come. */
  tick(now: number): void {
    if (!this.#rule.atClose) return;
    for (const [key, group] of this.#groups) {
      if (group.closes > now) continue;
      this.#groups.delete(key);
      this.#kept -= group.measure.size;
      this.#judge(key, group);
    }
  }

  #open(now: number): Group {
    return {
      measure: measureOf(this.#rule),
      quietUntil: Number.NEGATIVE_INFINITY,
      touched: now,
      closes: now + this.#rule.span,
      last: undefined,
    };
  }

  #renew(group: Group, now: number): void {
    this.#clear(group.measure);
    group.quietUntil = Number.NEGATIVE_INFINITY;
    group.closes = now + this.#rule.span;
    group.last = undefined;
  }

  #judge(key: string, { measure, last, touched, closes }: Group): void {
    if (!last || !this.#holds(measure, touched)) return;
    const measured = measure.measured(touched);
    this.#fired(this.#rule, { about: last, time: closes, measured, group: groupOf(key), leaf: undefined });
  }

  #holds(measure: Measure, now: number): boolean {
    const { met, bounds } = this.#rule;
    if (met !== undefined) return measure.isMet?.(now) ?? false;
    const measured = measure.measured(now);
    for (const { is, than } of bounds) if (!compare[is](measured, than)) return false;
    return true;
  }

  #clear(measure: Measure): void {
    this.#kept -= measure.size;
    measure.clear();
  }

  /** What evicted groups kept is not known: all is added up again when it seems too much. */
  #keep(more: number): void {
    this.#kept += more;
    if (this.#kept <= MAX_KEPT) return;
    const all = (): number => {
      let kept = 0;
      for (const [, { measure }] of this.#groups) kept += measure.size;
      return kept;
    };
    this.#kept = all();
    if (this.#kept <= MAX_KEPT / 2) return;
    this.#groups.age();
    this.#kept = all();
  }
}

const SEPARATOR = '\u0000';

/** First values of the group's columns as one key; undefined when one is absent. */
function keyOf({ group }: Input): string | undefined {
  let key = '';
  for (const column of group) {
    if (column.count() === 0) return undefined;
    key += SEPARATOR + bounded(column.text(0));
  }
  return key;
}

const groupOf = (key: string): string[] => key.split(SEPARATOR).slice(1);
