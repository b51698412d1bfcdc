// Our linear-time regular expressions against JavaScript's, and against patterns made to hang a backtracking engine.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRegex, RegexFault } from './parse.ts';
import { compileRegex } from './run.ts';

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };
const find = (pattern: string, text: string, flags = PLAIN) => compileRegex(pattern, flags)(text);

describe('agrees with JavaScript', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '[ab]',
    '[^a]',
    '[a-c1]',
    '\\d',
    '\\w',
    '\\s',
    '\\.',
    '^',
    '$',
    '\\b',
    '\\B',
    'é',
  );
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc
        .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?'))
        .map(([a, q]) => `(?:${a})${q}`),
    ),
  })).node;
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', '1', '_', '.', ' ', '\n', 'A', 'B', 'é'),
    maxLength: 12,
  });
  test.each(['', 'i', 'm', 's', 'ims'])('flags %j', (letters) => {
    const flags = {
      ignoreCase: letters.includes('i'),
      multiline: letters.includes('m'),
      dotAll: letters.includes('s'),
    };
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        // Case folding is ours for ASCII only.
        fc.pre(!(flags.ignoreCase && (p + t).includes('é')));
        expect(find(p, t, flags)).toBe(new RegExp(p, letters).test(t));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['^abc$', 'abc', true],
    ['^abc$', 'abc\n', false],
    ['\\?d=[0-9]{1,3}\\.[0-9]{1,3}', '/x?d=12.4', true],
    ['\\.(zip|asp)\\?', 'a.zip?', true],
    ['(?i)union(?:[ +]|%20)+select', 'x UNION%20Select', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['\\x41\\u0042', 'AB', true],
    ['', '', true],
    ['a{3}', 'aa', false],
    ['[^\\d]', '5', false],
  ])('%s on %j', (p, t, wanted) => expect(find(p, t)).toBe(wanted));
});

test.each([
  ['(?=a)', 'look-around'],
  ['(?<n>a)', 'look-around'],
  ['(a)\\1', 'subset'],
  ['\\p{L}', 'subset'],
  ['a**', 'repetition of a repetition'],
  ['*a', 'nothing to repeat'],
  ['^*', 'nothing to repeat'],
  ['(a', 'unclosed group'],
  ['a)', 'without its'],
  ['[a', 'unclosed ['],
  ['[b-a]', 'out of order'],
  ['a{3,1}', 'out of order'],
  ['a{5000}', 'above 1000'],
  ['a\\', 'backslash at the end'],
  ['\\xZ', 'digits'],
  ['(?:(?:(?:a{100}){100}){100})', 'too large'],
  ['('.repeat(60) + ')'.repeat(60), 'nested'],
  ['a'.repeat(3000), 'longer than'],
])('refuses %.30s', (pattern, reason) => {
  expect(() => compileRegex(pattern, PLAIN)).toThrow(RegexFault);
  expect(() => compileRegex(pattern, PLAIN)).toThrow(reason);
});

test('what asks for a length alone is told by it', () => {
  for (const letters of ['', 's', 'm'])
    for (const text of ['abcd', 'abcde', 'abcdef', 'ab\ncdef', 'abcde\n', '\nabcde', '']) {
      const flags = { ignoreCase: false, multiline: letters === 'm', dotAll: letters === 's' };
      expect(find('^.{5}', text, flags), text).toBe(new RegExp('^.{5}', letters).test(text));
    }
});

test('any text is read or refused with a position inside it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      try {
        parseRegex(text, PLAIN);
      } catch (error) {
        expect(error).toBeInstanceOf(RegexFault);
        expect((error as RegexFault).at).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['(a+)+$', 'a'.repeat(10_000) + 'b'],
  ['(a|aa)+$', 'a'.repeat(10_000) + 'b'],
  ['(.*a){12}$', 'a'.repeat(2_000) + 'b'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(10_000)],
  ['(x+x+)+y', 'x'.repeat(10_000)],
])('%s does not hang', (pattern, text) => {
  const search = compileRegex(pattern, PLAIN);
  const start = performance.now();
  expect(search(text)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2_000);
});
