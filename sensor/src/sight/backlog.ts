// How far the aggregator is behind what the sensor saw: who reads there "no alerts" reads of the past, and must be told.
import type { BlindSpans } from './blind-spans.ts';

/** Records of one lane of one run: how many it was given, and how many of them are acknowledged. */
export interface Queue {
  readonly name: string;
  readonly next: number;
  readonly acked: number;
}

/** What waits, as the uplink knows it. */
export interface Waiting {
  /** On disk. */
  readonly bytes: number;
  readonly queues: readonly Queue[];
  /** When the aggregator last answered as it should, ms since 1970; 0 before the first time. */
  readonly lastHeard: number;
}

export interface BacklogLimits {
  /** Nothing waits longer, or the aggregator is behind; 0 is never. */
  readonly seconds: number;
  readonly bytes: number;
}

/** ms. A heartbeat goes out every 10 s: less than three of them missing says nothing. */
const LEAST_SILENCE = 30_000;
/** Moments remembered of one queue; with more, every second is forgotten, and ages are known less well. */
const MOST_MOMENTS = 128;

/** When the records of a queue came, to the second: `next` as it was at a moment. */
class Ages {
  #moments: { next: number; time: number }[] = [];

  /** @returns ms since 1970 of the oldest that waits, or earlier; undefined when nothing does */
  look({ next, acked }: Queue, now: number, before: number): number | undefined {
    const moments = this.#moments;
    if ((moments.at(-1)?.next ?? 0) < next) moments.push({ next, time: moments.length === 0 ? before : now });
    // Ends: each turn lets one go. What came up to then is acknowledged.
    while (moments.length > 0 && moments[0].next <= acked + 1) moments.shift();
    if (moments.length > MOST_MOMENTS)
      this.#moments = moments.filter((_, i) => i === 0 || i % 2 === 1 || i === moments.length - 1);
    return moments[0]?.time;
  }
}

const silence = (seconds: number): number => Math.max(seconds * 1000, LEAST_SILENCE);

export class Backlog {
  readonly #spans: BlindSpans;
  readonly #limits: BacklogLimits;
  readonly #ages = new Map<string, Ages>();
  readonly #causes: { readonly old: string; readonly full: string; readonly stale: string };
  readonly #born: number;
  /** Up to when nothing was too much. */
  #looked: number;

  /** @param born when the run began, ms since 1970 */
  constructor(spans: BlindSpans, limits: BacklogLimits, born: number) {
    const { seconds, bytes } = limits;
    this.#spans = spans;
    this.#limits = limits;
    this.#born = this.#looked = born;
    this.#causes = {
      old: `records wait for the aggregator for more than ${seconds} s`,
      full: `more than ${Math.round(bytes / 1048576)} MiB wait for the aggregator`,
      stale: `the aggregator has not answered for more than ${silence(seconds) / 1000} s`,
    };
  }

  /** Once a second. @param now ms since 1970 */
  look({ bytes, queues, lastHeard }: Waiting, now: number): void {
    const { seconds, bytes: most } = this.#limits;
    if (seconds === 0) return;
    const oldest = this.#oldest(queues, now);
    const heard = lastHeard === 0 ? this.#born : lastHeard;
    this.#tell(this.#causes.old, 'backlog', now - oldest > seconds * 1000, oldest, now);
    this.#tell(this.#causes.full, 'backlog', bytes > most, this.#looked, now);
    this.#tell(this.#causes.stale, 'uplink', now - heard > silence(seconds), heard, now);
    this.#looked = now;
  }

  /** When the oldest record that waits came; now when none does. */
  #oldest(queues: readonly Queue[], now: number): number {
    let oldest = now;
    const seen = new Set<string>();
    for (const queue of queues) {
      seen.add(queue.name);
      let ages = this.#ages.get(queue.name);
      if (ages === undefined) this.#ages.set(queue.name, (ages = new Ages()));
      // What was there at the first look is of the run before, or of the time since.
      oldest = Math.min(oldest, ages.look(queue, now, Math.min(this.#looked, now)) ?? now);
    }
    for (const name of this.#ages.keys()) if (!seen.has(name)) this.#ages.delete(name);
    return oldest;
  }

  #tell(cause: string, reason: 'backlog' | 'uplink', isSo: boolean, from: number, now: number): void {
    if (isSo) this.#spans.dark(cause, reason, Math.min(from, now), now);
    else this.#spans.light(cause, now);
  }
}
