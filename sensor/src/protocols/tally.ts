// How often each of a few words was said, for records that count instead of telling everything.

/** Words beyond it are counted together. */
const MAX_WORDS = 48;
const OTHER = 'other';

export class Tally {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(word: string): void {
    const known = this.#counts.size < MAX_WORDS || this.#counts.has(word) ? word : OTHER;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
    this.total++;
  }

  /** Columns of a list of `{name, count}`; undefined when nothing was counted. */
  get names(): readonly string[] | undefined {
    return this.total === 0 ? undefined : [...this.#counts.keys()];
  }

  get counts(): readonly number[] | undefined {
    return this.total === 0 ? undefined : [...this.#counts.values()];
  }
}
