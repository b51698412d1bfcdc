// Sigma's strings: escapes and wildcards, one by one and against a plain model.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANY, compileText, ONE, parseText } from './text.ts';

test.each([
  ['plain', ['plain']],
  ['*', [ANY]],
  ['a*b?c', ['a', ANY, 'b', ONE, 'c']],
  ['a**b', ['a', ANY, 'b']],
  ['\\*', ['*']],
  ['\\?', ['?']],
  ['\\\\*', ['\\', ANY]],
  ['\\\\\\*', ['\\*']],
  ['C:\\Windows\\', ['C:\\Windows\\']],
  ['', []],
])('%s', (text, pieces) => expect(parseText(text)).toEqual(pieces));

test('matches like a model that tries everything', () => {
  const slow = (p: string, t: string): boolean => {
    if (p === '') return t === '';
    if (p[0] === '*') return slow(p.slice(1), t) || (t !== '' && slow(p, t.slice(1)));
    return t !== '' && (p[0] === '?' || p[0] === t[0]) && slow(p.slice(1), t.slice(1));
  };
  const letters = fc.constantFrom('a', 'b', '*', '?');
  fc.assert(
    fc.property(
      fc.string({ unit: letters, maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }),
      (pattern, text) => {
        expect(compileText(parseText(pattern))(text)).toBe(slow(pattern, text));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a pattern full of stars takes no time', () => {
  const start = performance.now();
  expect(compileText(parseText('*a'.repeat(50) + 'b'))('a'.repeat(16_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
});
