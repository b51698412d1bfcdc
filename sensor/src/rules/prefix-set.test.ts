// A set of prefixes says of every address what the prefixes say one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds, type Prefix, parsePrefix } from './prefix.ts';
import { PrefixSet } from './prefix-set.ts';

const set = (...texts: string[]): PrefixSet =>
  new PrefixSet(texts.map((text) => parsePrefix(text) as Prefix));
const wordsOf = (text: string): [version: number, words: Uint32Array] => {
  const { words } = parsePrefix(text) as Prefix;
  return words.length === 1 ? [4, Uint32Array.of(0, 0, 0, words[0])] : [6, Uint32Array.from(words)];
};

/** Few values, so that prefixes and addresses meet, and touch at their ends. */
const word = fc.constantFrom(
  0,
  1,
  0x0a000000,
  0x0a00ffff,
  0x0a010000,
  0x7fffffff,
  0x80000000,
  0xfffffffe,
  0xffffffff,
);
const four = fc.tuple(word).map(([a]) => [a]);
const six = fc.array(word, { minLength: 4, maxLength: 4 });
const text = (words: readonly number[]): string =>
  words.length === 1
    ? [24, 16, 8, 0].map((shift) => (words[0] >>> shift) & 255).join('.')
    : words
        .flatMap((one) => [one >>> 16, one & 0xffff])
        .map((half) => half.toString(16))
        .join(':');
const prefix = fc
  .tuple(fc.oneof(four, six), fc.nat(128))
  .map(([words, bits]) => parsePrefix(`${text(words)}/${bits % (words.length * 32 + 1)}`) as Prefix);

test('it holds what one of its prefixes holds, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 12 }), fc.oneof(four, six), (prefixes, words) => {
      const column = words.length === 1 ? [0, 0, 0, ...words] : words;
      const found = new PrefixSet(prefixes).has(
        words.length === 1 ? 4 : 6,
        Uint32Array.from([9, ...column]),
        1,
      );
      expect(found).toBe(prefixes.some((one) => holds(one, words)));
    }),
    { numRuns: 2000 },
  );
});

test('an address of no family is in none', () => {
  expect(set('0.0.0.0/0', '::/0').has(0, new Uint32Array(4))).toBe(false);
});

test.each([
  [['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0'], true],
  [['10.0.0.0/9', '10.128.0.0/9'], ['10.0.0.0/8'], true],
  [['10.0.0.0/9'], ['10.0.0.0/8'], false],
  [['10.0.0.0/8'], ['10.0.0.0/8', '2001:db8::/32'], false],
  [['::/0'], ['2001:db8::/32'], true],
  [[], [], true],
])('%j covers %j: %s', (one, other, covers) => {
  expect(set(...one).covers(set(...other))).toBe(covers);
});

test('the first and the last address of a network are in it, their neighbours are not', () => {
  const nets = set('10.1.0.0/16', '2001:db8:0:1::/64');
  const inside = ['10.1.0.0', '10.1.255.255', '2001:db8:0:1::', '2001:db8:0:1:ffff:ffff:ffff:ffff'];
  const outside = ['10.0.255.255', '10.2.0.0', '2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:2::'];
  expect(inside.map((address) => nets.has(...wordsOf(address)))).toEqual([true, true, true, true]);
  expect(outside.map((address) => nets.has(...wordsOf(address)))).toEqual([false, false, false, false]);
});
