// What a list says of its entries: who says it, how grave and how sure it is, who may be told, how long it holds.
import { SEVERITIES, type Severity } from '../../wire/scale.ts';

/** Traffic Light Protocol 2.0; white of 1.0 is clear. */
export const TLPS = ['clear', 'green', 'amber', 'amber+strict', 'red'] as const;
export type Tlp = (typeof TLPS)[number];

/** Entries that share all of it share one. */
export interface Label {
  readonly list: string;
  readonly name: string;
  readonly severity: Severity;
  /** Percent. */
  readonly confidence: number;
  readonly tlp?: Tlp | undefined;
  /** Seconds since 1970: it holds from then, and until then. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly description?: string | undefined;
  /** Sigma tags: `attack.t1071`. */
  readonly tags?: readonly string[] | undefined;
  /** 1 + the number of the pattern that is asked when this entry is met; the entry alone says nothing then. */
  readonly pattern?: number;
}

const LIST = 0;
const NAME = 1;
const DESCRIPTION = 2;
const TAGS = 3;
/** severity | confidence << 8 | (tlp + 1) << 16 */
const SCALES = 4;
const FROM = 5;
const UNTIL = 6;
const PATTERN = 7;
/** 1 + the row of the next source that names the same value. */
const ALSO = 8;
const WORDS = 9;
const FOREVER = 0xffffffff;

/** Sources of one value beyond these are not kept. */
const MAX_SOURCES = 16;
/** All texts together; descriptions above this are left out. */
const MAX_TEXTS = 32 * 1024 * 1024;

export interface LabelMemory {
  readonly rows: SharedArrayBuffer;
  readonly texts: SharedArrayBuffer;
  readonly ends: SharedArrayBuffer;
}

/** A seconds' number as it is kept: 0 … 2³²-1. */
const seconds = (value: number | undefined, absent: number): number =>
  value === undefined ? absent : Math.min(FOREVER, Math.max(0, Math.floor(value)));

export class LabelBuilder {
  readonly #rows: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #texts = new Map<string, number>();
  #bytes = 0;
  #last: { label: Label; row: number } | undefined;

  add(label: Label): number {
    if (this.#last?.label === label) return this.#last.row;
    const { list, name, severity, confidence, tlp, description = '', tags = [], pattern = 0 } = label;
    const scales =
      SEVERITIES.indexOf(severity) |
      (confidence << 8) |
      ((tlp === undefined ? 0 : TLPS.indexOf(tlp) + 1) << 16);
    const row = this.#row([
      this.#text(list),
      this.#text(name),
      this.#bytes < MAX_TEXTS ? this.#text(description) : 0,
      this.#text(tags.join(' ')),
      scales,
      seconds(label.from, 0),
      seconds(label.until, FOREVER),
      pattern,
      0,
    ]);
    this.#last = { label, row };
    return row;
  }

  /** The row of a value that two sources name: the first one's, with the other behind it. */
  both(first: number, second: number, depth = 1): number {
    const at = first * WORDS;
    const [other, pattern] = [second * WORDS, this.#rows[second * WORDS + PATTERN]];
    const isSaid =
      this.#rows[at + LIST] === this.#rows[other + LIST] &&
      this.#rows[at + PATTERN] === pattern &&
      this.#rows[at + UNTIL] >= this.#rows[other + UNTIL] &&
      this.#rows[at + FROM] <= this.#rows[other + FROM];
    if (isSaid || depth >= MAX_SOURCES) return first;
    const also = this.#rows[at + ALSO];
    const next = also === 0 ? second : this.both(also - 1, second, depth + 1);
    const row = this.#rows.slice(at, at + WORDS);
    row[ALSO] = next + 1;
    return this.#row(row);
  }

  #row(words: readonly number[]): number {
    const key = words.join();
    let row = this.#known.get(key);
    if (row === undefined) {
      row = this.#rows.length / WORDS;
      for (const word of words) this.#rows.push(word);
      this.#known.set(key, row);
    }
    return row;
  }

  #text(text: string): number {
    if (text === '') return 0;
    let id = this.#texts.get(text);
    if (id === undefined) {
      id = this.#texts.size + 1;
      this.#texts.set(text, id);
      this.#bytes += Buffer.byteLength(text);
    }
    return id;
  }

  seal(): LabelMemory {
    const rows = new SharedArrayBuffer(this.#rows.length * 4);
    new Uint32Array(rows).set(this.#rows);
    const texts = new SharedArrayBuffer(this.#bytes);
    const ends = new SharedArrayBuffer((this.#texts.size + 1) * 4);
    const [pool, marks] = [Buffer.from(texts), new Uint32Array(ends)];
    let end = 0;
    for (const [text, id] of this.#texts) marks[id] = end += pool.write(text, end, 'utf8');
    return { rows, texts, ends };
  }
}

/** What is known of a value at some time, from all sources that hold then. */
export interface Said {
  /** The first source's words, with the highest severity and confidence and the strictest marking of all. */
  readonly label: Label;
  /** Lists that name it. */
  readonly sources: number;
}

export class Labels {
  readonly #rows: Uint32Array;
  readonly #texts: Buffer;
  readonly #ends: Uint32Array;

  constructor({ rows, texts, ends }: LabelMemory) {
    this.#rows = new Uint32Array(rows);
    this.#texts = Buffer.from(texts);
    this.#ends = new Uint32Array(ends);
  }

  /** Whether any list names the value itself, now. @param now seconds */
  holds(row: number, now: number): boolean {
    for (let next = row + 1; next !== 0; next = this.#rows[(next - 1) * WORDS + ALSO])
      if (this.#rows[(next - 1) * WORDS + PATTERN] === 0 && this.isNow(next - 1, now)) return true;
    return false;
  }

  /** Whether a pattern is to be tried where the value is met. */
  leads(row: number): boolean {
    for (let next = row + 1; next !== 0; next = this.#rows[(next - 1) * WORDS + ALSO])
      if (this.#rows[(next - 1) * WORDS + PATTERN] !== 0) return true;
    return false;
  }

  /** What plain entries say; undefined when none holds. */
  said(row: number, now: number): Said | undefined {
    let first = -1;
    let severity = 0;
    let confidence = 0;
    let tlp = 0;
    const lists = new Set<number>();
    for (let next = row + 1; next !== 0; next = this.#rows[(next - 1) * WORDS + ALSO]) {
      const at = (next - 1) * WORDS;
      if (this.#rows[at + PATTERN] !== 0 || !this.isNow(next - 1, now)) continue;
      if (first < 0) first = next - 1;
      const scales = this.#rows[at + SCALES];
      severity = Math.max(severity, scales & 255);
      confidence = Math.max(confidence, (scales >>> 8) & 255);
      tlp = Math.max(tlp, scales >>> 16);
      lists.add(this.#rows[at + LIST]);
    }
    if (first < 0) return undefined;
    const label = { ...this.label(first), severity: SEVERITIES[severity], confidence };
    return {
      label: tlp === 0 ? label : { ...label, tlp: TLPS[tlp - 1] },
      sources: lists.size,
    };
  }

  /** Numbers of the patterns that ask to be tried where this value is met. */
  patterns(row: number, now: number, found: (pattern: number, label: number) => void): void {
    for (let next = row + 1; next !== 0; next = this.#rows[(next - 1) * WORDS + ALSO]) {
      const pattern = this.#rows[(next - 1) * WORDS + PATTERN];
      if (pattern !== 0 && this.isNow(next - 1, now)) found(pattern - 1, next - 1);
    }
  }

  label(row: number): Label {
    const at = row * WORDS;
    const r = this.#rows;
    const scales = r[at + SCALES];
    const tags = this.#text(r[at + TAGS]);
    return {
      list: this.#text(r[at + LIST]),
      name: this.#text(r[at + NAME]),
      severity: SEVERITIES[scales & 255],
      confidence: (scales >>> 8) & 255,
      tlp: scales >>> 16 === 0 ? undefined : TLPS[(scales >>> 16) - 1],
      from: r[at + FROM] === 0 ? undefined : r[at + FROM],
      until: r[at + UNTIL] === FOREVER ? undefined : r[at + UNTIL],
      description: this.#text(r[at + DESCRIPTION]) || undefined,
      tags: tags === '' ? [] : tags.split(' '),
    };
  }

  /** Whether this one holds, whatever others say. */
  isNow(row: number, now: number): boolean {
    const at = row * WORDS;
    return now >= this.#rows[at + FROM] && now < this.#rows[at + UNTIL];
  }

  #text(id: number): string {
    return id === 0 ? '' : this.#texts.toString('utf8', this.#ends[id - 1], this.#ends[id]);
  }
}
