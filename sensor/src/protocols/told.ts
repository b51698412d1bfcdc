// What somebody else's sensor said of an event, by the names of our fields: values instead of bytes. No other name gets in.

import type { FieldSpec } from '../wire/field.ts';
import { envelope } from './envelope.ts';
import type { Event, Field, Value } from './event.ts';
import { recordFields } from './index.ts';

/** Every field that can be told, without the envelope's: those are of the flow. */
const fields: readonly Field[] = [...new Set(Object.values(recordFields).flat())];
const slots = new Map(fields.map(({ name }, slot) => [name, slot]));

/** Name, type and so on of the field in each slot. */
export const slotFields: readonly Field[] = fields;

/** Where the value of a field stands in `Told.values`. @returns -1 when no field of our schema is called so */
export const slotOf = (name: FieldSpec['name']): number => slots.get(name) ?? -1;

/** The message of a told event. */
export interface Told {
  /** By slot; undefined where nothing was said. */
  readonly values: readonly Value[];
  /** Another thread of ours saw it, and these of Suricata's rules may hold for it. */
  readonly signatures?: readonly string[] | undefined;
}

const twins = new Map(
  fields.map((field, slot): [Field, Field] => {
    // Quicker ways to write a value know only the bytes of a packet.
    const { write: _write, when: _when, column: _column, ...spec } = field;
    return [field, { ...spec, read: (told) => (told as Told).values[slot] }];
  }),
);

/** Event type → its fields as they are read of a told event, the envelope's first. What `Event.fields` carries then. */
export const toldFields: Readonly<Record<string, readonly Field[]>> = Object.fromEntries(
  Object.entries(recordFields).map(([type, own]) => [
    type,
    [...envelope, ...own.map((field) => twins.get(field) as Field)],
  ]),
);

/** The value of a field of our schema, whoever saw the event. */
export const readField = (field: Field, event: Event): Value =>
  (event.isTold ? (twins.get(field) ?? field) : field).read(event.message, event);
