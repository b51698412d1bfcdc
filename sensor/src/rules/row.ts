// One event as a row of values: each field is read at most once an event, and only when a rule asks for it.
import type { Event } from '../protocols/event.ts';
import type { Value } from '../protocols/protocol.ts';
import type { Scalar } from '../wire/field.ts';

export type Reader = (event: Event) => Value;

/** Longest text a rule looks at, in characters; what follows is not matched. */
export const MAX_TEXT = 16_384;

/** One column of the row. Lists give their elements, absent fields give none. */
export class Slot {
  readonly path: string;
  readonly #row: Row;
  readonly #read: Reader;
  #turn = -1;
  #lowerTurn = -1;
  readonly #values: Scalar[] = [];
  readonly #texts: string[] = [];
  readonly #lower: string[] = [];

  constructor(row: Row, path: string, read: Reader) {
    this.#row = row;
    this.path = path;
    this.#read = read;
  }

  #load(): void {
    if (this.#turn === this.#row.turn) return;
    this.#turn = this.#row.turn;
    const value = this.#read(this.#row.event);
    this.#values.length = this.#texts.length = 0;
    if (value === undefined || value === null) return;
    if (typeof value === 'object') {
      for (const element of value) if (element !== undefined && element !== null) this.#values.push(element);
    } else this.#values.push(value);
    for (const element of this.#values) {
      const text = typeof element === 'string' ? element : String(element);
      this.#texts.push(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
    }
  }

  values(): readonly Scalar[] {
    this.#load();
    return this.#values;
  }

  /** Values as text. */
  texts(): readonly string[] {
    this.#load();
    return this.#texts;
  }

  /** Values as text in lower case. */
  lowered(): readonly string[] {
    this.#load();
    if (this.#lowerTurn !== this.#turn) {
      this.#lowerTurn = this.#turn;
      this.#lower.length = 0;
      for (const text of this.#texts) this.#lower.push(text.toLowerCase());
    }
    return this.#lower;
  }
}

/** The row of one event type, shared by all rules of that type. */
export class Row {
  event!: Event;
  turn = 0;
  readonly #slots = new Map<string, Slot>();

  /** The column of a path; `read` is used when nobody asked for it before. `key` tells apart what is made of one field. */
  slot(path: string, read: Reader, key = path): Slot {
    let slot = this.#slots.get(key);
    if (!slot) this.#slots.set(key, (slot = new Slot(this, path, read)));
    return slot;
  }

  /** From here on the columns speak of this event. */
  at(event: Event): void {
    this.event = event;
    this.turn++;
  }
}
