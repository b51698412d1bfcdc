// RITA's scores on the examples that its own tests publish, and on real logs of which it says what it found.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ZeekRow, zeekLog } from '../../../../test/support/zeek-log.ts';
import { isPrivate } from '../inside.ts';
import {
  durationScore,
  gapScore,
  histogram,
  histogramScore,
  longestRun,
  type Scores,
  scoresOf,
  sizeScore,
  together,
} from './rita.ts';

const LOGS = join(import.meta.dirname, '../../../../../shared/corpora/zeek-logs/rita-proxy_rolling');
const HOUR = 3600;
const DAY = 24 * HOUR;
const times = (gaps: readonly number[]): number[] => {
  let now = 0;
  return [0, ...gaps.map((gap) => (now += gap))];
};
const gapsOf = (list: readonly number[]): number[] => list.slice(1).map((t, i) => t - list[i]);
/** Bars of which `full` next to each other hold a call. */
const bars = (full: number): number[] => Array.from({ length: 24 }, (_, i) => Number(i < full));

describe('published examples', () => {
  test.each([
    ['all the same', [1, 1, 1, 1, 1, 1, 1, 1, 1], 1],
    ['close together', [98, 99, 99, 100, 100, 100, 101, 101, 102], 0.995],
    ['two by turns', [98, 300, 98, 300, 98, 300, 98, 300, 98, 300], 0.746],
    ['at random', [1, 299, 25, 4975, 90, 2, 42, 500, 1500], 0.083],
    ['none apart', [0, 0, 0, 0], 0],
  ])('gaps: %s', (_, gaps, score) => expect(gapScore(gapsOf(times(gaps)))).toBeCloseTo(score, 9));
  test.each([
    ['one to ten', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.773],
    ['all the same', [60, 60, 60, 60, 60, 60, 60, 60, 60], 1],
    ['close together', [98, 99, 99, 100, 100, 100, 101, 101, 102], 0.995],
    ['at random', [524885, 1, 5000, 98654, 50, 41, 965842, 3], 0.008],
    ['nothing sent', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.5],
    ['two next to each other', [7, 8, 7, 8, 7, 8, 7, 8, 7], 1],
    ['too few', [100, 200], 0],
  ])('sizes: %s', (_, sizes, score) => expect(sizeScore(sizes)).toBeCloseTo(score, 9));
  test.each([
    ['a whole day', bars(24), DAY, 1],
    ['six hours in a row within half a day', bars(6), DAY / 2, 0.5],
    ['twelve hours in a row', bars(12), DAY / 2, 1],
    ['six in a row of six', bars(6), DAY / 4, 0.5],
    [
      'apart, over three quarters',
      [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
      DAY * 0.75,
      0.75,
    ],
    ['too few', bars(3), DAY / 2, 0],
  ])('duration: %s', (_, full, span, score) => expect(durationScore(full, span, DAY)).toBeCloseTo(score, 9));
  test('histograms', () => {
    const rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const list = rising.flatMap((n) => Array<number>(n).fill(n));
    expect(histogram(list, 1, 11, 10)).toEqual(rising);
    expect(histogramScore(rising, 6)).toBe(0.478);
    expect(histogram([98, 99, 99, 100, 100, 100, 101, 101, 102], 98, 102, 8)).toEqual([
      1, 0, 2, 0, 3, 0, 2, 1,
    ]);
    expect(histogramScore([1, 0, 2, 0, 3, 0, 2, 1], 6)).toBe(0.064);
    expect(histogramScore([7, 2, 1, 0, 0, 1, 0, 0, 0, 1], 6)).toBe(0);
    expect(histogramScore([4, 1, 4, 1, 4, 1, 4, 1, 4, 1], 6)).toBe(1);
    expect(histogramScore([2, 0, 3, 0, 1], 6)).toBe(0.028);
    expect(histogramScore(Array<number>(24).fill(1))).toBe(1);
    expect(histogramScore([10, ...Array<number>(23).fill(0)])).toBe(0);
    expect([
      longestRun([2, 0, 3, 0, 1]),
      longestRun([7, 2, 1, 0, 0, 1, 0, 0, 0, 1]),
      longestRun(bars(24)),
    ]).toEqual([2, 4, 24]);
  });
  test('all four together, a quarter each', () => {
    expect(together(0.1, 0.2, 0.3, 0.4).score).toBe(0.25);
    expect(together(1, 1, 1, 1).score).toBe(1);
  });
  test('three different times are too few', () => {
    expect(scoresOf([0, 60, 120], [9, 9, 9], 0, DAY)).toBeUndefined();
    expect(scoresOf([0, 0, 60, 60, 120, 120], [9, 9, 9, 9, 9, 9], 0, DAY)).toBeUndefined();
  });
});

const isThere = existsSync(LOGS);
if (!isThere) console.log('RITA logs are not beside the repository: skipped.');

describe.runIf(isThere)('two hours behind a proxy', () => {
  const conn = zeekLog(LOGS, 'conn');
  const outward = conn.filter((row) => isPrivate(row['id.orig_h']) && isOutside(row['id.resp_h']));
  const seconds = outward.map(second);
  const [from, to] = [Math.min(...seconds), Math.max(...seconds)];

  const ranked = (rows: readonly ZeekRow[], nameOf: (row: ZeekRow) => string) =>
    [...Map.groupBy(rows, nameOf)]
      .map(([pair, list]): { pair: string; count: number; scores: Scores | undefined } => ({
        pair,
        count: list.length,
        scores: scoresOf(
          list.map(second),
          list.map(({ orig_ip_bytes: n }) => Number(n)),
          from,
          to,
        ),
      }))
      .filter(({ scores }) => scores !== undefined)
      .sort((a, b) => b.scores!.score - a.scores!.score);

  test('the resolver that is asked most evenly ranks first, as RITA scores it', () => {
    const [first] = ranked(outward, (row) => `${row['id.orig_h']} ${row['id.resp_h']}`);
    expect(first).toMatchObject({ pair: '10.0.0.238 75.75.75.75', count: 1160, scores: { score: 0.673 } });
  });
  test('so does the name asked for through the proxy', () => {
    const connects = zeekLog(LOGS, 'http').filter((row) => row['method'] === 'CONNECT');
    const hosts = new Map(connects.map((row) => [row['uid'], row['host']]));
    const asked = conn.filter((row) => hosts.has(row['uid']));
    const [first] = ranked(asked, (row) => `${row['id.orig_h']} ${hosts.get(row['uid'])}`);
    expect(first).toMatchObject({
      pair: '10.0.0.111 safebrowsing.googleapis.com:443',
      count: 46,
      scores: { score: 0.624 },
    });
  });
});

function second(row: ZeekRow): number {
  return Math.floor(Number(row['ts']));
}

function isOutside(address: string): boolean {
  return !isPrivate(address) && !/^(22[4-9]|23\d)\.|^ff/.test(address);
}
