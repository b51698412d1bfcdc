// Indicators ready to be looked up: names by suffix, addresses by prefix, all else whole. Made once, shared by threads.

import type { Words } from '../prefix.ts';
import {
  beginA,
  beginB,
  beginC,
  fold,
  hashMore,
  hashName,
  hashText,
  hashWords,
  lanes,
  stepA,
  stepB,
  stepC,
} from './hash.ts';
import { type IndicatorKind, KINDS, kindNumber } from './kinds.ts';
import { type Label, LabelBuilder, type LabelMemory, Labels } from './label.ts';
import { HashTable, TableBuilder, type TableMemory } from './table.ts';

/** A set as threads hand it to each other: nothing of it is copied but a few numbers and the texts of patterns. */
export interface SetMemory {
  readonly table: TableMemory;
  readonly labels: LabelMemory;
  /** Entries by kind. */
  readonly counts: readonly number[];
  /** Prefix lengths in use, longest first: of IPv4, of IPv6. */
  readonly lengths: readonly [readonly number[], readonly number[]];
  /** STIX patterns that are more than a list of values; `labels` and `triggers` speak of them by number. */
  readonly patterns: readonly string[];
  /** Those that no value leads to: number of the pattern, row of its label. */
  readonly free: readonly (readonly [pattern: number, label: number])[];
}

const DOT = 46;
const QUERY = 63;
const HASH = 35;
/** A name on the wire has at most 253 characters. */
const MAX_NAME = 255;
const ADDRESS = kindNumber('address');
const ENDPOINT = kindNumber('endpoint');
const URL = kindNumber('url');

export class SetBuilder {
  readonly #table = new TableBuilder();
  readonly #labels = new LabelBuilder();
  readonly #counts = new Array<number>(KINDS.length).fill(0);
  readonly #lengths: [Set<number>, Set<number>] = [new Set(), new Set()];
  readonly #patterns: string[] = [];
  readonly #free: (readonly [number, number])[] = [];

  label(label: Label): number {
    return this.#labels.add(label);
  }

  /** @returns the pattern's number */
  pattern(text: string): number {
    return this.#patterns.push(text) - 1;
  }

  get patterns(): number {
    return this.#patterns.length;
  }

  get free(): number {
    return this.#free.length;
  }

  /** The pattern is tried at every event that it could hold for. */
  addFree(pattern: number, label: number): void {
    this.#free.push([pattern, label]);
  }

  /** `name` is in lower case, without a dot at either end. */
  addName(kind: IndicatorKind, name: string, label: number): void {
    hashName(kindNumber(kind), name);
    this.#add(kind, label);
  }

  addText(kind: IndicatorKind, text: string, label: number): void {
    hashText(kindNumber(kind), text);
    this.#add(kind, label);
  }

  addPrefix(words: Words, bits: number, label: number): void {
    this.#lengths[words.length === 1 ? 0 : 1].add(bits);
    hashWords(ADDRESS, words, 0, words.length, bits, 0);
    this.#add('address', label);
  }

  addEndpoint(words: Words, port: number, label: number): void {
    hashWords(ENDPOINT, words, 0, words.length, words.length * 32, port);
    this.#add('endpoint', label);
  }

  /** `host/path`, as `urlOf` makes it. */
  addUrl(url: string, label: number): void {
    const slash = url.indexOf('/');
    hashText(URL, url.slice(0, slash));
    hashMore(url, slash, url.length);
    this.#add('url', label);
  }

  #add(kind: IndicatorKind, label: number): void {
    this.#counts[kindNumber(kind)]++;
    this.#table.add(lanes[0], lanes[1], lanes[2], label);
  }

  seal(): SetMemory {
    const table = this.#table.seal((first, second) => this.#labels.both(first, second));
    const descending = (lengths: Set<number>): number[] => [...lengths].sort((a, b) => b - a);
    return {
      table,
      labels: this.#labels.seal(),
      counts: this.#counts,
      lengths: [descending(this.#lengths[0]), descending(this.#lengths[1])],
      patterns: this.#patterns,
      free: this.#free,
    };
  }
}

export const emptySet = (): IndicatorSet => new IndicatorSet(new SetBuilder().seal());

/** What a look-up gives is a row of `labels`, or -1. `now` is packet time in seconds: what does not hold then is not found. */
export class IndicatorSet {
  readonly memory: SetMemory;
  readonly labels: Labels;
  readonly #table: HashTable;
  readonly #has: readonly boolean[];
  /** Of the name found last: where the suffix begins and ends. */
  from = 0;
  end = 0;
  /** Of the prefix found last. */
  bits = 0;
  /** Rows that were met since it was emptied, and that patterns wait for. */
  readonly leading: number[] = [];
  readonly #leads: boolean;

  constructor(memory: SetMemory) {
    this.memory = memory;
    this.labels = new Labels(memory.labels);
    this.#table = new HashTable(memory.table);
    this.#has = memory.counts.map((count) => count > 0);
    this.#leads = memory.patterns.length > 0;
  }

  get size(): number {
    return this.#table.size + this.memory.free.length;
  }

  /** Whether any indicator is of this kind. */
  has(kind: IndicatorKind): boolean {
    return this.#has[kindNumber(kind)];
  }

  /** The longest suffix at a label's border: `evil.example` finds `a.evil.example`, never `notevil.example`. */
  suffix(kind: number, name: string, now: number): number {
    let end = name.length;
    if (end === 0 || end > MAX_NAME) return -1;
    if (name.charCodeAt(end - 1) === DOT) end--;
    const table = this.#table;
    let a = beginA(kind);
    let b = beginB(kind);
    let c = beginC(kind);
    let found = -1;
    for (let i = end - 1; i >= 0; i--) {
      const x = fold(name.charCodeAt(i));
      a = stepA(a, x);
      b = stepB(b, x);
      c = stepC(c, x);
      if (i > 0 && name.charCodeAt(i - 1) !== DOT) continue;
      if (!table.mayHold(a, b)) continue;
      const row = table.get(a, b, c);
      if (row < 0 || !this.#holds(row, now)) continue;
      found = row;
      this.from = i;
      this.end = end;
    }
    return found;
  }

  /** The longest prefix that holds the address: `count` words, one or four, from `at` on. */
  prefix(words: ArrayLike<number>, at: number, count: number, now: number): number {
    const lengths = this.memory.lengths[count === 1 ? 0 : 1];
    let found = -1;
    for (let i = 0; i < lengths.length; i++) {
      hashWords(ADDRESS, words, at, count, lengths[i], 0);
      const row = this.#table.get(lanes[0], lanes[1], lanes[2]);
      if (row < 0 || !this.#holds(row, now) || found >= 0) continue;
      found = row;
      this.bits = lengths[i];
      if (!this.#leads) break;
    }
    return found;
  }

  endpoint(words: ArrayLike<number>, at: number, count: number, port: number, now: number): number {
    hashWords(ENDPOINT, words, at, count, count * 32, port);
    return this.#found(now);
  }

  /** Case does not count. */
  text(kind: number, text: string, now: number): number {
    hashText(kind, text);
    return this.#found(now);
  }

  /**
   * A URL on a list holds with its query, or, where it has none, whatever the query.
   * @param host with its port unless it is the usual one
   * @param target path and query
   */
  url(host: string, target: string, now: number): number {
    hashText(URL, host);
    let end = target.length;
    let query = -1;
    for (let i = 0; i < end; i++) {
      const c = target.charCodeAt(i);
      if (c === QUERY && query < 0) query = i;
      else if (c === HASH) end = i;
    }
    if (query < 0) {
      hashMore(target, 0, end);
      return this.#found(now);
    }
    hashMore(target, 0, query);
    const short = this.#found(now);
    if (short >= 0 && !this.#leads) return short;
    hashMore(target, query, end);
    const whole = this.#found(now);
    return short >= 0 ? short : whole;
  }

  /** Whether any prefix holds the address, now or at another time. */
  hasAddress(words: Words): boolean {
    for (const bits of this.memory.lengths[words.length === 1 ? 0 : 1]) {
      hashWords(ADDRESS, words, 0, words.length, bits, 0);
      if (this.#table.get(lanes[0], lanes[1], lanes[2]) >= 0) return true;
    }
    return false;
  }

  #found(now: number): number {
    const row = this.#table.get(lanes[0], lanes[1], lanes[2]);
    return row >= 0 && this.#holds(row, now) ? row : -1;
  }

  #holds(row: number, now: number): boolean {
    if (this.#leads && this.labels.leads(row)) this.leading.push(row);
    return this.labels.holds(row, now);
  }
}
