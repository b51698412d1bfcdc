// The contract of an output: where events and records leave the sensor.
import type { Event } from '../protocols/event.ts';
import type { WireRecord } from '../wire/batch.ts';

export interface Output {
  readonly name: string;
  /** Every event; must not keep it. */
  event?(event: Event): void;
  /** Every record for the aggregator (alerts, series, blind spans), in order. */
  record?(record: WireRecord): void;
  /** True while the output asks a file source to wait. Live sources never wait. */
  busy?(): boolean;
  /** Resolves when it is no longer busy. */
  ready?(): Promise<void>;
  /** Writes out what is pending and closes. */
  close(): Promise<void>;
}
