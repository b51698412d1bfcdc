// The capture of the body's own Suricata, as its `stats` records tell of it: what it did not see, we do not see either.
import type { CaptureCounts } from '../foreign/line.ts';
import type { FeedParts } from './feed.ts';

export class Upstream {
  /** Since we came. Their kernel counts those that it dropped among its packets. */
  packets = 0;
  dropped = 0;
  readonly #lost: string;
  readonly #silent: string;
  readonly #patience: number;
  readonly #parts: Pick<FeedParts, 'spans' | 'sensor'>;
  #last: CaptureCounts | undefined;
  /** ms since 1970 of the record before, and of the last one that had new packets. */
  #since = Number.NaN;
  #alive = Number.NaN;

  constructor(
    { name, silent_seconds: seconds }: { readonly name: string; readonly silent_seconds: number },
    parts: Pick<FeedParts, 'spans' | 'sensor'>,
  ) {
    this.#lost = `${name}: packets dropped upstream, before Suricata saw them`;
    this.#silent = `${name}: Suricata runs, and has seen no packet for more than ${seconds} s`;
    this.#patience = seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY;
    this.#parts = parts;
  }

  /** @param now ms since 1970 */
  told(counts: CaptureCounts, now: number): void {
    const last = this.#last;
    this.#last = counts;
    const since = this.#since;
    this.#since = now;
    // What was counted before we came is nobody's span.
    if (last === undefined) {
      this.#alive = now;
      return;
    }
    // It was started anew, and counts from nothing.
    const isAnew = counts.packets < last.packets || counts.dropped < last.dropped;
    const packets = isAnew ? counts.packets : counts.packets - last.packets;
    const dropped = isAnew ? counts.dropped : counts.dropped - last.dropped;
    this.packets += packets;
    this.dropped += dropped;
    const { spans, sensor } = this.#parts;
    // What alerts rest on.
    sensor.counters.reported += Math.max(0, packets - dropped);
    if (dropped > 0) spans.dark(this.#lost, 'dropped', Math.min(since, now), now, dropped);
    else spans.light(this.#lost, since);
    if (packets > 0) {
      this.#alive = now;
      spans.light(this.#silent, now);
    } else if (now - this.#alive >= this.#patience) spans.dark(this.#silent, 'silent', this.#alive, now);
  }
}
