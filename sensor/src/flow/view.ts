// A flow as the rest of the sensor sees it: a reused view over one slot; texts are made when first asked.
import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import type { JsonBytes } from '../bytes/json.ts';
import { latin1 } from '../bytes/text.ts';
import { counterpart } from '../layers/icmp.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP, UDP_LITE } from '../layers/packet.ts';
import { SYN } from '../layers/tcp.ts';
import { ID_LENGTH, writeId } from './community-id.ts';
import { endingWord } from './ending.ts';
import { datagramConnState, historyText, tcpConnState } from './history.ts';
import { INDEX, ORIGINAL_SHIFT, SHED } from './mark.ts';
import { PROTO } from './proto.ts';
import {
  BYTES,
  CLIENT_IS_HIGH,
  FLAGS,
  HIGH,
  HIGH_UPPER,
  KIND,
  LAST,
  LOW,
  LOW_UPPER,
  MARK,
  MISSING,
  PACKETS,
  PAYLOAD,
  PORTS,
  RETRANSMITTED,
  SERIAL,
  START,
  SUMS,
  TTL,
  TUNNEL,
  VLANS,
  WORDS,
} from './row.ts';
import type { FlowTable } from './table.ts';
import { Tunnels, type TunnelView } from './tunnels.ts';
import type { EndReason } from './watch.ts';

const NO_VLANS: readonly number[] = [];
/** Words of eight bytes that hold a Community ID. */
const ID_WORDS = (ID_LENGTH + 7) >> 3;
const STATES = ['new', 'established', 'closed'] as const;

export class TableFlowView {
  slot = -1;
  reason: EndReason | undefined;
  readonly #table: FlowTable;
  /** Names of application protocols, by what a mark says; the first is none. */
  readonly #names: readonly (string | undefined)[];
  readonly #tunnels: Tunnels;
  #serial = -1;
  #src: string | undefined;
  #dest: string | undefined;
  /** Community IDs, made once a flow, since several events ask for one; valid for the serial beside it. */
  #ids = new Float64Array(ID_WORDS << 10);
  #idBytes = new Uint8Array(this.#ids.buffer);
  #idOf = new Int32Array(1 << 10);

  constructor(table: FlowTable, names: readonly string[], tunnels = new Tunnels(0)) {
    this.#table = table;
    this.#names = [undefined, ...names];
    this.#tunnels = tunnels;
  }

  /** Looks at another flow; texts of the same flow are kept. */
  at(slot: number, reason?: EndReason): this {
    this.slot = slot;
    this.reason = reason;
    const serial = this.#table.words[slot * WORDS + SERIAL];
    if (serial !== this.#serial) {
      this.#serial = serial;
      this.#src = this.#dest = undefined;
    }
    return this;
  }

  /** The table's rows; this flow's begins at `slot * WORDS`. */
  get words(): Int32Array {
    return this.#table.words;
  }

  /** The table's sums; this flow's begin at `slot * SUMS`. */
  get sums(): Float64Array {
    return this.#table.sums;
  }

  get id(): number {
    return this.#word(SERIAL) >>> 0;
  }

  #word(i: number): number {
    return this.#table.words[this.slot * WORDS + i];
  }

  #sum(i: number): number {
    return this.#table.sums[this.slot * SUMS + i];
  }

  get #clientIsHigh(): boolean {
    return (this.#word(KIND) & CLIENT_IS_HIGH) !== 0;
  }

  #address(isHigh: boolean): string {
    const last = this.#word(isHigh ? HIGH : LOW) >>> 0;
    if (this.version === 4) return ipv4Text(last);
    const upper = isHigh ? HIGH_UPPER : LOW_UPPER;
    return ipv6Text(this.#word(upper) >>> 0, this.#word(upper + 1) >>> 0, this.#word(upper + 2) >>> 0, last);
  }

  /** Word `i` of four of an address; all of an IPv4 address stands in the last one. */
  addressWord(ofClient: boolean, i: number): number {
    const isHigh = ofClient === this.#clientIsHigh;
    if (i === 3) return this.#word(isHigh ? HIGH : LOW);
    return this.version === 4 ? 0 : this.#word((isHigh ? HIGH_UPPER : LOW_UPPER) + i);
  }

  /** Writes the address of the side that opened the flow, or of the other, as JSON. */
  writeAddress(ofClient: boolean, out: JsonBytes): void {
    const isHigh = ofClient === this.#clientIsHigh;
    const last = this.#word(isHigh ? HIGH : LOW);
    if (this.version === 4) {
      out.ipv4(last);
      return;
    }
    const upper = isHigh ? HIGH_UPPER : LOW_UPPER;
    out.ipv6(this.#word(upper), this.#word(upper + 1), this.#word(upper + 2), last);
  }

  get src_ip(): string {
    return (this.#src ??= this.#address(this.#clientIsHigh));
  }

  get dest_ip(): string {
    return (this.#dest ??= this.#address(!this.#clientIsHigh));
  }

  get #hasPorts(): boolean {
    const protocol = this.protocol;
    return protocol === TCP || protocol === UDP || protocol === SCTP || protocol === UDP_LITE;
  }

  get #isIcmp(): boolean {
    const protocol = this.protocol;
    return protocol === ICMP || protocol === ICMPV6;
  }

  #port(ofClient: boolean): number {
    const ports = this.#word(PORTS);
    return (ofClient === this.#clientIsHigh ? ports : ports >>> 16) & 0xffff;
  }

  /** 0 for protocols without ports. */
  get src_port(): number {
    return this.#hasPorts ? this.#port(true) : 0;
  }

  get dest_port(): number {
    return this.#hasPorts ? this.#port(false) : 0;
  }

  /** Type of the first ICMP message; undefined for other protocols. */
  get icmp_type(): number | undefined {
    return this.#isIcmp ? this.#port(true) : undefined;
  }

  get icmp_code(): number | undefined {
    if (!this.#isIcmp) return undefined;
    return counterpart(this.#port(true), this.version) >= 0 ? 0 : this.#port(false);
  }

  /** Type of the answer; undefined while there is none. */
  get response_icmp_type(): number | undefined {
    if (!this.#isIcmp || this.pkts_toclient === 0) return undefined;
    const answer = counterpart(this.#port(true), this.version);
    return answer >= 0 ? answer : undefined;
  }

  get protocol(): number {
    return this.#word(KIND) & 255;
  }

  get version(): number {
    return (this.#word(KIND) >> 8) & 255;
  }

  get proto(): string {
    const protocol = this.protocol;
    return PROTO[protocol] ?? String(protocol);
  }

  get community_id(): string {
    const at = this.#identify() * ID_WORDS * 8;
    return latin1(this.#idBytes, at, at + ID_LENGTH);
  }

  /** Writes it without quotes. */
  writeCommunityId(out: JsonBytes): void {
    // First, for it may put a larger array in the place of this one.
    const slot = this.#identify();
    out.packed(this.#ids, slot * ID_WORDS, ID_LENGTH);
  }

  /** Makes the Community ID, unless it is there. @returns the slot */
  #identify(): number {
    const { slot } = this;
    if (slot >= this.#idOf.length) this.#growIds();
    const serial = this.#word(SERIAL);
    if (this.#idOf[slot] !== serial) {
      writeId(this.words, slot * WORDS, this.#idBytes, slot * ID_WORDS * 8);
      this.#idOf[slot] = serial;
    }
    return slot;
  }

  #growIds(): void {
    const rows = 2 ** Math.ceil(Math.log2(this.slot + 1));
    const ids = new Float64Array(rows * ID_WORDS);
    ids.set(this.#ids);
    const idOf = new Int32Array(rows);
    idOf.set(this.#idOf);
    this.#ids = ids;
    this.#idBytes = new Uint8Array(ids.buffer);
    this.#idOf = idOf;
  }

  get vlan(): readonly number[] {
    const ids = this.#word(VLANS);
    return ids === 0 ? NO_VLANS : ids >>> 16 === 0 ? [ids & 0xfff] : [ids & 0xfff, (ids >>> 16) & 0xfff];
  }

  get tunnel(): TunnelView | undefined {
    return this.#word(TUNNEL) === 0 ? undefined : this.#tunnels.of(this.slot);
  }

  get app_proto(): string | undefined {
    return this.#names[this.#word(MARK) & INDEX];
  }

  get app_proto_orig(): string | undefined {
    return this.#names[(this.#word(MARK) >> ORIGINAL_SHIFT) & INDEX];
  }

  get shed(): boolean {
    return (this.#word(MARK) & SHED) !== 0;
  }
  get start(): number {
    return this.#sum(START);
  }
  get last(): number {
    return this.#sum(LAST);
  }
  get pkts_toserver(): number {
    return this.#sum(PACKETS);
  }
  get pkts_toclient(): number {
    return this.#sum(PACKETS + 1);
  }
  get bytes_toserver(): number {
    return this.#sum(BYTES);
  }
  get bytes_toclient(): number {
    return this.#sum(BYTES + 1);
  }
  get payload_toserver(): number {
    return this.#sum(PAYLOAD);
  }
  get payload_toclient(): number {
    return this.#sum(PAYLOAD + 1);
  }
  get tcp_flags_ts(): number {
    return this.#word(FLAGS) & 255;
  }
  get tcp_flags_tc(): number {
    return (this.#word(FLAGS) >> 8) & 255;
  }
  get state(): (typeof STATES)[number] {
    return STATES[(this.#word(FLAGS) >> 16) & 3];
  }
  get tcp_state(): string {
    const ending = endingWord(this.#word(FLAGS));
    if (ending !== undefined) return ending;
    if (this.state === 'established') return 'established';
    return this.tcp_flags_tc & SYN ? 'syn_recv' : this.tcp_flags_ts & SYN ? 'syn_sent' : 'none';
  }
  /** Time to live, or hop limit; 0 when the direction had no packet. */
  get min_ttl_toserver(): number {
    return this.#word(TTL) & 255;
  }
  get max_ttl_toserver(): number {
    return (this.#word(TTL) >>> 8) & 255;
  }
  get min_ttl_toclient(): number {
    return (this.#word(TTL) >>> 16) & 255;
  }
  get max_ttl_toclient(): number {
    return this.#word(TTL) >>> 24;
  }
  #ofTcp(i: number): number {
    return this.protocol === TCP ? this.#word(i) >>> 0 : 0;
  }
  get retransmitted_toserver(): number {
    return this.#ofTcp(RETRANSMITTED);
  }
  get retransmitted_toclient(): number {
    return this.#ofTcp(RETRANSMITTED + 1);
  }
  get missing_toserver(): number {
    return this.#ofTcp(MISSING);
  }
  get missing_toclient(): number {
    return this.#ofTcp(MISSING + 1);
  }
  get history(): string {
    if (this.protocol === TCP) return historyText(this.#table.words, this.slot * WORDS);
    if (this.protocol !== UDP) return '';
    return `${this.payload_toserver > 0 ? 'D' : ''}${this.payload_toclient > 0 ? 'd' : ''}`;
  }
  get conn_state(): string {
    if (this.protocol === TCP)
      return tcpConnState(
        this.#table.words,
        this.slot * WORDS,
        this.payload_toserver + this.payload_toclient,
      );
    return this.protocol === UDP ? datagramConnState(this.pkts_toserver, this.pkts_toclient) : 'OTH';
  }
}
