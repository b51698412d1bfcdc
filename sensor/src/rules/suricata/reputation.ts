// Reputation of addresses, as Suricata reads it: categories with short names, and lists of address, category and score.
import { SensorError } from '../../errors.ts';
import { type Prefix, parsePrefix } from '../prefix.ts';
import { PrefixSet } from '../prefix-set.ts';

const MAX_CATEGORY = 60;
const MAX_SCORE = 127;
const MAX_ENTRIES = 2_000_000;

/** Scores of one category: a set of prefixes for each score that is given. */
class Scores {
  readonly prefixes = new Map<number, Prefix[]>();
  #sets: { readonly score: number; readonly set: PrefixSet }[] | undefined;

  /** The highest score of an address; 0 without one. */
  of(version: number, words: Uint32Array): number {
    this.#sets ??= [...this.prefixes]
      .sort(([a], [b]) => b - a)
      .map(([score, prefixes]) => ({ score, set: new PrefixSet(prefixes) }));
    return this.#sets.find(({ set }) => set.has(version, words))?.score ?? 0;
  }
}

export class Reputation {
  readonly categories = new Map<string, number>();
  readonly #scores = new Map<number, Scores>();
  #count = 0;

  add(category: number, score: number, prefix: Prefix): boolean {
    if (++this.#count > MAX_ENTRIES) return false;
    let scores = this.#scores.get(category);
    if (scores === undefined) this.#scores.set(category, (scores = new Scores()));
    const list = scores.prefixes.get(score);
    if (list === undefined) scores.prefixes.set(score, [prefix]);
    else list.push(prefix);
    return true;
  }

  score(category: number, version: number, words: Uint32Array): number {
    return this.#scores.get(category)?.of(version, words) ?? 0;
  }
}

const lines = (text: string): [number, string[]][] =>
  text
    .split('\n')
    .map((line, i): [number, string] => [i + 1, line.trim()])
    .filter(([, line]) => line !== '' && !line.startsWith('#'))
    .map(([n, line]) => [n, line.split(',').map((word) => word.trim())]);

/** `id,short name,description` a line. @throws SensorError config_invalid */
export function readCategories(file: string, text: string, into: Reputation): void {
  for (const [line, [id, name]] of lines(text)) {
    const n = Number(id);
    if (!(n >= 1 && n < MAX_CATEGORY) || !name)
      throw new SensorError('config_invalid', `${file}:${line}: a number from 1 to 59, a name, a sentence`);
    into.categories.set(name.toLowerCase(), n);
  }
}

/** `address,category,score` a line. @throws SensorError config_invalid */
export function readReputation(file: string, text: string, into: Reputation): void {
  for (const [line, [address, category, score]] of lines(text)) {
    const prefix = parsePrefix(address);
    const n = Number(score);
    if (prefix === undefined || !(Number(category) >= 1) || !(n >= 0 && n <= MAX_SCORE))
      throw new SensorError(
        'config_invalid',
        `${file}:${line}: an address, a category, a score from 0 to 127`,
      );
    if (!into.add(Number(category), n, prefix))
      throw new SensorError('config_invalid', `${file}:${line}: more than ${MAX_ENTRIES} entries`);
  }
}
