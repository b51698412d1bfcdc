// Puts fragmented packets together again, IPv4 (RFC 791 §3.2) and IPv6 (RFC 8200 §4.5), within bounds of memory and time.
import { copy } from '../bytes/copy.ts';
import { resume } from '../layers/decode.ts';
import * as ipv4 from '../layers/ipv4.ts';
import * as ipv6 from '../layers/ipv6.ts';
import { ODD } from '../layers/oddities.ts';
import { CARRIES, type Fate, odd, Packet } from '../layers/packet.ts';
import { FragmentSet, HEADER_ROOM, KEY_WORDS, MAX_PACKET, PIECE } from './fragment-set.ts';

/** µs from a packet's first fragment to the last: what hosts wait at most (RFC 8200 §4.5), and Suricata. */
const TIMEOUT = 60e6;
/** Packets that wait for fragments at a time; the oldest makes room. */
const MAX_SETS = 2048;
/** Bytes held by them. */
const DEFAULT_BYTES = 8 * 1024 * 1024;
/** Bytes of a set that is kept for use again. */
const MAX_SPARE = 4096;

export class Defragmenter {
  /** The packet that `take` completed: decoded, over bytes of its own. */
  readonly whole = new Packet();
  readonly counters = { fragments: 0, reassembled: 0, timedOut: 0, shed: 0 };
  /** Called for a packet that will not become whole, if its ports are known: `whole` is what there is of it. */
  readonly #onGivenUp: (fate: Fate) => void;
  readonly #maxBytes: number;
  readonly #sets = new Map<number, FragmentSet>();
  readonly #key = new Int32Array(KEY_WORDS);
  #oldest: FragmentSet | undefined;
  #newest: FragmentSet | undefined;
  /** Used before, and to be used again. */
  #spare: FragmentSet[] = [];
  #count = 0;
  #bytes = 0;
  /** The set whose bytes `whole` lies over: a packet inside of it may be a fragment, so it is not used again at once. */
  #lent: FragmentSet | undefined;

  constructor(onGivenUp: (fate: Fate) => void, maxBytes: number = DEFAULT_BYTES) {
    this.#maxBytes = maxBytes;
    this.#onGivenUp = onGivenUp;
  }

  /** Bytes of packets that lack a fragment. */
  get heldBytes(): number {
    return this.#bytes;
  }

  get waiting(): number {
    return this.#count;
  }

  /** Takes a fragment. @returns the fate of `whole` when it was the last one missing, else -1 */
  take(p: Packet): Fate {
    this.counters.fragments++;
    const isV4 = p.version === 4;
    const { bytes, fragment } = p;
    const start = isV4 ? ipv4.fragmentOffset(bytes, fragment) : ipv6.fragmentOffset(bytes, fragment);
    const more = isV4 ? ipv4.moreFragments(bytes, fragment) : ipv6.moreFragments(bytes, fragment);
    const header = isV4 ? ipv4.headerLength(bytes, fragment) : ipv6.LENGTH;
    const from = isV4 ? p.ip + header : fragment + ipv6.FRAGMENT_LENGTH;
    const length =
      (isV4 ? p.ip + ipv4.totalLength(bytes, p.ip) : p.ip + ipv6.LENGTH + ipv6.payloadLength(bytes, p.ip)) -
      from;
    if (length < 0 || (more && (length & 7) !== 0) || (more && length === 0)) {
      odd(p, isV4 ? ODD['ipv4.frag_ignored'] : ODD['ipv6.frag_invalid_length']);
      return -1;
    }
    if (start + length > MAX_PACKET - (isV4 ? header : 0)) {
      odd(p, isV4 ? ODD['ipv4.frag_pkt_too_large'] : ODD['ipv6.frag_pkt_too_large']);
      return -1;
    }
    const hash = this.#makeKey(p);
    // What is given up takes `whole`: not while that is what is being read.
    const isNested = p === this.whole;
    const known = this.#find(hash);
    if (known === undefined && isNested && this.#count === MAX_SETS) {
      odd(p, isV4 ? ODD['ipv4.frag_ignored'] : ODD['ipv6.frag_ignored']);
      return -1;
    }
    const set = known ?? this.#open(hash, p.time);
    const held = set.bytes.length;
    const said = set.take(bytes, from, p.end, start, length, !more);
    this.#bytes += set.bytes.length - held;
    if (said === PIECE.overlaps) odd(p, isV4 ? ODD['ipv4.frag_overlap'] : ODD['ipv6.frag_overlap']);
    else if (said === PIECE.beyond || said === PIECE.tooMany)
      odd(p, isV4 ? ODD['ipv4.frag_ignored'] : ODD['ipv6.frag_ignored']);
    if (start === 0 && set.header === 0) {
      set.header = header;
      set.before = p.ip - p.at;
      copy(bytes, p.ip, p.ip + header, set.bytes, HEADER_ROOM - header);
      if (!isV4) set.bytes[HEADER_ROOM - header + ipv6.NEXT] = ipv6.extensionNext(bytes, fragment);
    }
    if (!set.isWhole) {
      while (!isNested && this.#bytes > this.#maxBytes && this.#oldest !== undefined && this.#oldest !== set)
        this.#shed();
      return -1;
    }
    this.counters.reassembled++;
    this.#forget(set);
    return this.#assemble(set, set.total, p);
  }

  /** Gives up what has waited too long. `now` in µs of packet time. */
  advance(now: number): void {
    // Ends: each turn forgets a set.
    while (this.#oldest !== undefined && now - this.#oldest.since >= TIMEOUT) {
      this.counters.timedOut++;
      this.#giveUp(this.#oldest);
    }
  }

  /** Gives up all that waits: the input is over. */
  finish(): void {
    while (this.#oldest !== undefined) {
      this.counters.timedOut++;
      this.#giveUp(this.#oldest);
    }
  }

  #makeKey(p: Packet): number {
    const key = this.#key;
    for (let i = 0; i < 4; i++) {
      key[i] = p.source[i];
      key[4 + i] = p.destination[i];
    }
    key[8] =
      p.version === 4 ? ipv4.identification(p.bytes, p.fragment) : ipv6.identification(p.bytes, p.fragment);
    // Fragments of an IPv6 packet may differ in what they say follows; only the first one's counts (RFC 8200 §4.5).
    key[9] = p.version === 4 ? p.protocol | (4 << 8) : 6 << 8;
    key[10] = p.vlans === 0 ? 0 : p.vlans === 1 ? p.vlan[0] + 1 : p.vlan[0] | (p.vlan[1] << 12) | (1 << 24);
    key[11] = p.tunnel;
    let hash = 0;
    for (let i = 0; i < KEY_WORDS; i++) hash = Math.imul(hash ^ key[i], 0x85ebca6b) ^ (hash >>> 15);
    return hash;
  }

  #find(hash: number): FragmentSet | undefined {
    // Ends: a chain holds each set once.
    for (let set = this.#sets.get(hash); set !== undefined; set = set.chain)
      if (this.#isKeyOf(set)) return set;
    return undefined;
  }

  #isKeyOf(set: FragmentSet): boolean {
    for (let i = 0; i < KEY_WORDS; i++) if (set.key[i] !== this.#key[i]) return false;
    return true;
  }

  #open(hash: number, time: number): FragmentSet {
    if (this.#count === MAX_SETS) this.#shed();
    const set = this.#spare.pop() ?? new FragmentSet();
    set.begin(time);
    set.key.set(this.#key);
    set.hash = hash;
    set.chain = this.#sets.get(hash);
    this.#sets.set(hash, set);
    set.older = this.#newest;
    set.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = set;
    this.#newest = set;
    this.#oldest ??= set;
    this.#count++;
    this.#bytes += set.bytes.length;
    return set;
  }

  #shed(): void {
    if (this.#oldest === undefined) return;
    this.counters.shed++;
    this.#giveUp(this.#oldest);
  }

  #giveUp(set: FragmentSet): void {
    this.#forget(set);
    if (set.header === 0) return this.#reuse(set);
    const key = set.key;
    const { whole } = this;
    whole.time = set.since;
    whole.vlans = key[10] === 0 ? 0 : key[10] >> 24 === 0 ? 1 : 2;
    whole.vlan[0] = whole.vlans === 1 ? key[10] - 1 : key[10] & 0xfff;
    whole.vlan[1] = (key[10] >> 12) & 0xfff;
    // Nobody knows any more what the tunnel's ends were; its flow still does.
    whole.depth = key[11] === 0 ? 0 : 1;
    whole.tunnel = key[11];
    const fate = this.#decode(set, set.contiguous);
    whole.fragmented = true;
    whole.carries = CARRIES.nothing;
    this.#onGivenUp(fate);
  }

  #forget(set: FragmentSet): void {
    const first = this.#sets.get(set.hash);
    if (first !== set) {
      let at = first;
      // Ends: the set is in this chain.
      while (at !== undefined && at.chain !== set) at = at.chain;
      if (at !== undefined) at.chain = set.chain;
    } else if (set.chain === undefined) this.#sets.delete(set.hash);
    else this.#sets.set(set.hash, set.chain);
    if (set.older === undefined) this.#oldest = set.newer;
    else set.older.newer = set.newer;
    if (set.newer === undefined) this.#newest = set.older;
    else set.newer.older = set.older;
    set.chain = set.older = set.newer = undefined;
    this.#count--;
    this.#bytes -= set.bytes.length;
  }

  #reuse(set: FragmentSet | undefined): void {
    if (set !== undefined && set.bytes.length <= MAX_SPARE) this.#spare.push(set);
  }

  #assemble(set: FragmentSet, total: number, last: Packet): Fate {
    const { whole } = this;
    whole.time = last.time;
    whole.vlans = last.vlans;
    whole.vlan.set(last.vlan);
    whole.depth = last.depth;
    whole.tunnel = last.tunnel;
    whole.wrapping = last.wrapping;
    whole.network = last.network;
    whole.outerSource.set(last.outerSource);
    whole.outerDestination.set(last.outerDestination);
    whole.outerVersion = last.outerVersion;
    whole.outerProtocol = last.outerProtocol;
    whole.outerSourcePort = last.outerSourcePort;
    whole.outerDestinationPort = last.outerDestinationPort;
    return this.#decode(set, total);
  }

  /** Lays the header around `total` bytes of data, and decodes that as a packet of its own. */
  #decode(set: FragmentSet, total: number): Fate {
    const { whole } = this;
    const { bytes, header } = set;
    this.#reuse(this.#lent);
    this.#lent = set;
    const at = HEADER_ROOM - header;
    const isV4 = bytes[at] >> 4 === 4;
    const length = isV4 ? header + total : total;
    const where = at + (isV4 ? ipv4.TOTAL : ipv6.PAYLOAD_LENGTH);
    bytes[where] = length >> 8;
    bytes[where + 1] = length;
    if (isV4) bytes[at + ipv4.FRAGMENT] = bytes[at + ipv4.FRAGMENT + 1] = 0;
    whole.bytes = bytes;
    whole.at = at;
    whole.end = HEADER_ROOM + Math.min(total, set.captured);
    whole.wire = header + total;
    whole.oddities = 0;
    const fate = resume(whole);
    // It counts with what stood in front of it, as Suricata counts it.
    whole.wire += set.before;
    return fate;
  }
}
