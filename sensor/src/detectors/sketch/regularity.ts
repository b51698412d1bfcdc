// How regular a row of calls is, from 0 to 1: the four scores of RITA (activecm/rita, analysis/beacons.go), on a bounded set.

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** Linear interpolation between the neighbours, as spreadsheets do. `numbers` are in order. */
function quantile(numbers: readonly number[], q: number): number {
  const at = (numbers.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return numbers[low] + (numbers[high] - numbers[low]) * (at - low);
}

const median = (numbers: readonly number[]): number => quantile(sorted(numbers), 0.5);

/**
 * Symmetric and narrow is regular: Bowley's skewness and the median absolute deviation.
 * @param steady score of a set whose median is below 1, where a deviation means nothing
 */
function dispersion(numbers: readonly number[], steady: number): number {
  const order = sorted(numbers);
  const [q1, q2, q3] = [0.25, 0.5, 0.75].map((q) => quantile(order, q));
  const tight = q3 - q1 < 10 || q2 === q1 || q2 === q3;
  const skew = tight ? 0 : (q1 + q3 - 2 * q2) / (q3 - q1);
  const deviation = median(order.map((n) => Math.abs(n - q2)));
  const narrow = q2 < 1 ? steady : Math.max(0, (q2 - deviation) / q2);
  return (1 - Math.abs(skew) + narrow) / 2;
}

/** @param gaps seconds between calls, none 0 */
export const gapScore = (gaps: readonly number[]): number => dispersion(gaps, 1);

/** @param sizes bytes that each call sent */
export const sizeScore = (sizes: readonly number[]): number => dispersion(sizes, 0);

const BINS = 24;

/** Calls per 24th of the whole span. */
export function histogram(times: readonly number[]): number[] {
  const bins = new Array<number>(BINS).fill(0);
  const first = times[0];
  const span = Math.max(1e-9, times[times.length - 1] - first);
  for (const time of times) bins[Math.min(BINS - 1, Math.floor(((time - first) / span) * BINS))]++;
  return bins;
}

/** Even over the span (low coefficient of variation), or at two levels only (asleep and awake). */
export function histogramScore(bins: readonly number[]): number {
  const mean = bins.reduce((sum, n) => sum + n, 0) / bins.length;
  const sd = Math.sqrt(bins.reduce((sum, n) => sum + (n - mean) ** 2, 0) / bins.length);
  const even = mean > 0 && sd / mean <= 1 ? 1 - sd / mean : 0;
  const bars = bins.filter((n) => n > 0);
  if (bars.length < 11) return even;
  const width = Math.ceil(0.05 * Math.max(...bars));
  const levels = new Map<number, number>();
  for (const bar of bars) levels.set(Math.floor(bar / width), (levels.get(Math.floor(bar / width)) ?? 0) + 1);
  const [most = 0, second = 0] = sorted([...levels.values()]).toReversed();
  return Math.max(even, Math.min(1, (most + second) / (bars.length - 1)));
}

/** Calls in a long run of neighbouring bins; half a day of them is full score, as in RITA. */
export function durationScore(bins: readonly number[]): number {
  if (bins.filter((n) => n > 0).length < 6) return 0;
  let longest = 0;
  let run = 0;
  for (const n of [...bins, ...bins]) {
    run = n > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(1, Math.min(longest, bins.length) / 12);
}
