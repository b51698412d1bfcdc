// Counts traffic into buckets of packet time; each bucket is written once, when its time is over.
import { formatTime } from '../bytes/time.ts';
import { BUCKET_SECONDS } from '../wire/scale.ts';
import type { Series } from '../wire/series.ts';

const SPAN = BUCKET_SECONDS * 1e6;

export class SeriesBuckets {
  readonly #write: (series: Series) => void;
  #start = Number.NaN;
  #packets = 0;
  #bytes = 0;
  #flows = 0;
  #events: Record<string, number> = {};

  constructor(write: (series: Series) => void) {
    this.#write = write;
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
    const hasEvents = Object.keys(this.#events).length > 0;
    if (Number.isNaN(this.#start) || (this.#packets === 0 && !hasEvents)) return;
    this.#write({
      kind: 'series',
      bucket: formatTime(this.#start),
      seconds: BUCKET_SECONDS,
      packets: this.#packets,
      bytes: this.#bytes,
      flows: this.#flows,
      events: this.#events,
    });
    this.#packets = this.#bytes = this.#flows = 0;
    this.#events = {};
  }
}
