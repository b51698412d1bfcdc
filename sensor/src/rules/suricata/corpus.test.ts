// Other people's rules: every one is read, and what no Suricata takes is refused.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loaded } from '../../../../test/support/signatures.ts';
import { uncommented } from './load.ts';

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpora/rules');
const there = existsSync(CORPUS);
const suite = there ? describe : describe.skip;
if (!there) console.warn('Suricata corpora are not beside this repository: their rules are skipped.');

/** Compiled of those that are there: what is compiled today must not be less tomorrow. */
const FOLDERS: Readonly<Record<string, number>> = { 'suricata-et-open': 117, 'suricata-oisf': 59 };

suite('rules of the field', () => {
  for (const [folder, least] of Object.entries(FOLDERS))
    test(`${folder}: each is compiled, or refused with its reason`, () => {
      const path = join(CORPUS, folder);
      const texts = readdirSync(path)
        .filter((name) => name.endsWith('.rules'))
        .map((file) => ({ file, text: uncommented(readFileSync(join(path, file), 'utf8')) }));
      const { set, problems } = loaded(texts);
      expect(problems).toEqual([]);
      expect(set.count).toBeGreaterThan(250);
      expect(set.rules.length + set.refused.length).toBe(set.count);
      expect(set.rules.length).toBeGreaterThanOrEqual(least);
      for (const { why } of set.refused) expect(why).not.toBe('');
    });

  const cases: { test: string; rules: string }[] = there
    ? JSON.parse(readFileSync(join(CORPUS, 'suricata-invalid.json'), 'utf8')).cases
    : [];
  for (const { test: name, rules } of cases)
    test(`${name} is refused as invalid`, () => {
      expect(loaded(rules).problems.length).toBeGreaterThan(0);
    });
});

test('words that nobody knows are refused with the nearest, what needs payload with its reason', () => {
  const { problems, set } = loaded(`alert dns any any -> any any (dns.qery; content:"a"; sid:1;)
alert http any any -> any any (http.method; content:"GET"; http.request_body; content:"a"; sid:2;)
alert tcp any any -> any any (content:"a"; sid:3;)
alert dns any any -> any any (dns.query; content:"a"; sid:4;)
alert dns any any -> any any (dns.query; content:"b"; sid:4;)
alert dns any any -> any any (dns.query; content:"c"; sid:4; rev:2;)
alert dns any any -> any any (dns.query; pcre:"/(?=a)/"; sid:5;)`);
  expect(problems).toEqual([
    'test.rules:1:31: there is no option "dns.qery" (did you mean "dns.query"?)',
    'test.rules:5:1: 1:4 is already the number of a rule in test.rules:4',
  ]);
  expect(set.refused.map(({ line, keyword }) => [line, keyword])).toEqual([
    [2, 'http.request_body'],
    [3, 'content'],
    [7, 'pcre'],
  ]);
  expect(set.rules.map(({ sid, rev }) => [sid, rev])).toEqual([[4, 2]]);
});
