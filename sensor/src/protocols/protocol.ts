// The contract of an application protocol: how it is found, read and described. One file (or folder) each.
import type { DatagramParser, Direction, Emit, StreamParser } from '../flow/parser.ts';
import type { Block, Field } from './event.ts';

export {
  type DatagramParser,
  type Direction,
  type Emit,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
} from '../flow/parser.ts';
export type { Block, Column, Field, Say, Value } from './event.ts';

/** What a look at the first bytes says. `more` asks for more bytes. */
export type Verdict = 'yes' | 'no' | 'more';

export interface Protocol<Message = unknown> {
  /** EVE `app_proto`, and `event_type` unless `record` says otherwise. */
  readonly name: string;
  /** The protocol whose records this one writes; `fields` is then that protocol's very list (HTTP/2 writes `http`). */
  readonly record?: string;
  readonly about: string;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  /** Looks at a flow's first bytes in one direction, whatever the port. */
  probe(bytes: Uint8Array, at: number, end: number, direction: Direction, transport: 'tcp' | 'udp'): Verdict;
  /** One UDP datagram, understood by itself. Never throws. */
  datagram?(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void;
  /** A parser for a new UDP flow, where datagrams must be understood together. Instead of `datagram`. */
  openDatagrams?(): DatagramParser;
  /**
   * A parser for a new TCP flow. Absent when the protocol has no TCP form.
   * @param about what the flow that announced this one said of it (`Emit.expect`)
   */
  open?(about?: unknown): StreamParser;
  /** True when this record speaks for the server alone: EVE then names the server as source (DNS responses). */
  fromServer?(message: Message): boolean;
  readonly fields: readonly Field<Message>[];
  /** Writes all the fields at once; for what every network has by the million. */
  readonly block?: Block<Message>;
  /** Name → one sentence. Emitted as EVE `anomaly` events. */
  readonly anomalies: Readonly<Record<string, string>>;
}
