// One thing that happened, as rules, detectors and outputs see it. The object is reused: valid during the call only.
import type { JsonBytes } from '../bytes/json.ts';
import type { TunnelView } from '../flow/tunnels.ts';
import type { FlowExport } from '../sources/exports/record.ts';
import type { FieldSpec, Scalar } from '../wire/field.ts';

/**
 * A flow as others see it: a reused view over the flow table's columns, valid during the call only.
 * "Server" is the side that did not open the flow.
 */
export interface FlowView {
  /** Number of the flow in this run; never reused. 0 for a packet that belongs to none. EVE `flow_id`. */
  readonly id: number;
  /** Text form (RFC 5952), made when first asked; empty for a packet without addresses (ARP). */
  readonly src_ip: string;
  readonly dest_ip: string;
  readonly src_port: number;
  readonly dest_port: number;
  /** Of the first ICMP message; undefined for other protocols. */
  readonly icmp_type: number | undefined;
  readonly icmp_code: number | undefined;
  /** ICMP type of the answer; undefined when none came. */
  readonly response_icmp_type: number | undefined;
  /** IP protocol number. */
  readonly protocol: number;
  /** EVE spelling: TCP, UDP, ICMP, IPv6-ICMP. */
  readonly proto: string;
  /** Name of the application protocol; undefined while unknown. */
  readonly app_proto: string | undefined;
  /** What the flow spoke before it went over to `app_proto` (STARTTLS). */
  readonly app_proto_orig: string | undefined;
  readonly community_id: string | undefined;
  /** VLAN ids, outermost first; empty when untagged. */
  readonly vlan: readonly number[];
  /** The tunnels that it came through; undefined outside of tunnels. */
  readonly tunnel?: TunnelView | undefined;
  /** µs since 1970. */
  readonly start: number;
  readonly last: number;
  readonly pkts_toserver: number;
  readonly pkts_toclient: number;
  /** Whole frames. */
  readonly bytes_toserver: number;
  readonly bytes_toclient: number;
  /** TCP or UDP payload. */
  readonly payload_toserver: number;
  readonly payload_toclient: number;
  /** All TCP flags seen from each side, OR-ed. */
  readonly tcp_flags_ts: number;
  readonly tcp_flags_tc: number;
  /** Least and most time to live (hop limit) of each side's packets; 0 when it sent none. */
  readonly min_ttl_toserver: number;
  readonly max_ttl_toserver: number;
  readonly min_ttl_toclient: number;
  readonly max_ttl_toclient: number;
  /** TCP segments that repeat what was seen. */
  readonly retransmitted_toserver: number;
  readonly retransmitted_toclient: number;
  /** Bytes that TCP numbers and no packet brought. */
  readonly missing_toserver: number;
  readonly missing_toclient: number;
  /** Zeek's letters: who did what, in the order of its first time; empty where there is nothing to tell. */
  readonly history: string;
  /** Zeek's conn_state. */
  readonly conn_state: string;
  /** new · established · closed */
  readonly state: 'new' | 'established' | 'closed';
  /** State of a TCP session: none · syn_sent · syn_recv · established · fin_wait1 · fin_wait2 · close_wait · last_ack · time_wait · closed */
  readonly tcp_state: string;
  /** Why the flow ended: timeout · tcp_reuse (a new session on the same ports) · forced (table full) · shutdown (end of input); undefined while it lives. */
  readonly reason: 'timeout' | 'tcp_reuse' | 'forced' | 'shutdown' | undefined;
  /** Reading it was given up, for want of time or memory: it was only counted from there on. */
  readonly shed?: boolean;
  /** What an exporter told, of a flow that the sensor did not see itself; absent otherwise. */
  readonly exported?: FlowExport | undefined;
}

export interface Event {
  /** EVE event type: dns, tls, http, flow, anomaly. */
  readonly type: string;
  /** Packet time, µs since 1970. */
  readonly time: number;
  readonly flow: FlowView;
  /** What `fields` read. */
  readonly message: unknown;
  readonly fields: readonly Field[];
  /** Somebody else's sensor saw it: `fields` are those of `toldFields`. */
  readonly isTold?: boolean;
  /** No other event has it; without one, nothing that was read of it is remembered. */
  readonly turn?: number | undefined;
}

/** A list's elements may be absent one by one (an answer without a TTL). */
export type Value = Scalar | readonly (Scalar | undefined)[] | undefined;

/**
 * A field with its reader. From the list of fields come the EVE record, the words rules may use, the wire's closed
 * schema and the reference page. `read` makes strings only when asked, from a message that is valid during the event.
 */
export interface Field<Message = unknown> extends FieldSpec {
  read(message: Message, event: Event): Value;
  /**
   * Writes the value as JSON, where that is quicker than by way of `read`, and says the same.
   * @returns false when there is none; nothing was written then
   */
  write?(message: Message, event: Event, out: JsonBytes): boolean;
  /** When this says no, neither this field nor its neighbours with the very same function have a value: asked once for all. */
  when?(message: Message): boolean;
  /** The same of a column of a list (`x[].y`), element by element. */
  readonly column?: Column<Message>;
}

export interface Column<Message = unknown> {
  /** Elements of the list: the same number for all its columns. */
  count(message: Message): number;
  /** @returns false when this element has none; nothing was written then */
  write(message: Message, row: number, out: JsonBytes): boolean;
  /**
   * The element's address as words, where it is one: no text is made of it.
   * @returns words that were written from the first place on: 1 (IPv4), 4 (IPv6), or 0
   */
  address?(message: Message, row: number, into: Uint32Array): number;
}

/**
 * A quicker way to write many fields of one kind of record at once: what every network has by the million is worth it.
 * It says what the fields say (a law holds them together), and is used only where all of them leave as they are.
 */
export interface Block<Message = unknown> {
  /** First word of the paths of its fields: it writes members of this object; '' for the record itself. */
  readonly root: string;
  /** The very fields that it writes. Others may stand in the same object, behind them. */
  readonly fields: readonly Field<Message>[];
  /** Fields among them that may be left out, all or none: those whose class seldom leaves. */
  readonly optional?: readonly Field<Message>[];
  /** Fields among them that hold free text: their values are written by the `say` that is given, and by nothing else. */
  readonly free?: readonly Field<Message>[];
  /**
   * Writes `"key":value,` for every member that is there.
   * @param whole with the optional ones
   * @returns false when this record is of an unusual kind: nothing was written, and the fields are asked one by one
   */
  write(message: Message, event: Event, out: JsonBytes, whole: boolean, say: Say): boolean;
}

/** Writes octets `[at, end)` of free text (Latin-1) as JSON, in quotes, as far as they may leave. */
export type Say = (out: JsonBytes, bytes: Uint8Array, at: number, end: number) => void;

/** One object for all events of somebody: its members change for each. */
export class ReusedEvent implements Event {
  type = '';
  time = 0;
  flow!: FlowView;
  message: unknown = undefined;
  fields: readonly Field[] = [];
  isTold = false;
  turn: number | undefined;

  /** From here on it is another event. */
  renew(): void {
    this.turn = ++turns;
  }
}

/** Of all events that have a turn. */
let turns = 0;
