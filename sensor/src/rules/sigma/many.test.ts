// The automaton finds what one search after the other finds.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containsAny } from './many.ts';

const letters = fc.constantFrom('a', 'b', 'c', 'é', '日');
test('agrees with includes', () => {
  const texts = fc.array(fc.string({ unit: letters, minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(texts, fc.string({ unit: letters, maxLength: 12 }), (list, text) => {
      expect(containsAny(list)!(text)).toBe(list.some((one) => text.includes(one)));
    }),
    { numRuns: 1_000 },
  );
});

test('a list too large for a table is left to the plain way', () => {
  expect(
    containsAny(
      Array.from({ length: 2_000 }, (_, i) => `${'x'.repeat(100)}${String.fromCharCode(97 + (i % 26))}${i}`),
    ),
  ).toBeUndefined();
  expect(containsAny(Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + i)))).toBeUndefined();
});
