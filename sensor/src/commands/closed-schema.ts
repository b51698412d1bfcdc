// The closed schema: every event type with all its fields as JSON Schema (2020-12), and what each profile lets out of it.
import { envelope } from '../protocols/envelope.ts';
import type { Field } from '../protocols/event.ts';
import { recordFields } from '../protocols/index.ts';
import { HASH_PATTERN, PROFILES, type Profile, type Treatment, treatment } from '../wire/field.ts';

const ALL = Object.keys(PROFILES) as Profile[];
const TIME = { type: 'string', format: 'date-time', description: 'Packet time.' } as const;

/** JSON Schema, as far as it is used here. */
export interface Schema {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
}

/** How a field leaves under each profile, or under one. */
export const leaving = (field: Field): Readonly<Record<Profile, Treatment>> =>
  Object.fromEntries(ALL.map((profile) => [profile, treatment(profile, field.class)])) as Record<
    Profile,
    Treatment
  >;

const VALUES = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  address: { type: 'string' },
  time: { type: 'string' },
} as const satisfies Record<Field['type'], Schema>;

/** One value, or a list of such values. A field that leaves as a hash is a text of that shape. */
function leaf(field: Field, profile: Profile | undefined): Schema {
  const value: Schema = VALUES[field.type];
  const hash: Schema = { type: 'string', pattern: HASH_PATTERN };
  const hows = profile === undefined ? Object.values(leaving(field)) : [treatment(profile, field.class)];
  const forms = [...(hows.includes('clear') ? [value] : []), ...(hows.includes('hashed') ? [hash] : [])];
  const one = forms.length === 1 ? forms[0] : { anyOf: forms };
  const isColumn = field.name.includes('[]');
  return {
    ...(isColumn ? one : { anyOf: [...forms, { type: 'array', items: one }] }),
    description: field.about,
    'x-privacy-class': field.class,
    'x-leaves': leaving(field),
    ...(field.aliases === undefined || field.aliases.length === 0 ? {} : { 'x-aliases': field.aliases }),
  };
}

/** Nested objects out of paths; `[]` marks a list of objects. */
function place(at: Schema, [part, ...rest]: readonly string[], value: Schema): void {
  const isList = part.endsWith('[]');
  const key = isList ? part.slice(0, -2) : part;
  const properties = (at.properties ??= {});
  if (rest.length === 0) {
    properties[key] = value;
    return;
  }
  const object = (): Schema => ({ type: 'object', additionalProperties: false, properties: {} });
  const next = (properties[key] ??= isList ? { type: 'array', items: object() } : object());
  place(isList ? (next['items'] as Schema) : next, rest, value);
}

function record(type: string, fields: readonly Field[], profile: Profile | undefined): Schema {
  const schema: Schema = {
    type: 'object',
    additionalProperties: false,
    required: ['timestamp', 'event_type'],
    properties: { timestamp: TIME },
  };
  for (const field of [...envelope, ...fields])
    if (profile === undefined || treatment(profile, field.class) !== 'withheld')
      place(schema, field.name.split('.'), leaf(field, profile));
  (schema.properties as Record<string, Schema>)['event_type'] = { const: type };
  return schema;
}

/** @param profile what leaves under this one alone; absent: every field there is */
export function closedSchema(profile?: Profile): Schema {
  const records = Object.entries(recordFields);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title:
      profile === undefined
        ? 'Events of yagura-sensor'
        : `Events of yagura-sensor under the profile ${profile}`,
    description: 'One line of EVE. A member that stands here nowhere is never written.',
    oneOf: records.map(([type]) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(records.map(([type, fields]) => [type, record(type, fields, profile)])),
  };
}
