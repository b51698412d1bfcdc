// STIX patterns at work: compiled when a value first leads to them, tried at the event at hand.
import type { Vocabulary } from '../fields.ts';
import type { Row, Slot } from '../row.ts';
import type { IndicatorSet } from './set.ts';
import { type Columns, type Question, questionOf, slotsOf, typesOf } from './stix-compile.ts';
import { type Observation, parsePattern } from './stix-grammar.ts';
import { leaves, usable } from './stix-plan.ts';

/** Several observations: which of them the event at hand is, and what makes them a whole. */
export interface Sequence {
  readonly pattern: number;
  readonly whole: Observation;
  /** Numbers of the observations that hold now. */
  readonly seen: readonly number[];
}

export interface Held {
  /** The pattern's text. */
  readonly text: string;
  /** Fields that it looked at. */
  readonly paths: readonly string[];
  /** Undefined where one observation is all. */
  readonly sequence: Sequence | undefined;
}

/** One observation, for one kind of event. */
interface Asked {
  readonly number: number;
  readonly ask: () => boolean;
  readonly slots: readonly Slot[];
}

interface Compiled {
  readonly whole: Observation;
  readonly byType: Map<string, readonly Asked[]>;
  /** Turn of the row at which it was tried last. */
  turn: number;
  type: string;
}

export class Patterns {
  readonly #set: IndicatorSet;
  readonly #vocabulary: Vocabulary;
  readonly #columns: (type: string) => Columns;
  readonly #compiled = new Map<number, Compiled | undefined>();

  /** @param columns where the values of an event of some kind are */
  constructor(set: IndicatorSet, vocabulary: Vocabulary, columns: (type: string) => Columns) {
    this.#set = set;
    this.#vocabulary = vocabulary;
    this.#columns = columns;
  }

  /** @returns what it says of the row's event; undefined when it does not hold, or was tried at this event already */
  try(pattern: number, type: string, row: Row): Held | undefined {
    const compiled = this.#get(pattern);
    if (compiled === undefined || (compiled.turn === row.turn && compiled.type === type)) return undefined;
    compiled.turn = row.turn;
    compiled.type = type;
    const held = this.#asked(compiled, type).filter(({ ask }) => ask());
    if (held.length === 0) return undefined;
    const paths = held.flatMap(({ slots }) =>
      slots.filter((slot) => slot.count() > 0).map(({ path }) => path),
    );
    const isAll = compiled.whole.kind === 'seen';
    return {
      text: this.#set.memory.patterns[pattern],
      paths: [...new Set(paths)],
      sequence: isAll
        ? undefined
        : { pattern, whole: compiled.whole, seen: held.map(({ number }) => number) },
    };
  }

  /** Whether it could hold for an event of this kind. */
  concerns(pattern: number, type: string): boolean {
    const compiled = this.#get(pattern);
    return compiled !== undefined && this.#asked(compiled, type).length > 0;
  }

  #get(pattern: number): Compiled | undefined {
    if (!this.#compiled.has(pattern)) {
      const whole = usable(parsePattern(this.#set.memory.patterns[pattern]));
      const isUsable = typeof whole !== 'string';
      this.#compiled.set(pattern, isUsable ? { whole, byType: new Map(), turn: -1, type: '' } : undefined);
    }
    return this.#compiled.get(pattern);
  }

  #asked(compiled: Compiled, type: string): readonly Asked[] {
    let asked = compiled.byType.get(type);
    if (asked === undefined) {
      const columns = this.#columns(type);
      asked = leaves(compiled.whole).flatMap(({ number, expression }) => {
        if (!typesOf(expression, this.#vocabulary).includes(type)) return [];
        const ask: Question = questionOf(expression, columns);
        return ask === undefined ? [] : [{ number, ask, slots: slotsOf(expression, columns) }];
      });
      compiled.byType.set(type, asked);
    }
    return asked;
  }
}
