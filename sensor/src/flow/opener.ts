// Which side opened a conversation, told from the first packet of it that was seen.
import { type Packet, TCP } from '../layers/packet.ts';
import { ACK, SYN } from '../layers/tcp.ts';

/** Ports below are for servers (RFC 6335 §6, the system ports). */
const SYSTEM_PORTS = 1024;

/**
 * A SYN+ACK comes from the server, and so does, where the SYN was missed, what comes
 * from a system port to one that is none. Other protocols show no beginning: whoever speaks first opened the flow.
 */
export function comesFromServer(p: Packet): boolean {
  if (p.protocol !== TCP) return false;
  if ((p.tcpFlags & SYN) !== 0) return (p.tcpFlags & ACK) !== 0;
  return p.sourcePort < SYSTEM_PORTS && p.destinationPort >= SYSTEM_PORTS;
}
