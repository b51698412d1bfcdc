// The contract of an application protocol: how it is found, read and described. One file (or folder) each.
import type { Direction, Emit, StreamParser } from '../flow/parser.ts';
import type { FieldSpec, Scalar } from '../wire/field.ts';
import type { Event } from './event.ts';

export { type Direction, type Emit, STREAM_DONE, STREAM_LOST, type StreamParser } from '../flow/parser.ts';

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
