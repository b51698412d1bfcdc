// How much was seen, in words' numbers: never rounded up to everything, and never down to nothing.
import type { Coverage } from 'yagura-sensor/wire';
import { percent } from './number.ts';

/** Where packets were lost, most telling first. */
export const LOSSES = ['dropped_kernel', 'dropped_decoder', 'shed'] as const;
export type Loss = (typeof LOSSES)[number];

/** `99.9 %` of a ratio just below 1: only all is `100 %`. */
export const seenPercent = (ratio: number): string =>
  ratio >= 1 ? '100 %' : `${(Math.floor(ratio * 1_000) / 10).toFixed(1)} %`;

export interface Sight {
  /** Undefined when all was seen. */
  readonly seen: string | undefined;
  readonly lost: readonly { readonly by: Loss; readonly percent: string }[];
  /** Of what was seen; undefined when nothing of it was sampled. */
  readonly sampled: string | undefined;
}

/** @returns undefined where there was no traffic to speak of */
export function sightOf(coverage: Coverage): Sight | undefined {
  const all = LOSSES.reduce((sum, loss) => sum + coverage[loss], coverage.seen);
  if (all === 0) return undefined;
  const { seen, sampled } = coverage;
  return {
    seen: seen === all ? undefined : seenPercent(seen / all),
    lost: LOSSES.filter((by) => coverage[by] > 0).map((by) => ({ by, percent: percent(coverage[by] / all) })),
    sampled: sampled > 0 && seen > 0 ? percent(Math.min(1, sampled / seen)) : undefined,
  };
}
