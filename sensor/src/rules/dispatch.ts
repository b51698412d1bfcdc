// Which rules an event must be shown to: those of its type, and of them only those that could hold.
/*
 * Most rules ask for a text that hardly any event has. Whole values are looked up, parts of values are found with one
 * pass over the text; only rules of which neither can be said are tried on every event.
 */
import { type Literal, Prefilter } from './prefilter.ts';
import type { Row, Slot } from './row.ts';
import type { SigmaRule } from './sigma/rule.ts';
import { isLoose, type Test } from './sigma/test.ts';
import { CHEAP, partsOf, WatchedRules } from './watched.ts';

/** What is looked for in one column. */
interface Sought {
  readonly slot: Slot;
  /** Whole values, in lower case → places of rules. */
  readonly whole: Map<string, number[]>;
  readonly parts: Literal[];
  prefilter: Prefilter | undefined;
}

/** No text says which events it can hold for, or only one that stands in most. */
const isFree = (test: Test): boolean => !test.guards || isLoose(test);

/** Rules of one event type. A rule that demands certain texts of a field is found through them. */
export class Dispatch {
  readonly #row: Row;
  readonly #rules: readonly SigmaRule[];
  readonly #free: WatchedRules;
  /** By a rule's place: its parts, and the one of them that failed it last. */
  readonly #parts: readonly (readonly Test[])[];
  readonly #failed: Uint8Array;
  readonly #sought: readonly Sought[];
  /** By a rule's place: the event that it was found for last. */
  readonly #tried: Float64Array;
  #found: Int32Array;
  #count = 0;
  readonly #note = (place: number): void => {
    if (this.#tried[place] === this.#row.turn) return;
    this.#tried[place] = this.#row.turn;
    this.#found[this.#count++] = place;
  };

  constructor(row: Row, rules: readonly SigmaRule[]) {
    this.#row = row;
    this.#rules = rules;
    this.#free = new WatchedRules(rules.filter(({ test }) => isFree(test)));
    this.#parts = rules.map((rule) => (isFree(rule.test) ? [] : partsOf(rule).slice(0, 255)));
    this.#failed = new Uint8Array(rules.length);
    this.#tried = new Float64Array(rules.length).fill(-1);
    this.#found = new Int32Array(rules.length);
    const sought = new Map<Slot, Sought>();
    for (const [place, { test }] of rules.entries())
      for (const { slot, needs } of isFree(test) ? [] : (test.guards ?? [])) {
        let of = sought.get(slot);
        if (!of) sought.set(slot, (of = { slot, whole: new Map(), parts: [], prefilter: undefined }));
        for (const { text, where } of needs) {
          if (where !== 'whole') of.parts.push({ text, id: place, ...(where && { where }) });
          else if (of.whole.has(text)) of.whole.get(text)!.push(place);
          else of.whole.set(text, [place]);
        }
      }
    for (const of of sought.values()) if (of.parts.length > 0) of.prefilter = new Prefilter(of.parts);
    this.#sought = [...sought.values()];
  }

  /** How many rules every event of the type is tried with. */
  get free(): number {
    return this.#free.size;
  }

  /** Calls `hit` for each rule that holds for the row's current event. @param holds asks a rule that may hold */
  match(hit: (rule: SigmaRule) => void, holds: (rule: SigmaRule) => boolean = holdsNow): void {
    this.#free.match(hit, holds);
    this.#count = 0;
    for (const { slot, whole, prefilter } of this.#sought) {
      const count = slot.count();
      for (let i = 0; i < count; i++) {
        const text = slot.lower(i);
        if (whole.size > 0) {
          const places = whole.get(text);
          if (places !== undefined) for (const place of places) this.#note(place);
        }
        if (prefilter !== undefined) prefilter.scan(text, this.#note);
      }
    }
    for (let i = 0; i < this.#count; i++) {
      const place = this.#found[i];
      const parts = this.#parts[place];
      const failed = parts[this.#failed[place]];
      if (failed.cost <= CHEAP && !failed.holds()) continue;
      const rule = this.#rules[place];
      if (holds(rule)) hit(rule);
      else
        this.#failed[place] = Math.max(
          0,
          parts.findIndex((part) => part.cost <= CHEAP && !part.holds()),
        );
    }
  }
}

const holdsNow = ({ test }: SigmaRule): boolean => test.holds();
