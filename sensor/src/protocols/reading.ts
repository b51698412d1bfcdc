// The value of a field of an event, made at most once, however many rules and detectors ask for it.
import type { Event } from './event.ts';
import type { Field, Value } from './protocol.ts';
import { readField } from './told.ts';

export class Reading {
  readonly #field: Field;
  /** The event whose value is at hand. */
  #turn = 0;
  #value: Value;

  constructor(field: Field) {
    this.#field = field;
  }

  /** As a rule it is another object's members that change: so what tells events apart is their turn. */
  of(event: Event): Value {
    const { turn } = event;
    if (turn === undefined) return readField(this.#field, event);
    if (turn !== this.#turn) {
      this.#value = readField(this.#field, event);
      this.#turn = turn;
    }
    return this.#value;
  }
}

const readings = new WeakMap<Field, Reading>();

/** The one reading of a field. */
export function readingOf(field: Field): Reading {
  let reading = readings.get(field);
  if (reading === undefined) readings.set(field, (reading = new Reading(field)));
  return reading;
}

/** The same as a function. */
export function readerOf(field: Field): (event: Event) => Value {
  const reading = readingOf(field);
  return (event) => reading.of(event);
}
