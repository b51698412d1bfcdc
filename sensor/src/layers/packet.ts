// One decoded packet: offsets and numbers over the source's buffer. One object, reused for every packet.

/** TCP or UDP in an IP packet, or nothing of these. */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;
export const SCTP = 132;

export const MAX_VLANS = 4;

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
] as const;
export type Fate = number;
export const FATE = Object.fromEntries(FATES.map((name, i) => [name, i])) as Record<
  (typeof FATES)[number],
  Fate
>;

export class Packet {
  bytes: Uint8Array = new Uint8Array(0);
  /** µs since 1970. */
  time = 0;
  /** Bytes of the whole frame on the wire. */
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

  /** IP protocol number of the transport. */
  protocol = 0;
  /** Where the transport header starts. */
  transport = 0;
  /** Ports; for ICMP the type and the code. */
  sourcePort = 0;
  destinationPort = 0;
  tcpFlags = 0;
  sequence = 0;
  acknowledged = 0;

  /** Captured payload of the transport `[payload, payloadEnd)`. */
  payload = 0;
  payloadEnd = 0;
  /** Payload bytes that were on the wire: more than captured when the snap length cut. */
  payloadLength = 0;
}
