// What is given up when there is more traffic than time: by a written order, no more than is needed, each class counted.
/*
 *   level  class      packets of it                                     what is left of them
 *   1      bulk       payload of a flow behind its first 64 KiB,        counted in their flow, which is not read again
 *                     each way
 *   2      known      payload of a flow behind its first 4 KiB          the same
 *   3      opening    those of no flow yet that are no handshake:       nothing but their count
 *                     datagrams, ICMP, TCP in its middle; fragments; ARP
 *   4      handshake  the first 4 KiB of a flow, each way;              counted in their flow;
 *                     TCP's SYN and QUIC's first packets                nothing but their count where there is none
 *   5      dns        from or to port 53                                as before
 *   6      indicator  from or to an address on a list of indicators     as before
 *
 * At level n the classes up to n are given up: a class never before those above it in the table. Packets without payload
 * of a flow that is known cost nothing to read, and are always counted in it.
 *
 * The level follows the pressure that sources tell: how full the room is in which packets wait, 0 … 1. It rises at once,
 * and falls a step at a time, later than it rose, so that it does not swing.
 *
 * A parser that missed a part of its stream would read nonsense, or be made to: a flow of which payload was given up is
 * only counted from there on, and its record says `shed`.
 */
import { SHED_CLASSES } from '../counters.ts';
import { SHED } from '../flow/mark.ts';
import { MARK, PAYLOAD, SUMS, WORDS } from '../flow/row.ts';
import { CLOSED } from '../flow/state.ts';
import type { FlowTable } from '../flow/table.ts';
import { FATE, type Fate, type Packet, TCP, UDP } from '../layers/packet.ts';
import { ACK, SYN } from '../layers/tcp.ts';

const [BULK, KNOWN, OPENING, HANDSHAKE, DNS, INDICATOR] = SHED_CLASSES.keys();
/** The lowest level at which packets of no flow are refused. */
const REFUSING = OPENING + 1;

/** Pressure at which each level begins; it ends when the pressure is lower by SLACK, and no sooner than STEP ms after. */
const BEGINS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const SLACK = 0.2;
const STEP = 100;

const BULK_BYTES = 64 * 1024;
/** A TLS hello with many keys, or a long request, and what answers it first. */
const BEGINNING_BYTES = 4096;
const DNS_PORT = 53;
const QUIC_PORT = 443;
const LONG_HEADER = 0x80;

/** Who reads flows. */
export interface Reader {
  /** Whether payload of this flow, this way, would be read. */
  wants(slot: number, direction: 0 | 1): boolean;
  /** From here on the flow is only counted. */
  leave(slot: number): void;
}

/** True for an address, of one word or four, that is an indicator. */
export type IsIndicator = (words: readonly number[]) => boolean;

export class Overload {
  /** How many classes are given up now. */
  level = 0;
  /** Packets given up, by SHED_CLASSES. */
  readonly counts: Float64Array;
  readonly #isIndicator: IsIndicator;
  readonly #pressures = new Map<string, number>();
  #changed = Number.NEGATIVE_INFINITY;

  /** @param counts to count in */
  constructor(counts = new Float64Array(SHED_CLASSES.length), isIndicator: IsIndicator = () => false) {
    this.counts = counts;
    this.#isIndicator = isIndicator;
  }

  get total(): number {
    let sum = 0;
    for (const count of this.counts) sum += count;
    return sum;
  }

  /**
   * A source tells how full its room is; the fullest counts.
   * @param pressure 0 … 1 @param now ms of a clock that only goes on
   */
  feel(source: string, pressure: number, now: number): void {
    if (this.level === 0 && pressure < BEGINS[0] && this.#pressures.size === 0) return;
    // Who is at ease need not be remembered.
    if (pressure < BEGINS[0] - SLACK) this.#pressures.delete(source);
    else this.#pressures.set(source, pressure);
    const most = Math.max(0, ...this.#pressures.values());
    while (this.level < BEGINS.length && most >= BEGINS[this.level]) {
      this.level++;
      this.#changed = now;
    }
    if (this.level > 0 && most < BEGINS[this.level - 1] - SLACK && now - this.#changed >= STEP) {
      this.level--;
      this.#changed = now;
    }
  }

  /** Before the packet's flow is looked for: true when it is of none, and none is made. */
  refuses(p: Packet, flows: FlowTable): boolean {
    if (this.level < REFUSING) return false;
    const slot = flows.find(p);
    if (slot >= 0 && !opensAgain(p, flows, slot)) return false;
    return this.#isShed(p, DNS_PORT === p.sourcePort || DNS_PORT === p.destinationPort ? DNS : beginning(p));
  }

  /** The same of what is no whole packet of a flow. A fragment has ports when it is the first. */
  refusesPart(p: Packet, fate: Fate): boolean {
    if (this.level < REFUSING || (!p.fragmented && fate !== FATE.arp)) return false;
    return this.#isShed(p, DNS_PORT === p.sourcePort || DNS_PORT === p.destinationPort ? DNS : OPENING);
  }

  /** After the packet is counted in its flow: true when its payload is not read. */
  skips(p: Packet, flows: FlowTable, slot: number, reader: Reader): boolean {
    const { direction } = flows;
    if (this.level === 0 || p.payloadLength === 0) return false;
    const wasShed = (flows.words[slot * WORDS + MARK] & SHED) !== 0;
    if (!wasShed && !reader.wants(slot, direction)) return false;
    const bytes = flows.sums[slot * SUMS + PAYLOAD + direction];
    const size = bytes > BULK_BYTES ? BULK : bytes > BEGINNING_BYTES ? KNOWN : HANDSHAKE;
    const isDns = p.sourcePort === DNS_PORT || p.destinationPort === DNS_PORT;
    if (!this.#isShed(p, isDns ? DNS : size)) return false;
    if (!wasShed) reader.leave(slot);
    return true;
  }

  /** Counts it when it is. Lists are asked last: only for what would go. */
  #isShed(p: Packet, kind: number): boolean {
    if (kind >= this.level) return false;
    const last = kind < INDICATOR && this.#isListed(p) ? INDICATOR : kind;
    if (last >= this.level) return false;
    this.counts[last]++;
    return true;
  }

  #isListed({ version, source, destination }: Packet): boolean {
    if (version === 4) return this.#isIndicator([source[3]]) || this.#isIndicator([destination[3]]);
    return version === 6 && (this.#isIndicator([...source]) || this.#isIndicator([...destination]));
  }
}

/** A SYN after the end begins a flow on the row of the one before. */
function opensAgain(p: Packet, flows: FlowTable, slot: number): boolean {
  return p.protocol === TCP && (p.tcpFlags & (SYN | ACK)) === SYN && flows.state(slot) === CLOSED;
}

function beginning(p: Packet): number {
  if (p.protocol === TCP) return (p.tcpFlags & SYN) !== 0 ? HANDSHAKE : OPENING;
  if (p.protocol !== UDP || p.payloadEnd === p.payload) return OPENING;
  const isQuic = p.sourcePort === QUIC_PORT || p.destinationPort === QUIC_PORT;
  return isQuic && (p.bytes[p.payload] & LONG_HEADER) !== 0 ? HANDSHAKE : OPENING;
}
