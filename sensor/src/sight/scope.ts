// What may be looked at: packets outside the authority's networks are dropped once their addresses are read, and only counted.
/*
 * An entry is a prefix, perhaps with a direction: `10.0.0.0/8` (either side), `from 10.0.0.0/8`, `to 10.0.0.0/8`.
 *
 *   look    a packet is looked at only when an entry holds its side; without entries, every packet
 *   never   a packet is not looked at when an entry holds its side
 *
 * The strictest reading wins: `never` over `look`; a family that `look` does not name is outside; of a tunnel every header
 * must pass, the first that does not takes along what is inside; an ICMP error must pass with the packet that it quotes;
 * a record of both directions must pass in both. An IPv4 network in `never` is meant in IPv6's clothes too (mapped,
 * NAT64, 6to4). Directions are those of packets: `look: [from …]` leaves the answers out.
 *
 * It judges whose packets they are, not whom they speak of: names and addresses within what may be looked at stay.
 */
import { readQuoted } from '../flow/quoted.ts';
import * as arp from '../layers/arp.ts';
import * as icmp from '../layers/icmp.ts';
import { FATE, type Fate, ICMP, ICMPV6, Packet } from '../layers/packet.ts';
import { type Prefix, parseAddress, parsePrefix } from '../rules/prefix.ts';
import { PrefixSet } from '../rules/prefix-set.ts';
import { ADDRESS, type FlowExport } from '../sources/exports/record.ts';

/** The entries as people write them. */
export interface ScopeText {
  readonly look: readonly string[];
  readonly never: readonly string[];
}

interface Entry {
  readonly from: boolean;
  readonly to: boolean;
  readonly prefix: Prefix;
}

/** @returns undefined when the text is no entry */
export function parseEntry(text: string): Entry | undefined {
  const match = /^(?:(from|to) +)?(\S+)$/.exec(text.trim());
  const prefix = match === null ? undefined : parsePrefix(match[2]);
  if (prefix === undefined) return undefined;
  return { from: match?.[1] !== 'to', to: match?.[1] !== 'from', prefix };
}

const entriesOf = (texts: readonly string[]): Entry[] =>
  texts.map(parseEntry).filter((entry) => entry !== undefined);

/** Where IPv6 holds IPv4 addresses: the words before, the bits that they take, and by how many bits the address is shifted. */
const CLOTHES: readonly (readonly [words: readonly [number, number, number], bits: number])[] = [
  [[0, 0, 0xffff], 96],
  [[0x0064ff9b, 0, 0], 96],
];
const SIX_TO_FOUR = 0x2002;

/** An IPv4 prefix, and as it looks within IPv6 (RFC 4291 §2.5.5.2, RFC 6052 §2.1, RFC 3056 §2). */
function dressed(prefix: Prefix): Prefix[] {
  if (prefix.words.length !== 1) return [prefix];
  const [word] = prefix.words;
  const sixToFour = [((SIX_TO_FOUR << 16) | (word >>> 16)) >>> 0, (word << 16) >>> 0, 0, 0];
  return [
    prefix,
    ...CLOTHES.map(([words, bits]) => ({ words: [...words, word], bits: bits + prefix.bits })),
    { words: sixToFour, bits: 16 + prefix.bits },
  ];
}

/** The two sides of a packet that entries speak of. */
class Sides {
  readonly from: PrefixSet;
  readonly to: PrefixSet;

  constructor(entries: readonly Entry[], dress: (prefix: Prefix) => Prefix[] = (prefix) => [prefix]) {
    const of = (side: 'from' | 'to'): PrefixSet =>
      new PrefixSet(entries.filter((entry) => entry[side]).flatMap(({ prefix }) => dress(prefix)));
    this.from = of('from');
    this.to = of('to');
  }
}

const EVERYTHING = ['0.0.0.0/0', '::/0'];

/** @returns what is wrong with both together, in words; undefined when something is left to look at */
export function wrongScope({ look, never }: ScopeText): string | undefined {
  const all = new Sides(entriesOf(EVERYTHING));
  const seen = new Sides(entriesOf(look.length > 0 ? look : EVERYTHING));
  const hidden = new Sides(entriesOf(never));
  if (hidden.from.covers(all.from) || hidden.to.covers(all.to))
    return '"scope_never" covers every address: nothing would be looked at';
  return hidden.from.covers(seen.from) && hidden.to.covers(seen.to)
    ? '"scope_never" covers all of "scope_look": nothing would be looked at'
    : undefined;
}

/** @returns undefined where everything may be looked at */
export const scopeOf = (text: ScopeText | undefined): Scope | undefined =>
  text === undefined || text.look.length + text.never.length === 0 ? undefined : new Scope(text);

export class Scope {
  readonly #look: Sides | undefined;
  readonly #never: Sides;
  readonly #quoted = new Packet();
  /** The two addresses of ARP, as others have them. */
  readonly #sender = new Uint32Array(4);
  readonly #target = new Uint32Array(4);

  /** Entries that are none are the settings' to complain of. */
  constructor({ look, never }: ScopeText) {
    this.#look = look.length === 0 ? undefined : new Sides(entriesOf(look));
    this.#never = new Sides(entriesOf(never), dressed);
  }

  /** As far as the frame is read. One without addresses speaks of nobody. */
  admits(p: Packet, fate: Fate): boolean {
    return p.version === 0 ? fate !== FATE.arp || this.#hasArp(p) : this.#hasPacket(p);
  }

  #hasPacket(p: Packet): boolean {
    return this.#has(p.version, p.source, 0, p.version, p.destination, 0);
  }

  /** ARP asks and answers in the name of two addresses. */
  #hasArp(p: Packet): boolean {
    this.#sender[3] = arp.source(p.bytes, p.transport);
    this.#target[3] = arp.destination(p.bytes, p.transport);
    return this.#has(4, this.#sender, 0, 4, this.#target, 0);
  }

  /** The transport header is read: an ICMP error speaks of a packet that must be within as well. */
  hasQuoted(p: Packet): boolean {
    if (p.protocol !== ICMP && p.protocol !== ICMPV6) return true;
    if (!icmp.isError(p.bytes, p.transport, p.version)) return true;
    readQuoted(p, this.#quoted);
    return this.#quoted.version === 0 || this.#hasPacket(this.#quoted);
  }

  /** A flow that somebody else saw, with all addresses that its record names. */
  hasExport({ addresses, families, responderPackets }: FlowExport): boolean {
    const pair = (from: number, to: number): boolean =>
      this.#has(families[from], addresses, 4 * from, families[to], addresses, 4 * to);
    if (!pair(ADDRESS.source, ADDRESS.destination)) return false;
    if (responderPackets > 0 && !pair(ADDRESS.destination, ADDRESS.source)) return false;
    for (const [from, to] of [
      [ADDRESS.postSource, ADDRESS.postDestination],
      [ADDRESS.nextHop, ADDRESS.nextHop],
      [ADDRESS.bgpNextHop, ADDRESS.bgpNextHop],
    ]) {
      const { from: sources, to: targets } = this.#never;
      if (sources.has(families[from], addresses, 4 * from) || targets.has(families[to], addresses, 4 * to))
        return false;
    }
    return true;
  }

  /** A conversation that somebody else told of, by its two addresses: in both directions. */
  hasTold(one: string, other: string): boolean {
    const [a, b] = [this.#take(one, this.#sender), this.#take(other, this.#target)];
    return (
      this.#has(a, this.#sender, 0, b, this.#target, 0) && this.#has(b, this.#target, 0, a, this.#sender, 0)
    );
  }

  /** @returns the family; 0 for a text that is no address */
  #take(text: string, into: Uint32Array): number {
    const words = parseAddress(text);
    if (words === undefined) return 0;
    into.set(words, 4 - words.length);
    return words.length === 4 ? 6 : 4;
  }

  #has(
    fromFamily: number,
    from: Uint32Array,
    fromAt: number,
    toFamily: number,
    to: Uint32Array,
    toAt: number,
  ): boolean {
    const look = this.#look;
    if (look !== undefined && !look.from.has(fromFamily, from, fromAt) && !look.to.has(toFamily, to, toAt))
      return false;
    const never = this.#never;
    return !never.from.has(fromFamily, from, fromAt) && !never.to.has(toFamily, to, toAt);
  }
}
