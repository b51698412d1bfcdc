// The flow table: both directions of a conversation under one slot, in typed-array columns, with a timer wheel.
//
// A slot is 128 bytes, two cache lines. `low` and `high` are the two ends in the order of their address and port, so
// that both directions find the same slot; `client` tells which of them opened the flow.
//
//   words (16 × int32)                                      sums (8 × float64)
//   ┌──────────────┬──────────────┬───────────────┐         ┌───────┬──────┬──────────┬──────────┐
//   │ 0–3 low addr │ 4–7 high addr│ 8 ports low│hi │         │ start │ last │ bytes ts │ bytes tc │
//   ├────────────┬─┴───┬──────────┼──────┬────────┤         ├───────┴──────┼──────────┼──────────┤
//   │ 9 proto    │10   │11 hash   │12    │13      │         │ payload ts tc│ pkts ts  │ pkts tc  │
//   │ ver client │vlans│          │chain │wheel   │         └──────────────┴──────────┴──────────┘
//   ├────────────┴─────┼──────────┴──────┴────────┤
//   │14 flags ts tc st │15 serial                 │
//   └──────────────────┴──────────────────────────┘
//
// The wheel has a bucket a second. A flow stands in the bucket of its deadline as it was when it was put there; when the
// bucket's second comes, the flow either ends or moves on to its later deadline. A packet thus never touches the wheel.
import { counterpart } from '../layers/icmp.ts';
import { ICMP, ICMPV6, type Packet, SCTP, TCP, UDP } from '../layers/packet.ts';
import { ACK, FIN, RST, SYN } from '../layers/tcp.ts';
import { CLOSED, ESTABLISHED, type FlowTimeouts, NEW } from './timeouts.ts';

export const WORDS = 16;
export const SUMS = 8;
export const LOW = 0;
export const HIGH = 4;
export const PORTS = 8;
export const KIND = 9; // protocol | version << 8 | client is high << 16
export const VLANS = 10; // two ids of 13 bits: 0x1000 marks presence
const HASH = 11;
const CHAIN = 12;
const WHEEL = 13;
export const FLAGS = 14; // flags to server | to client << 8 | state << 16
export const SERIAL = 15;
export const START = 0;
export const LAST = 1;
export const BYTES = 2; // + direction
export const PAYLOAD = 4; // + direction
export const PACKETS = 6; // + direction

export const CLIENT_IS_HIGH = 1 << 16;
const VLAN_PRESENT = 0x1000;
const KEY_MASK = 0xffff;

/** What a packet meant for its flow: bits of `FlowTable.news`. */
export const OPENED = 1;
export const ANSWERED = 2;
export const REFUSED = 4;

export type EndReason = 'timeout' | 'tcp_reuse' | 'forced' | 'shutdown';

const WHEEL_SECONDS = 1024; // above the longest timeout; a power of two
const NONE = -1;

/** Power of two, at least twice the slots. */
const bucketsFor = (capacity: number): number => 2 ** Math.ceil(Math.log2(capacity * 2));

export class FlowTable {
  words: Int32Array;
  sums: Float64Array;
  /** Direction of the last packet: 0 to the server, 1 to the client. */
  direction: 0 | 1 = 0;
  /** OPENED, ANSWERED, REFUSED: what the last packet meant. */
  news = 0;
  active = 0;
  opened = 0;
  readonly ended: Record<EndReason, number> = { timeout: 0, tcp_reuse: 0, forced: 0, shutdown: 0 };

  readonly #max: number;
  readonly #timeouts: Float64Array;
  readonly #onEnd: (slot: number, reason: EndReason) => void;
  readonly #key = new Int32Array(11);
  readonly #wheel = new Int32Array(WHEEL_SECONDS).fill(NONE);
  #buckets: Int32Array;
  #capacity: number;
  #used = 0;
  #free = NONE;
  /** Last second whose bucket was served. */
  #second = Number.NaN;
  #sourceIsHigh = false;

  /**
   * @param max most flows at a time; the one that would end next makes room for a new one
   * @param onEnd called while the slot still holds the flow
   */
  constructor(max: number, timeouts: FlowTimeouts, onEnd: (slot: number, reason: EndReason) => void) {
    this.#max = max;
    this.#capacity = Math.min(max, 1 << 12);
    this.#timeouts = Float64Array.from(
      [timeouts.tcp, timeouts.udp, timeouts.icmp, timeouts.other].flat(),
      (s) => s * 1e6,
    );
    this.#onEnd = onEnd;
    this.words = new Int32Array(this.#capacity * WORDS);
    this.sums = new Float64Array(this.#capacity * SUMS);
    this.#buckets = new Int32Array(bucketsFor(this.#capacity)).fill(NONE);
  }

  /** Finds or makes the packet's flow and counts the packet. @returns the slot; `direction` and `news` tell the rest */
  touch(p: Packet): number {
    const hash = this.#makeKey(p);
    let slot = this.#find(hash);
    if (slot !== NONE && p.protocol === TCP && this.#isNewSession(slot, p)) {
      this.#end(slot, 'tcp_reuse');
      this.#begin(slot, p);
      this.news = OPENED;
    } else if (slot === NONE) {
      slot = this.#insert(hash, p);
      this.news = OPENED;
    } else this.news = 0;

    const client = (this.words[slot * WORDS + KIND] & CLIENT_IS_HIGH) !== 0;
    const direction = client === this.#sourceIsHigh ? 0 : 1;
    this.direction = direction;
    const row = slot * SUMS;
    const sums = this.sums;
    if (p.time > sums[row + LAST]) sums[row + LAST] = p.time;
    sums[row + BYTES + direction] += p.wire;
    sums[row + PAYLOAD + direction] += p.payloadLength;
    sums[row + PACKETS + direction]++;
    this.#follow(slot, p, direction);
    return slot;
  }

  /** The flow that a quoted packet (inside an ICMP error) belongs to. @returns slot or -1 */
  find(quoted: Packet): number {
    return this.#find(this.#makeKey(quoted));
  }

  #makeKey(p: Packet): number {
    const key = this.#key;
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
    for (let i = p.version === 4 ? 3 : 0; order === 0 && i < 4; i++) {
      if (source[i] < destination[i]) order = -1;
      else if (source[i] > destination[i]) order = 1;
    }
    if (order === 0) order = from - to;
    const high = order > 0;
    this.#sourceIsHigh = high;
    for (let i = 0; i < 4; i++) {
      key[LOW + i] = high ? destination[i] : source[i];
      key[HIGH + i] = high ? source[i] : destination[i];
    }
    key[PORTS] = high ? (to << 16) | from : (from << 16) | to;
    key[KIND] = p.protocol | (p.version << 8);
    key[VLANS] =
      p.vlans === 0
        ? 0
        : p.vlans === 1
          ? p.vlan[0] | VLAN_PRESENT
          : p.vlan[0] | VLAN_PRESENT | ((p.vlan[1] | VLAN_PRESENT) << 16);
    let h =
      Math.imul(key[3] ^ Math.imul(key[7], 0x9e3779b1), 0x85ebca6b) ^
      Math.imul(key[PORTS] ^ key[KIND], 0xc2b2ae35);
    if (p.version === 6)
      for (let i = 0; i < 3; i++)
        h = Math.imul(h ^ key[LOW + i] ^ Math.imul(key[HIGH + i], 0x27d4eb2f), 0x165667b1);
    h ^= Math.imul(key[VLANS], 0x2545f491);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    return h ^ (h >>> 13);
  }

  #find(hash: number): number {
    const { words } = this;
    const key = this.#key;
    let slot = this.#buckets[hash & (this.#buckets.length - 1)];
    // Ends: a chain holds each slot once.
    while (slot !== NONE) {
      const at = slot * WORDS;
      if (
        words[at + HASH] === hash &&
        words[at + 3] === key[3] &&
        words[at + 7] === key[7] &&
        words[at + PORTS] === key[PORTS] &&
        (words[at + KIND] & KEY_MASK) === key[KIND] &&
        words[at + VLANS] === key[VLANS] &&
        words[at] === key[0] &&
        words[at + 1] === key[1] &&
        words[at + 2] === key[2] &&
        words[at + 4] === key[4] &&
        words[at + 5] === key[5] &&
        words[at + 6] === key[6]
      )
        return slot;
      slot = words[at + CHAIN];
    }
    return NONE;
  }

  /** A SYN after the end opens a new session on the old ports. */
  #isNewSession(slot: number, p: Packet): boolean {
    return (p.tcpFlags & (SYN | ACK)) === SYN && ((this.words[slot * WORDS + FLAGS] >> 16) & 3) === CLOSED;
  }

  #insert(hash: number, p: Packet): number {
    let slot = this.#free;
    if (slot !== NONE) this.#free = this.words[slot * WORDS + CHAIN];
    else {
      if (this.#used === this.#capacity) {
        if (this.#capacity < this.#max) this.#grow();
        else this.#makeRoom();
      }
      if (this.#free !== NONE) {
        slot = this.#free;
        this.#free = this.words[slot * WORDS + CHAIN];
      } else slot = this.#used++;
    }
    const at = slot * WORDS;
    this.words.set(this.#key, at);
    this.words[at + HASH] = hash;
    const bucket = hash & (this.#buckets.length - 1);
    this.words[at + CHAIN] = this.#buckets[bucket];
    this.#buckets[bucket] = slot;
    this.#begin(slot, p);
    if (Number.isNaN(this.#second)) this.#second = Math.floor(p.time / 1e6);
    this.#schedule(slot, p.time + this.#timeout(slot));
    return slot;
  }

  #begin(slot: number, p: Packet): void {
    const at = slot * WORDS;
    // A SYN+ACK seen first comes from the server: the other side opened the flow.
    const answers = p.protocol === TCP && (p.tcpFlags & (SYN | ACK)) === (SYN | ACK);
    const clientIsHigh = this.#sourceIsHigh !== answers;
    this.words[at + KIND] = (this.words[at + KIND] & KEY_MASK) | (clientIsHigh ? CLIENT_IS_HIGH : 0);
    this.words[at + FLAGS] = NEW << 16;
    this.words[at + SERIAL] = ++this.opened | 0;
    const row = slot * SUMS;
    this.sums.fill(0, row, row + SUMS);
    this.sums[row + START] = this.sums[row + LAST] = p.time;
    this.active++;
  }

  /** State of the conversation after this packet. */
  #follow(slot: number, p: Packet, direction: 0 | 1): void {
    const at = slot * WORDS + FLAGS;
    const before = this.words[at];
    let state = (before >> 16) & 3;
    if (p.protocol === TCP) {
      const after = before | (p.tcpFlags << (direction << 3));
      if (after === before && state !== NEW) return;
      const toServer = after & 255;
      const toClient = (after >> 8) & 255;
      if ((p.tcpFlags & RST) !== 0) {
        if (
          direction === 1 &&
          state === NEW &&
          (toClient & SYN) === 0 &&
          this.sums[slot * SUMS + PACKETS + 1] === 1
        )
          this.news |= REFUSED;
        state = CLOSED;
      } else if (state !== CLOSED) {
        if ((toServer & toClient & FIN) !== 0) state = CLOSED;
        else if (state === NEW && direction === 1 && (p.tcpFlags & (SYN | ACK)) === (SYN | ACK)) {
          if ((before & (SYN << 8)) === 0) this.news |= ANSWERED;
        } else if (
          state === NEW &&
          (p.tcpFlags & SYN) === 0 &&
          ((toClient & SYN) !== 0 || (toServer & SYN) === 0)
        )
          state = ESTABLISHED;
      }
      this.words[at] = (after & 0xffff) | (state << 16);
    } else if (state === NEW && direction === 1) {
      this.news |= ANSWERED;
      this.words[at] = (before & 0xffff) | (ESTABLISHED << 16);
    }
  }

  state(slot: number): number {
    return (this.words[slot * WORDS + FLAGS] >> 16) & 3;
  }

  #timeout(slot: number): number {
    const protocol = this.words[slot * WORDS + KIND] & 255;
    const family =
      protocol === TCP
        ? 0
        : protocol === UDP || protocol === SCTP
          ? 1
          : protocol === ICMP || protocol === ICMPV6
            ? 2
            : 3;
    return this.#timeouts[family * 3 + this.state(slot)];
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
  }

  #serve(bucket: number, now: number): void {
    let slot = this.#wheel[bucket];
    this.#wheel[bucket] = NONE;
    // Ends: the list was taken out whole; a flow that stays is put into a later bucket.
    while (slot !== NONE) {
      const next = this.words[slot * WORDS + WHEEL];
      const deadline = this.sums[slot * SUMS + LAST] + this.#timeout(slot);
      if (deadline <= now) this.#remove(slot, 'timeout');
      else this.#schedule(slot, deadline);
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
    this.#onEnd(slot, reason);
  }

  #remove(slot: number, reason: EndReason): void {
    this.#end(slot, reason);
    const { words } = this;
    const bucket = words[slot * WORDS + HASH] & (this.#buckets.length - 1);
    let at = this.#buckets[bucket];
    const next = words[slot * WORDS + CHAIN];
    if (at === slot) this.#buckets[bucket] = next;
    else {
      // Ends: the slot is in this chain.
      while (words[at * WORDS + CHAIN] !== slot) at = words[at * WORDS + CHAIN];
      words[at * WORDS + CHAIN] = next;
    }
    words[slot * WORDS + CHAIN] = this.#free;
    words[slot * WORDS + SERIAL] = 0;
    this.#free = slot;
  }

  /** Ends every flow, in the order of their slots: the input is over. The table is then as new, also for an earlier time. */
  shutdown(): void {
    for (let slot = 0; slot < this.#used; slot++)
      if (this.words[slot * WORDS + SERIAL] !== 0) this.#remove(slot, 'shutdown');
    this.#wheel.fill(NONE);
    // Filled anew from the start: a capture whose time steps back with every packet costs no more than its flows.
    this.#used = 0;
    this.#free = NONE;
    this.#second = Number.NaN;
  }

  #grow(): void {
    const capacity = Math.min(this.#max, this.#capacity * 2);
    const words = new Int32Array(capacity * WORDS);
    words.set(this.words);
    const sums = new Float64Array(capacity * SUMS);
    sums.set(this.sums);
    const buckets = new Int32Array(bucketsFor(capacity)).fill(NONE);
    for (let slot = 0; slot < this.#used; slot++) {
      const bucket = words[slot * WORDS + HASH] & (buckets.length - 1);
      words[slot * WORDS + CHAIN] = buckets[bucket];
      buckets[bucket] = slot;
    }
    this.words = words;
    this.sums = sums;
    this.#buckets = buckets;
    this.#capacity = capacity;
  }
}
