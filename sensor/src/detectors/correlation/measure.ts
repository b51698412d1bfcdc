// What one group of a correlation measures: a window for each type of correlation, behind one face.
import type { Correlation, Input } from '../../rules/sigma/correlation.ts';
import type { CorrelationType } from '../../rules/sigma/correlation-condition.ts';
import { EventWindow, ValueWindow } from '../sketch/window.ts';
import { MetWindow, RankWindow, RowWindow, ShareWindow, SumWindow } from './windows.ts';

export interface Measure {
  /** A match, while its columns speak of it. @returns false when it does not count: it lacks the value */
  add(input: Input, now: number): boolean;
  /** Now, or at the window's end. */
  measured(now: number): number;
  /** Where rules that were met decide instead of bounds. */
  isMet?(now: number): boolean;
  clear(): void;
  /** Numbers and texts that it keeps. */
  readonly size: number;
}

/** What the alert calls it: `yagura.<word>`. */
export const MEASURED: Readonly<Record<CorrelationType, string>> = {
  event_count: 'count',
  value_count: 'count',
  value_sum: 'sum',
  value_avg: 'average',
  value_percentile: 'percentile',
  temporal: 'rules',
  temporal_ordered: 'rules',
};

const MAKE: Readonly<Record<CorrelationType, (rule: Correlation) => Measure>> = {
  event_count: (rule) => new EventCount(rule),
  value_count: (rule) => new ValueCount(rule),
  value_sum: (rule) => new Sum(rule, false),
  value_avg: (rule) => new Sum(rule, true),
  value_percentile: (rule) => (rule.percentile === undefined ? new Share(rule) : new Rank(rule)),
  temporal: (rule) => new Met(rule),
  temporal_ordered: (rule) => new Row(rule),
};

export const measureOf = (rule: Correlation): Measure => MAKE[rule.type](rule);

/** One above the highest bound tells "more than" from "equal". */
const capacityOf = ({ bounds }: Correlation): number => Math.max(...bounds.map(({ than }) => than)) + 1;

class EventCount implements Measure {
  readonly #window: EventWindow;
  readonly #span: number;
  readonly #capacity: number;
  #count = 0;

  constructor(rule: Correlation) {
    this.#capacity = capacityOf(rule);
    this.#window = new EventWindow(this.#capacity);
    this.#span = rule.span;
  }

  add(_: Input, now: number): boolean {
    this.#count = this.#window.add(now, this.#span);
    return true;
  }

  measured(): number {
    return this.#count;
  }

  clear(): void {
    this.#window.clear();
    this.#count = 0;
  }

  get size(): number {
    return Math.min(this.#count, this.#capacity);
  }
}

class ValueCount implements Measure {
  readonly #window: ValueWindow;
  readonly #span: number;
  #count = 0;

  constructor(rule: Correlation) {
    this.#window = new ValueWindow(capacityOf(rule));
    this.#span = rule.span;
  }

  add({ values }: Input, now: number): boolean {
    let rest = '';
    for (let i = 1; i < values.length; i++) {
      if (values[i].count() === 0) return false;
      rest += SEPARATOR + bounded(values[i].text(0));
    }
    const [first] = values;
    const count = first.count();
    for (let i = 0; i < count; i++)
      this.#count = this.#window.add(bounded(first.text(i) + rest), now, this.#span);
    return count > 0;
  }

  measured(): number {
    return this.#count;
  }

  clear(): void {
    this.#window.clear();
    this.#count = 0;
  }

  get size(): number {
    return 2 * this.#count;
  }
}

/** Calls `take` for each number that the input's value is. @returns false when there is none */
function numbersOf({ values: [column] }: Input, take: (number: number) => void): boolean {
  let found = false;
  const count = column.count();
  for (let i = 0; i < count; i++) {
    const value = column.value(i);
    const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) continue;
    take(number);
    found = true;
  }
  return found;
}

class Sum implements Measure {
  readonly #window = new SumWindow();
  readonly #span: number;
  readonly #average: boolean;

  constructor(rule: Correlation, average: boolean) {
    this.#span = rule.span;
    this.#average = average;
  }

  add(input: Input, now: number): boolean {
    return numbersOf(input, (number) => this.#window.add(number, now, this.#span));
  }

  measured(): number {
    const { sum, count } = this.#window;
    return this.#average ? sum / count : sum;
  }

  clear(): void {
    this.#window.clear();
  }

  get size(): number {
    return this.#window.size;
  }
}

class Rank implements Measure {
  readonly #window = new RankWindow();
  readonly #span: number;
  readonly #percent: number;

  constructor(rule: Correlation) {
    this.#span = rule.span;
    this.#percent = rule.percentile ?? 50;
  }

  add(input: Input, now: number): boolean {
    return numbersOf(input, (number) => this.#window.add(number, now));
  }

  measured(now: number): number {
    return this.#window.percentile(this.#percent, now, this.#span) ?? Number.NaN;
  }

  clear(): void {
    this.#window.clear();
  }

  get size(): number {
    return this.#window.size;
  }
}

class Share implements Measure {
  readonly #window = new ShareWindow();
  readonly #span: number;
  #share = Number.NaN;

  constructor(rule: Correlation) {
    this.#span = rule.span;
  }

  add({ values: [column] }: Input, now: number): boolean {
    if (column.count() === 0) return false;
    this.#share = this.#window.add(bounded(column.text(0)), now, this.#span) ?? Number.NaN;
    return true;
  }

  measured(): number {
    return this.#share;
  }

  clear(): void {
    this.#window.clear();
  }

  get size(): number {
    return this.#window.size;
  }
}

class Met implements Measure {
  readonly #window: MetWindow;
  readonly #rule: Correlation;

  constructor(rule: Correlation) {
    this.#rule = rule;
    this.#window = new MetWindow(rule.steps);
  }

  add({ step }: Input, now: number): boolean {
    this.#window.add(step, now);
    return true;
  }

  measured(now: number): number {
    let met = 0;
    for (let step = 0; step < this.#rule.steps; step++)
      if (this.#window.isMet(step, now, this.#rule.span)) met++;
    return met;
  }

  isMet(now: number): boolean {
    return this.#rule.met?.((step) => this.#window.isMet(step, now, this.#rule.span)) ?? false;
  }

  clear(): void {
    this.#window.clear();
  }

  get size(): number {
    return this.#window.size;
  }
}

class Row implements Measure {
  readonly #window: RowWindow;
  readonly #span: number;

  constructor(rule: Correlation) {
    this.#span = rule.span;
    this.#window = new RowWindow(rule.steps);
  }

  add({ step }: Input, now: number): boolean {
    this.#window.add(step, now);
    return true;
  }

  measured(now: number): number {
    return this.#window.length(now, this.#span);
  }

  isMet(now: number): boolean {
    return this.#window.isWhole(now, this.#span);
  }

  clear(): void {
    this.#window.clear();
  }

  get size(): number {
    return this.#window.size;
  }
}

const SEPARATOR = '\u0000';
const MAX_VALUE = 256;
export const bounded = (text: string): string => (text.length > MAX_VALUE ? text.slice(0, MAX_VALUE) : text);
