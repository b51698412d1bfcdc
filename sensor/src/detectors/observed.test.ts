// What is remembered of STIX observations stays small, and looking through it stays quick.
import { expect, test } from 'vitest';
import { parsePattern } from '../rules/indicators/stix-grammar.ts';
import { Observed } from './observed.ts';

const at = (seconds: number): number => 1.7e15 + seconds * 1e6;
const sequence = (pattern: string, ...seen: number[]) => ({ pattern: 1, whole: parsePattern(pattern), seen });

test('a thousand repeats within a minute: told at the thousandth, and not by slower ones', () => {
  const many = sequence('[a:b=1] REPEATS 1000 TIMES WITHIN 60 SECONDS', 0);
  const quick = new Observed();
  const told = Array.from({ length: 2500 }, (_, i) => quick.add(many, 'host', at(i / 100)));
  expect(told.flatMap((is, i) => (is ? i : []))).toEqual([999, 1999]);
  const slow = new Observed();
  const started = process.threadCpuUsage();
  for (let i = 0; i < 3000; i++) expect(slow.add(many, 'host', at(i))).toBe(false);
  const { user } = process.threadCpuUsage(started);
  // µs of one event, most of it looking through two thousand.
  expect(user / 3000).toBeLessThan(3_000);
});

test('each host is for itself, and another recording begins anew', () => {
  const pair = (seen: number) => sequence('[a:b=1] FOLLOWEDBY [a:b=2]', seen);
  const observed = new Observed();
  for (let i = 0; i < 100_000; i++) observed.add(pair(0), `host ${i}`, at(i / 1000));
  expect(observed.add(pair(1), 'host 7', at(100))).toBe(false);
  expect(observed.add(pair(1), 'host 99999', at(100))).toBe(true);
  observed.add(pair(0), 'x', at(1_000_000));
  expect(observed.add(pair(1), 'x', at(0))).toBe(false);
});
