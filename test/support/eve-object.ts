// An event as the object that its EVE line says, put together the plain way: what compiled writers are held against.
import type { Event } from '../../sensor/src/protocols/event.ts';
import type { Field, Value } from '../../sensor/src/protocols/protocol.ts';

/** One EVE record. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of whatever shape; tests name what they expect of it
export type Eve = Record<string, any>;

export function eveObject(fields: readonly Field[], event: Event): Eve {
  const record: Eve = {};
  for (const field of fields) {
    const value = field.read(event.message, event);
    if (value !== undefined) place(record, field.name.split('.'), value);
  }
  return record;
}

/** Puts a value at the end of a path; behind `[]` each of its items goes into an element of its own. */
function place(at: Eve, [part, ...rest]: readonly string[], value: Exclude<Value, undefined>): void {
  if (part.endsWith('[]')) {
    const list: Eve[] = (at[part.slice(0, -2)] ??= []);
    for (const [i, item] of (value as readonly Value[]).entries()) {
      list[i] ??= {};
      if (item !== undefined) place(list[i], rest, item);
    }
  } else if (rest.length > 0) place((at[part] ??= {}), rest, value);
  else at[part] = typeof value === 'object' ? value.filter((item) => item !== undefined) : value;
}
