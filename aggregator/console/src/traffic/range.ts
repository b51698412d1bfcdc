// The span of time on the charts: presets that end now, or a fixed span that was brushed, moved or zoomed.

/** Seconds since the epoch, both multiples of `step`; the bucket that starts at `until` is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly step: number;
}

export type Range =
  | { readonly kind: 'last'; readonly seconds: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly until: number };

export const PRESETS = [
  ['15m', 900],
  ['1h', 3_600],
  ['6h', 21_600],
  ['24h', 86_400],
  ['7d', 604_800],
  ['30d', 2_592_000],
] as const;

/** The sensors count in buckets of ten seconds; nothing finer exists. */
const STEPS = [10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400];
const MAX_POINTS = 240;
const MIN_SECONDS = 60;
const MAX_SECONDS = STEPS.at(-1)! * MAX_POINTS;

export function spanOf(range: Range, nowMs: number): Span {
  const until = range.kind === 'last' ? nowMs / 1_000 : range.until;
  const from = range.kind === 'last' ? until - range.seconds : range.from;
  const step = STEPS.find((one) => (until - from) / one <= MAX_POINTS) ?? STEPS.at(-1)!;
  return { from: Math.floor(from / step) * step, until: Math.ceil(until / step) * step, step };
}

/** Brushing: never closer than a minute, never wider than the coarsest step can show. */
export function fixed(from: number, until: number): Range {
  const middle = (from + until) / 2;
  const half = Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, until - from)) / 2;
  return { kind: 'fixed', from: middle - half, until: middle + half };
}

/** Moves by half of what is shown; -1 is earlier. */
export function moved({ from, until }: Span, direction: -1 | 1): Range {
  const by = ((until - from) / 2) * direction;
  return fixed(from + by, until + by);
}

/** Factor 0.5 halves what is shown, 2 doubles it. */
export function zoomed({ from, until }: Span, factor: number): Range {
  const middle = (from + until) / 2;
  const half = ((until - from) / 2) * factor;
  return fixed(middle - half, middle + half);
}

export const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString();
