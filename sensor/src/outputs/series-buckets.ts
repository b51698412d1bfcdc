// Counts traffic into buckets of packet time; each bucket is written once, when its time is over.
import { formatTime } from '../bytes/time.ts';
import type { Coverage } from '../wire/coverage.ts';
import { BUCKET_SECONDS } from '../wire/scale.ts';
import type { Series } from '../wire/series.ts';

const SPAN = BUCKET_SECONDS * 1e6;

export class SeriesBuckets {
  readonly #write: (series: Series) => void;
  readonly #coverage: () => Coverage;
  #start = Number.NaN;
  #packets = 0;
  #bytes = 0;
  #flows = 0;
  #events: Record<string, number> = {};

  /** @param coverage of the time since it was asked before */
  constructor(write: (series: Series) => void, coverage: () => Coverage) {
    this.#write = write;
    this.#coverage = coverage;
  }

  packets(count: number, bytes: number): void {
    this.#packets += count;
    this.#bytes += bytes;
  }

  flow(): void {
    this.#flows++;
  }

  events(type: string, count: number): void {
    this.#events[type] = (this.#events[type] ?? 0) + count;
  }

  /** Packet time has come to `now` (µs). */
  advance(now: number): void {
    const start = Math.floor(now / SPAN) * SPAN;
    if (start === this.#start) return;
    this.flush();
    this.#start = start;
  }

  flush(): void {
    if (Number.isNaN(this.#start)) return;
    const hasEvents = Object.keys(this.#events).length > 0;
    const coverage = this.#coverage();
    // A bucket of which nothing was seen says so.
    if (this.#packets === 0 && !hasEvents && !isBlind(coverage)) return;
    this.#write({
      kind: 'series',
      bucket: formatTime(this.#start),
      seconds: BUCKET_SECONDS,
      packets: this.#packets,
      bytes: this.#bytes,
      flows: this.#flows,
      events: this.#events,
      coverage,
    });
    this.#packets = this.#bytes = this.#flows = 0;
    this.#events = {};
  }
}

const isBlind = (c: Coverage): boolean => c.dropped_kernel + c.dropped_decoder + c.shed > 0;
