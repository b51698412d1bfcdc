// Columns of a correlation: those of an event's row, and those that a correlation which fired hands to the next one.
import type { Scalar } from '../../wire/field.ts';
import type { SigmaRule } from './rule.ts';

/** What correlations read: a column of a row, or what is carried from one. */
export interface Column {
  readonly path: string;
  count(): number;
  value(i: number): Scalar;
  text(i: number): string;
}

/** One value of what fired: of its group, or of the event that made it fire, whichever rule found that. */
export class Carried implements Column {
  readonly path: string;
  readonly #from: number | ReadonlyMap<SigmaRule, Column>;
  #value: Scalar | undefined;

  constructor(path: string, from: number | ReadonlyMap<SigmaRule, Column>) {
    this.path = path;
    this.#from = from;
  }

  /** @param leaf the rule about the event, which its row still speaks of; undefined when time made it fire */
  fill(group: readonly string[], leaf: SigmaRule | undefined): void {
    const from = this.#from;
    if (typeof from === 'number') this.#value = group[from];
    else {
      const column = leaf && from.get(leaf);
      this.#value = column && column.count() > 0 ? column.value(0) : undefined;
    }
  }

  count(): number {
    return this.#value === undefined ? 0 : 1;
  }

  value(_: number): Scalar {
    return this.#value as Scalar;
  }

  text(_: number): string {
    return String(this.#value);
  }
}
