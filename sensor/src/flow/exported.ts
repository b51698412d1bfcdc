// A flow that an exporter told, as the rest of the sensor sees it: a reused view over a record.

import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { latin1 } from '../bytes/text.ts';
import { decode } from '../layers/decode.ts';
import { counterpart } from '../layers/icmp.ts';
import { FATE, ICMP, ICMPV6, type Packet, SCTP, TCP, UDP, UDP_LITE } from '../layers/packet.ts';
import { ACK, FIN, RST, SYN } from '../layers/tcp.ts';
import { ADDRESS, type FlowExport, SLOT } from '../sources/exports/record.ts';
import type { SampledFrame } from '../sources/exports/sflow.ts';
import { ID_LENGTH, writeId } from './community-id.ts';
import { PROTO } from './proto.ts';
import { HIGH, HIGH_UPPER, KIND, LOW, LOW_UPPER, PORTS, WORDS } from './row.ts';
import { Unfollowed } from './unfollowed.ts';
import type { EndReason } from './watch.ts';

/** Flows of the table are numbered in 32 bits: those that were told count from above. */
const FIRST_ID = 2 ** 40;
/** Why a record was sent (IPFIX flowEndReason); that a flow ended by itself has no word. */
const REASONS: readonly (EndReason | undefined)[] = [
  undefined,
  'timeout',
  'timeout',
  undefined,
  'forced',
  'forced',
];
/** Bytes of headers without options: of IPv4 and IPv6, and of what stands above them. */
const IP_HEADER = [20, 40] as const;
const TRANSPORT_HEADER: Readonly<Record<number, number>> = { [TCP]: 20, [UDP]: 8, [UDP_LITE]: 8, [SCTP]: 12 };
const VLAN_MASK = 0xfff;

const row = new Int32Array(WORDS);
const id = new Uint8Array(ID_LENGTH);

export class ExportedFlowView extends Unfollowed {
  /** What the exporter told. */
  exported!: FlowExport;
  #number = FIRST_ID;

  of(record: FlowExport): this {
    this.exported = record;
    this.#number++;
    return this;
  }

  get id(): number {
    return this.#number;
  }

  #value(slot: number): number {
    return this.exported.value(slot) ?? 0;
  }

  /** Empty for one of layer 2. */
  address(place: number): string {
    const { families, addresses: a } = this.exported;
    const at = 4 * place;
    if (families[place] === 4) return ipv4Text(a[at + 3]);
    return families[place] === 6 ? ipv6Text(a[at], a[at + 1], a[at + 2], a[at + 3]) : '';
  }
  get src_ip(): string {
    return this.address(ADDRESS.source);
  }
  get dest_ip(): string {
    return this.address(ADDRESS.destination);
  }
  get #hasPorts(): boolean {
    return TRANSPORT_HEADER[this.protocol] !== undefined;
  }
  get src_port(): number {
    return this.#hasPorts ? this.#value(SLOT.sourcePort) & 0xffff : 0;
  }
  get dest_port(): number {
    return this.#hasPorts ? this.#value(SLOT.destinationPort) & 0xffff : 0;
  }
  get #isIcmp(): boolean {
    return this.protocol === ICMP || this.protocol === ICMPV6;
  }
  /** Type and code; where nothing else tells them they stand in the place of the destination's port. */
  get #icmp(): number {
    const { exported } = this;
    const type = exported.value(SLOT.icmpType);
    if (type !== undefined) return ((type & 255) << 8) | (this.#value(SLOT.icmpCode) & 255);
    return (exported.value(SLOT.icmpTypeCode) ?? this.#value(SLOT.destinationPort)) & 0xffff;
  }
  get icmp_type(): number | undefined {
    return this.#isIcmp ? this.#icmp >> 8 : undefined;
  }
  get icmp_code(): number | undefined {
    return this.#isIcmp ? this.#icmp & 255 : undefined;
  }
  readonly response_icmp_type = undefined;
  get protocol(): number {
    return this.#value(SLOT.protocol) & 255;
  }
  get proto(): string {
    if (this.exported.value(SLOT.protocol) === undefined) return '';
    return PROTO[this.protocol] ?? String(this.protocol);
  }
  readonly app_proto = undefined;
  readonly app_proto_orig = undefined;

  get community_id(): string | undefined {
    const { families, addresses } = this.exported;
    const version = families[ADDRESS.source];
    if (version === 0 || version !== families[ADDRESS.destination]) return undefined;
    let from = this.src_port;
    let to = this.dest_port;
    let order = 0;
    if (this.#isIcmp) {
      from = this.#icmp >> 8;
      const answer = counterpart(from, version);
      to = answer >= 0 ? answer : this.#icmp & 255;
      if (answer < 0) order = -1;
    }
    // Both stand behind each other, the source's first.
    for (let i = 0; i < 4 && order === 0; i++) order = addresses[i] - addresses[4 + i];
    if (order === 0) order = from - to;
    const [low, high] = order > 0 ? [4, 0] : [0, 4];
    for (let i = 0; i < 3; i++) {
      row[LOW_UPPER + i] = addresses[low + i];
      row[HIGH_UPPER + i] = addresses[high + i];
    }
    row[LOW] = addresses[low + 3];
    row[HIGH] = addresses[high + 3];
    row[PORTS] = order > 0 ? (to << 16) | from : (from << 16) | to;
    row[KIND] = this.protocol | (version << 8);
    writeId(row, 0, id, 0);
    return latin1(id, 0, ID_LENGTH);
  }

  get vlan(): readonly number[] {
    return [this.#value(SLOT.vlan) & VLAN_MASK, this.#value(SLOT.customerVlan) & VLAN_MASK].filter(
      (vlan) => vlan > 0,
    );
  }
  get start(): number {
    return this.exported.start;
  }
  get last(): number {
    return this.exported.last;
  }
  get pkts_toserver(): number {
    return this.exported.packets;
  }
  get pkts_toclient(): number {
    return this.exported.responderPackets;
  }
  get bytes_toserver(): number {
    return this.exported.octets;
  }
  get bytes_toclient(): number {
    return this.exported.responderOctets;
  }
  /** No exporter counts payload: what is left without the headers, at most. */
  #payload(bytes: number, packets: number): number {
    const transport = TRANSPORT_HEADER[this.protocol];
    if (transport === undefined) return 0;
    const ip = IP_HEADER[this.exported.families[ADDRESS.source] === 6 ? 1 : 0];
    return Math.max(0, bytes - packets * (ip + transport));
  }
  get payload_toserver(): number {
    return this.#payload(this.bytes_toserver, this.pkts_toserver);
  }
  get payload_toclient(): number {
    return this.#payload(this.bytes_toclient, this.pkts_toclient);
  }
  get tcp_flags_ts(): number {
    return this.#value(SLOT.tcpFlags) & 255;
  }
  get tcp_flags_tc(): number {
    return this.#value(SLOT.responderTcpFlags) & 255;
  }
  get #flags(): number {
    return this.tcp_flags_ts | this.tcp_flags_tc;
  }
  get min_ttl_toserver(): number {
    return this.#value(SLOT.minTtl) & 255;
  }
  get max_ttl_toserver(): number {
    return this.#value(SLOT.maxTtl) & 255;
  }
  get state(): 'new' | 'established' | 'closed' {
    if (this.protocol === TCP && (this.#flags & (FIN | RST)) !== 0) return 'closed';
    const isAnswered = this.pkts_toclient > 0 || (this.protocol === TCP && (this.#flags & ACK) !== 0);
    return isAnswered ? 'established' : 'new';
  }
  get tcp_state(): string {
    if (this.state !== 'new') return this.state;
    return this.#flags & SYN ? 'syn_sent' : 'none';
  }

  /**
   * One direction of a conversation says who opened it only where nobody answered: a SYN, and nothing else. A sample does
   * not even say that.
   */
  get isOpening(): boolean {
    const asks = this.protocol === TCP && (this.tcp_flags_ts & (SYN | ACK | RST)) === SYN;
    return this.exported.sampling === 1 && (this.pkts_toclient > 0 || asks);
  }
  get isAnswered(): boolean {
    return this.exported.sampling === 1 && this.pkts_toclient > 0;
  }
  get reason(): EndReason | undefined {
    return REASONS[this.#value(SLOT.endReason)];
  }
}

/** Reads a sampled packet into the record about it. @param p takes it @returns false when there is no IP in it */
export function readSample(
  { about, bytes, start, captured, wire, time, link }: SampledFrame,
  p: Packet,
): boolean {
  p.bytes = bytes;
  p.at = start[0];
  p.end = p.at + captured[0];
  p.wire = wire[0];
  p.time = time[0];
  p.link = link[0];
  const fate = decode(p);
  p.oddities = 0;
  if (p.version === 0) return false;
  tellHeaders(about, p, fate === FATE.decoded);
  about.settle({ exported: p.time, boot: Number.NaN }, about.sampling);
  return true;
}

function tellHeaders(record: FlowExport, p: Packet, isDecoded: boolean): void {
  const { values, addresses, families } = record;
  addresses.set(p.source, 4 * ADDRESS.source);
  addresses.set(p.destination, 4 * ADDRESS.destination);
  families[ADDRESS.source] = families[ADDRESS.destination] = p.version;
  values[SLOT.protocol] = p.protocol;
  values[SLOT.minTtl] = values[SLOT.maxTtl] = p.ttl;
  if (p.vlans > 0) values[SLOT.vlan] = p.vlan[0];
  if (p.vlans > 1) values[SLOT.customerVlan] = p.vlan[1];
  if (!isDecoded) return;
  const isIcmp = p.protocol === ICMP || p.protocol === ICMPV6;
  values[isIcmp ? SLOT.icmpType : SLOT.sourcePort] = p.sourcePort;
  values[isIcmp ? SLOT.icmpCode : SLOT.destinationPort] = p.destinationPort;
  if (p.protocol === TCP) values[SLOT.tcpFlags] = p.tcpFlags;
}
