// Every attack in its plain form is told by its own detector, in every run; how far hiding helps is measured by `npm run limits`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { edgeOf, isTold } from './limits.ts';
import { page } from './table.ts';

test.each(attacks.map((attack) => [`${attack.detector}: ${attack.title}`, attack] as const))(
  '%s',
  (_, attack) => {
    for (const seed of [1, 2, 3]) expect(isTold(attack, attack.values[0], seed)).toBe(true);
  },
);

test('the page says up to where an attack is told, and where it is not', () => {
  const attack: Attack = { detector: 'd', title: 't', turned: 'u', values: [1, 2, 4, 8], play: () => {} };
  const rowOf = (...told: number[]): string | undefined =>
    page([{ attack, told }], 20).trimEnd().split('\n').at(-1);
  expect(edgeOf({ attack, told: [1, 0.5, 0.45, 1] })).toBe(2);
  expect(rowOf(1, 0.5, 0.45, 1)).toBe('| `d` | t | u | 2 (50 %) | 4 (45 %) |');
  expect(rowOf(1, 1, 1, 0.9)).toBe('| `d` | t | u | 8 (90 %) | nothing tried |');
  expect(rowOf(0.1, 1, 1, 1)).toBe('| `d` | t | u | never | 1 (10 %) |');
});

test('the page that stands in the house is of these attacks', () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
  const rows = written.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.map((row) => row.split(' | ').slice(0, 3).join(' | '))).toEqual(
    attacks.map(({ detector, title, turned }) => `| \`${detector}\` | ${title} | ${turned}`),
  );
});
