// Short forms in which a protocol writes its fields: the prefix once, the class `protocol` unless it says otherwise.
import type { Field, Value } from './event.ts';

type More = Partial<Pick<Field, 'class' | 'aliases'>>;
type Write<M> = (name: string, about: string, read: (m: M) => Value, more?: More) => Field<M>;

/** @param prefix the protocol's word; the names that follow stand below it */
export function describe<M>(prefix: string): { text: Write<M>; number: Write<M>; flag: Write<M> } {
  const write =
    (type: 'string' | 'integer' | 'boolean'): Write<M> =>
    (name, about, read, more) => ({
      name: `${prefix}.${name}`,
      type,
      class: more?.class ?? 'protocol',
      ...(more?.aliases === undefined ? {} : { aliases: more.aliases }),
      about,
      read,
    });
  return { text: write('string'), number: write('integer'), flag: write('boolean') };
}

type Of<M> = (
  path: string,
  type: Field['type'],
  fieldClass: Field['class'],
  about: string,
  read: (m: M) => Value,
) => Field<M>;

/** The same for protocols whose fields are of many classes: each names its own. */
export const fieldsOf =
  <M>(prefix: string): Of<M> =>
  (path, type, fieldClass, about, read) => ({
    name: `${prefix}.${path}`,
    type,
    class: fieldClass,
    about,
    read,
  });
