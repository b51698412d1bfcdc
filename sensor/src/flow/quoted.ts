// The packet that an ICMP error quotes: the one that could not be delivered.
import { decode } from '../layers/decode.ts';
import * as icmp from '../layers/icmp.ts';
import { FATE, type Packet, TCP, UDP } from '../layers/packet.ts';
import { LINK } from '../sources/source.ts';

/** Bytes of the largest IP packet, jumbograms aside. */
const MAX_PACKET = 65_575;

/** @param p the error @param q takes what it quotes @returns false when that is no packet with ports */
export function readQuoted(p: Packet, q: Packet): boolean {
  q.bytes = p.bytes;
  q.at = Math.min(p.transport + icmp.LENGTH, p.end);
  q.end = p.end;
  // Only the beginning is quoted: its lengths are those of a packet that went on.
  q.wire = MAX_PACKET;
  q.link = LINK.raw;
  const fate = decode(q);
  if (q.version === 0 || (q.protocol !== UDP && q.protocol !== TCP)) return false;
  if (fate !== FATE.decoded) {
    // A quoted TCP header is cut to eight bytes, which hold the ports.
    if (fate !== FATE.tcp_bad || q.end - q.transport < 8) return false;
    q.sourcePort = (q.bytes[q.transport] << 8) | q.bytes[q.transport + 1];
    q.destinationPort = (q.bytes[q.transport + 2] << 8) | q.bytes[q.transport + 3];
  }
  q.vlans = p.vlans;
  q.vlan.set(p.vlan);
  q.tunnel = p.tunnel;
  return true;
}
