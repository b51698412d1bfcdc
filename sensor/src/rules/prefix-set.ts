// Whether an address lies in any of many prefixes, asked of every packet: ranges in order, found by halving.
import type { Prefix } from './prefix.ts';

/** Least and greatest address of a range. */
type Range = readonly [from: bigint, to: bigint];

function rangeOf({ words, bits }: Prefix): Range {
  const from = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return [from, from + (1n << BigInt(words.length * 32 - bits)) - 1n];
}

/** Ranges in order, none of which touches another. */
function merged(ranges: readonly Range[]): Range[] {
  const out: [bigint, bigint][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    const last = out.at(-1);
    if (last === undefined || from > last[1] + 1n) out.push([from, to]);
    else if (to > last[1]) last[1] = to;
  }
  return out;
}

/** Of one family: a column of least and one of greatest addresses, `words` numbers each. */
class Ranges {
  readonly ranges: readonly Range[];
  readonly #words: number;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;

  constructor(prefixes: readonly Prefix[], words: number) {
    this.ranges = merged(prefixes.filter((prefix) => prefix.words.length === words).map(rangeOf));
    this.#words = words;
    const column = (end: 0 | 1): Uint32Array =>
      Uint32Array.from(
        this.ranges.flatMap((range) =>
          Array.from({ length: words }, (_, i) =>
            Number((range[end] >> BigInt(32 * (words - 1 - i))) & 0xffffffffn),
          ),
        ),
      );
    this.#from = column(0);
    this.#to = column(1);
  }

  /** @param at the address's first word that counts */
  has(address: Uint32Array, at: number): boolean {
    return this.#words === 1 ? this.#hasWord(address[at]) : this.#hasWords(address, at);
  }

  #hasWord(word: number): boolean {
    const to = this.#to;
    let low = 0;
    let high = to.length;
    // Ends: each turn halves what is left.
    while (low < high) {
      const middle = (low + high) >> 1;
      if (to[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low < to.length && this.#from[low] <= word;
  }

  #hasWords(address: Uint32Array, at: number): boolean {
    const count = this.#to.length / this.#words;
    let low = 0;
    let high = count;
    // Ends: each turn halves what is left.
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(address, at, this.#to, middle) > 0) low = middle + 1;
      else high = middle;
    }
    return low < count && this.#compare(address, at, this.#from, low) >= 0;
  }

  #compare(address: Uint32Array, at: number, column: Uint32Array, range: number): number {
    const words = this.#words;
    for (let i = 0, j = range * words; i < words; i++, j++)
      if (address[at + i] !== column[j]) return address[at + i] < column[j] ? -1 : 1;
    return 0;
  }

  covers(other: Ranges): boolean {
    return other.ranges.every(([from, to]) => this.ranges.some((own) => own[0] <= from && to <= own[1]));
  }
}

export class PrefixSet {
  readonly #four: Ranges;
  readonly #six: Ranges;

  constructor(prefixes: readonly Prefix[]) {
    this.#four = new Ranges(prefixes, 1);
    this.#six = new Ranges(prefixes, 4);
  }

  get isEmpty(): boolean {
    return this.#four.ranges.length === 0 && this.#six.ranges.length === 0;
  }

  /**
   * @param version 4 or 6; an address of neither is in no prefix
   * @param words four from `at` on; an IPv4 address stands in the last of them
   */
  has(version: number, words: Uint32Array, at = 0): boolean {
    if (version === 4) return this.#four.has(words, at + 3);
    return version === 6 && this.#six.has(words, at);
  }

  /** True when every address of the other set is in this one. */
  covers(other: PrefixSet): boolean {
    return this.#four.covers(other.#four) && this.#six.covers(other.#six);
  }
}
