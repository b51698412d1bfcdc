// STIX patterns: what parses and what does not, what becomes values, what is asked of events, and what joins observations.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePattern } from './stix-grammar.ts';
import { planOf } from './stix-plan.ts';

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpora/intel/stix/patterns.json');

describe('grammar', () => {
  test.skipIf(!existsSync(CORPUS))(
    'every published pattern parses (skipped where they are not at hand)',
    () => {
      const { patterns } = JSON.parse(readFileSync(CORPUS, 'utf8')) as { patterns: string[] };
      expect(patterns.length).toBeGreaterThan(20);
      for (const pattern of patterns) expect(() => parsePattern(pattern)).not.toThrow();
    },
  );
  test('AND binds more than OR, OR more than FOLLOWEDBY, and a qualifier most', () => {
    const seen = (number: number) => expect.objectContaining({ kind: 'seen', number });
    expect(parsePattern('[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3] AND [a:b=4] REPEATS 2 TIMES')).toEqual({
      kind: 'then',
      of: [
        seen(0),
        {
          kind: 'or',
          of: [seen(1), { kind: 'and', of: [seen(2), { kind: 'repeats', times: 2, of: seen(3) }] }],
        },
      ],
    });
    expect(parsePattern("[a:b='1' OR a:c.'d e'[*].f='2' AND a:d NOT IN (1,2.5,true)]")).toMatchObject({
      expression: {
        kind: 'or',
        of: [
          {},
          { kind: 'and', of: [{ path: ['a', 'c', 'd e', '[*]', 'f'] }, { negated: true, operator: 'IN' }] },
        ],
      },
    });
  });
  test.each([
    ['[a:b=1', 7, 'expected "]"'],
    ['a:b=1', 1, 'expected "[" or "("'],
    ['[a:b]', 5, 'expected a comparison'],
    ['[a=1]', 3, 'expected ":"'],
    ["[a:b='x]", 6, 'no part of a pattern'],
    ['[a:b=1] WITHIN 0 SECONDS', 25, 'above 0'],
    ['[a:b=1] REPEATS 1.5 TIMES', 26, 'whole number of times'],
    ["[a:b=1] START t'x' STOP t'y'", 15, 'is no time'],
    ['[a:b=1] [a:b=2]', 9, 'FOLLOWEDBY'],
    [`${'('.repeat(60)}[a:b=1]${')'.repeat(60)}`, 34, 'nested too deep'],
  ])('%s is refused at its character', (pattern, at, what) => {
    expect(() => parsePattern(pattern)).toThrow(`pattern, character ${at}: `);
    expect(() => parsePattern(pattern)).toThrow(what);
  });
  test('any text parses or is refused, soon', () => {
    const word = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'a:b',
      '=',
      "'x'",
      '1',
      'AND',
      'OR',
      'FOLLOWEDBY',
      'WITHIN',
      'NOT',
      'IN',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((list) => list.join(' ')),
        ),
        (text) => {
          try {
            parsePattern(text);
          } catch (error) {
            expect((error as Error).message).toMatch(/^pattern, character \d+: /);
          }
        },
      ),
    );
  });
});

describe('plans', () => {
  test.each([
    ["[ipv4-addr:value = '192.0.2.1']", [['address', '192.0.2.1']]],
    ["[ipv4-addr:value ISSUBSET '192.0.2.0/24']", [['address', '192.0.2.0/24']]],
    [
      "[domain-name:value IN ('a.example', 'b.example')]",
      [
        ['domain', 'a.example'],
        ['domain', 'b.example'],
      ],
    ],
    [
      "[url:value = 'http://a.example/x'] OR [email-addr:value = 'a@b.example']",
      [
        ['url', 'http://a.example/x'],
        ['email', 'a@b.example'],
      ],
    ],
    ["[email-addr:value LIKE '%@b.example']", [['email-domain', 'b.example']]],
    ["[x-ja3:value = '0123456789abcdef0123456789abcdef']", [['ja3', '0123456789abcdef0123456789abcdef']]],
    ["[x509-certificate:hashes.'SHA-1' = 'aa']", [['cert-sha1', 'aa']]],
    ["[domain-name:value = 'a.example' OR file:hashes.MD5 = 'x']", [['domain', 'a.example']]],
  ])('%s is a list of values', (pattern, wanted) =>
    expect(planOf(pattern)).toEqual({
      is: 'values',
      values: wanted.map(([kind, value]) => ({ kind, value })),
    }),
  );
  test.each([
    [
      "[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']",
      ['a.example'],
    ],
    ["[network-traffic:dst_ref.value = '192.0.2.1']", ['192.0.2.1']],
    [
      "[url:value = 'http://a.example/'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.1']",
      ['http://a.example/', '192.0.2.1'],
    ],
    ["[domain-name:value LIKE '%evil%']", undefined],
    ["[domain-name:value != 'a.example']", undefined],
    ["[ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES WITHIN 60 SECONDS", ['192.0.2.1']],
  ])('%s is asked where a value leads to it', (pattern, values) =>
    expect(planOf(pattern)).toMatchObject({
      is: 'pattern',
      values: values?.map((value) => expect.objectContaining({ value })),
    }),
  );
  test.each([
    ["[file:hashes.'SHA-256' = 'aa']", 'the sensor reads no files'],
    ["[file:hashes.MD5 = 'x' AND ipv4-addr:value = '192.0.2.1']", 'the sensor reads no files'],
    ["[process:name = 'x'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.1']", 'seen on machines'],
    ["[windows-registry-key:key = 'x']", 'seen on machines'],
    ["[x509-certificate:hashes.MD5 = 'x']", 'the sensor makes SHA-1 and SHA-256'],
    ["[network-traffic:dst_ref.type = 'ipv4-addr']", 'hold for everything'],
    ['[foo:bar = 1]', '"foo:bar": nothing that the sensor looks at'],
  ])('%s says why it is of no use', (pattern, why) =>
    expect(planOf(pattern)).toEqual({ is: 'unseen', why: expect.stringContaining(why) }),
  );
});
