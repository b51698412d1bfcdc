// Contents and where they may stand: each case says what Suricata's documentation, or its engine, does.
import { expect, test } from 'vitest';
import { usual } from '../../../../test/support/signatures.ts';

const holds = (options: string, text: string): boolean => usual.holds(options, text);

test.each([
  ['content:"abc";', 'xxabcxx', true],
  ['content:"ABC";', 'xxabcxx', false],
  ['content:"ABC"; nocase;', 'xxabcxx', true],
  ['content:!"abc";', 'xxabcxx', false],
  ['content:!"abd";', 'xxabcxx', true],
  ['content:"abc"; startswith;', 'abcd', true],
  ['content:"abc"; startswith;', 'xabcd', false],
  ['content:"abc"; endswith;', 'xabc', true],
  ['content:"abc"; endswith;', 'abcabcx', false],
  ['content:"|61 62|c|3b|";', 'xabc;', true],
  // Depth counts from the offset.
  ['content:"abc"; offset:2; depth:3;', 'xxabc', true],
  ['content:"abc"; offset:2; depth:3;', 'xxxabc', false],
  ['content:"abc"; depth:3;', 'xabc', false],
  // Distance counts from the end of what was found, within from there on.
  ['content:"ab"; content:"cd"; distance:1;', 'abxcd', true],
  ['content:"ab"; content:"cd"; distance:1;', 'abcd', false],
  ['content:"ab"; content:"cd"; distance:0; within:2;', 'abcd', true],
  ['content:"ab"; content:"cd"; within:3;', 'abxcd', true],
  ['content:"ab"; content:"cd"; within:3;', 'abxxcd', false],
  ['content:"ab"; content:"ab"; distance:-2;', 'xab', true],
  // The first place that fits is not the last that is tried.
  ['content:"ab"; content:"cd"; within:2;', 'ab ab abcd', true],
  ['content:"ab"; content:!"cd"; within:2;', 'abcd abxx', true],
  ['content:"ab"; content:!"cd"; within:2;', 'abcd', false],
  // Without distance and within a content may stand anywhere, before the others too.
  ['content:"cd"; content:"ab";', 'abcd', true],
  ['content:"a"; isdataat:2,relative;', 'xabcd', true],
  ['content:"a"; isdataat:!1,relative;', 'xa', true],
  ['content:"a"; isdataat:!1,relative;', 'xab', false],
  ['bsize:3; content:"abc";', 'abc', true],
  ['bsize:>3; content:"abc";', 'abc', false],
  ['bsize:2<>5; content:"abc";', 'abc', true],
  ['content:"id="; pcre:"/^[0-9a-f]{4}$/R";', 'x?id=00ff', true],
  ['content:"id="; pcre:"/^[0-9a-f]{4}$/R";', 'x?id=00fg', false],
  ['pcre:"/\\\\/A\\x2fb$/i";', '/a/b', false],
  ['pcre:"/\\/a\\x2fb$/i";', '/A/b', true],
  ['pcre:!"/z$/";', 'abc', true],
  ['dotprefix; content:".evil.example"; endswith;', 'evil.example', true],
  ['dotprefix; content:".evil.example"; endswith;', 'notevil.example', false],
  ['to_lowercase; content:"abc";', 'xABCx', true],
  ['to_md5; content:"|90 01 50 98 3c d2 4f b0|"; startswith;', 'abc', true],
  ['strip_whitespace; content:"abc"; bsize:3;', ' a b\tc ', true],
  ['url_decode; content:"a b/";', 'a+b%2f', true],
  ['xor:"20"; content:"ABC";', 'abc', true],
  ['from_base64; content:"abc";', 'YWJj', true],
  ['from_base64: offset 2, bytes 4; content:"abc";', 'xxYWJjyy', true],
])('%s in %s: %s', (options, text, wanted) => {
  expect(holds(options, text)).toBe(wanted);
});

test('a text that repeats itself is given up, not followed for ever', () => {
  const many = Array.from({ length: 12 }, () => 'content:"a"; distance:0;').join('');
  const before = performance.now();
  expect(holds(`content:"a"; ${many} content:"b"; distance:0;`, 'a'.repeat(4000))).toBe(false);
  expect(performance.now() - before).toBeLessThan(500);
});
