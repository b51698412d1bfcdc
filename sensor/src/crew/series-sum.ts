// Counts of one span of time from all who share the work, added up before they leave: the absolute numbers of that span.
import { BUCKET_SECONDS } from '../wire/scale.ts';
import type { Series } from '../wire/series.ts';
import { together } from './figures.ts';

/** Spans that are kept after they were told: what comes late is told again with all that came before. */
const KEPT = 6;
const SPAN = BUCKET_SECONDS * 1e6;

interface Span {
  readonly start: number;
  sum: Series;
  isTold: boolean;
}

export class SeriesSum {
  readonly #write: (series: Series) => void;
  readonly #late: number;
  /** In the order in which they began to be told. */
  #spans: Span[] = [];

  /** @param late µs by which somebody may be late with a part */
  constructor(write: (series: Series) => void, late = 0) {
    this.#write = write;
    this.#late = late;
  }

  add(part: Series): void {
    const found = this.#spans.find(({ sum }) => sum.bucket === part.bucket);
    if (found === undefined) {
      this.#spans.push({ start: Date.parse(part.bucket) * 1000, sum: part, isTold: false });
      return;
    }
    found.sum = { ...together<Series>([found.sum, part]), seconds: part.seconds };
    found.isTold = false;
  }

  /** Time has come to `now` (µs): spans that it does not fall into are over. */
  advance(now: number): void {
    if (this.#spans.length === 0) return;
    this.#tell(({ start }) => now < start - this.#late || now >= start + SPAN + this.#late);
  }

  flush(): void {
    this.#tell(() => true);
  }

  #tell(isDue: (span: Span) => boolean): void {
    for (const span of this.#spans) {
      if (span.isTold || !isDue(span)) continue;
      span.isTold = true;
      this.#write(span.sum);
    }
    if (this.#spans.length > KEPT)
      this.#spans = this.#spans.filter(({ isTold }, i) => !isTold || i >= this.#spans.length - KEPT);
  }
}
