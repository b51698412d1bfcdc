// From a frame to its transport header: one pass over the bytes, everything found stands in the Packet.
import { LINK } from '../sources/source.ts';
import * as chdlc from './chdlc.ts';
import * as ethernet from './ethernet.ts';
import * as frameRelay from './frame-relay.ts';
import { HEADER } from './headers.ts';
import { byFrame, byLabels, byLlc, byPpp, bySession, byType, byVersion, short, tooDeep } from './network.ts';
import { ODD } from './oddities.ts';
import { FATE, type Fate, met, type Packet } from './packet.ts';
import * as radio from './radio.ts';
import * as sll from './sll.ts';
import { decodeUsual } from './usual.ts';
import { byWireless } from './wireless.ts';

/** Fixed headers of link types that say nothing of interest, by the bytes to skip. */
const LOOPBACK_LENGTH = 4;
const ENC_LENGTH = 12;
const FDDI_LENGTH = 13;
/** Upper half of its frame control, for frames of stations. */
const FDDI_LLC = 0x50;
const IEEE1394_LENGTH = 18;
const IEEE1394_TYPE = 16;
const NETANALYZER_LENGTH = 4;
const NETANALYZER_TRANSPARENT_LENGTH = 12;
const DIRECTION_LENGTH = 1;

/**
 * Decodes the frame that `p.bytes`, `p.at`, `p.end` and `p.link` name.
 * @returns FATE.decoded, or where it stopped; `p.version` and the addresses hold whenever IP was reached
 */
export function decode(p: Packet): Fate {
  return p.link === LINK.ethernet && decodeUsual(p) ? FATE.decoded : decodeAny(p);
}

/** The same for every frame there is. */
export function decodeAny(p: Packet): Fate {
  p.depth = 0;
  p.tunnel = 0;
  p.oddities = 0;
  begin(p);
  const { at, end } = p;
  if (p.link !== LINK.ethernet) return byLink(p, p.link, at);
  return ethernet.check(at, end)
    ? byType(p, ethernet.etherType(p.bytes, at), at + ethernet.LENGTH)
    : short(p, ODD['ethernet.pkt_too_small']);
}

/** Decodes the IP packet at `p.at`, put together from fragments: its tags and the tunnels around it are known. */
export function resume(p: Packet): Fate {
  const { vlans } = p;
  begin(p);
  p.vlans = vlans;
  return byVersion(p, p.at);
}

/** Forgets the packet before; the tunnels around this one stay. */
export function begin(p: Packet): void {
  p.vlans = 0;
  p.version = 0;
  p.fragmented = false;
  p.protocol = 0;
  p.sourcePort = 0;
  p.destinationPort = 0;
  p.tcpFlags = 0;
  p.payloadLength = 0;
  p.payload = p.payloadEnd = p.end;
  p.carries = 0;
  p.headers = 0;
}

/** What a link type starts with. */
function byLink(p: Packet, link: number, at: number): Fate {
  const { bytes, end } = p;
  switch (link) {
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenbsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return byVersion(p, at);
    case LINK.ethernet:
      return byFrame(p, at);
    case LINK.sll:
      if (!sll.checkV1(at, end)) return short(p, ODD['sll.pkt_too_small']);
      return byCooked(p, sll.etherTypeV1(bytes, at), at + sll.V1_LENGTH);
    case LINK.sll2:
      if (!sll.checkV2(at, end)) return short(p, ODD['sll.pkt_too_small']);
      return byCooked(p, sll.etherTypeV2(bytes, at), at + sll.V2_LENGTH);
    case LINK.null:
    case LINK.loop:
      // The 4-byte address family differs between systems and byte orders; the version nibble behind it does not.
      if (end - at <= LOOPBACK_LENGTH) return short(p, ODD['ltnull.pkt_too_small']);
      return byVersion(p, at + LOOPBACK_LENGTH);
    case LINK.ppp:
    case LINK.pppWithDirection:
      return byPpp(p, link === LINK.ppp ? at : at + DIRECTION_LENGTH);
    case LINK.pppHdlc:
    case LINK.cHdlc:
      return byHdlc(p, link, at);
    case LINK.pppoe:
      return bySession(p, at);
    case LINK.frameRelay:
      return byFrameRelay(p, at);
    case LINK.mpls:
      return byLabels(p, at);
    case LINK.llc:
      return byLlc(p, at);
    case LINK.fddi:
      return end > at && (bytes[at] & 0xf0) === FDDI_LLC ? byLlc(p, at + FDDI_LENGTH) : FATE.not_ip;
    case LINK.ieee1394:
      if (end - at < IEEE1394_LENGTH) return FATE.frame_short;
      return byType(
        p,
        (bytes[at + IEEE1394_TYPE] << 8) | bytes[at + IEEE1394_TYPE + 1],
        at + IEEE1394_LENGTH,
      );
    case LINK.enc:
      return byVersion(p, at + ENC_LENGTH);
    case LINK.pflog:
      // The first byte is the header's length, without the bytes that fill it up to four.
      return end > at ? byVersion(p, at + ((bytes[at] + 3) & ~3)) : FATE.frame_short;
    case LINK.netanalyzer:
      return byFrame(p, at + NETANALYZER_LENGTH);
    case LINK.netanalyzerTransparent:
      return byFrame(p, at + NETANALYZER_TRANSPARENT_LENGTH);
    default:
      return byRadio(p, link, at);
  }
}

function byCooked(p: Packet, type: number, at: number): Fate {
  return type === sll.TYPE_LLC || type >= ethernet.MIN_TYPE ? byType(p, type, at) : FATE.not_ip;
}

function byHdlc(p: Packet, link: number, at: number): Fate {
  const { bytes, end } = p;
  if (!chdlc.check(bytes, at, end)) return FATE.frame_short;
  if (link === LINK.pppHdlc && !chdlc.isCisco(bytes, at)) return byPpp(p, at);
  met(p, HEADER.chdlc, at);
  const type = chdlc.etherType(bytes, at);
  return type < ethernet.MIN_TYPE ? FATE.not_ip : byType(p, type, at + chdlc.LENGTH);
}

function byFrameRelay(p: Packet, at: number): Fate {
  const { bytes, end } = p;
  if (!frameRelay.check(bytes, at, end)) return FATE.frame_short;
  met(p, HEADER.frameRelay, at);
  const where = frameRelay.protocolAt(bytes, at, end);
  if (frameRelay.isCisco(bytes, at, end)) {
    const type = (bytes[where] << 8) | bytes[where + 1];
    return type < ethernet.MIN_TYPE ? FATE.not_ip : byType(p, type, where + 2);
  }
  switch (bytes[where]) {
    case frameRelay.NLPID_IPV4:
    case frameRelay.NLPID_IPV6:
      return byVersion(p, where + 1);
    case frameRelay.NLPID_PPP:
      return byPpp(p, where + 1);
    case frameRelay.NLPID_SNAP:
      return frameRelay.isEtherType(bytes, where, end)
        ? byType(p, frameRelay.etherType(bytes, where), where + frameRelay.SNAP_LENGTH)
        : FATE.not_ip;
    default:
      return FATE.not_ip;
  }
}

/** Link types of radios: what the radio tells, then a frame of 802.11. */
function byRadio(p: Packet, link: number, at: number): Fate {
  const { bytes, end } = p;
  switch (link) {
    case LINK.ieee80211:
      return byWireless(p, at, false);
    case LINK.radiotap: {
      const length = radio.radiotapLength(bytes, at, end);
      if (length === 0) return FATE.frame_short;
      return byWireless(p, at + length, radio.isPadded(bytes, at, length));
    }
    case LINK.prism:
    case LINK.avs: {
      const length = radio.prismLength(bytes, at, end);
      return length === 0 ? FATE.frame_short : byWireless(p, at + length, false);
    }
    case LINK.ppi: {
      const length = radio.ppiLength(bytes, at, end);
      if (length === 0) return FATE.frame_short;
      const next = radio.ppiLink(bytes, at);
      return next === LINK.ppi ? tooDeep(p) : byLink(p, next, at + length);
    }
    default:
      return FATE.link_unknown;
  }
}
