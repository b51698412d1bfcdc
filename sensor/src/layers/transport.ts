// The transport header: ports, flags, payload; and what in the payload is another packet.

import * as capwap from './capwap.ts';
import * as etherip from './etherip.ts';
import * as geneve from './geneve.ts';
import * as gtp from './gtp.ts';
import * as icmp from './icmp.ts';
import * as l2tp from './l2tp.ts';
import { ODD } from './oddities.ts';
import {
  CARRIES,
  FATE,
  type Fate,
  GRE,
  ICMP,
  ICMPV6,
  odd,
  type Packet,
  SCTP,
  TCP,
  UDP,
  UDP_LITE,
} from './packet.ts';
import * as sctp from './sctp.ts';
import * as tcp from './tcp.ts';
import * as teredo from './teredo.ts';
import * as udp from './udp.ts';
import * as vxlan from './vxlan.ts';

/** An IPv6 header: Teredo peers send nothing before it. */
const PEER_MIN = 40;
const IPV4_WITHIN = 4;
const IPV6_WITHIN = 41;
const NO_NEXT = 59;

/** Port → CARRIES: where tunnels are looked for; whether it is one, its header says. */
const TUNNEL_PORTS = new Uint8Array(0x10000);
for (const port of vxlan.PORTS) TUNNEL_PORTS[port] = CARRIES.vxlan;
TUNNEL_PORTS[geneve.PORT] = CARRIES.geneve;
TUNNEL_PORTS[gtp.PORT] = CARRIES.gtp;
TUNNEL_PORTS[teredo.PORT] = CARRIES.teredo;
TUNNEL_PORTS[capwap.PORT] = CARRIES.capwap;
TUNNEL_PORTS[l2tp.PORT] = CARRIES.l2tp;

/** True when a datagram may carry another packet: more than a look at its ports and first byte is then needed. */
export const mayCarry = (
  b: Uint8Array,
  sourcePort: number,
  destinationPort: number,
  payload: number,
  end: number,
): boolean =>
  TUNNEL_PORTS[destinationPort] !== 0 ||
  TUNNEL_PORTS[sourcePort] !== 0 ||
  (end - payload > PEER_MIN && b[payload] >> 4 === 6);

export function setPayload(p: Packet, at: number, wireEnd: number): void {
  p.payload = Math.min(at, p.end);
  p.payloadEnd = Math.max(p.payload, Math.min(p.end, wireEnd));
  p.payloadLength = Math.max(0, wireEnd - at);
}

/** True when the snap length cut the frame: what is missing is then no fault of the sender. */
export const isCut = (p: Packet): boolean => p.end - p.at < p.wire;

/** @param wireEnd where the IP packet ends on the wire */
export function decodeTransport(p: Packet, at: number, wireEnd: number): Fate {
  const { bytes } = p;
  const end = Math.min(p.end, wireEnd);
  p.transport = at;
  switch (p.protocol) {
    case TCP:
      if (!tcp.check(bytes, at, end)) return badTcp(p, at, end);
      p.sourcePort = tcp.sourcePort(bytes, at);
      p.destinationPort = tcp.destinationPort(bytes, at);
      p.tcpFlags = tcp.flags(bytes, at);
      p.sequence = tcp.sequence(bytes, at) | 0;
      p.acknowledged = tcp.acknowledged(bytes, at) | 0;
      p.window = tcp.window(bytes, at);
      setPayload(p, at + tcp.headerLength(bytes, at), wireEnd);
      return FATE.decoded;
    case UDP: {
      if (!udp.check(at, end)) return bad(p, FATE.udp_bad, ODD['udp.pkt_too_small']);
      p.sourcePort = udp.sourcePort(bytes, at);
      p.destinationPort = udp.destinationPort(bytes, at);
      const length = udp.totalLength(bytes, at);
      const inside = length >= udp.LENGTH && at + length <= wireEnd;
      setPayload(p, at + udp.LENGTH, inside ? at + length : wireEnd);
      if (p.fragmented) return FATE.decoded;
      if (!inside && length !== 0) odd(p, ODD['udp.len_invalid']);
      const carries = TUNNEL_PORTS[p.destinationPort] || TUNNEL_PORTS[p.sourcePort];
      if (carries !== 0) p.carries = carries;
      else if (
        p.payloadEnd - p.payload > PEER_MIN &&
        bytes[p.payload] >> 4 === 6 &&
        teredo.isPeer(bytes, p.payload, p.payloadEnd, p.payload + p.payloadLength)
      )
        p.carries = CARRIES.teredo;
      return FATE.decoded;
    }
    case ICMP:
    case ICMPV6:
      return decodeIcmp(p, at, end, wireEnd);
    default:
      return decodeOther(p, at, end, wireEnd);
  }
}

function decodeIcmp(p: Packet, at: number, end: number, wireEnd: number): Fate {
  const isV4 = p.protocol === ICMP;
  if (!icmp.check(at, end))
    return isV4
      ? bad(p, FATE.icmp_bad, ODD['icmpv4.pkt_too_small'])
      : bad(p, FATE.icmpv6_bad, ODD['icmpv6.pkt_too_small']);
  if (isV4 !== (p.version === 4)) odd(p, isV4 ? ODD['ipv6.icmpv4'] : ODD['ipv4.icmpv6']);
  p.sourcePort = icmp.type(p.bytes, at);
  p.destinationPort = icmp.code(p.bytes, at);
  setPayload(p, Math.min(at + icmp.LENGTH, wireEnd), wireEnd);
  return FATE.decoded;
}

function decodeOther(p: Packet, at: number, end: number, wireEnd: number): Fate {
  const { bytes } = p;
  switch (p.protocol) {
    case SCTP:
      if (!sctp.check(at, end)) return bad(p, FATE.sctp_bad, ODD['sctp.pkt_too_small']);
      p.sourcePort = sctp.sourcePort(bytes, at);
      p.destinationPort = sctp.destinationPort(bytes, at);
      setPayload(p, at + sctp.LENGTH, wireEnd);
      return FATE.decoded;
    case UDP_LITE:
      if (!udp.check(at, end)) return bad(p, FATE.udp_bad, ODD['udp.pkt_too_small']);
      p.sourcePort = udp.sourcePort(bytes, at);
      p.destinationPort = udp.destinationPort(bytes, at);
      // Where UDP has its length stands how much the checksum covers (RFC 3828 §3.1): the packet says where it ends.
      setPayload(p, at + udp.LENGTH, wireEnd);
      return FATE.decoded;
    case IPV4_WITHIN:
    case IPV6_WITHIN:
      return wrapped(p, CARRIES.ip, at, wireEnd);
    case GRE:
      return wrapped(p, CARRIES.gre, at, wireEnd);
    case etherip.PROTOCOL:
      return wrapped(p, CARRIES.etherip, at, wireEnd);
    case NO_NEXT:
      if (p.version === 6 && wireEnd > at) odd(p, ODD['ipv6.data_after_none_header']);
  }
  setPayload(p, at, wireEnd);
  return FATE.decoded;
}

function wrapped(p: Packet, carries: number, at: number, wireEnd: number): Fate {
  setPayload(p, at, wireEnd);
  if (!p.fragmented) p.carries = carries;
  return FATE.decoded;
}

function bad(p: Packet, fate: Fate, what: number): Fate {
  if (!isCut(p)) odd(p, what);
  return fate;
}

function badTcp(p: Packet, at: number, end: number): Fate {
  const what =
    end - at < tcp.MIN_LENGTH
      ? ODD['tcp.pkt_too_small']
      : tcp.headerLength(p.bytes, at) < tcp.MIN_LENGTH
        ? ODD['tcp.hlen_too_small']
        : ODD['tcp.invalid_optlen'];
  return bad(p, FATE.tcp_bad, what);
}
