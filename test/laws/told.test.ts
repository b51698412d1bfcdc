// What we write of our own events, we read of others: every record of every protocol's book, there and back, is the same.
import { describe, expect, test } from 'vitest';
import { formatTime } from '../../sensor/src/bytes/time.ts';
import { EveLine } from '../../sensor/src/foreign/line.ts';
import { eventFields } from '../../sensor/src/protocols/index.ts';
import { slotFields, toldFields } from '../../sensor/src/protocols/told.ts';
import { type Eve, eveObject } from '../support/eve-object.ts';
import { sense } from '../support/sense.ts';
import { framesOf, readBooks } from './conversations/conversation.ts';

const books = await readBooks();
const line = new EveLine();

function told({ time, ...record }: Eve): Eve {
  const bytes = Buffer.from(JSON.stringify({ timestamp: formatTime(time), ...record }));
  expect(line.read(bytes, 0, bytes.length)).toBeUndefined();
  expect(line.kind).toBe('event');
  const { unnamed, mistyped } = line.reading;
  expect({ unnamed, mistyped }, JSON.stringify(record)).toEqual({ unnamed: 0, mistyped: 0 });
  return { ...eveObject(line.fields, line), time: line.time };
}

/** An empty list says nothing. */
const withoutEmpty = (event: Eve): Eve =>
  JSON.parse(JSON.stringify(event), (_, value) =>
    Array.isArray(value) && value.length === 0 ? undefined : value,
  );

describe.each([...books])('%s', (_, { spoken }) => {
  test.each(spoken.map((one) => [one.about, one] as const))('%s', (_about, one) => {
    const { events } = sense(framesOf(one));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(told(event)).toEqual(withoutEmpty(event));
  });
});

test('no two fields have one name, so each has a slot of its own', () => {
  expect(new Set(slotFields.map(({ name }) => name)).size).toBe(slotFields.length);
});

test('told fields are the schema’s: the same names, types and privacy classes, in the same order', () => {
  const shape = (fields: (typeof eventFields)[string]): object[] =>
    fields.map(({ name, type, class: privacy, isFree, aliases }) => ({
      name,
      type,
      privacy,
      isFree,
      aliases,
    }));
  expect(Object.keys(toldFields)).toEqual(Object.keys(eventFields));
  for (const [type, fields] of Object.entries(eventFields))
    expect(shape(toldFields[type]), type).toEqual(shape(fields));
});
