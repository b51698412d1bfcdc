// A table from keys to slots, and columns of numbers that hang on it: thousands of entries without an object for each.
//
// It begins small and doubles up to its cap. Then somebody who was not asked for lately makes room (the clock: a hand goes
// around, takes the mark of whoever was touched since it last came by, and puts out the first one without). An entry is
// born without a mark, so a storm of keys that never return puts out its own kind, not those who are counted.
import { getRandomValues } from 'node:crypto';
import type { Key } from './key.ts';

type Cells = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** `width` cells for each slot; those of a new entry are 0. */
export interface Column<Kind extends Cells = Cells> {
  /** Another array after the table grew. */
  cells: Kind;
  readonly width: number;
}

/** All entries of a table, as it is saved. */
export interface SavedSlots {
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** In the order in which the table made them. */
  readonly columns: readonly Cells[];
}

const FIRST = 64;
/** Where keys land differs from run to run, and shows nowhere: nobody can prepare keys that all land in one place. */
const [SALT] = getRandomValues(new Uint32Array(1));

export class Slots {
  /** Entries put out because the table was full, or memory short. */
  evicted = 0;
  size = 0;
  /** The last `claim` made an entry. */
  isNew = false;
  readonly cap: number;
  #capacity: number;
  #high: Int32Array;
  #low: Int32Array;
  #touched: Uint8Array;
  /** Slot + 1, where its key's hash points, or behind; twice as many places as slots. */
  #index: Int32Array;
  #hand = 0;
  readonly #columns: Column[] = [];

  /** @param cap most entries, at least 1 */
  constructor(cap: number) {
    this.cap = Math.max(1, Math.floor(cap));
    this.#capacity = Math.min(this.cap, FIRST);
    this.#high = new Int32Array(this.#capacity);
    this.#low = new Int32Array(this.#capacity);
    this.#touched = new Uint8Array(this.#capacity);
    this.#index = new Int32Array(placesFor(this.#capacity));
  }

  bytes(width = 1): Column<Uint8Array> {
    return this.#column(new Uint8Array(this.#capacity * width), width);
  }
  shorts(width = 1): Column<Uint16Array> {
    return this.#column(new Uint16Array(this.#capacity * width), width);
  }
  words(width = 1): Column<Uint32Array> {
    return this.#column(new Uint32Array(this.#capacity * width), width);
  }
  floats(width = 1): Column<Float64Array> {
    return this.#column(new Float64Array(this.#capacity * width), width);
  }

  /** @returns the key's slot, -1 when there is none; no touch */
  find(key: Key): number {
    return this.#index[this.#placeOf(key.high, key.low)] - 1;
  }

  /** @returns the key's slot, made when absent: `isNew` tells */
  claim(key: Key): number {
    const { high, low } = key;
    let place = this.#placeOf(high, low);
    const known = this.#index[place] - 1;
    this.isNew = known < 0;
    if (known >= 0) {
      this.#touched[known] = 1;
      return known;
    }
    let slot = this.size;
    if (slot === this.#capacity && slot < this.cap) {
      this.#resize(Math.min(this.cap, slot * 2));
      place = this.#placeOf(high, low);
    }
    if (slot === this.cap) {
      slot = this.#putOut();
      place = this.#placeOf(high, low);
    } else this.size++;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#touched[slot] = 0;
    this.#index[place] = slot + 1;
    return slot;
  }

  /** Memory is short: forgets who was not touched lately, half of all at least, and gives their room back. */
  age(): void {
    const before = this.size;
    const most = before >> 1;
    let kept = 0;
    for (let slot = 0; slot < before && kept < most; slot++)
      if (this.#touched[slot] === 1) this.#move(slot, kept++);
    this.evicted += before - kept;
    for (const { cells, width } of this.#columns) cells.fill(0, kept * width, before * width);
    this.size = kept;
    this.#hand = 0;
    this.#touched.fill(0);
    let capacity = Math.min(this.cap, FIRST);
    while (capacity < kept) capacity = Math.min(this.cap, capacity * 2);
    this.#resize(capacity);
  }

  /** Copies of all entries. */
  saved(): SavedSlots {
    const { size } = this;
    return {
      high: this.#high.slice(0, size),
      low: this.#low.slice(0, size),
      columns: this.#columns.map(({ cells, width }) => cells.slice(0, size * width)),
    };
  }

  /** Takes the entries of another table with the same columns, in the place of its own. */
  restore({ high, low, columns }: SavedSlots): void {
    const size = Math.min(high.length, this.cap);
    let capacity = Math.min(this.cap, FIRST);
    while (capacity < size) capacity = Math.min(this.cap, capacity * 2);
    this.size = 0;
    this.#resize(capacity);
    this.#touched.fill(0);
    this.#high.set(high.subarray(0, size));
    this.#low.set(low.subarray(0, size));
    for (const [i, { cells, width }] of this.#columns.entries())
      cells.set(columns[i].subarray(0, size * width));
    this.size = size;
    this.#resize(capacity);
  }

  #column<Kind extends Cells>(cells: Kind, width: number): Column<Kind> {
    const column = { cells, width };
    this.#columns.push(column);
    return column;
  }

  /** Where the key's slot is noted, or would be. Ends: at most every second place is taken. */
  #placeOf(high: number, low: number): number {
    const mask = this.#index.length - 1;
    let place = spread(high, low) & mask;
    for (let slot = this.#index[place] - 1; slot >= 0; slot = this.#index[place] - 1) {
      if (this.#low[slot] === low && this.#high[slot] === high) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  /** @returns the slot that is free now, its columns empty */
  #putOut(): number {
    // Ends after two rounds: the first takes all marks.
    while (this.#touched[this.#hand] === 1) {
      this.#touched[this.#hand] = 0;
      this.#hand = (this.#hand + 1) % this.cap;
    }
    const slot = this.#hand;
    this.#hand = (slot + 1) % this.cap;
    this.evicted++;
    this.#unlink(this.#placeOf(this.#high[slot], this.#low[slot]));
    // A call of `fill` costs more than a few cells do.
    for (const { cells, width } of this.#columns)
      if (width > 8) cells.fill(0, slot * width, (slot + 1) * width);
      else for (let i = slot * width; i < (slot + 1) * width; i++) cells[i] = 0;
    return slot;
  }

  /** Frees a place; those behind it that would no longer be found move up. */
  #unlink(freed: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    let hole = freed;
    let place = (hole + 1) & mask;
    while (index[place] !== 0) {
      const slot = index[place] - 1;
      const home = spread(this.#high[slot], this.#low[slot]) & mask;
      // Its way from home leads over the hole.
      if (((place - home) & mask) >= ((place - hole) & mask)) {
        index[hole] = index[place];
        hole = place;
      }
      place = (place + 1) & mask;
    }
    index[hole] = 0;
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    this.#high[to] = this.#high[from];
    this.#low[to] = this.#low[from];
    for (const { cells, width } of this.#columns)
      cells.copyWithin(to * width, from * width, (from + 1) * width);
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    this.#high = sized(this.#high, capacity);
    this.#low = sized(this.#low, capacity);
    this.#touched = sized(this.#touched, capacity);
    for (const column of this.#columns) column.cells = sized(column.cells, capacity * column.width);
    this.#index = new Int32Array(placesFor(capacity));
    for (let slot = 0; slot < this.size; slot++)
      this.#index[this.#placeOf(this.#high[slot], this.#low[slot])] = slot + 1;
  }
}

const placesFor = (capacity: number): number => 2 ** Math.ceil(Math.log2(capacity * 2));

function spread(high: number, low: number): number {
  let h = Math.imul(low ^ SALT, 0x85ebca6b) ^ high;
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return h ^ (h >>> 13);
}

function sized<Kind extends Cells | Int32Array>(cells: Kind, length: number): Kind {
  const made = new (cells.constructor as new (length: number) => Kind)(length);
  made.set(length < cells.length ? cells.subarray(0, length) : cells);
  return made;
}
