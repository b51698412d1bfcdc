// When a group's alerts came: 24 counts whose step doubles whenever the span outgrows them, so memory stays the same for ever.
import { SECOND } from '../time.ts';

export const HISTOGRAM_BINS = 24;

export interface Histogram {
  /** µs; a multiple of the step. */
  readonly from: number;
  /** Seconds: 1, 2, 4, 8 … */
  readonly step_s: number;
  /** 24 counts. */
  readonly counts: readonly number[];
}

const floorTo = (time: number, step: number): number => Math.floor(time / step) * step;

/** Adds one alert at each of `times` (µs, any order). Counts are merged, never lost. */
export function addTimes(histogram: Histogram | undefined, times: readonly number[]): Histogram {
  let first = histogram?.from ?? Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  if (histogram !== undefined) {
    // The end that matters is that of the last bin in use.
    const used = histogram.counts.findLastIndex((count) => count > 0);
    last = histogram.from + Math.max(used, 0) * histogram.step_s * SECOND;
  }
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  let step = histogram?.step_s ?? 1;
  while (last >= floorTo(first, step * SECOND) + HISTOGRAM_BINS * step * SECOND) step *= 2;
  const from = floorTo(first, step * SECOND);
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  const bin = (time: number): number => Math.floor((time - from) / (step * SECOND));
  histogram?.counts.forEach((count, i) => {
    if (count > 0) counts[bin(histogram.from + i * histogram.step_s * SECOND)] += count;
  });
  for (const time of times) counts[bin(time)]++;
  return { from, step_s: step, counts };
}
