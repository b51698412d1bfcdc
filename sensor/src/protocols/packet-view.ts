// A single packet where an event expects its flow: for what belongs to no conversation (ARP, packets that are odd).

import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { PROTO } from '../flow/proto.ts';
import { Unfollowed } from '../flow/unfollowed.ts';
import { ICMP, ICMPV6, type Packet, SCTP, TCP, UDP, UDP_LITE } from '../layers/packet.ts';
import type { FlowView } from './event.ts';

/** Reused: valid during the event only. A flow without a number; addresses are empty where the packet has none. */
export class PacketView extends Unfollowed implements FlowView {
  packet!: Packet;

  of(packet: Packet): this {
    this.packet = packet;
    return this;
  }

  get #isIcmp(): boolean {
    return this.packet.protocol === ICMP || this.packet.protocol === ICMPV6;
  }
  get #hasPorts(): boolean {
    const { protocol } = this.packet;
    return protocol === TCP || protocol === UDP || protocol === SCTP || protocol === UDP_LITE;
  }
  #address(words: Uint32Array): string {
    const { version } = this.packet;
    if (version === 4) return ipv4Text(words[3]);
    return version === 6 ? ipv6Text(words[0], words[1], words[2], words[3]) : '';
  }

  readonly id = 0;
  get src_ip(): string {
    return this.#address(this.packet.source);
  }
  get dest_ip(): string {
    return this.#address(this.packet.destination);
  }
  get src_port(): number {
    return this.#hasPorts ? this.packet.sourcePort : 0;
  }
  get dest_port(): number {
    return this.#hasPorts ? this.packet.destinationPort : 0;
  }
  get icmp_type(): number | undefined {
    return this.#isIcmp ? this.packet.sourcePort : undefined;
  }
  get icmp_code(): number | undefined {
    return this.#isIcmp ? this.packet.destinationPort : undefined;
  }
  get protocol(): number {
    return this.packet.protocol;
  }
  get proto(): string {
    const { version, protocol } = this.packet;
    return version === 0 ? '' : (PROTO[protocol] ?? String(protocol));
  }
  readonly app_proto = undefined;
  readonly app_proto_orig = undefined;
  readonly community_id = undefined;
  get vlan(): number[] {
    return Array.from({ length: this.packet.vlans }, (_, i) => this.packet.vlan[i]);
  }
  get start(): number {
    return this.packet.time;
  }
  get last(): number {
    return this.packet.time;
  }
  readonly pkts_toserver = 1;
  readonly pkts_toclient = 0;
  get bytes_toserver(): number {
    return this.packet.wire;
  }
  readonly bytes_toclient = 0;
  get payload_toserver(): number {
    return this.packet.payloadLength;
  }
  readonly payload_toclient = 0;
  get tcp_flags_ts(): number {
    return this.packet.tcpFlags;
  }
  readonly tcp_flags_tc = 0;
  get min_ttl_toserver(): number {
    return this.packet.version === 0 ? 0 : this.packet.ttl;
  }
  get max_ttl_toserver(): number {
    return this.min_ttl_toserver;
  }
  readonly state = 'new';
  readonly tcp_state = 'none';
  readonly response_icmp_type = undefined;
  readonly reason = undefined;
}
