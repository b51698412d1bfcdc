// How regular a row of calls is, from 0 to 1: the scores of RITA 5 (activecm/rita, analysis/beacons.go), written anew from
// their description. Each is rounded to three places as there, so the sums agree to the last one.

/** Shares of a whole that the four scores have, and what they are worth together. */
export interface Scores {
  /** Gaps between calls. */
  readonly ts: number;
  /** Bytes sent in each. */
  readonly ds: number;
  readonly dur: number;
  readonly hist: number;
  readonly score: number;
}

export const BINS = 24;
/** Non-empty bins from which two levels are looked for, and from which the length counts. */
const LEVELS_FROM = 11;
const LENGTH_FROM = 6;
/** A run of so many bins is as long as it need be. */
const IDEAL_RUN = 12;
/** Part of the highest bar by which two bars may differ and be of one level. */
const LEVEL = 0.05;
/** Below it quartiles are too near each other to be skew. */
const TIGHT = 10;

const round = (n: number): number => Math.round(n * 1000) / 1000;
const ascending = (a: number, b: number): number => a - b;

/** @param sorted in order · @returns the middle of `[from, to)`, NaN when it is empty */
function middle(sorted: ArrayLike<number>, from: number, to: number): number {
  const at = from + ((to - from) >> 1);
  return (to - from) % 2 === 1 ? sorted[at] : (sorted[at - 1] + sorted[at]) / 2;
}

/**
 * Symmetric and narrow is regular: Bowley's skewness and the median absolute deviation. Quartiles are the middles of both
 * halves; of an odd number the middle one belongs to neither.
 * @param numbers at least three · @param steady score of a set whose median is below 1, where a deviation means nothing
 */
function dispersion(numbers: readonly number[] | Float64Array, steady: number): number {
  const order = Float64Array.from(numbers).sort();
  const { length } = order;
  const half = length >> 1;
  const q1 = middle(order, 0, half);
  const q2 = middle(order, 0, length);
  const q3 = middle(order, length - half, length);
  const isTight = q3 - q1 < TIGHT || q2 === q1 || q2 === q3;
  const skew = isTight ? 0 : (q1 + q3 - 2 * q2) / (q3 - q1);
  for (let i = 0; i < length; i++) order[i] = Math.abs(order[i] - q2);
  const deviation = middle(order.sort(), 0, length);
  const narrow = q2 < 1 ? steady : Math.max(0, (q2 - deviation) / q2);
  return round((1 - Math.abs(skew) + narrow) / 2);
}

/** @param gaps seconds between calls; those of 0 are left out. 0 when fewer than three are left */
export function gapScore(gaps: readonly number[] | Float64Array): number {
  const apart = gaps.filter((gap) => gap > 0);
  return apart.length < 3 ? 0 : dispersion(apart, 1);
}

/** @param sizes bytes that each call sent; 0 for fewer than three */
export const sizeScore = (sizes: readonly number[] | Float64Array): number =>
  sizes.length < 3 ? 0 : dispersion(sizes, 0);

/** Calls in each of `bins` equal parts of the set; what lies at its end is in the last. */
export function histogram(times: readonly number[], from: number, to: number, bins = BINS): number[] {
  const bars = new Array<number>(bins).fill(0);
  const width = (to - from) / bins;
  for (const time of times) bars[Math.max(0, Math.min(bins - 1, Math.floor((time - from) / width)))]++;
  return bars;
}

/** Even over the set (low coefficient of variation), or at two levels only (asleep and awake). */
export function histogramScore(bars: readonly number[], levelsFrom = LEVELS_FROM): number {
  const mean = bars.reduce((sum, n) => sum + n, 0) / bars.length;
  if (mean === 0) return 0;
  const sd = Math.sqrt(bars.reduce((sum, n) => sum + (n - mean) ** 2, 0) / bars.length);
  const even = sd > mean ? 0 : round(1 - sd / mean);
  const full = bars.filter((n) => n > 0);
  if (full.length < levelsFrom) return even;
  const width = Math.ceil(LEVEL * Math.max(...full));
  const levels = new Map<number, number>();
  for (const bar of full) {
    const level = Math.floor(bar / width);
    levels.set(level, (levels.get(level) ?? 0) + 1);
  }
  const [most = 0, second = 0] = [...levels.values()].sort(ascending).reverse();
  // One bar may stand apart.
  return Math.max(even, Math.min(1, round((most + second) / Math.max(1, full.length - 1))));
}

/** @returns the longest run of bars that are not empty; the last one is followed by the first */
export function longestRun(bars: readonly number[]): number {
  let longest = 0;
  let run = 0;
  for (let i = 0; i < 2 * bars.length; i++) {
    run = bars[i % bars.length] > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(longest, bars.length);
}

const upTo1 = (n: number): number => Math.min(1, Math.ceil(n * 1000) / 1000);

/** How much of the set lies between the first call and the last, or how long they went on without a pause. */
export function durationScore(bars: readonly number[], span: number, whole: number): number {
  if (bars.filter((n) => n > 0).length < LENGTH_FROM) return 0;
  return Math.max(upTo1(span / whole), upTo1(longestRun(bars) / IDEAL_RUN));
}

export function together(ts: number, ds: number, dur: number, hist: number): Scores {
  return { ts, ds, dur, hist, score: round(0.25 * ts + 0.25 * ds + 0.25 * dur + 0.25 * hist) };
}

/**
 * @param times whole seconds of each call, in order, at least four different ones
 * @param sizes bytes that each call sent @param from first second of the set @param to its last
 * @returns undefined for fewer than four different times
 */
export function scoresOf(
  times: readonly number[],
  sizes: readonly number[],
  from: number,
  to: number,
): Scores | undefined {
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  if (gaps.filter((gap) => gap > 0).length < 3 || to <= from) return undefined;
  const bars = histogram(times, from, to);
  const span = times[times.length - 1] - times[0];
  return together(
    gapScore(gaps),
    sizeScore(sizes),
    durationScore(bars, span, to - from),
    histogramScore(bars),
  );
}
