// From a frame to its transport header: one pass over the bytes, everything found stands in the Packet.
import { u16 } from '../bytes/read.ts';
import { LINK } from '../sources/source.ts';
import * as ethernet from './ethernet.ts';
import * as icmp from './icmp.ts';
import * as ipv4 from './ipv4.ts';
import * as ipv6 from './ipv6.ts';
import { FATE, type Fate, ICMP, ICMPV6, MAX_VLANS, type Packet, SCTP, TCP, UDP } from './packet.ts';
import * as sll from './sll.ts';
import * as tcp from './tcp.ts';
import * as udp from './udp.ts';
import * as vlan from './vlan.ts';

/**
 * Decodes the frame that `p.bytes`, `p.at`, `p.end` and `p.link` name.
 * @returns FATE.decoded, or where it stopped; `p.version` and the addresses hold whenever IP was reached
 */
export function decode(p: Packet): Fate {
  p.vlans = 0;
  p.version = 0;
  p.fragmented = false;
  p.protocol = 0;
  p.sourcePort = 0;
  p.destinationPort = 0;
  p.tcpFlags = 0;
  p.payloadLength = 0;
  p.payload = p.payloadEnd = p.end;
  const { bytes, at, end } = p;
  switch (p.link) {
    case LINK.ethernet:
      return ethernet.check(at, end)
        ? byType(p, ethernet.etherType(bytes, at), at + ethernet.LENGTH)
        : FATE.frame_short;
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenbsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return byVersion(p, at);
    case LINK.sll:
      return end - at >= sll.V1_LENGTH
        ? byType(p, sll.etherTypeV1(bytes, at), at + sll.V1_LENGTH)
        : FATE.frame_short;
    case LINK.sll2:
      return end - at >= sll.V2_LENGTH
        ? byType(p, sll.etherTypeV2(bytes, at), at + sll.V2_LENGTH)
        : FATE.frame_short;
    case LINK.null:
    case LINK.loop:
      // The 4-byte address family differs between systems and byte orders; the version nibble behind it does not.
      return byVersion(p, at + 4);
    default:
      return FATE.link_unknown;
  }
}

function byVersion(p: Packet, at: number): Fate {
  if (p.end - at < 1) return FATE.frame_short;
  const version = p.bytes[at] >> 4;
  return version === 4 ? decodeIpv4(p, at) : version === 6 ? decodeIpv6(p, at) : FATE.not_ip;
}

/** The next-protocol table: what follows an EtherType. */
function byType(p: Packet, type: number, at: number): Fate {
  // Ends: each turn takes a tag, and MAX_VLANS bounds them.
  while (vlan.isTag(type)) {
    if (p.vlans === MAX_VLANS) return FATE.not_ip;
    if (!vlan.check(at, p.end)) return FATE.frame_short;
    p.vlan[p.vlans++] = vlan.id(p.bytes, at);
    type = vlan.etherType(p.bytes, at);
    at += vlan.LENGTH;
  }
  if (type === ethernet.TYPE_IPV4) return decodeIpv4(p, at);
  if (type === ethernet.TYPE_IPV6) return decodeIpv6(p, at);
  return FATE.not_ip;
}

function decodeIpv4(p: Packet, at: number): Fate {
  const { bytes } = p;
  if (!ipv4.check(bytes, at, p.end)) return FATE.ipv4_bad;
  p.version = 4;
  p.ip = at;
  p.ttl = ipv4.ttl(bytes, at);
  p.source[0] = p.source[1] = p.source[2] = 0;
  p.destination[0] = p.destination[1] = p.destination[2] = 0;
  p.source[3] = ipv4.source(bytes, at);
  p.destination[3] = ipv4.destination(bytes, at);
  p.protocol = ipv4.protocol(bytes, at);
  const total = ipv4.totalLength(bytes, at);
  // Wire end of the packet; Ethernet padding behind it is no payload.
  const wireEnd = at + (total === 0 ? p.at + p.wire - at : total);
  const offset = ipv4.fragmentOffset(bytes, at);
  p.fragmented = offset > 0 || ipv4.moreFragments(bytes, at);
  const transport = at + ipv4.headerLength(bytes, at);
  if (offset > 0) return fragment(p, transport, wireEnd);
  return decodeTransport(p, transport, wireEnd);
}

function decodeIpv6(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!ipv6.check(bytes, at, end)) return FATE.ipv6_bad;
  p.version = 6;
  p.ip = at;
  p.ttl = ipv6.hopLimit(bytes, at);
  for (let word = 0; word < 4; word++) {
    p.source[word] = ipv6.sourceWord(bytes, at, word);
    p.destination[word] = ipv6.destinationWord(bytes, at, word);
  }
  const length = ipv6.payloadLength(bytes, at);
  const wireEnd = length === 0 ? p.at + p.wire : at + ipv6.LENGTH + length;
  let header = ipv6.next(bytes, at);
  let next = at + ipv6.LENGTH;
  for (let i = 0; ipv6.isExtension(header); i++) {
    const size = ipv6.extensionLength(bytes, next, end, header);
    if (size === 0 || i === ipv6.MAX_EXTENSIONS) return FATE.ipv6_bad;
    const isFragment = header === ipv6.FRAGMENT;
    header = ipv6.extensionNext(bytes, next);
    if (isFragment) {
      const offset = ipv6.fragmentOffset(bytes, next);
      p.fragmented ||= offset > 0 || ipv6.moreFragments(bytes, next);
      if (offset > 0) {
        p.protocol = header;
        return fragment(p, next + size, wireEnd);
      }
    }
    next += size;
  }
  p.protocol = header;
  return decodeTransport(p, next, wireEnd);
}

/** A later fragment has no transport header: its bytes count, its ports are unknown. */
function fragment(p: Packet, at: number, wireEnd: number): Fate {
  setPayload(p, at, wireEnd);
  return FATE.fragment;
}

function setPayload(p: Packet, at: number, wireEnd: number): void {
  p.payload = Math.min(at, p.end);
  p.payloadEnd = Math.max(p.payload, Math.min(p.end, wireEnd));
  p.payloadLength = Math.max(0, wireEnd - at);
}

function decodeTransport(p: Packet, at: number, wireEnd: number): Fate {
  const { bytes } = p;
  const end = Math.min(p.end, wireEnd);
  p.transport = at;
  switch (p.protocol) {
    case TCP:
      if (!tcp.check(bytes, at, end)) return FATE.tcp_bad;
      p.sourcePort = tcp.sourcePort(bytes, at);
      p.destinationPort = tcp.destinationPort(bytes, at);
      p.tcpFlags = tcp.flags(bytes, at);
      p.sequence = tcp.sequence(bytes, at);
      p.acknowledged = tcp.acknowledged(bytes, at);
      setPayload(p, at + tcp.headerLength(bytes, at), wireEnd);
      return FATE.decoded;
    case UDP: {
      if (!udp.check(at, end)) return FATE.udp_bad;
      p.sourcePort = udp.sourcePort(bytes, at);
      p.destinationPort = udp.destinationPort(bytes, at);
      const length = udp.totalLength(bytes, at);
      const inside = length >= udp.LENGTH && at + length <= wireEnd;
      setPayload(p, at + udp.LENGTH, inside ? at + length : wireEnd);
      return FATE.decoded;
    }
    case ICMP:
    case ICMPV6:
      if (!icmp.check(at, end)) return p.protocol === ICMP ? FATE.icmp_bad : FATE.icmpv6_bad;
      p.sourcePort = icmp.type(bytes, at);
      p.destinationPort = icmp.code(bytes, at);
      setPayload(p, Math.min(at + icmp.LENGTH, wireEnd), wireEnd);
      return FATE.decoded;
    case SCTP:
      if (end - at < 12) return FATE.sctp_bad;
      p.sourcePort = u16(bytes, at);
      p.destinationPort = u16(bytes, at + 2);
      setPayload(p, at + 12, wireEnd);
      return FATE.decoded;
    default:
      setPayload(p, at, wireEnd);
      return FATE.decoded;
  }
}
