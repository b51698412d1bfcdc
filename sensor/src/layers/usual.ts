// The usual frame, read in one straight line: Ethernet, perhaps a VLAN tag, IPv4 or IPv6 without options, whole, then TCP or UDP. It is
// most frames of any network, and in one function it costs a third of the way through the general decoder, which
// takes all others and says the same of these (a test holds the two together).
import { HEADER } from './headers.ts';
import type { Packet } from './packet.ts';
import { TCP, UDP } from './packet.ts';
import { mayCarry } from './transport.ts';

const ETHERNET = 14;
const IPV4 = 20;
const IPV6 = 40;
const TCP_MIN = 20;
const UDP_LENGTH = 8;
/** 802.1Q: the tag that nearly all tagged frames have, and only one. */
const TAGGED = 0x8100;
const TAG = 4;
/** Ethernet, IPv4 and UDP. */
const SHORTEST = ETHERNET + IPV4 + UDP_LENGTH;

/** @returns false when the frame is not of the usual kind: the packet then says nothing */
export function decodeUsual(p: Packet): boolean {
  const { bytes: b, view, at, end } = p;
  if (end - at < SHORTEST || end - at !== p.wire) return false;
  let ip = at + ETHERNET;
  const { source, destination } = p;
  let type = view.getUint16(at + 12);
  p.vlans = 0;
  p.headers = 0;
  if (type === TAGGED) {
    if (end - at < SHORTEST + TAG) return false;
    p.vlan[0] = view.getUint16(ip) & 0xfff;
    p.vlans = 1;
    p.header[0] = HEADER.vlan;
    p.headerAt[0] = ip;
    p.headers = 1;
    type = view.getUint16(ip + 2);
    ip += TAG;
  }
  let transport: number;
  let wireEnd: number;
  let protocol: number;
  if (type === 0x0800) {
    // Version 4 without options; no fragment, whatever the other flags.
    if (b[ip] !== 0x45 || (view.getUint16(ip + 6) & 0x3fff) !== 0) return false;
    transport = ip + IPV4;
    wireEnd = ip + view.getUint16(ip + 2);
    protocol = b[ip + 9];
    if (wireEnd > end || (protocol !== TCP && protocol !== UDP)) return false;
    p.version = 4;
    p.ttl = b[ip + 8];
    source[0] = source[1] = source[2] = 0;
    destination[0] = destination[1] = destination[2] = 0;
    source[3] = view.getInt32(ip + 12);
    destination[3] = view.getInt32(ip + 16);
  } else if (type === 0x86dd) {
    transport = ip + IPV6;
    if (transport > end || b[ip] >> 4 !== 6) return false;
    wireEnd = transport + view.getUint16(ip + 4);
    protocol = b[ip + 6];
    if (wireEnd > end) return false;
    if (protocol !== TCP && protocol !== UDP) return false;
    p.version = 6;
    p.ttl = b[ip + 7];
    for (let i = 0, from = ip + 8; i < 4; i++, from += 4) {
      source[i] = view.getInt32(from);
      destination[i] = view.getInt32(from + 16);
    }
  } else return false;

  // A header that is cut is the general decoder's matter.
  if (transport + (protocol === TCP ? TCP_MIN : UDP_LENGTH) > wireEnd) return false;
  const sourcePort = view.getUint16(transport);
  const destinationPort = view.getUint16(transport + 2);
  let payload: number;
  if (protocol === TCP) {
    payload = transport + ((b[transport + 12] >> 4) << 2);
    if (payload < transport + TCP_MIN || payload > wireEnd) return false;
    p.tcpFlags = b[transport + 13];
    p.sequence = view.getInt32(transport + 4);
    p.acknowledged = view.getInt32(transport + 8);
    p.window = view.getUint16(transport + 14);
  } else {
    payload = transport + UDP_LENGTH;
    // A length that is not the packet's is odd, and the general decoder's matter; so is what may be a tunnel.
    if (transport + view.getUint16(transport + 4) !== wireEnd) return false;
    if (mayCarry(b, sourcePort, destinationPort, payload, wireEnd)) return false;
    p.tcpFlags = 0;
  }
  p.depth = 0;
  p.tunnel = 0;
  p.oddities = 0;
  p.carries = 0;
  p.fragmented = false;
  p.ip = ip;
  p.protocol = protocol;
  p.transport = transport;
  p.sourcePort = sourcePort;
  p.destinationPort = destinationPort;
  p.payload = payload;
  p.payloadEnd = wireEnd;
  p.payloadLength = wireEnd - payload;
  return true;
}
