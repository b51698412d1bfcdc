// One event as a row of values: each field is read at most once an event, and only when a rule asks for it.
import type { Event } from '../protocols/event.ts';
import type { Value } from '../protocols/protocol.ts';
import type { Scalar } from '../wire/field.ts';
import { parseAddress, type Words } from './prefix.ts';

export type Reader = (event: Event) => Value;

/** Longest text a rule looks at, in characters; what follows is not matched. */
export const MAX_TEXT = 16_384;

/**
 * One column of the row: `count()` values, then `value(i)`, `text(i)` and `lower(i)` for i below it. A list gives its
 * elements, an absent field gives none. The arrays are never cut, only written over: that is what makes it cheap.
 */
export class Slot {
  readonly path: string;
  /** The path, and what is made of the field. */
  readonly key: string;
  readonly #row: Row;
  readonly #read: Reader;
  #turn = -1;
  #count = 0;
  readonly #values: Scalar[] = [];
  readonly #texts: (string | undefined)[] = [];
  readonly #lower: (string | undefined)[] = [];
  /** Undefined: not asked for yet. Null: no address. */
  readonly #addresses: (Words | null | undefined)[] = [];

  constructor(row: Row, path: string, read: Reader, key: string) {
    this.#row = row;
    this.path = path;
    this.key = key;
    this.#read = read;
  }

  /** Another number for each event. */
  get turn(): number {
    return this.#row.turn;
  }

  /** How many values the field has in the row's event. */
  count(): number {
    if (this.#turn !== this.#row.turn) this.#load();
    return this.#count;
  }

  value(i: number): Scalar {
    return this.#values[i];
  }

  text(i: number): string {
    return (this.#texts[i] ??= textOf(this.#values[i]));
  }

  /** In lower case. */
  lower(i: number): string {
    return (this.#lower[i] ??= this.text(i).toLowerCase());
  }

  /** As an address; null when it is none. */
  address(i: number): Words | null {
    let address = this.#addresses[i];
    if (address === undefined) this.#addresses[i] = address = parseAddress(this.text(i)) ?? null;
    return address;
  }

  #load(): void {
    this.#turn = this.#row.turn;
    this.#count = 0;
    const value = this.#read(this.#row.event);
    if (value === undefined || value === null) return;
    if (typeof value !== 'object') this.#take(value);
    else for (const element of value) if (element !== undefined && element !== null) this.#take(element);
  }

  #take(value: Scalar): void {
    const at = this.#count++;
    this.#values[at] = value;
    this.#texts[at] = undefined;
    this.#lower[at] = undefined;
    this.#addresses[at] = undefined;
  }
}

function textOf(value: Scalar): string {
  const text = typeof value === 'string' ? value : String(value);
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
}

/** The row of one event type, shared by all rules of that type. */
export class Row {
  event!: Event;
  turn = 0;
  readonly #slots = new Map<string, Slot>();

  /** The column of a path; `read` is used when nobody asked for it before. `key` tells apart what is made of one field. */
  slot(path: string, read: Reader, key = path): Slot {
    let slot = this.#slots.get(key);
    if (!slot) this.#slots.set(key, (slot = new Slot(this, path, read, key)));
    return slot;
  }

  /** From here on the columns speak of this event. */
  at(event: Event): void {
    this.event = event;
    this.turn++;
  }
}
