// Sigma correlations at work: counts matches or distinct values per group in a sliding window of packet time.
import type { Event, FlowView } from '../protocols/event.ts';
import type { Slot } from '../rules/row.ts';
import type { Correlation, Input } from '../rules/sigma/correlation.ts';
import { copyOf } from './flow-copy.ts';
import { Lru } from './sketch/lru.ts';
import { EventWindow, ValueWindow } from './sketch/window.ts';

/** Called when a correlation holds: about the event that completed it, or the group's last flow when time did. */
export type Fired = (correlation: Correlation, about: Event | FlowView, count: number) => void;

/** Bounds that more events can only fulfil. The others are judged when the window closes. */
const GROWING: readonly string[] = ['gt', 'gte'];
const compare: Record<string, (n: number, than: number) => boolean> = {
  gt: (n, than) => n > than,
  gte: (n, than) => n >= than,
  lt: (n, than) => n < than,
  lte: (n, than) => n <= than,
  eq: (n, than) => n === than,
  neq: (n, than) => n !== than,
};

interface Group {
  readonly events: EventWindow | undefined;
  readonly values: ValueWindow | undefined;
  /**
   * Not counted before this time. After firing, a group is quiet until a whole span has passed: the same attack goes on
   * counting for as long as it lasts, and its second thousand of events tells nobody anything new.
   */
  quietUntil: number;
  /** For bounds judged at the close: when the window closes, what was counted, and whom it was about. */
  closes: number;
  count: number;
  last: FlowView | undefined;
}

/** Runs one correlation. State is bounded by `cap` groups, each by the highest bound. */
export class Correlator {
  readonly #rule: Correlation;
  readonly #groups: Lru<string, Group>;
  readonly #capacity: number;
  readonly #atClose: boolean;
  readonly #fired: Fired;

  constructor(rule: Correlation, cap: number, fired: Fired) {
    this.#rule = rule;
    this.#groups = new Lru(cap);
    this.#fired = fired;
    // One above the highest bound tells "more than" from "equal".
    this.#capacity = Math.max(...rule.bounds.map(({ than }) => than)) + 1;
    this.#atClose = !rule.bounds.every(({ is }) => GROWING.includes(is));
  }

  /** Forgets the groups that were not touched for longest. */
  age(): void {
    this.#groups.age();
  }

  get evicted(): number {
    return this.#groups.evicted;
  }

  /** A match of one of the correlation's rules, while the row still speaks of the event. */
  add(input: Input, event: Event): void {
    const key = keyOf(input.group);
    // An event that lacks a field of the group belongs to no group.
    if (key === undefined) return;
    const group = this.#groups.touch(key, () => this.#open(event.time));
    const { quietUntil } = group;
    // Far before the quiet began: another recording, older than the last.
    if (event.time < quietUntil && event.time >= quietUntil - 2 * this.#rule.span) return;
    if (this.#atClose && group.closes <= event.time) this.#reopen(group, event.time);
    const count = this.#count(group, input, event.time);
    if (count === undefined) return;
    group.count = count;
    if (this.#atClose) {
      group.last = copyOf(event.flow);
      return;
    }
    if (!this.#holds(count)) return;
    group.quietUntil = event.time + this.#rule.span;
    group.events?.clear();
    group.values?.clear();
    this.#fired(this.#rule, event, count);
  }

  /** Closes windows whose time has come. */
  tick(now: number): void {
    if (!this.#atClose) return;
    for (const [key, group] of this.#groups) {
      // A group is touched at most one span after it opened: younger ones cannot be due long before older ones.
      if (group.closes > now) continue;
      this.#groups.delete(key);
      if (group.last && this.#holds(group.count)) this.#fired(this.#rule, group.last, group.count);
    }
  }

  #open(now: number): Group {
    const values = this.#rule.counts === 'values';
    return {
      events: values ? undefined : new EventWindow(this.#capacity),
      values: values ? new ValueWindow(this.#capacity) : undefined,
      quietUntil: Number.NEGATIVE_INFINITY,
      closes: now + this.#rule.span,
      count: 0,
      last: undefined,
    };
  }

  /** The window ended before this event came: it is judged first. */
  #reopen(group: Group, now: number): void {
    if (group.last && this.#holds(group.count)) this.#fired(this.#rule, group.last, group.count);
    group.events?.clear();
    group.values?.clear();
    group.closes = now + this.#rule.span;
  }

  #count(group: Group, input: Input, now: number): number | undefined {
    if (group.events) return group.events.add(now, this.#rule.span);
    let count: number | undefined;
    const [first, ...others] = input.values;
    const rest = keyOf(others);
    if (rest === undefined) return undefined;
    for (let i = 0; i < first.count(); i++)
      count = group.values!.add(bounded(first.text(i) + rest), now, this.#rule.span);
    return count;
  }

  #holds(count: number): boolean {
    return this.#rule.bounds.every(({ is, than }) => compare[is](count, than));
  }
}

const SEPARATOR = '\u0000';
const MAX_VALUE = 256;
const bounded = (text: string): string => (text.length > MAX_VALUE ? text.slice(0, MAX_VALUE) : text);

/** First values of the columns as one key; undefined when one is absent. */
function keyOf(slots: readonly Slot[]): string | undefined {
  let key = '';
  for (const slot of slots) {
    if (slot.count() === 0) return undefined;
    key += SEPARATOR + bounded(slot.text(0));
  }
  return key;
}
