// The contract of a time-series store: counts per bucket of packet time. Never an address or a person in a label.
export const METRICS = ['packets', 'bytes', 'flows', 'events', 'alerts', 'coverage'] as const;
export type Metric = (typeof METRICS)[number];
/** By what a metric may be split; `type` for events and coverage (its members), `severity` for alerts. */
export const SPLITS = ['sensor', 'type', 'severity'] as const;
export type Split = (typeof SPLITS)[number];

/** The count of one bucket. */
export interface Point {
  readonly metric: Metric;
  readonly body: string;
  readonly sensor: string;
  /** Event type, member of the coverage, or severity; empty for the other metrics. */
  readonly label: string;
  /** µs; start of the bucket. */
  readonly bucket: number;
  readonly value: number;
}

export interface SeriesQuery {
  readonly metric: Metric;
  /** µs, both multiples of `step`. */
  readonly from: number;
  readonly until: number;
  /** Seconds; a multiple of the wire's bucket. */
  readonly step: number;
  readonly body?: string;
  readonly sensor?: string;
  readonly by?: Split;
}

/** A sum over one step. */
export interface Sum {
  /** Value of what was split by; empty when nothing was. */
  readonly name: string;
  /** µs; start of the step. */
  readonly at: number;
  readonly value: number;
}

export interface SeriesStore {
  readonly engine: string;
  /** Counts that are absolute: a rewrite of the same bucket replaces the old one. */
  put(points: readonly Point[]): Promise<void>;
  /** Counts that come in parts: each adds to what the bucket holds. */
  add(points: readonly Point[]): Promise<void>;
  /** Sums of steps that hold anything, in order of time. */
  sums(query: SeriesQuery): Promise<Sum[]>;
}
