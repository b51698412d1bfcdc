// Reads one field of any event by its name; the search for it is done once per kind of event.
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import { type Reading, readingOf } from '../protocols/reading.ts';

export class Look {
  readonly #name: string;
  #fields: readonly Field[] | undefined;
  #reading: Reading | undefined;

  /** @param name full EVE path, with list marks */
  constructor(name: string) {
    this.#name = name;
  }

  /** The value; undefined when the event has no such field. */
  read(event: Event): Value {
    if (event.fields !== this.#fields) {
      this.#fields = event.fields;
      const field = event.fields.find(({ name }) => name === this.#name);
      this.#reading = field && readingOf(field);
    }
    return this.#reading?.of(event);
  }

  /** The value if it is a text, or the first one of a list. */
  text(event: Event): string | undefined {
    const value = this.read(event);
    const first = typeof value === 'object' ? value[0] : value;
    return typeof first === 'string' ? first : undefined;
  }
}
