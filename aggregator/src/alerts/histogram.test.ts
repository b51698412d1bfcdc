// The histogram loses no alert and stays within 24 bins, whatever times come in whatever order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECOND } from '../time.ts';
import { addTimes, HISTOGRAM_BINS, type Histogram } from './histogram.ts';

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const times = fc.array(fc.integer({ min: 1_500_000_000, max: 1_900_000_000 }), {
  minLength: 1,
  maxLength: 30,
});

test('one alert makes steps of one second', () => {
  const { from, step_s, counts } = addTimes(undefined, [5 * SECOND + 7]);
  expect([from, step_s, counts[0], counts.length]).toEqual([5 * SECOND, 1, 1, HISTOGRAM_BINS]);
});

test('the step doubles just when the span outgrows 24 bins', () => {
  expect(addTimes(undefined, [0, 23 * SECOND]).step_s).toBe(1);
  const grown = addTimes(undefined, [0, 24 * SECOND]);
  expect(grown.step_s).toBe(2);
  expect(grown.counts[0]).toBe(1);
  expect(grown.counts[12]).toBe(1);
});

test('an earlier alert moves the beginning back', () => {
  const later = addTimes(undefined, [100 * SECOND, 110 * SECOND]);
  const { from, step_s, counts } = addTimes(later, [60 * SECOND]);
  expect([from, step_s]).toEqual([60 * SECOND, 4]);
  expect(counts[0]).toBe(1);
  expect(counts[10]).toBe(1);
  expect(counts[12]).toBe(1);
});

test('counts are merged, never lost, and all times lie inside', () => {
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (batches) => {
      let histogram: Histogram | undefined;
      for (const batch of batches)
        histogram = addTimes(
          histogram,
          batch.map((t) => t * SECOND),
        );
      const { from, step_s, counts } = histogram!;
      const all = batches.flat().map((t) => t * SECOND);
      expect(counts).toHaveLength(HISTOGRAM_BINS);
      expect(sum(counts)).toBe(all.length);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(from);
      expect(Math.max(...all)).toBeLessThan(from + HISTOGRAM_BINS * step_s * SECOND);
    }),
    { numRuns: 200 },
  );
});

test('the same times give the same counts, together or one by one', () => {
  fc.assert(
    fc.property(times, (all) => {
      const micros = all.map((t) => t * SECOND);
      const together = addTimes(undefined, micros);
      let singly: Histogram | undefined;
      for (const time of micros) singly = addTimes(singly, [time]);
      // One by one the step may have had to grow further, since bins can only be merged where they stand.
      expect(singly!.step_s).toBeGreaterThanOrEqual(together.step_s);
      if (singly!.step_s === together.step_s && singly!.from === together.from)
        expect(singly).toEqual(together);
    }),
    { numRuns: 200 },
  );
});
