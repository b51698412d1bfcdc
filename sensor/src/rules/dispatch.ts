// Which rules an event must be shown to: those of its type, and of them only those that could hold.
/*
 * Most rules ask for a text that hardly any event has. Whole values are looked up, parts of values are found with one
 * pass over the text; only tests of which neither can be said are run on every event.
 */
import { type Literal, Prefilter } from './prefilter.ts';
import type { Row, Slot } from './row.ts';
import type { SigmaRule } from './sigma/rule.ts';
import { type File, filed } from './watched.ts';

/** What is looked for in one column. */
interface Sought {
  readonly slot: Slot;
  /** Whole values, in lower case → the files they may open. */
  readonly whole: Map<string, File[]>;
  readonly parts: Literal[];
  prefilter: Prefilter | undefined;
}

/** Rules of one event type. A rule that demands certain texts of a field is found through them. */
export class Dispatch {
  readonly #row: Row;
  readonly #rules: readonly SigmaRule[];
  readonly #always: readonly number[];
  readonly #files: readonly File[];
  /** Files that no text guards. */
  readonly #open: readonly File[];
  readonly #sought: readonly Sought[];
  readonly #found: File[] = [];
  #count = 0;
  /** Places of the rules that hold. */
  readonly #held: number[] = [];
  readonly #hold = (place: number): void => void this.#held.push(place);
  readonly #noteAt = (place: number): void => this.#note(this.#files[place]);

  constructor(row: Row, rules: readonly SigmaRule[]) {
    this.#row = row;
    const { files, always } = filed(rules);
    this.#rules = rules;
    this.#always = always;
    this.#files = files;
    this.#open = files.filter(({ guards }) => !guards);
    const sought = new Map<Slot, Sought>();
    for (const [place, file] of files.entries())
      for (const { slot, needs } of file.guards ?? []) {
        let of = sought.get(slot);
        if (!of) sought.set(slot, (of = { slot, whole: new Map(), parts: [], prefilter: undefined }));
        for (const { text, where } of needs) {
          if (where !== 'whole') of.parts.push({ text, id: place, ...(where && { where }) });
          else if (of.whole.has(text)) of.whole.get(text)!.push(file);
          else of.whole.set(text, [file]);
        }
      }
    for (const of of sought.values()) if (of.parts.length > 0) of.prefilter = new Prefilter(of.parts);
    this.#sought = [...sought.values()];
  }

  /** How many tests every event of the type is shown to, whatever stands in it. */
  get free(): number {
    return this.#always.length + this.#open.filter(({ rules }) => rules.length > 0).length;
  }

  /**
   * Calls `hit` for each rule that holds for the row's current event, in the order of the rules: where they are filed
   * depends on what came before, and what is told must not.
   * @param holds asks a rule that may hold
   */
  match(hit: (rule: SigmaRule) => void, holds: (rule: SigmaRule) => boolean = holdsNow): void {
    const held = this.#held;
    held.length = 0;
    for (const place of this.#always) if (holds(this.#rules[place])) held.push(place);
    for (const file of this.#open) if (file.rules.length > 0) file.ask(this.#hold, holds);
    this.#count = 0;
    for (const { slot, whole, prefilter } of this.#sought) {
      const count = slot.count();
      for (let i = 0; i < count; i++) {
        const text = slot.lower(i);
        if (whole.size > 0) {
          const files = whole.get(text);
          if (files !== undefined) for (const file of files) this.#note(file);
        }
        if (prefilter !== undefined) prefilter.scan(text, this.#noteAt);
      }
    }
    for (let i = 0; i < this.#count; i++) this.#found[i].ask(this.#hold, holds);
    if (held.length > 1) held.sort((a, b) => a - b);
    for (const place of held) hit(this.#rules[place]);
  }

  #note(file: File): void {
    if (file.rules.length === 0 || file.turn === this.#row.turn) return;
    file.turn = this.#row.turn;
    this.#found[this.#count++] = file;
  }
}

const holdsNow = ({ test }: SigmaRule): boolean => test.holds();
