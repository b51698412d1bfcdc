// A hash table from 96-bit hashes to small numbers, made once and then only read: 21 bytes an entry, shared by threads.

/*
 * slot:   a (i32) | b (i32) | c (i32) | value + 1 (i32; 0 = free)       16 bytes, three slots in four are used
 * filter: two bits an entry in one word of 32, 16 to 32 bits an entry: nearly all that is asked for is not there, and
 *         most of it is known by one touch of these few megabytes.
 */
const WORDS = 4;
const BLOCK = 1 << 16;
const LOAD = 0.75;
const FILTER_BITS = 16;

const mix = (a: number, b: number): number => {
  const x = Math.imul(a ^ (b >>> 13), 0x9e3779b1);
  const y = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  return y ^ (y >>> 13);
};
const bits = (a: number, b: number): number => {
  const x = Math.imul(b ^ (a >>> 15), 0xc2b2ae35);
  return (1 << (x >>> 27)) | (1 << ((x >>> 22) & 31));
};

/** What a table is in memory; threads hand it to each other without a copy. */
export interface TableMemory {
  readonly slots: SharedArrayBuffer;
  readonly filter: SharedArrayBuffer;
  readonly size: number;
}

export class HashTable {
  readonly size: number;
  readonly #slots: Int32Array;
  readonly #filter: Int32Array;
  readonly #mask: number;
  readonly #count: number;
  readonly #scale: number;

  constructor({ slots, filter, size }: TableMemory) {
    this.size = size;
    this.#slots = new Int32Array(slots);
    this.#filter = new Int32Array(filter);
    this.#mask = this.#filter.length - 1;
    this.#count = this.#slots.length / WORDS;
    this.#scale = this.#count / 2 ** 32;
  }

  /** False for nearly everything that is not there. */
  mayHold(a: number, b: number): boolean {
    const wanted = bits(a, b);
    return (this.#filter[mix(a, b) & this.#mask] & wanted) === wanted;
  }

  /** @returns the value, or -1 */
  get(a: number, b: number, c: number): number {
    if (!this.mayHold(a, b)) return -1;
    const slots = this.#slots;
    let at = Math.floor((mix(a, b) >>> 0) * this.#scale);
    // Ends: a quarter of the slots is free.
    while (true) {
      const s = at * WORDS;
      const value = slots[s + 3];
      if (value === 0) return -1;
      if (slots[s] === a && slots[s + 1] === b && slots[s + 2] === c) return value - 1;
      if (++at === this.#count) at = 0;
    }
  }
}

/** Gathers entries, in blocks of fixed size: nothing is moved while it grows. */
export class TableBuilder {
  readonly #blocks: Int32Array[] = [];
  #count = 0;

  add(a: number, b: number, c: number, value: number): void {
    const at = this.#count % BLOCK;
    if (at === 0) this.#blocks.push(new Int32Array(BLOCK * WORDS));
    const block = this.#blocks[this.#blocks.length - 1];
    const s = at * WORDS;
    block[s] = a;
    block[s + 1] = b;
    block[s + 2] = c;
    block[s + 3] = value + 1;
    this.#count++;
  }

  /** @param both what an entry is worth that was added with two values, the earlier first */
  seal(both: (first: number, second: number) => number): TableMemory {
    const count = Math.ceil(this.#count / LOAD) + 1;
    const slots = new SharedArrayBuffer(count * WORDS * 4);
    let filterWords = 1;
    while (filterWords * 32 < this.#count * FILTER_BITS) filterWords *= 2;
    const filter = new SharedArrayBuffer(filterWords * 4);
    const [table, marks] = [new Int32Array(slots), new Int32Array(filter)];
    let size = 0;
    for (let i = 0; i < this.#count; i++) {
      const block = this.#blocks[Math.floor(i / BLOCK)];
      const s = (i % BLOCK) * WORDS;
      const [a, b, c, value] = [block[s], block[s + 1], block[s + 2], block[s + 3]];
      marks[mix(a, b) & (filterWords - 1)] |= bits(a, b);
      if (place(table, count, a, b, c, value, both)) size++;
    }
    this.#blocks.length = this.#count = 0;
    return { slots, filter, size };
  }
}

/** @returns whether it is a new entry */
function place(
  table: Int32Array,
  count: number,
  a: number,
  b: number,
  c: number,
  value: number,
  both: (first: number, second: number) => number,
): boolean {
  let at = Math.floor((mix(a, b) >>> 0) * (count / 2 ** 32));
  // Ends: there are more slots than entries.
  while (true) {
    const s = at * WORDS;
    const there = table[s + 3];
    if (there === 0) {
      table[s] = a;
      table[s + 1] = b;
      table[s + 2] = c;
      table[s + 3] = value;
      return true;
    }
    if (table[s] === a && table[s + 1] === b && table[s + 2] === c) {
      if (there !== value) table[s + 3] = both(there - 1, value - 1) + 1;
      return false;
    }
    if (++at === count) at = 0;
  }
}
