// The flow table: both directions of a conversation under one row of typed-array columns, with a timer wheel.
//
// The wheel has a bucket a second. A flow stands in the bucket of its deadline as it was when it was put there; when the
// bucket's second comes, the flow either ends or moves on to its later deadline. A packet thus never touches the wheel.
import { getRandomValues } from 'node:crypto';
import { counterpart } from '../layers/icmp.ts';
import { ICMP, ICMPV6, type Packet, TCP } from '../layers/packet.ts';
import { ACK, SYN } from '../layers/tcp.ts';
import { followTcp, isMoreOfTheSame } from './follow-tcp.ts';
import { compareFlows } from './order.ts';
import {
  BYTES,
  CHAIN,
  CLIENT_IS_HIGH,
  FLAGS,
  HASH,
  HIGH,
  HIGH_UPPER,
  HISTORY,
  HISTORY_WORDS,
  KEY_MASK,
  KIND,
  LAST,
  LOW,
  LOW_UPPER,
  MARK,
  PACKETS,
  PAYLOAD,
  PORTS,
  REPORTED,
  RETRANSMITTED,
  SEEN,
  SERIAL,
  START,
  SUMS,
  TTL,
  TUNNEL,
  VLAN_PRESENT,
  VLANS,
  WHEEL,
  WORDS,
} from './row.ts';
import { ANSWERED, CLOSED, ESTABLISHED, NEW, OPENED } from './state.ts';
import { type FlowTimeouts, familyOf, timeoutColumn } from './timeouts.ts';
import type { EndReason, FlowWatch } from './watch.ts';

/** A flow that lives longer is reported once an hour: an analyst must not wait for its end. */
const REPORT_SECONDS = 3600;
const WHEEL_SECONDS = 1024; // above the longest timeout; a power of two
const NONE = -1;
/** Odd factors that no sender can know: flows cannot be made to meet in one bucket. */
const SALT = getRandomValues(new Int32Array(4)).map((n) => n | 1);

/** Flows are numbered from `first` on, in steps. */
export interface Numbering {
  readonly first: number;
  readonly step: number;
}
const ONE_BY_ONE: Numbering = { first: 1, step: 1 };

export class FlowTable {
  readonly words: Int32Array;
  readonly sums: Float64Array;
  /** Direction of the last packet: 0 to the server, 1 to the client. */
  direction: 0 | 1 = 0;
  /** OPENED, ANSWERED, REFUSED: what the last packet meant. */
  news = 0;
  /** How far the last TCP payload began behind the highest byte seen before; 0 in order, negative for old bytes. */
  ahead = 0;
  active = 0;
  opened = 0;
  readonly ended: Record<EndReason, number> = { timeout: 0, tcp_reuse: 0, forced: 0, shutdown: 0 };

  readonly #max: number;
  readonly #timeouts: Float64Array;
  readonly #watch: FlowWatch;
  readonly #numbering: Numbering;
  readonly #wheel = new Int32Array(WHEEL_SECONDS).fill(NONE);
  /** 1 + the first row of each chain; 0 for none. A power of two, at least twice the rows. */
  readonly #buckets: Int32Array;
  readonly #mask: number;
  #used = 0;
  #free = NONE;
  /** Last second whose bucket was served. */
  #second = Number.NaN;
  /** Flows that are due now: they end, or are reported. */
  readonly #due: number[] = [];
  // The key of the packet at hand, as it would stand in a row.
  #hash = 0;
  #ports = 0;
  #kind = 0;
  #vlans = 0;
  #sourceIsHigh = false;

  /** @param max most flows at a time; the one that would end next makes room for a new one */
  constructor(max: number, timeouts: FlowTimeouts, watch: FlowWatch, numbering: Numbering = ONE_BY_ONE) {
    this.#numbering = numbering;
    this.#max = max;
    this.#timeouts = timeoutColumn(timeouts);
    this.#watch = watch;
    // All of it at once: the system gives pages as rows are first used, and nothing is ever copied to grow.
    this.words = new Int32Array(max * WORDS);
    this.sums = new Float64Array(max * SUMS);
    this.#buckets = new Int32Array(2 ** Math.ceil(Math.log2(max * 2)));
    this.#mask = this.#buckets.length - 1;
  }

  /** Finds or makes the packet's flow and counts the packet. @returns the slot; `direction` and `news` tell the rest */
  touch(p: Packet): number {
    this.#key(p);
    let slot = this.#find(p);
    this.news = 0;
    if (slot === NONE) {
      slot = this.#insert(p);
      this.news = OPENED;
    } else if (p.protocol === TCP && (p.tcpFlags & (SYN | ACK)) === SYN && this.state(slot) === CLOSED) {
      // A SYN after the end opens a new session on the old ports.
      this.#end(slot, 'tcp_reuse');
      this.#begin(slot, p);
      this.news = OPENED;
    }
    const { words, sums } = this;
    const at = slot * WORDS;
    const row = slot * SUMS;
    const direction = ((words[at + KIND] & CLIENT_IS_HIGH) !== 0) === this.#sourceIsHigh ? 0 : 1;
    this.direction = direction;
    if (p.time > sums[row + LAST]) sums[row + LAST] = p.time;
    sums[row + BYTES + direction] += p.wire;
    sums[row + PAYLOAD + direction] += p.payloadLength;
    if (sums[row + PACKETS + direction]++ === 0) this.#firstOf(at, direction, p);
    else {
      const ttl = words[at + TTL] >>> (direction << 4);
      if (p.ttl < (ttl & 255) || p.ttl > ((ttl >> 8) & 255)) this.#otherTtl(at, direction, p.ttl);
    }
    if (p.protocol === TCP) {
      if (isMoreOfTheSame(words, at, p, direction)) this.ahead = 0;
      else followTcp(this, slot, p);
    } else if (direction === 1 && ((words[at + FLAGS] >> 16) & 3) === NEW) {
      this.news |= ANSWERED;
      words[at + FLAGS] |= ESTABLISHED << 16;
    }
    return slot;
  }

  /** The flow that a quoted packet (inside an ICMP error) belongs to. @returns slot or -1 */
  find(quoted: Packet): number {
    this.#key(quoted);
    return this.#find(quoted);
  }

  /** Puts the two ends into their order, and mixes them. Addresses stay in the packet; `#sourceIsHigh` tells their order. */
  #key(p: Packet): void {
    const { source, destination } = p;
    const from = p.sourcePort;
    let to = p.destinationPort;
    let order = 0;
    if (p.protocol === ICMP || p.protocol === ICMPV6) {
      const answer = counterpart(from, p.version);
      if (answer >= 0) to = answer;
      // Nothing answers this message: what the other side sends, even of the same type and code, is its own flow.
      else order = -1;
    }
    let h = 0;
    if (p.version === 4) {
      const a = source[3];
      const b = destination[3];
      if (order === 0) order = a === b ? from - to : a > b ? 1 : -1;
      // The same whichever is first: sums and products of both.
      h = Math.imul(a ^ b, SALT[0]) ^ Math.imul((a + b) | 0, SALT[1]);
    } else {
      for (let i = 0; i < 4; i++) {
        const a = source[i];
        const b = destination[i];
        if (order === 0 && a !== b) order = a > b ? 1 : -1;
        h = Math.imul(h ^ (a ^ b) ^ Math.imul((a + b) | 0, SALT[1]), SALT[0]);
      }
      if (order === 0) order = from - to;
    }
    const high = order > 0;
    this.#sourceIsHigh = high;
    const ports = high ? (to << 16) | from : (from << 16) | to;
    const kind = p.protocol | (p.version << 8);
    let vlans = 0;
    if (p.vlans > 0) {
      vlans = p.vlan[0] | VLAN_PRESENT;
      if (p.vlans > 1) vlans |= (p.vlan[1] | VLAN_PRESENT) << 16;
    }
    h ^= Math.imul(ports ^ kind, SALT[2]) ^ Math.imul(vlans + p.tunnel, SALT[3]);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    this.#hash = h ^ (h >>> 13);
    this.#ports = ports;
    this.#kind = kind;
    this.#vlans = vlans;
  }

  #find(p: Packet): number {
    const { words } = this;
    const hash = this.#hash;
    const high = this.#sourceIsHigh;
    const low = high ? p.destination : p.source;
    const top = high ? p.source : p.destination;
    const isSix = p.version === 6;
    let slot = this.#buckets[hash & this.#mask] - 1;
    // Ends: a chain holds each row once.
    while (slot !== NONE) {
      const at = slot * WORDS;
      if (
        words[at + HASH] === hash &&
        words[at + PORTS] === this.#ports &&
        words[at + LOW] === (low[3] | 0) &&
        words[at + HIGH] === (top[3] | 0) &&
        (words[at + KIND] & KEY_MASK) === this.#kind &&
        words[at + VLANS] === this.#vlans &&
        words[at + TUNNEL] === p.tunnel &&
        (!isSix || sameSix(words, at, low, top))
      )
        return slot;
      slot = words[at + CHAIN];
    }
    return NONE;
  }

  #insert(p: Packet): number {
    if (this.#free === NONE && this.#used === this.#max) this.#makeRoom();
    let slot = this.#free;
    if (slot === NONE) slot = this.#used++;
    else this.#free = this.words[slot * WORDS + CHAIN];
    const { words } = this;
    const at = slot * WORDS;
    const high = this.#sourceIsHigh;
    const low = high ? p.destination : p.source;
    const top = high ? p.source : p.destination;
    words[at + LOW] = low[3];
    words[at + HIGH] = top[3];
    for (let i = 0; i < 3; i++) {
      words[at + LOW_UPPER + i] = low[i];
      words[at + HIGH_UPPER + i] = top[i];
    }
    words[at + PORTS] = this.#ports;
    words[at + KIND] = this.#kind;
    words[at + VLANS] = this.#vlans;
    words[at + TUNNEL] = p.tunnel;
    words[at + HASH] = this.#hash;
    const bucket = this.#hash & this.#mask;
    words[at + CHAIN] = this.#buckets[bucket] - 1;
    this.#buckets[bucket] = slot + 1;
    this.#begin(slot, p);
    if (Number.isNaN(this.#second)) this.#second = Math.floor(p.time / 1e6);
    this.#schedule(slot, p.time + this.#timeout(slot));
    return slot;
  }

  #begin(slot: number, p: Packet): void {
    const { words, sums } = this;
    const at = slot * WORDS;
    // A SYN+ACK seen first comes from the server: the other side opened the flow.
    const answers = p.protocol === TCP && (p.tcpFlags & (SYN | ACK)) === (SYN | ACK);
    const clientIsHigh = this.#sourceIsHigh !== answers;
    words[at + KIND] = (words[at + KIND] & KEY_MASK) | (clientIsHigh ? CLIENT_IS_HIGH : 0);
    words[at + FLAGS] = NEW << 16;
    words[at + MARK] = 0;
    words[at + SERIAL] = (this.#numbering.first + this.opened++ * this.#numbering.step) | 0;
    words[at + TTL] = 0;
    words[at + SEEN] = 0;
    for (let i = RETRANSMITTED; i < HISTORY + HISTORY_WORDS; i++) words[at + i] = 0;
    words[at + REPORTED] = Math.floor(p.time / 1e6);
    const row = slot * SUMS;
    for (let i = BYTES; i < SUMS; i++) sums[row + i] = 0;
    sums[row + START] = sums[row + LAST] = p.time;
    this.active++;
  }

  #firstOf(at: number, direction: 0 | 1, p: Packet): void {
    this.words[at + TTL] |= (p.ttl | (p.ttl << 8)) << (direction << 4);
  }

  #otherTtl(at: number, direction: 0 | 1, ttl: number): void {
    const shift = direction << 4;
    const both = this.words[at + TTL] >>> shift;
    const pair = Math.min(both & 255, ttl) | (Math.max((both >> 8) & 255, ttl) << 8);
    this.words[at + TTL] = (this.words[at + TTL] & ~(0xffff << shift)) | (pair << shift);
  }

  state(slot: number): number {
    return (this.words[slot * WORDS + FLAGS] >> 16) & 3;
  }

  #timeout(slot: number): number {
    return this.#timeouts[familyOf(this.words[slot * WORDS + KIND] & 255) * 3 + this.state(slot)];
  }

  #schedule(slot: number, deadline: number): void {
    let second = Math.ceil(deadline / 1e6);
    if (second <= this.#second) second = this.#second + 1;
    else if (second - this.#second >= WHEEL_SECONDS) second = this.#second + WHEEL_SECONDS - 1;
    const bucket = second & (WHEEL_SECONDS - 1);
    this.words[slot * WORDS + WHEEL] = this.#wheel[bucket];
    this.#wheel[bucket] = slot;
  }

  /** Ends the flows whose time is over. `now` in µs of packet time; going back is ignored. */
  advance(now: number): void {
    const second = Math.floor(now / 1e6);
    if (!(second > this.#second)) return;
    // Ends: after a whole turn of the wheel every flow has been looked at.
    const turns = Math.min(second - this.#second, WHEEL_SECONDS);
    const first = second - turns + 1;
    for (let s = first; s <= second; s++) {
      this.#second = s;
      this.#serve(s & (WHEEL_SECONDS - 1), now);
    }
    this.#settle((slot) => {
      if (this.sums[slot * SUMS + LAST] + this.#timeout(slot) <= now) this.#remove(slot, 'timeout');
      else this.#watch.lasting?.(slot);
    });
  }

  /** In an order that says nothing of this table. */
  #settle(each: (slot: number) => void): void {
    const due = this.#due;
    if (due.length > 1) due.sort((a, b) => compareFlows(this, a, this, b));
    for (const slot of due) each(slot);
    due.length = 0;
  }

  #serve(bucket: number, now: number): void {
    let slot = this.#wheel[bucket];
    this.#wheel[bucket] = NONE;
    // Ends: the list was taken out whole; a flow that stays is put into a later bucket.
    while (slot !== NONE) {
      const at = slot * WORDS;
      const next = this.words[at + WHEEL];
      const deadline = this.sums[slot * SUMS + LAST] + this.#timeout(slot);
      if (deadline <= now) this.#due.push(slot);
      else {
        this.#schedule(slot, deadline);
        if (this.#second - this.words[at + REPORTED] >= REPORT_SECONDS) {
          this.words[at + REPORTED] = this.#second;
          this.#due.push(slot);
        }
      }
      slot = next;
    }
  }

  /** Ends the flow that stands first in the next bucket. */
  #makeRoom(): void {
    for (let i = 1; i <= WHEEL_SECONDS; i++) {
      const bucket = (this.#second + i) & (WHEEL_SECONDS - 1);
      const slot = this.#wheel[bucket];
      if (slot === NONE) continue;
      this.#wheel[bucket] = this.words[slot * WORDS + WHEEL];
      this.#remove(slot, 'forced');
      return;
    }
  }

  #end(slot: number, reason: EndReason): void {
    this.ended[reason]++;
    this.active--;
    this.#watch.ended(slot, reason);
  }

  #remove(slot: number, reason: EndReason): void {
    this.#end(slot, reason);
    const { words } = this;
    const bucket = words[slot * WORDS + HASH] & this.#mask;
    let at = this.#buckets[bucket] - 1;
    const next = words[slot * WORDS + CHAIN];
    if (at === slot) this.#buckets[bucket] = next + 1;
    else {
      // Ends: the row is in this chain.
      while (words[at * WORDS + CHAIN] !== slot) at = words[at * WORDS + CHAIN];
      words[at * WORDS + CHAIN] = next;
    }
    words[slot * WORDS + CHAIN] = this.#free;
    words[slot * WORDS + SERIAL] = 0;
    this.#free = slot;
  }

  /** Ends every flow: the input is over. The table is then as new, also for an earlier time. */
  shutdown(): void {
    for (let slot = 0; slot < this.#used; slot++)
      if (this.words[slot * WORDS + SERIAL] !== 0) this.#due.push(slot);
    this.#settle((slot) => this.#remove(slot, 'shutdown'));
    this.#wheel.fill(NONE);
    // Filled anew from the start: a capture whose time steps back with every packet costs no more than its flows.
    this.#used = 0;
    this.#free = NONE;
    this.#second = Number.NaN;
  }
}

function sameSix(words: Int32Array, at: number, low: Uint32Array, top: Uint32Array): boolean {
  for (let i = 0; i < 3; i++)
    if (words[at + LOW_UPPER + i] !== (low[i] | 0) || words[at + HIGH_UPPER + i] !== (top[i] | 0))
      return false;
  return true;
}
