// A decoded packet as one line for people: headers only, never payload.
import * as ethernet from './ethernet.ts';
import * as icmp from './icmp.ts';
import * as ipv4 from './ipv4.ts';
import * as ipv6 from './ipv6.ts';
import { FATES, type Fate, ICMP, ICMPV6, type Packet, TCP, UDP } from './packet.ts';
import * as tcp from './tcp.ts';
import * as udp from './udp.ts';

const ETHERNET = 1;

/** @param fate what `decode` answered for this packet */
export function print(p: Packet, fate: Fate): string {
  const { bytes } = p;
  const parts: string[] = [];
  if (p.link === ETHERNET && ethernet.check(p.at, p.end)) parts.push(ethernet.print(bytes, p.at));
  for (let i = 0; i < p.vlans; i++) parts.push(`vlan ${p.vlan[i]}`);
  if (p.version === 4) parts.push(ipv4.print(bytes, p.ip));
  else if (p.version === 6) parts.push(ipv6.print(bytes, p.ip));
  if (FATES[fate] !== 'decoded') return [...parts, `(${FATES[fate]})`].join(' | ');
  if (p.protocol === TCP) parts.push(tcp.print(bytes, p.transport));
  else if (p.protocol === UDP) parts.push(udp.print(bytes, p.transport));
  else if (p.protocol === ICMP || p.protocol === ICMPV6) parts.push(icmp.print(bytes, p.transport));
  return [...parts, `payload ${p.payloadLength}`].join(' | ');
}
