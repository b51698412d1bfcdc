// A frame as one line for people, the packets in its tunnels included: headers only, never payload.
import { LINK } from '../sources/source.ts';
import { decode } from './decode.ts';
import * as ethernet from './ethernet.ts';
import { HEADER_LIST } from './headers.ts';
import * as icmp from './icmp.ts';
import { descend, NOTHING_INSIDE } from './inner.ts';
import * as ipv4 from './ipv4.ts';
import * as ipv6 from './ipv6.ts';
import { ODDITY_NAMES } from './oddities.ts';
import { FATE, FATES, type Fate, ICMP, ICMPV6, type Packet, SCTP, TCP, UDP, UDP_LITE } from './packet.ts';
import * as sctp from './sctp.ts';
import * as tcp from './tcp.ts';
import * as udp from './udp.ts';

/** Decodes the frame that `p.bytes`, `p.at`, `p.end` and `p.link` name, and what is inside of it. */
export function print(p: Packet): string {
  const isEthernet = p.link === LINK.ethernet && ethernet.check(p.at, p.end);
  const outer = isEthernet ? [ethernet.print(p.bytes, p.at)] : [];
  const packets = [[...outer, ...parts(p, decode(p))]];
  // Ends: each turn goes a tunnel deeper, and their depth is bounded.
  while (p.carries !== 0) {
    const fate = descend(p);
    if (fate !== NOTHING_INSIDE) packets.push(parts(p, fate));
  }
  const odd = Array.from({ length: p.oddities }, (_, i) => `! ${ODDITY_NAMES[p.oddity[i]]}`);
  return [...packets.map((packet) => packet.join(' | ')), ...odd].join(' || ');
}

function parts(p: Packet, fate: Fate): string[] {
  const { bytes, end } = p;
  const headers = Array.from({ length: p.headers }, (_, i) => ({
    at: p.headerAt[i],
    text: HEADER_LIST[p.header[i]].print(bytes, p.headerAt[i], end),
  }));
  if (p.version !== 0)
    headers.push({ at: p.ip, text: p.version === 4 ? ipv4.print(bytes, p.ip) : ipv6.print(bytes, p.ip) });
  const texts = headers.sort((a, b) => a.at - b.at).map(({ text }) => text);
  if (fate !== FATE.decoded) return fate === FATE.arp ? texts : [...texts, `(${FATES[fate]})`];
  const transport = TRANSPORTS[p.protocol];
  if (transport !== undefined) texts.push(transport(bytes, p.transport));
  return [...texts, `payload ${p.payloadLength}`];
}

const TRANSPORTS: Readonly<Record<number, (b: Uint8Array, at: number) => string>> = {
  [TCP]: tcp.print,
  [UDP]: udp.print,
  [UDP_LITE]: udp.print,
  [ICMP]: icmp.print,
  [ICMPV6]: icmp.print,
  [SCTP]: sctp.print,
};
