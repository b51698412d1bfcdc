// On how much of the traffic a statement rests: packets that were looked at, and those that were not, by where they were lost.
import { type Static, Type } from 'typebox';

export { COVERAGE_SECONDS } from './scale.ts';

const Count = Type.Integer({ minimum: 0 });

/**
 * Counts of packets; of an exporter, of what it sends. All but `sampled` add up to what there was. The kernel is asked
 * once a second, so what it dropped may be told a second late: over all buckets it adds up.
 */
export const Coverage = Type.Object({
  /** Looked at. */
  seen: Count,
  /** There was no room for them before the sensor; of exporters, what their numbers say is missing. */
  dropped_kernel: Count,
  /** Their headers could not be read. */
  dropped_decoder: Count,
  /** Given up by the sensor's own order when it could not keep up, or for want of memory. */
  shed: Count,
  /** Of those seen: told by an exporter that looked at one packet of several. */
  sampled: Count,
});
export type Coverage = Static<typeof Coverage>;

/** Part of the traffic that was looked at, 0 … 1; undefined where there was none. */
export function seenShare(c: Coverage): number | undefined {
  const all = c.seen + c.dropped_kernel + c.dropped_decoder + c.shed;
  return all === 0 ? undefined : c.seen / all;
}
