// Into a tunnel: from a packet that carries another to that one, over the same Packet and the same bytes.
import * as capwap from './capwap.ts';
import { begin } from './decode.ts';
import * as erspan from './erspan.ts';
import * as etherip from './etherip.ts';
import * as ethernet from './ethernet.ts';
import * as geneve from './geneve.ts';
import * as gre from './gre.ts';
import * as gtp from './gtp.ts';
import { HEADER } from './headers.ts';
import * as ipv6 from './ipv6.ts';
import * as l2tp from './l2tp.ts';
import { byFrame, byNext, byPpp, byType, byVersion, tooDeep } from './network.ts';
import { ODD, type Oddity } from './oddities.ts';
import { CARRIES, type Fate, MAX_DEPTH, met, odd, type Packet } from './packet.ts';
import * as teredo from './teredo.ts';
import * as vxlan from './vxlan.ts';
import { bySwapped, byWireless } from './wireless.ts';

/** The packet carries nothing after all. */
export const NOTHING_INSIDE = -1;

/** WCCP version 2 puts four bytes of redirection in front of the packet (draft-mclaggan-wccp-v2rev1 §4.12). */
const REDIRECT_LENGTH = 4;
const VSID_SHIFT = 8;

/** The header of each kind of tunnel, where it has one. */
const HEADERS: Readonly<Record<number, number>> = {
  [CARRIES.gre]: HEADER.gre,
  [CARRIES.etherip]: HEADER.etherip,
  [CARRIES.vxlan]: HEADER.vxlan,
  [CARRIES.geneve]: HEADER.geneve,
  [CARRIES.gtp]: HEADER.gtp,
  [CARRIES.teredo]: HEADER.teredo,
  [CARRIES.capwap]: HEADER.capwap,
  [CARRIES.l2tp]: HEADER.l2tp,
};

/**
 * Decodes what a packet with `carries` holds. Its own numbers are then gone, but for the outermost one's addresses.
 * @returns the fate of the packet inside, or NOTHING_INSIDE when the port promised a tunnel that is none
 */
export function descend(p: Packet): Fate {
  const { carries } = p;
  p.carries = CARRIES.nothing;
  if (p.payload >= p.payloadEnd) return NOTHING_INSIDE;
  if (p.depth === MAX_DEPTH) return tooDeep(p);
  switch (carries) {
    case CARRIES.ip:
      return intoIp(p);
    case CARRIES.gre:
      return intoGre(p);
    case CARRIES.etherip:
      return intoEtherip(p);
    case CARRIES.vxlan:
      return intoVxlan(p);
    case CARRIES.geneve:
      return intoGeneve(p);
    case CARRIES.gtp:
      return intoGtp(p);
    case CARRIES.teredo:
      return intoTeredo(p);
    case CARRIES.capwap:
      return intoCapwap(p);
    default:
      return intoL2tp(p);
  }
}

/**
 * Steps inside: the packet's bytes are from here on those behind `at`.
 * @param network number of the virtual network; -1 when the tunnel has none that is the same both ways
 */
function enter(p: Packet, carries: number, network: number, at: number): void {
  const header = p.payload;
  if (p.depth++ === 0) {
    for (let i = 0; i < 4; i++) {
      p.outerSource[i] = p.source[i];
      p.outerDestination[i] = p.destination[i];
    }
    p.outerVersion = p.version;
    p.outerProtocol = p.protocol;
    p.outerSourcePort = p.sourcePort;
    p.outerDestinationPort = p.destinationPort;
  }
  p.wrapping = carries;
  p.network = network;
  p.tunnel = identity(p.tunnel, carries, network);
  p.wire = p.payload + p.payloadLength - at;
  p.at = at;
  p.end = p.payloadEnd;
  begin(p);
  const kind = HEADERS[carries];
  if (kind !== undefined) met(p, kind, header);
}

/**
 * What tells one tunnel's packets from another's in the key of a flow: the tunnels around it, by kind and network.
 * Neither addresses nor the numbers that each end gives the other (GTP, L2TP, PPTP) are part of it: mirrors that send
 * one direction each, and handovers, must not cut a flow in two. One tunnel never shares a number with another: up to
 * 24 bits of network stand in it as they are; only what is deeper, or has a longer key, is mixed.
 */
function identity(around: number, carries: number, network: number): number {
  const own = network >= 0 && network < 0x1000000 ? network : Math.imul(network, 0x9e3779b1) >>> 8;
  const here = (carries << 24) | own | (network < 0 ? 0x20000000 : 0x10000000);
  return around === 0 ? here : Math.imul(around ^ Math.imul(here, 0x85ebca6b), 0xc2b2ae35) | 0x40000000;
}

function intoIp(p: Packet): Fate {
  const isV6 = p.protocol === 41;
  if (p.bytes[p.payload] >> 4 !== (isV6 ? 6 : 4)) {
    odd(p, isV6 ? ODD['ipv6.wrong_ip_version'] : ODD['ipv4.wrong_ip_version']);
    return NOTHING_INSIDE;
  }
  enter(p, CARRIES.ip, -1, p.payload);
  return byVersion(p, p.at);
}

function nothing(p: Packet, what: Oddity): Fate {
  if (p.payloadEnd - p.payload >= p.payloadLength) odd(p, what);
  return NOTHING_INSIDE;
}

function intoGre(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!gre.check(bytes, at, end)) return nothing(p, ODD['gre.pkt_too_small']);
  if (gre.version(bytes, at) > 1) return nothing(p, ODD['gre.wrong_version']);
  const type = gre.etherType(bytes, at);
  const next = at + gre.headerLength(bytes, at, end);
  const key = gre.key(bytes, at, end);
  switch (type) {
    case gre.TYPE_ERSPAN:
      // Only type I has no sequence number, and no header either.
      return gre.hasSequence(bytes, at) ? intoErspan(p, next) : intoFrame(p, CARRIES.gre, -1, next);
    case gre.TYPE_ERSPAN_3:
      return intoErspan(p, next);
    case gre.TYPE_BRIDGED:
      // The lowest 8 bits tell flows apart (NVGRE, RFC 7637 §3.2), and are not the same both ways.
      return intoFrame(p, CARRIES.gre, key < 0 ? -1 : key >>> VSID_SHIFT, next);
    case gre.TYPE_PPP:
      enter(p, CARRIES.gre, key, next);
      return byPpp(p, next);
    case gre.TYPE_WIRELESS:
      enter(p, CARRIES.gre, key, next);
      return byWireless(p, next, false);
    case gre.TYPE_WCCP: {
      const redirected = bytes[next] >> 4 === 4 ? next : next + REDIRECT_LENGTH;
      if (redirected >= end) return nothing(p, ODD['gre.pkt_too_small']);
      enter(p, CARRIES.gre, key, redirected);
      return byVersion(p, redirected);
    }
    default:
      // Keepalives of type 0 and LLC have nothing inside.
      if (type < ethernet.MIN_TYPE || next >= end) return NOTHING_INSIDE;
      enter(p, CARRIES.gre, key, next);
      return byType(p, type, next);
  }
}

function intoFrame(p: Packet, carries: number, network: number, at: number): Fate {
  if (!ethernet.check(at, p.payloadEnd)) return nothing(p, ODD['ethernet.pkt_too_small']);
  enter(p, carries, network, at);
  return byFrame(p, at);
}

/** A mirror's session says which mirror, not which network: it is no part of the identity, the VLAN is of the flow. */
function intoErspan(p: Packet, at: number): Fate {
  const { bytes, payloadEnd: end } = p;
  if (!erspan.check(bytes, at, end)) return nothing(p, ODD['erspan.header_too_small']);
  const next = at + erspan.headerLength(bytes, at, end);
  // The mirrored frame counts with its header, as Suricata counts it.
  enter(p, CARRIES.gre, -1, at);
  met(p, HEADER.erspan, at);
  const vlan = erspan.vlan(bytes, at);
  if (vlan !== 0) p.vlan[p.vlans++] = vlan;
  return erspan.isIp(bytes, at) ? byVersion(p, next) : byFrame(p, next);
}

function intoEtherip(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!etherip.check(bytes, at, end)) return NOTHING_INSIDE;
  return intoFrame(p, CARRIES.etherip, -1, at + etherip.LENGTH);
}

function intoVxlan(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!vxlan.check(bytes, at, end)) return NOTHING_INSIDE;
  const next = at + vxlan.LENGTH;
  const network = vxlan.network(bytes, at);
  const what = vxlan.next(bytes, at);
  if (next >= end) return NOTHING_INSIDE;
  if (what === vxlan.NEXT_ETHERNET) return intoFrame(p, CARRIES.vxlan, network, next);
  enter(p, CARRIES.vxlan, network, next);
  return byNext(p, what, next, ODD['vxlan.unknown_payload_type']);
}

function intoGeneve(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!geneve.check(bytes, at, end)) return NOTHING_INSIDE;
  const next = at + geneve.headerLength(bytes, at);
  const type = geneve.etherType(bytes, at);
  const network = geneve.network(bytes, at);
  if (type === gre.TYPE_BRIDGED) return intoFrame(p, CARRIES.geneve, network, next);
  if (type < ethernet.MIN_TYPE || next >= end) return nothing(p, ODD['geneve.unknown_payload_type']);
  enter(p, CARRIES.geneve, network, next);
  return byType(p, type, next);
}

function intoGtp(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!gtp.check(bytes, at, end) || gtp.messageLength(bytes, at) + 8 > p.payloadLength) return NOTHING_INSIDE;
  const next = at + gtp.headerLength(bytes, at, end);
  const version = next < end ? bytes[next] >> 4 : 0;
  // A user's frame may also be Ethernet or nothing of IP (5G): its kind is agreed elsewhere.
  if (version !== 4 && version !== 6) return NOTHING_INSIDE;
  enter(p, CARRIES.gtp, -1, next);
  return byVersion(p, next);
}

function intoTeredo(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  const length = teredo.headerLength(bytes, at, end, at + p.payloadLength);
  if (length < 0) return NOTHING_INSIDE;
  enter(p, CARRIES.teredo, -1, at + length);
  p.wire = Math.min(p.wire, ipv6.LENGTH + ipv6.payloadLength(bytes, p.at));
  return byVersion(p, p.at);
}

function intoCapwap(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!capwap.check(bytes, at, end)) return NOTHING_INSIDE;
  const next = at + capwap.headerLength(bytes, at);
  const isWireless = capwap.isWireless(bytes, at);
  if (next >= end) return NOTHING_INSIDE;
  if (!isWireless) return intoFrame(p, CARRIES.capwap, -1, next);
  enter(p, CARRIES.capwap, -1, next);
  return bySwapped(p, next);
}

function intoL2tp(p: Packet): Fate {
  const { bytes, payload: at, payloadEnd: end } = p;
  if (!l2tp.check(bytes, at, end)) return NOTHING_INSIDE;
  const next = at + l2tp.headerLength(bytes, at, end);
  if (next >= end) return NOTHING_INSIDE;
  enter(p, CARRIES.l2tp, -1, next);
  return byPpp(p, next);
}
