// The contract of an application protocol: how it is found, read and described. One file (or folder) each.
import type { Event } from './event.ts';
import type { FieldSpec, Scalar } from '../wire/field.ts';

/** A list's elements may be absent one by one (an answer without a TTL). */
export type Value = Scalar | readonly (Scalar | undefined)[] | undefined;

/**
 * A field with its reader. From the list of fields come the EVE record, the words rules may use, the wire's closed
 * schema and the reference page. `read` makes strings only when asked, from a message that is valid during the event.
 */
export interface Field<Message = unknown> extends FieldSpec {
  read(message: Message, event: Event): Value;
}

/** What a look at the first bytes says. `more` asks for more bytes. */
export type Verdict = 'yes' | 'no' | 'more';

/** 0: from the side that opened the flow; 1: from the other side. */
export type Direction = 0 | 1;

/** Where a parser puts what it found. */
export interface Emit {
  /** An EVE record of the parser's protocol; `message` need only be valid during the call. */
  event(message: unknown): void;
  /** An oddity, by a name that the protocol declares. */
  anomaly(name: string): void;
}

/** Stream parsers answer with the bytes they took (0 … length), or with one of these. */
export const STREAM_DONE = -1; // nothing more of interest in this direction
export const STREAM_LOST = -2; // what follows cannot be this protocol

/** A parser of one flow's stream (TCP). Bytes it does not take are offered again with what follows, up to a bound. */
export interface StreamParser {
  /**
   * In-order bytes `[at, end)` of one direction. Must not keep `bytes`. Never throws.
   * @returns bytes taken, STREAM_DONE or STREAM_LOST
   */
  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number;
  /** `count` bytes are missing. Return false to give the direction up. */
  gap(direction: Direction, count: number): boolean;
  /** The flow ended: emit what is half done. */
  end(emit: Emit): void;
}

export interface Protocol<Message = any> {
  /** EVE `event_type` and `app_proto`. */
  readonly name: string;
  readonly about: string;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  /** Looks at a flow's first bytes in one direction, whatever the port. */
  probe(bytes: Uint8Array, at: number, end: number, direction: Direction, transport: 'tcp' | 'udp'): Verdict;
  /** One UDP datagram. Never throws. Absent when the protocol has no UDP form. */
  datagram?(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void;
  /** A parser for a new TCP flow. Absent when the protocol has no TCP form. */
  open?(): StreamParser;
  readonly fields: readonly Field<Message>[];
  /** Name → one sentence. Emitted as EVE `anomaly` events. */
  readonly anomalies: Readonly<Record<string, string>>;
}
