// The reader of lines: takes what JSON.parse takes, refuses what it refuses, and makes no text of what nobody asked for.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slotOf } from '../protocols/told.ts';
import { MAX_TEXT, saidSlot } from './names.ts';
import { type Fault, MAX_DEPTH, MAX_ITEMS, Reading } from './reading.ts';

const reading = new Reading();
/** Between other bytes: whoever looks beyond the end is caught. */
function read(text: string | Uint8Array): Fault | undefined {
  const inside = Buffer.from(text as string);
  const bytes = Buffer.concat([Buffer.from('}]"'), inside, Buffer.from('1}"]')]);
  return reading.read(bytes, 3, 3 + inside.length);
}

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

describe('JSON', () => {
  test.each([
    ...[
      '{}',
      ' { } ',
      '{"a":[]}',
      '{"a":[1,-0,1.5e+9,"",null,true,false,{}]}',
      '{"a":"\\u00e9\\n\\/"}',
      '{"é":"漢"}',
    ],
    ...[
      '',
      '[]',
      '1',
      '"a"',
      '{',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{,}',
      '{"a":01}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":+1}',
    ],
    ...[
      '{"a":1e}',
      '{"a":-}',
      '{"a":tru}',
      '{"a":nul',
      '{"a":"\\x"}',
      '{"a":"\\u12g4"}',
      '{"a":"\t"}',
      '{"a":"',
      '{"a":"\\',
    ],
    ...[
      '{"a":"\\u00',
      '{"a":[1,]}',
      '{"a":[1 2]}',
      '{"a":1}{',
      '{"a":1} x',
      '{a:1}',
      "{'a':1}",
      '{"a":NaN}',
      '{"a":[}',
    ],
  ])('%j is taken if JSON.parse takes it', (text) => {
    expect(read(text) === undefined).toBe(isObject(text));
  });

  test('any object is taken, whatever is in it; cut anywhere it is not', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        expect(read(text)).toBeUndefined();
        const bytes = Buffer.from(text);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(read(short)).toBe('syntax');
      }),
      { numRuns: 500 },
    );
  });

  test('texts come out as JSON.parse has them', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
        (text) => {
          expect(read(JSON.stringify({ tls: { sni: text } }))).toBeUndefined();
          expect(reading.values[slotOf('tls.sni')]).toBe(JSON.parse(JSON.stringify(text)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('nesting is bounded, within what is passed over too', () => {
  const nested = (depth: number): string => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  expect(read(nested(MAX_DEPTH))).toBeUndefined();
  expect(read(nested(MAX_DEPTH + 1))).toBe('depth');
  expect(read(`{"x":${'{"a":'.repeat(100_000)}`)).toBe('depth');
});

test('values are taken by name, and checked against the type of the field', () => {
  expect(
    read(
      '{"tls":{"sni":7,"version":"TLS 1.3","ja3":{"hash":"abc","other":{"deep":1}}},"http":{"status":"200"},"dns":"x",' +
        '"src_ip":"1.2.3","dest_ip":"2001:db8::1","src_port":1.5,"payload":"c2VjcmV0","flow":{"start":"yesterday"}}',
    ),
  ).toBeUndefined();
  const { values } = reading;
  expect(values[slotOf('tls.version')]).toBe('TLS 1.3');
  expect(values[slotOf('tls.ja3.hash')]).toBe('abc');
  expect(values[saidSlot('dest_ip')]).toBe('2001:db8::1');
  for (const name of ['tls.sni', 'http.status', 'flow.start'])
    expect(values[slotOf(name)], name).toBeUndefined();
  expect(values[saidSlot('src_ip')]).toBeUndefined();
  expect(reading).toMatchObject({ unnamed: 2, mistyped: 6 });
  // The next line knows nothing of this one.
  read('{}');
  expect(reading.values.filter((value) => value !== undefined)).toEqual([]);
  expect(reading).toMatchObject({ unnamed: 0, mistyped: 0 });
});

test('lists become columns of one length with gaps, and are bounded', () => {
  read('{"dns":{"answers":[{"rrname":"a","ttl":1},{"rrname":"b"},{"rrname":"c","ttl":3,"rdata":["x"]}]}}');
  expect(reading.values[slotOf('dns.answers[].rrname')]).toEqual(['a', 'b', 'c']);
  expect(reading.values[slotOf('dns.answers[].ttl')]).toEqual([1, undefined, 3]);
  expect(reading.mistyped).toBe(1);
  const many = Array.from({ length: 1000 }, (_, i) => ({ rrname: String(i) }));
  read(JSON.stringify({ dns: { answers: many }, vlan: many.map((_, i) => i) }));
  expect(reading.values[slotOf('dns.answers[].rrname')]).toHaveLength(MAX_ITEMS);
  expect(reading.values[saidSlot('vlan')]).toHaveLength(MAX_ITEMS);
});

test('a long text is cut, in whichever way it is written', () => {
  for (const character of ['a', 'é', '\n', '漢']) {
    read(JSON.stringify({ tls: { sni: character.repeat(5000) } }));
    expect(reading.values[slotOf('tls.sni')]).toBe(character.repeat(MAX_TEXT));
  }
});

test('names of JavaScript’s own are no names', () => {
  expect(
    read('{"__proto__":{"sni":"x"},"constructor":{"prototype":{"a":1}},"tls":{"__proto__":{"b":1}}}'),
  ).toBeUndefined();
  expect(reading.unnamed).toBe(3);
  expect(({} as Record<string, unknown>)['sni']).toBeUndefined();
});
