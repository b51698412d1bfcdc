// A flow as somebody else's sensor told it, as the rest of ours sees it: a reused view over what a line said.

import { latin1 } from '../bytes/text.ts';
import { ID_LENGTH, writeId } from '../flow/community-id.ts';
import { PROTO } from '../flow/proto.ts';
import { HIGH, HIGH_UPPER, KIND, LOW, LOW_UPPER, PORTS, WORDS } from '../flow/row.ts';
import type { TunnelView } from '../flow/tunnels.ts';
import { Unfollowed } from '../flow/unfollowed.ts';
import type { EndReason } from '../flow/watch.ts';
import { counterpart } from '../layers/icmp.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';
import { ACK, FIN, PSH, RST, SYN } from '../layers/tcp.ts';
import type { FlowView, Value } from '../protocols/event.ts';
import { slotOf } from '../protocols/told.ts';
import { parseAddress } from '../rules/prefix.ts';
import { type SaidName, saidSlot } from './names.ts';
import type { Reading } from './reading.ts';
import { readTime } from './time.ts';

const NUMBERS = new Map(Object.entries(PROTO).map(([number, name]) => [name, Number(number)]));
/** Bytes in front of payload, without options: link, IPv4 or IPv6, transport. */
const LINK_HEADER = 14;
const IP_HEADER = [20, 40] as const;
const TRANSPORT_HEADER: Readonly<Record<number, number>> = { [TCP]: 20, [UDP]: 8, [SCTP]: 12 };
const REASONS: readonly EndReason[] = ['timeout', 'tcp_reuse', 'forced', 'shutdown'];
const DNS_PORTS = new Set([53, 5353]);
/** Below it stand servers (RFC 6335 §6). */
const FIRST_FREE_PORT = 1024;
const COMMUNITY_ID = /^1:[A-Za-z0-9+/]{27}=$/;
const WORD = /^[a-z0-9][a-z0-9_.-]{0,31}$/;
const MAX_VLANS = 3;

const row = new Int32Array(WORDS);
const id = new Uint8Array(ID_LENGTH);

/** What is read of a line again and again, by its slot. */
const said = <const Names extends readonly SaidName[]>(
  ...names: Names
): { readonly [N in Names[number]]: number } =>
  Object.fromEntries(names.map((name) => [name, saidSlot(name)])) as { [N in Names[number]]: number };
const ENDS = said('src_ip', 'src_port', 'dest_ip', 'dest_port');
const OPENER = said('flow.src_ip', 'flow.src_port', 'flow.dest_ip', 'flow.dest_port');
const FLOW = Object.fromEntries(
  [
    'pkts_toserver',
    'pkts_toclient',
    'bytes_toserver',
    'bytes_toclient',
    'start',
    'end',
    'state',
    'reason',
  ].map((name) => [name, slotOf(`flow.${name}`)]),
);
const FLAGS_TS = slotOf('tcp.tcp_flags_ts');
const FLAGS_TC = slotOf('tcp.tcp_flags_tc');
const TCP_STATE = slotOf('tcp.state');
const DNS_TYPE = slotOf('dns.type');

const number = (value: Value): number => (typeof value === 'number' && value >= 0 ? value : 0);

export class ToldFlowView extends Unfollowed implements FlowView {
  readonly #reading: Reading;
  /** µs of the record itself. */
  #time = 0;
  /** The record names the server as source. */
  #isTurned = false;
  src_ip = '';
  dest_ip = '';
  src_port = 0;
  dest_port = 0;
  protocol = 0;
  #communityId: string | undefined;

  constructor(reading: Reading) {
    super();
    this.#reading = reading;
  }

  /** Looks at the line that was read last. @param time µs, of the record */
  of(time: number): this {
    const { values } = this.#reading;
    this.#time = time;
    this.#communityId = undefined;
    const text = (slot: number): string => (typeof values[slot] === 'string' ? (values[slot] as string) : '');
    const port = (slot: number): number => number(values[slot]) & 0xffff;
    this.protocol = this.#protocol(text(saidSlot('proto')));
    const ends = [text(ENDS.src_ip), port(ENDS.src_port), text(ENDS.dest_ip), port(ENDS.dest_port)] as const;
    this.#isTurned = this.#isOfServer(ends[0], ends[1], ends[3]);
    [this.src_ip, this.src_port, this.dest_ip, this.dest_port] = this.#isTurned
      ? [ends[2], ends[3], ends[0], ends[1]]
      : ends;
    return this;
  }

  #value(slot: number): Value {
    return this.#reading.values[slot];
  }
  #number(name: string): number {
    return number(this.#value(FLOW[name]));
  }
  #said(name: SaidName): Value {
    return this.#value(saidSlot(name));
  }

  #protocol(name: string): number {
    const known = NUMBERS.get(name);
    if (known !== undefined) return known;
    return /^\d{1,3}$/.test(name) ? Number(name) & 255 : 0;
  }

  /** Alerts name a packet's ends; answers of DNS their sender. Who opened the flow is said beside, or told by the port. */
  #isOfServer(address: string, port: number, other: number): boolean {
    const opener = this.#value(OPENER['flow.src_ip']);
    if (opener !== undefined)
      return opener !== address || this.#value(OPENER['flow.src_port']) !== this.#value(ENDS.src_port);
    const direction = this.#said('direction');
    if (direction !== undefined) return direction === 'to_client';
    if (this.#value(DNS_TYPE) === 'response') return DNS_PORTS.has(port) && !DNS_PORTS.has(other);
    // Suricata 6 says of an alert's packet no more than its ports. A scanner may choose any, but speaks no protocol then.
    const isAlert = this.#said('alert.signature_id') !== undefined;
    return isAlert && this.app_proto !== undefined && port < FIRST_FREE_PORT && other >= FIRST_FREE_PORT;
  }

  /** Theirs: it joins the records of one sensor, and is never one of ours. */
  get id(): number {
    return number(this.#said('flow_id'));
  }
  get proto(): string {
    return this.protocol === 0 ? '' : (PROTO[this.protocol] ?? String(this.protocol));
  }
  #word(name: SaidName): string | undefined {
    const value = this.#said(name);
    return typeof value === 'string' && value !== 'failed' && WORD.test(value) ? value : undefined;
  }
  get app_proto(): string | undefined {
    return this.#word('app_proto');
  }
  get app_proto_orig(): string | undefined {
    return this.#word('app_proto_orig');
  }
  get #isIcmp(): boolean {
    return this.protocol === ICMP || this.protocol === ICMPV6;
  }
  #icmp(name: 'icmp_type' | 'icmp_code'): number | undefined {
    const value = this.#said(name);
    return this.#isIcmp && typeof value === 'number' ? value & 255 : undefined;
  }
  get icmp_type(): number | undefined {
    return this.#icmp('icmp_type');
  }
  get icmp_code(): number | undefined {
    return this.#icmp('icmp_code');
  }
  get response_icmp_type(): number | undefined {
    const value = this.#value(slotOf('response_icmp_type'));
    return typeof value === 'number' ? value : undefined;
  }
  get vlan(): readonly number[] {
    const ids = this.#said('vlan');
    const list = typeof ids === 'object' ? ids : [ids];
    return list
      .filter((one): one is number => typeof one === 'number' && one > 0 && one < 4096)
      .slice(0, MAX_VLANS);
  }
  get tunnel(): TunnelView | undefined {
    const [from, to] = [this.#said('tunnel.src_ip'), this.#said('tunnel.dest_ip')];
    if (typeof from !== 'string' || typeof to !== 'string') return undefined;
    const proto = this.#said('tunnel.proto');
    return {
      src_ip: from,
      dest_ip: to,
      src_port: number(this.#said('tunnel.src_port')),
      dest_port: number(this.#said('tunnel.dest_port')),
      proto: typeof proto === 'string' && NUMBERS.has(proto) ? proto : '',
      depth: Math.max(1, number(this.#said('tunnel.depth'))),
      type: '',
      network: undefined,
    };
  }

  /** Theirs when it has the form, so that their other tools and we say the same; else made of the two ends. */
  get community_id(): string | undefined {
    const theirs = this.#said('community_id');
    if (typeof theirs === 'string' && COMMUNITY_ID.test(theirs)) return theirs;
    return (this.#communityId ??= this.#identify());
  }

  #identify(): string | undefined {
    const from = parseAddress(this.src_ip);
    const to = parseAddress(this.dest_ip);
    if (from === undefined || to === undefined || from.length !== to.length || this.protocol === 0)
      return undefined;
    const version = from.length === 4 ? 6 : 4;
    let ports: readonly [number, number] = [this.src_port, this.dest_port];
    let isOneWay = false;
    if (this.#isIcmp) {
      const type = this.icmp_type ?? 0;
      const answer = counterpart(type, version);
      ports = [type, answer >= 0 ? answer : (this.icmp_code ?? 0)];
      isOneWay = answer < 0;
    }
    let order = 0;
    if (!isOneWay) {
      for (let i = 0; i < from.length && order === 0; i++) order = from[i] - to[i];
      if (order === 0) order = ports[0] - ports[1];
    }
    const [low, high] = order > 0 ? [to, from] : [from, to];
    const [lowPort, highPort] = order > 0 ? [ports[1], ports[0]] : ports;
    for (let i = 0; i < low.length - 1; i++) {
      row[LOW_UPPER + i] = low[i];
      row[HIGH_UPPER + i] = high[i];
    }
    row[LOW] = low[low.length - 1];
    row[HIGH] = high[high.length - 1];
    row[PORTS] = (lowPort << 16) | highPort;
    row[KIND] = this.protocol | (version << 8);
    writeId(row, 0, id, 0);
    return latin1(id, 0, ID_LENGTH);
  }

  #moment(name: string): number {
    return readTime(this.#value(FLOW[name]))?.us ?? this.#time;
  }
  get start(): number {
    return Math.min(this.#moment('start'), this.#time);
  }
  get last(): number {
    return Math.max(this.start, Math.min(this.#moment('end'), this.#time));
  }
  get pkts_toserver(): number {
    return this.#number('pkts_toserver');
  }
  get pkts_toclient(): number {
    return this.#number('pkts_toclient');
  }
  get bytes_toserver(): number {
    return this.#number('bytes_toserver');
  }
  get bytes_toclient(): number {
    return this.#number('bytes_toclient');
  }
  /** Suricata counts whole frames: what is left without the headers, at most; nothing where no segment was pushed. */
  #payload(bytes: number, packets: number, flags: number): number {
    const transport = TRANSPORT_HEADER[this.protocol];
    if (transport === undefined || (flags !== 0 && (flags & PSH) === 0)) return 0;
    const headers = LINK_HEADER + IP_HEADER[this.src_ip.includes(':') ? 1 : 0] + transport;
    return Math.max(0, bytes - packets * headers);
  }
  get payload_toserver(): number {
    return this.#payload(this.bytes_toserver, this.pkts_toserver, this.tcp_flags_ts);
  }
  get payload_toclient(): number {
    return this.#payload(this.bytes_toclient, this.pkts_toclient, this.tcp_flags_tc);
  }
  #flags(slot: number): number {
    const value = this.#value(slot);
    return typeof value === 'string' && /^[0-9a-f]{1,2}$/i.test(value) ? Number.parseInt(value, 16) : 0;
  }
  get tcp_flags_ts(): number {
    return this.#flags(FLAGS_TS);
  }
  get tcp_flags_tc(): number {
    return this.#flags(FLAGS_TC);
  }
  readonly min_ttl_toserver = 0;
  readonly max_ttl_toserver = 0;
  get state(): 'new' | 'established' | 'closed' {
    const state = this.#value(FLOW['state']);
    if (state === 'new' || state === 'closed') return state;
    // Bypassed ones were established, too.
    return typeof state === 'string' || this.pkts_toclient > 0 ? 'established' : 'new';
  }
  get tcp_state(): string {
    const state = this.#value(TCP_STATE);
    return typeof state === 'string' && WORD.test(state) ? state : 'none';
  }
  get reason(): EndReason | undefined {
    const reason = this.#value(FLOW['reason']) as EndReason;
    return REASONS.includes(reason) ? reason : undefined;
  }

  /** A reset is all that the server had to say: it has no such port. */
  get isRefused(): boolean {
    const answer = this.tcp_flags_tc;
    return this.protocol === TCP && (answer & RST) !== 0 && (answer & (SYN | PSH | FIN)) === 0;
  }
  get isAnswered(): boolean {
    if (this.isRefused) return false;
    if (this.protocol !== TCP || this.tcp_flags_tc === 0) return this.pkts_toclient > 0;
    return (this.tcp_flags_tc & (SYN | ACK)) !== 0;
  }
}
