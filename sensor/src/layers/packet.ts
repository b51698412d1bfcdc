// One decoded packet: offsets and numbers over the source's buffer. One object, reused for every packet.
import { viewOf } from '../bytes/read.ts';
import type { Oddity } from './oddities.ts';

/** TCP or UDP in an IP packet, or nothing of these. */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const GRE = 47;
export const ICMPV6 = 58;
export const SCTP = 132;
export const UDP_LITE = 136;

export const MAX_VLANS = 4;
/** Headers besides Ethernet, IP and transport that one packet may have; each turn of the decoder takes one. */
export const MAX_HEADERS = 16;
/** Tunnels inside each other; Suricata looks into as many layers. */
export const MAX_DEPTH = 8;
/** Oddities told of one packet. */
const MAX_ODDITIES = 8;

/** Where decoding stopped, if it stopped before a transport header. Index into the decoder's counters. */
export const FATES = [
  'decoded',
  'link_unknown',
  'frame_short',
  'not_ip',
  'ipv4_bad',
  'ipv6_bad',
  'tcp_bad',
  'udp_bad',
  'icmp_bad',
  'icmpv6_bad',
  'sctp_bad',
  'fragment',
  'arp',
  'too_deep',
] as const;
export type Fate = number;
export const FATE = Object.fromEntries(FATES.map((name, i) => [name, i])) as Record<
  (typeof FATES)[number],
  Fate
>;

/** What a decoded packet carries inside: another packet, in one of these wrappings. */
export const CARRIES = {
  nothing: 0,
  /** IPv4 or IPv6 at once (protocols 4 and 41). */
  ip: 1,
  gre: 2,
  /** Ethernet within IP (RFC 3378). */
  etherip: 3,
  vxlan: 4,
  geneve: 5,
  gtp: 6,
  teredo: 7,
  capwap: 8,
  l2tp: 9,
} as const;

export class Packet {
  #bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, for numbers of several at once. */
  view = viewOf(this.#bytes);
  /** µs since 1970. */
  time = 0;
  /** Bytes of the whole frame on the wire; of a packet in a tunnel, its own. */
  wire = 0;
  link = 0;
  /** The frame's first byte, and the end of what was captured. */
  at = 0;
  end = 0;

  vlans = 0;
  /** Outermost first; 12-bit ids. */
  readonly vlan = new Uint16Array(MAX_VLANS);

  /** 4, 6, or 0 when the frame holds no IP. */
  version = 0;
  /** Where the IP header starts. */
  ip = 0;
  ttl = 0;
  /** Addresses as 32-bit words; an IPv4 address stands in word 3, the others are 0. */
  readonly source = new Uint32Array(4);
  readonly destination = new Uint32Array(4);
  /** True for any fragment, the first one too. */
  fragmented = false;
  /** Where the fragment header starts (IPv6), or the IP header (IPv4); valid when `fragmented`. */
  fragment = 0;

  /** IP protocol number of the transport. */
  protocol = 0;
  /** Where the transport header starts. */
  transport = 0;
  /** Ports; for ICMP the type and the code. */
  sourcePort = 0;
  destinationPort = 0;
  tcpFlags = 0;
  /** Numbers of TCP as signed 32 bits: they are only subtracted. */
  sequence = 0;
  acknowledged = 0;
  /** TCP window as it stands in the header, not scaled. */
  window = 0;

  /** Captured payload of the transport `[payload, payloadEnd)`. */
  payload = 0;
  payloadEnd = 0;
  /** Payload bytes that were on the wire: more than captured when the snap length cut. */
  payloadLength = 0;

  /** A packet inside this one, by its wrapping (CARRIES); it begins at `payload`. */
  carries = 0;
  /** Tunnels around this packet. */
  depth = 0;
  /** What they are, as one number for the flow's key: the same for both directions; 0 outside of tunnels. */
  tunnel = 0;
  /** Innermost tunnel: its wrapping, and its network's number (VNI, VSID, key); -1 when it has none. */
  wrapping = 0;
  network = -1;
  /** Ends of the outermost tunnel, valid where `depth` > 0. */
  readonly outerSource = new Uint32Array(4);
  readonly outerDestination = new Uint32Array(4);
  outerVersion = 0;
  outerProtocol = 0;
  outerSourcePort = 0;
  outerDestinationPort = 0;

  /** Headers besides Ethernet, IP and transport, in the order of the wire: which (index into `headers`), and where. */
  headers = 0;
  readonly header = new Uint8Array(MAX_HEADERS);
  readonly headerAt = new Uint32Array(MAX_HEADERS);

  oddities = 0;
  readonly oddity = new Uint8Array(MAX_ODDITIES);

  /** Where the frame lies. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  set bytes(bytes: Uint8Array) {
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.view = viewOf(bytes);
  }
}

/** Remembers what is odd about this packet; more than a few of one packet say nothing new. */
export function odd(p: Packet, what: Oddity): void {
  if (p.oddities < MAX_ODDITIES) p.oddity[p.oddities++] = what;
}

/** Remembers a header. @returns false when the packet has more of them than are looked into */
export function met(p: Packet, header: number, at: number): boolean {
  if (p.headers === MAX_HEADERS) return false;
  p.header[p.headers] = header;
  p.headerAt[p.headers++] = at;
  return true;
}
