// From an EtherType to the transport header: tags, labels and other layers in between, then IP.
import * as arp from './arp.ts';
import * as ethernet from './ethernet.ts';
import { HEADER } from './headers.ts';
import * as ipv4 from './ipv4.ts';
import * as ipv6 from './ipv6.ts';
import * as llc from './llc.ts';
import * as mpls from './mpls.ts';
import * as nsh from './nsh.ts';
import { ODD, type Oddity } from './oddities.ts';
import { FATE, type Fate, MAX_VLANS, met, odd, type Packet } from './packet.ts';
import * as ppp from './ppp.ts';
import * as pppoe from './pppoe.ts';
import { decodeTransport, isCut, setPayload } from './transport.ts';
import * as vlan from './vlan.ts';
import * as vnTag from './vn-tag.ts';

/** The next-protocol table: what follows an EtherType. */
export function byType(p: Packet, type: number, at: number): Fate {
  if (type === ethernet.TYPE_IPV4) return decodeIpv4(p, at);
  if (type === ethernet.TYPE_IPV6) return decodeIpv6(p, at);
  if (type < ethernet.MIN_TYPE) return byLlc(p, at);
  if (vlan.isTag(type)) return byTag(p, at);
  switch (type) {
    case mpls.TYPE_UNICAST:
    case mpls.TYPE_MULTICAST:
      return byLabels(p, at);
    case pppoe.TYPE_SESSION:
      return byPppoe(p, at);
    case arp.TYPE:
      return decodeArp(p, at);
    case nsh.TYPE:
      return byServices(p, at);
    case ethernet.TYPE_PROVIDER_BRIDGE:
      return byFrame(p, at + ethernet.PROVIDER_BRIDGE_LENGTH);
    case ethernet.TYPE_FABRIC_PATH:
      return byFrame(p, at + ethernet.FABRIC_PATH_LENGTH);
    case vnTag.TYPE:
      return byVnTag(p, at);
    default:
      return FATE.not_ip;
  }
}

/** What stopped the decoder, told unless the snap length is to blame. */
export function short(p: Packet, what: Oddity): Fate {
  if (!isCut(p)) odd(p, what);
  return FATE.frame_short;
}

export function tooDeep(p: Packet): Fate {
  odd(p, ODD.too_many_layers);
  return FATE.too_deep;
}

/** An Ethernet frame inside of something. */
export function byFrame(p: Packet, at: number): Fate {
  if (!ethernet.check(at, p.end)) return short(p, ODD['ethernet.pkt_too_small']);
  // Each turn through another frame takes a header, which bounds them.
  if (!met(p, HEADER.ethernet, at)) return tooDeep(p);
  return byType(p, ethernet.etherType(p.bytes, at), at + ethernet.LENGTH);
}

/** IP of either version, told by its first four bits. */
export function byVersion(p: Packet, at: number): Fate {
  if (p.end - at < 1) return FATE.frame_short;
  const version = p.bytes[at] >> 4;
  if (version === 4) return decodeIpv4(p, at);
  if (version === 6) return decodeIpv6(p, at);
  odd(p, ODD['ipraw.invalid_ip_version']);
  return FATE.not_ip;
}

function byTag(p: Packet, at: number): Fate {
  if (p.vlans === MAX_VLANS) {
    odd(p, ODD['vlan.too_many_layers']);
    return FATE.not_ip;
  }
  if (!vlan.check(p.bytes, at, p.end)) return short(p, ODD['vlan.header_too_small']);
  if (!met(p, HEADER.vlan, at)) return tooDeep(p);
  p.vlan[p.vlans++] = vlan.id(p.bytes, at);
  return byType(p, vlan.etherType(p.bytes, at), at + vlan.LENGTH);
}

function byVnTag(p: Packet, at: number): Fate {
  if (!vnTag.check(p.bytes, at, p.end)) return short(p, ODD['vntag.header_too_small']);
  if (!met(p, HEADER.vnTag, at)) return tooDeep(p);
  return byType(p, vnTag.etherType(p.bytes, at), at + vnTag.LENGTH);
}

export function byLlc(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!llc.check(bytes, at, end)) return FATE.not_ip;
  if (!met(p, HEADER.llc, at)) return tooDeep(p);
  if (llc.isSnap(bytes, at, end)) {
    const type = llc.etherType(bytes, at);
    return type < ethernet.MIN_TYPE ? FATE.not_ip : byType(p, type, at + llc.SNAP_LENGTH);
  }
  return llc.isIp(bytes, at) ? decodeIpv4(p, at + llc.LENGTH) : FATE.not_ip;
}

export function byLabels(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  // Ends: each turn takes a header, which `met` bounds.
  for (;;) {
    if (!mpls.check(bytes, at, end)) return short(p, ODD['mpls.header_too_small']);
    if (!met(p, HEADER.mpls, at)) return tooDeep(p);
    if (mpls.isBottom(bytes, at)) return behindLabels(p, mpls.label(bytes, at), at + mpls.LENGTH);
    at += mpls.LENGTH;
  }
}

/** Labels do not say what they carry: the first bits do, and where they could be an address, what stands behind it. */
function behindLabels(p: Packet, label: number, at: number): Fate {
  const { bytes, end } = p;
  if (end - at < 1) return FATE.frame_short;
  const nibble = bytes[at] >> 4;
  if (label === mpls.IPV4_EXPLICIT_NULL || (nibble === 4 && ipv4.check(bytes, at, end)))
    return decodeIpv4(p, at);
  if (label === mpls.IPV6_EXPLICIT_NULL || (nibble === 6 && ipv6.fits(bytes, at, end, p.at + p.wire)))
    return decodeIpv6(p, at);
  if (nibble === 0 && isFrame(bytes, at + mpls.CONTROL_WORD, end)) return byFrame(p, at + mpls.CONTROL_WORD);
  if (isFrame(bytes, at, end)) return byFrame(p, at);
  if (nibble > 1 && !isCut(p)) odd(p, ODD['mpls.unknown_payload_type']);
  return FATE.not_ip;
}

/** True when an Ethernet frame of a kind that we read could stand here. */
function isFrame(b: Uint8Array, at: number, end: number): boolean {
  if (!ethernet.check(at, end)) return false;
  const type = ethernet.etherType(b, at);
  return type === ethernet.TYPE_IPV4 || type === ethernet.TYPE_IPV6 || type === arp.TYPE || vlan.isTag(type);
}

function byPppoe(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!pppoe.check(bytes, at, end)) return short(p, ODD['pppoe.pkt_too_small']);
  if (!met(p, HEADER.pppoe, at)) return tooDeep(p);
  if (!pppoe.isData(bytes, at)) {
    odd(p, ODD['pppoe.wrong_code']);
    return FATE.not_ip;
  }
  return byPpp(p, at + pppoe.LENGTH);
}

/** The session packets of PPPoE as a link type of their own. */
export const bySession = byPppoe;

export function byPpp(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!ppp.check(bytes, at, end)) return short(p, ODD['ppp.pkt_too_small']);
  if (!met(p, HEADER.ppp, at)) return tooDeep(p);
  const length = ppp.headerLength(bytes, at, end);
  switch (ppp.protocol(bytes, at, length)) {
    case ppp.IPV4:
      return decodeIpv4(p, at + length);
    case ppp.IPV6:
      return decodeIpv6(p, at + length);
    case ppp.MPLS_UNICAST:
    case ppp.MPLS_MULTICAST:
      return byLabels(p, at + length);
    default:
      return FATE.not_ip;
  }
}

function byServices(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!nsh.check(bytes, at, end)) return short(p, ODD['nsh.header_too_small']);
  if (!met(p, HEADER.nsh, at)) return tooDeep(p);
  if (nsh.version(bytes, at) !== 0) {
    odd(p, ODD['nsh.unsupported_version']);
    return FATE.not_ip;
  }
  return byNext(p, nsh.next(bytes, at), at + nsh.headerLength(bytes, at), ODD['nsh.unknown_payload']);
}

/** The numbers that the network service header and the generic form of VXLAN share for what follows. */
export function byNext(p: Packet, next: number, at: number, unknown: Oddity): Fate {
  switch (next) {
    case nsh.NEXT_IPV4:
      return decodeIpv4(p, at);
    case nsh.NEXT_IPV6:
      return decodeIpv6(p, at);
    case nsh.NEXT_ETHERNET:
      return byFrame(p, at);
    case nsh.NEXT_NSH:
      return byServices(p, at);
    case nsh.NEXT_MPLS:
      return byLabels(p, at);
    default:
      odd(p, unknown);
      return FATE.not_ip;
  }
}

/** `p.transport` is then where the message starts. */
function decodeArp(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!arp.check(bytes, at, end)) return short(p, ODD['arp.pkt_too_small']);
  const what =
    arp.hardware(bytes, at) !== arp.HARDWARE_ETHERNET
      ? ODD['arp.unsupported_hardware']
      : arp.protocol(bytes, at) !== arp.PROTOCOL_IPV4
        ? ODD['arp.unsupported_protocol']
        : arp.hardwareSize(bytes, at) !== 6
          ? ODD['arp.invalid_hardware_size']
          : arp.protocolSize(bytes, at) !== 4
            ? ODD['arp.invalid_protocol_size']
            : arp.operation(bytes, at) === undefined
              ? ODD['arp.unsupported_opcode']
              : -1;
  if (what >= 0) {
    odd(p, what);
    return FATE.not_ip;
  }
  met(p, HEADER.arp, at);
  p.transport = at;
  return FATE.arp;
}

export function decodeIpv4(p: Packet, at: number): Fate {
  const { bytes } = p;
  if (!ipv4.check(bytes, at, p.end)) return badIpv4(p, at);
  p.version = 4;
  p.ip = at;
  p.ttl = ipv4.ttl(bytes, at);
  p.source[0] = p.source[1] = p.source[2] = 0;
  p.destination[0] = p.destination[1] = p.destination[2] = 0;
  p.source[3] = ipv4.source(bytes, at);
  p.destination[3] = ipv4.destination(bytes, at);
  p.protocol = ipv4.protocol(bytes, at);
  const total = ipv4.totalLength(bytes, at);
  const frameEnd = p.at + p.wire;
  // Wire end of the packet; Ethernet padding behind it is no payload.
  const wireEnd = total === 0 ? frameEnd : at + total;
  if (wireEnd > frameEnd) {
    // No host takes it, and its length is no one's: nothing more of it is believed.
    odd(p, ODD['ipv4.trunc_pkt']);
    return FATE.ipv4_bad;
  }
  const header = ipv4.headerLength(bytes, at);
  if (header > ipv4.MIN_LENGTH) oddOptions(p, at, header);
  if (ipv4.isWhole(bytes, at)) return decodeTransport(p, at + header, wireEnd);
  p.fragmented = true;
  p.fragment = at;
  if (ipv4.fragmentOffset(bytes, at) > 0) return fragment(p, at + header, wireEnd);
  return decodeTransport(p, at + header, wireEnd);
}

function oddOptions(p: Packet, at: number, header: number): void {
  const { bytes } = p;
  // Router alert alone is four bytes long and in every IGMP message.
  if ((header & 7) !== 4 && bytes[at + ipv4.MIN_LENGTH] !== ipv4.OPTION_ROUTER_ALERT)
    odd(p, ODD['ipv4.opt_pad_required']);
  const end = at + header;
  let seen = 0;
  // Ends: each turn takes at least a byte of at most forty.
  for (let i = at + ipv4.MIN_LENGTH; i < end && bytes[i] !== ipv4.OPTION_END; ) {
    if (bytes[i] === ipv4.OPTION_NOTHING) {
      i++;
      continue;
    }
    if (end - i < 2) return odd(p, ODD['ipv4.opt_eol_required']);
    const length = bytes[i + 1];
    if (length < 2 || i + length > end) return odd(p, ODD['ipv4.opt_invalid_len']);
    const bit = ipv4.optionBit(bytes[i]);
    if (bit === 0) odd(p, ODD['ipv4.opt_unknown']);
    else if ((seen & bit) !== 0) odd(p, ODD['ipv4.opt_duplicate']);
    else if (!ipv4.optionFits(bytes[i], length)) odd(p, ODD['ipv4.opt_invalid_len']);
    seen |= bit;
    i += length;
  }
}

function badIpv4(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  const left = end - at;
  if (left > 0 && bytes[at] >> 4 !== 4) odd(p, ODD['ipv4.wrong_ip_version']);
  else if (left < ipv4.MIN_LENGTH || at + ipv4.headerLength(bytes, at) > end) {
    if (!isCut(p)) odd(p, ODD['ipv4.pkt_too_small']);
  } else
    odd(
      p,
      ipv4.headerLength(bytes, at) < ipv4.MIN_LENGTH
        ? ODD['ipv4.hlen_too_small']
        : ODD['ipv4.iplen_smaller_than_hlen'],
    );
  return FATE.ipv4_bad;
}

export function decodeIpv6(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!ipv6.check(bytes, at, end)) {
    if (end > at && bytes[at] >> 4 !== 6) odd(p, ODD['ipv6.wrong_ip_version']);
    else if (!isCut(p)) odd(p, ODD['ipv6.pkt_too_small']);
    return FATE.ipv6_bad;
  }
  p.version = 6;
  p.ip = at;
  p.ttl = ipv6.hopLimit(bytes, at);
  for (let word = 0; word < 4; word++) {
    p.source[word] = ipv6.sourceWord(bytes, at, word);
    p.destination[word] = ipv6.destinationWord(bytes, at, word);
  }
  const length = ipv6.payloadLength(bytes, at);
  const frameEnd = p.at + p.wire;
  const wireEnd = length === 0 ? frameEnd : at + ipv6.LENGTH + length;
  if (wireEnd > frameEnd) {
    odd(p, ODD['ipv6.trunc_pkt']);
    return FATE.ipv6_bad;
  }
  const header = ipv6.next(bytes, at);
  if (!ipv6.isExtension(header)) {
    p.protocol = header;
    return decodeTransport(p, at + ipv6.LENGTH, wireEnd);
  }
  return byExtensions(p, header, at + ipv6.LENGTH, wireEnd);
}

function byExtensions(p: Packet, header: number, next: number, wireEnd: number): Fate {
  const { bytes, end } = p;
  for (let i = 0; ipv6.isExtension(header); i++) {
    const size = ipv6.extensionLength(bytes, next, end, header);
    if (size === 0 || i === ipv6.MAX_EXTENSIONS) {
      if (size > 0 || !isCut(p)) odd(p, ODD['ipv6.trunc_exthdr']);
      return FATE.ipv6_bad;
    }
    const is = header;
    header = ipv6.extensionNext(bytes, next);
    if (is === ipv6.ROUTING && ipv6.routingType(bytes, next) === 0) odd(p, ODD['ipv6.rh_type_0']);
    if (is === ipv6.FRAGMENT && !p.fragmented) {
      const offset = ipv6.fragmentOffset(bytes, next);
      if (offset > 0 || ipv6.moreFragments(bytes, next)) {
        p.fragmented = true;
        p.fragment = next;
      } else odd(p, ODD['ipv6.exthdr_useless_fh']);
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
