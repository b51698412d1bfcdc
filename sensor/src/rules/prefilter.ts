// Which of many texts may stand in a text: found by a few characters of each, in time linear in the text it looks through.
/*
 * Of every literal the rarest run of four characters (of short ones two, or one) is kept in a table, with where in the
 * literal it stands. A text is gone through once; where a run of it is in the table, the literals there are compared. So
 * ten thousand literals cost a look into a table for each character, and stay in a few typed arrays: an automaton of the
 * same literals would have a hundred thousand states.
 */

/** What is looked for, in lower case, and whom to call. */
export interface Literal {
  /** Not empty; as `toLowerCase` leaves it. */
  readonly text: string;
  /** 0 or more; several literals may have the same. */
  readonly id: number;
  /** It must be all of the text, or stand at its end: what stands elsewhere is not told. */
  readonly where?: 'whole' | 'end';
}

const RUNS = [4, 2, 1] as const;
const ANYWHERE = 0;
const AT_END = 1;
const WHOLE = 2;

/** All literals with runs of one length. */
class Table {
  readonly #length: number;
  readonly #shift: number;
  /** By hash: 1 + the first entry of the chain; 0 for none. */
  readonly #first: Int32Array;
  /** Of an entry: the next of its chain, the run itself, its literal, where in that it stands. */
  readonly #next: Int32Array;
  readonly #run: Int32Array;
  readonly #text: string[] = [];
  readonly #offset: Int32Array;
  readonly #id: Int32Array;
  readonly #where: Uint8Array;

  constructor(length: number, literals: readonly Literal[]) {
    this.#length = length;
    // Four places a literal: few characters of an ordinary text meet a chain.
    const bits = Math.max(6, Math.ceil(Math.log2(literals.length * 4)));
    this.#shift = 32 - bits;
    this.#first = new Int32Array(2 ** bits);
    this.#next = new Int32Array(literals.length);
    this.#run = new Int32Array(literals.length);
    this.#offset = new Int32Array(literals.length);
    this.#id = new Int32Array(literals.length);
    this.#where = new Uint8Array(literals.length);
    const seldom = this.#frequencies(literals);
    for (const [entry, { text, id, where }] of literals.entries()) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at + length <= text.length; at++) {
        const count = seldom.get(runAt(text, at, length)) ?? 0;
        if (count < least) [best, least] = [at, count];
      }
      const run = runAt(text, best, length);
      const bucket = this.#bucket(run);
      this.#run[entry] = run;
      this.#text.push(text);
      this.#offset[entry] = best;
      this.#id[entry] = id;
      this.#where[entry] = where === 'whole' ? WHOLE : where === 'end' ? AT_END : ANYWHERE;
      this.#next[entry] = this.#first[bucket];
      this.#first[bucket] = entry + 1;
    }
  }

  /** In how many literals each run stands: ".com" tells nothing apart. */
  #frequencies(literals: readonly Literal[]): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { text } of literals)
      for (let at = 0; at + this.#length <= text.length; at++) {
        const run = runAt(text, at, this.#length);
        counts.set(run, (counts.get(run) ?? 0) + 1);
      }
    return counts;
  }

  #bucket(run: number): number {
    return Math.imul(run, 0x9e3779b1) >>> this.#shift;
  }

  scan(text: string, found: (id: number) => void): void {
    const length = this.#length;
    const first = this.#first;
    const last = text.length - length;
    const mask = length === 4 ? -1 : (1 << (8 * length)) - 1;
    let run = 0;
    for (let at = 0; at < length - 1 && at < text.length; at++) run = (run << 8) ^ text.charCodeAt(at);
    for (let at = 0; at <= last; at++) {
      run = ((run << 8) ^ text.charCodeAt(at + length - 1)) & mask;
      let entry = first[Math.imul(run, 0x9e3779b1) >>> this.#shift];
      // Ends: a chain has no circle.
      while (entry !== 0) {
        entry--;
        if (this.#run[entry] === run && this.#stands(entry, text, at)) found(this.#id[entry]);
        entry = this.#next[entry];
      }
    }
  }

  #stands(entry: number, text: string, at: number): boolean {
    const literal = this.#text[entry];
    const from = at - this.#offset[entry];
    const where = this.#where[entry];
    if (where !== ANYWHERE && from + literal.length !== text.length) return false;
    if (where === WHOLE && from !== 0) return false;
    return from >= 0 && text.startsWith(literal, from);
  }
}

/** The characters from `at` on as one number: equal runs have equal numbers. */
function runAt(text: string, at: number, length: number): number {
  const mask = length === 4 ? -1 : (1 << (8 * length)) - 1;
  let run = 0;
  for (let i = at; i < at + length; i++) run = (run << 8) ^ text.charCodeAt(i);
  return run & mask;
}

export class Prefilter {
  readonly #tables: readonly Table[];
  readonly size: number;

  constructor(literals: readonly Literal[]) {
    this.size = literals.length;
    const byLength = new Map<number, Literal[]>();
    for (const literal of literals) {
      const length = RUNS.find((run) => run <= literal.text.length) ?? 1;
      const same = byLength.get(length);
      if (same === undefined) byLength.set(length, [literal]);
      else same.push(literal);
    }
    this.#tables = [...byLength].map(([length, own]) => new Table(length, own));
  }

  /**
   * Calls `found` with the id of each literal that stands in the text; with the same id more than once when it stands
   * there twice.
   * @param text in lower case
   */
  scan(text: string, found: (id: number) => void): void {
    for (const table of this.#tables) table.scan(text, found);
  }
}
