// On how much of the traffic alerts and buckets rest: differences of counters that only grow, taken once a second and when asked.
import { type Counters, framesOf, undecodable } from '../counters.ts';
import type { Coverage } from '../wire/coverage.ts';
import { COVERAGE_SECONDS } from '../wire/scale.ts';

const SPAN = COVERAGE_SECONDS * 1e6;
/** seen · dropped_kernel · dropped_decoder · shed · sampled */
export const COLUMNS = 5;

interface Mark {
  /** Packet time, µs. */
  readonly time: number;
  readonly totals: Float64Array;
}

/** What has what is needed: a sensor. */
export interface Sighted {
  readonly counters: Pick<Counters, 'fates' | 'reported' | 'sampled' | 'outside'>;
  /** Conversations and packets given up for want of memory. */
  readonly streams: { readonly shed: number };
  readonly fragments: { readonly counters: { readonly shed: number } };
  readonly overload: { readonly total: number };
  /** Packets that never came. */
  readonly lost: number;
}

/** Or what several have who share the traffic. */
export interface Totals {
  /** Puts the totals so far into the columns. */
  totals(into: Float64Array): void;
}

export class Sighting implements Totals {
  readonly #of: Sighted | Totals;
  readonly #now = new Float64Array(COLUMNS);
  /** Up to where buckets were told. */
  readonly #told = new Float64Array(COLUMNS);
  /** Oldest first: one a second of the last minute, and one from before it. */
  readonly #marks: Mark[] = [];

  constructor(of: Sighted | Totals) {
    this.#of = of;
  }

  /** Packet time has come to `time` (µs); about once a second. */
  tick(time: number): void {
    const marks = this.#marks;
    const last = marks.at(-1);
    if (last !== undefined && time < last.time) marks.length = 0;
    // Ends: each turn lets one go. One at the window's beginning, or before, stays.
    while (marks.length > 1 && marks[1].time <= time - SPAN) marks.shift();
    const totals = new Float64Array(COLUMNS);
    this.totals(totals);
    marks.push({ time, totals });
  }

  /** Of the last minute, as far as it is known now. */
  recent(): Coverage {
    const [first] = this.#marks;
    return this.#since(first?.totals);
  }

  /** Since this was asked before: a bucket's own span. */
  bucket(): Coverage {
    const coverage = this.#since(this.#told);
    this.#told.set(this.#now);
    return coverage;
  }

  /** What may not be looked at is not missed; what was given up for want of memory counts once a conversation or packet. */
  totals(into: Float64Array): void {
    if ('totals' in this.#of) return this.#of.totals(into);
    const { counters, streams, fragments, overload, lost } = this.#of;
    const { total } = overload;
    const undecoded = undecodable(counters);
    into[0] = Math.max(0, framesOf(counters) + counters.reported - counters.outside - undecoded - total);
    into[1] = lost;
    into[2] = undecoded;
    into[3] = total + streams.shed + fragments.counters.shed;
    into[4] = counters.sampled;
  }

  #since(before: Float64Array | undefined): Coverage {
    const now = this.#now;
    this.totals(now);
    // A counter that went back (a source opened anew) tells nothing until it is where it was.
    const of = (i: number): number => Math.max(0, now[i] - (before?.[i] ?? 0));
    return { seen: of(0), dropped_kernel: of(1), dropped_decoder: of(2), shed: of(3), sampled: of(4) };
  }
}
