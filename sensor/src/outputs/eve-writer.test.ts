// The compiled writer: any value becomes the JSON that a general writer would make, in the shape its paths say.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonBytes } from '../bytes/json.ts';
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import { compileWriter } from './eve-writer.ts';
import { Gate } from './gate.ts';

const field = (name: string): Field => ({
  name,
  type: 'string',
  class: 'flow',
  about: 'Made up.',
  read: (message) => (message as Record<string, Value>)[name],
});
const write = (values: Record<string, Value>) => {
  const out = new JsonBytes(1);
  out.ascii('{');
  const fields = Object.keys(values).map(field);
  const gate = new Gate({ profile: 'strict', schema: { test: fields } });
  compileWriter(gate.fields('test', fields))({ message: values } as unknown as Event, out);
  return JSON.parse(`${text(out).replace(/,$/, '')}}`);
};
const text = (out: JsonBytes): string => Buffer.from(out.bytes.subarray(0, out.at)).toString('latin1');
const quote = (string: string): string => {
  const out = new JsonBytes(1);
  out.value(string);
  return text(out).replace(/,$/, '');
};

test('any text, of any length, comes back as it was', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary', minLength: 90, maxLength: 200 }),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      expect(JSON.parse(quote(text))).toBe(text);
    }),
  );
  // A half of a surrogate pair is no character, and still must not break the line.
  for (const text of ['\ud800', '\udfff"', 'a\u0000\u001f\u007f\u0080\u2028\\"', '\n'])
    expect(JSON.parse(quote(text))).toBe(text);
  expect(quote('\n')).not.toContain('\n');
});

test('paths nest; what is undefined is not there; an empty object neither', () => {
  expect(write({ a: 1, 'b.c': 'x', 'b.d.e': true, 'f.g': undefined, h: undefined })).toEqual({
    a: 1,
    b: { c: 'x', d: { e: true } },
  });
});

test('plain lists pass over what is undefined', () => {
  expect(write({ list: ['a', undefined, 'b'], empty: [] })).toEqual({ list: ['a', 'b'], empty: [] });
});

test('columns become elements; each element holds what it has', () => {
  const values = {
    'x[].name': ['a', 'b', 'c'],
    'x[].size': [1, undefined, 3],
    'x[].deep.er': [undefined, true, undefined],
    'y[].z': undefined,
  };
  expect(write(values)).toEqual({
    x: [
      { name: 'a', size: 1 },
      { name: 'b', deep: { er: true } },
      { name: 'c', size: 3 },
    ],
  });
});

test('numbers that JSON does not know are 0', () => {
  expect(write({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: -0.5, d: 1e300 })).toEqual({
    a: 0,
    b: 0,
    c: -0.5,
    d: 1e300,
  });
});

test('fields that are absent together are asked once', () => {
  const asked: string[] = [];
  const when = (message: unknown): boolean => (message as { on: boolean }).on;
  const one = (name: string, grouped: boolean): Field => ({
    ...field(name),
    ...(grouped ? { when } : {}),
    read: () => {
      asked.push(name);
      return 1;
    },
  });
  const fields = [one('a', false), one('b.c', true), one('b.d', true), one('e', false)];
  const write = compileWriter(new Gate({ profile: 'strict', schema: { x: fields } }).fields('x', fields));
  const say = (on: boolean) => {
    asked.length = 0;
    const out = new JsonBytes(1);
    write({ message: { on } } as unknown as Event, out);
    return `{${text(out).replace(/,$/, '')}}`;
  };
  expect(JSON.parse(say(true))).toEqual({ a: 1, b: { c: 1, d: 1 }, e: 1 });
  expect(JSON.parse(say(false))).toEqual({ a: 1, e: 1 });
  expect(asked).toEqual(['a', 'e']);
});
