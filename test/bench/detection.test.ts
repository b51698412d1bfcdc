// Every expected attack is found by its detector, every verdict holds, and ordinary captures are quiet: over our own and the shared captures.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadRules } from '../../sensor/src/rules/index.ts';
import { capturesOf, hasCorpora, type Judged, judge, wrongIn } from './detection-judge.ts';
import { namedCaptures } from './detection-page.ts';

const LEAST_ORDINARY = 100_000;
const LONGEST = 180_000;
const captures = capturesOf(true);
let judged: Judged;

if (!hasCorpora())
  console.log('The shared captures are not beside the repository: detection is not tried on them.');

describe.skipIf(!hasCorpora())('over all captures', () => {
  beforeAll(async () => {
    judged = await judge(captures, loadRules(join(import.meta.dirname, '../../rules')));
  }, LONGEST);

  test('verdicts name captures that are there', () => {
    const there = new Set(captures.map(({ name }) => name));
    expect(namedCaptures().filter((name) => !there.has(name))).toEqual([]);
  });
  test('every attack is told, and what is listed as missed still is', () => {
    const wrongly = judged.told.filter(
      ({ attack, row }) => (row === undefined) !== (attack.missed !== undefined),
    );
    expect(wrongly.map(({ attack }) => `${attack.capture}: ${attack.what}`)).toEqual([]);
  });
  test('every finding and every claim of a rule is told', () => expect(judged.silent).toEqual([]));
  test('fewer than one wrong alert per million ordinary packets', () => {
    const wrong = judged.rows.filter(({ verdict }) => verdict === 'wrong');
    expect(wrong.map(({ capture, title }) => `${title} at ${capture}`)).toEqual([]);
    expect(judged.ordinary).toBeGreaterThan(LEAST_ORDINARY);
    expect((wrongIn(judged.rows) * 1e6) / judged.ordinary).toBeLessThan(1);
  });
  test('our own ordinary captures raise nothing at all', () => {
    const quiet = new Set(
      captures.filter(({ isOwn, kind }) => isOwn && kind === 'benign').map(({ name }) => name),
    );
    expect(judged.rows.filter(({ capture }) => quiet.has(capture))).toEqual([]);
  });
});
