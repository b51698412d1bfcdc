// An alert on its way through the pipeline, from what a sensor sent to what is stored.
import type { Alert, Blind, Series, WireRecord } from 'yagura-sensor/wire';

/** Which way the traffic went, seen from the networks of the authority. */
export type DirectionOfTraffic = 'inbound' | 'outbound' | 'internal';

/** An alert as it is kept. Its id is the wire's `recordId`. */
export interface StoredAlert extends Alert {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  readonly sensor: string;
  /** RFC 3339. */
  readonly received: string;
  readonly direction: DirectionOfTraffic;
}

/** A record of a batch, decoded; `index` is its place there. */
export interface Arrival<R extends WireRecord = WireRecord> {
  readonly index: number;
  readonly id: string;
  readonly record: R;
}

export interface Refusal {
  readonly index: number;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** Why one record of a batch is refused for good. */
export const REFUSAL_CODES = [
  'not_json',
  'unknown_kind',
  'malformed',
  'too_large',
  'outside_scope',
  'outside_dates',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Where a record came from: its batch's place in the flight and its own place in the batch. */
export interface Origin {
  readonly submission: number;
  readonly index: number;
}

/** An alert that passed admission, cleaned to the closed schema. */
export interface AdmittedAlert {
  readonly origin: Origin;
  readonly id: string;
  readonly alert: Alert;
  /** µs, packet time. */
  readonly time: number;
}

/** An alert that will be kept: what is stored and the numbers that the store sorts and counts by. */
export interface KeptAlert {
  readonly alert: StoredAlert;
  /** µs, packet time. */
  readonly time: number;
  /** µs, our clock. */
  readonly received: number;
}

export interface AdmittedSeries {
  readonly origin: Origin;
  readonly sensor: string;
  readonly body: string;
  readonly series: Series;
  /** µs. */
  readonly bucket: number;
}

/** When a sensor did not see, as it is kept. */
export interface KeptBlind {
  readonly id: string;
  readonly sensor: string;
  /** µs. */
  readonly from: number;
  readonly until: number;
  readonly reason: Blind['reason'];
  readonly count: number;
  /** The same by class or severity. */
  readonly counts?: Readonly<Record<string, number>>;
}

export interface AdmittedBlind extends KeptBlind {
  readonly origin: Origin;
}
