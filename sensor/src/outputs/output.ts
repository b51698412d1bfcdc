// The contract of an output: where events and records leave the sensor.
import type { Event } from '../protocols/event.ts';
import type { WireRecord } from '../wire/batch.ts';
import type { Gate } from './gate.ts';
import type { Turnstile } from './turnstile.ts';

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
  /** Writes out what is gathered: live traffic does not fill it soon. */
  flush?(): void;
  /** Writes out what is pending and closes. */
  close(): Promise<void>;
}

/** An output for people and their tools: everything that happened, in one format. */
export interface EventOutput extends Output {
  /** The counts at the end, or so far. µs since 1970. */
  stats(time: number, stats: object): void;
}

/** A format of events, known by the word after `--format`. */
export interface EventFormat {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /**
   * @param path a file, or `-` for standard output
   * @param gate says which fields leave, and in which form; nothing is written that did not go through it
   * @param turnstile when several threads write to it: each then adds to what is there
   * @throws SensorError output_unwritable
   */
  open(path: string, gate: Gate, turnstile?: Turnstile): EventOutput;
}
