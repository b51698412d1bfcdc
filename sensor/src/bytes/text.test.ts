// Text out of bytes: what is searched, compared and copied stays inside its bounds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octets } from '../../../test/support/packets/octets.ts';
import { Gathered } from './gather.ts';
import { find, hex, hex16, latin1, lower, sameWord, startsWith, utf8, word } from './text.ts';

const ABC = octets('xxabcabcxx');

test('a byte is found inside the bounds only', () => {
  expect(find(ABC, 0x62, 2, 8)).toBe(3);
  expect(find(ABC, 0x62, 4, 8)).toBe(6);
  expect(find(ABC, 0x78, 2, 8)).toBe(-1);
  expect(find(ABC, 0x61, 5, 5)).toBe(-1);
});

test('a beginning that is cut is none', () => {
  expect(startsWith(ABC, 2, 8, word('abc'))).toBe(true);
  expect(startsWith(ABC, 5, 7, word('abc'))).toBe(false);
  expect(startsWith(ABC, 2, 8, word('abd'))).toBe(false);
});

test('words are the same in any case of ASCII, and in no other', () => {
  expect(sameWord(octets('HoSt'), 0, word('host'))).toBe(true);
  expect(sameWord(octets('h\u00efst'), 0, word('host'))).toBe(false);
  for (let byte = 0; byte < 256; byte++) {
    const isCapital = byte >= 65 && byte <= 90;
    expect(lower(byte)).toBe(isCapital ? byte + 32 : byte);
  }
});

test('hex digits', () => {
  expect(hex(Uint8Array.of(0, 15, 16, 255), 0, 4)).toBe('000f10ff');
  expect(hex(Uint8Array.of(0, 15, 16, 255), 1, 3, ':')).toBe('0f:10');
  expect(hex16(0xabc)).toBe('0abc');
});

describe('any bytes', () => {
  const inside = fc.tuple(fc.uint8Array({ maxLength: 80 }), fc.nat(80), fc.nat(80));

  test('as Latin-1 lose nothing, whatever their number and place', () => {
    fc.assert(
      fc.property(inside, ([bytes, a, b]) => {
        const [at, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
        expect(latin1(bytes, at, end)).toBe(Buffer.from(bytes).toString('latin1', at, end));
        // A view into a larger buffer, as every source hands out.
        const view = octets([1, 2, 3], bytes).subarray(3);
        expect(latin1(view, at, end)).toBe(latin1(bytes, at, end));
        expect(utf8(view, at, end)).toBe(Buffer.from(bytes).toString('utf8', at, end));
      }),
    );
  });

  test('gathered in pieces and dropped from the front are what is left', () => {
    const step = fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.nat(4000));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const gathered = new Gathered();
        let model: number[] = [];
        for (const bytes of steps) {
          if (typeof bytes === 'number') {
            const count = Math.min(bytes, model.length);
            gathered.drop(count);
            model = model.slice(count);
          } else {
            gathered.append(octets([9], bytes, [9]), 1, 1 + bytes.length);
            model.push(...bytes);
          }
        }
        expect([...gathered.bytes.subarray(0, gathered.length)]).toEqual(model);
      }),
      { numRuns: 50 },
    );
  });
});

test('views of one buffer, and many buffers in turn, each give their own text', () => {
  const buffer = octets('abcdefgh').buffer;
  const views = [0, 1, 2, 3, 4].map((at) => new Uint8Array(buffer, at, 4));
  const others = Array.from({ length: 9 }, (_, i) => octets(`buffer ${i}`));
  for (let round = 0; round < 3; round++) {
    expect(views.map((view) => latin1(view, 1, 4))).toEqual(['bcd', 'cde', 'def', 'efg', 'fgh']);
    expect(others.map((bytes) => utf8(bytes, 7, 8))).toEqual([...'012345678']);
  }
  // What was remembered is the place, not what stood there.
  views[0][1] = 0x78;
  expect(latin1(views[0], 0, 3)).toBe('axc');
});
