// Names of IP protocols as EVE spells them.
import { GRE, ICMP, ICMPV6, SCTP, TCP, UDP, UDP_LITE } from '../layers/packet.ts';

export const PROTO: Readonly<Record<number, string>> = {
  [ICMP]: 'ICMP',
  2: 'IGMP',
  4: 'IPv4',
  [TCP]: 'TCP',
  [UDP]: 'UDP',
  41: 'IPv6',
  46: 'RSVP',
  [GRE]: 'GRE',
  50: 'ESP',
  51: 'AH',
  [ICMPV6]: 'IPv6-ICMP',
  59: 'IPv6-NoNxt',
  88: 'EIGRP',
  89: 'OSPFIGP',
  97: 'ETHERIP',
  103: 'PIM',
  112: 'VRRP',
  115: 'L2TP',
  [SCTP]: 'SCTP',
  [UDP_LITE]: 'UDPLite',
};
