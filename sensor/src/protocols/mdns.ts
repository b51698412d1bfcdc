// Multicast DNS (RFC 6762): machines and services that make themselves known on the local network.
import { anomaliesOfDns, datagramOfDns } from './dns/dns.ts';
import { linkLocalFields } from './dns/link-local.ts';
import { type DnsMessage, headerIsPossible } from './dns/message.ts';
import { skipName } from './dns/name.ts';
import type { Protocol, Verdict } from './protocol.ts';

export const mdns = {
  name: 'mdns',
  about: 'Multicast DNS, names and services of the local network.',
  tcpPorts: [],
  udpPorts: [5353],
  // The bytes are those of DNS: only the port says that it is the other one.
  probe: (bytes, at, end): Verdict =>
    end - at > 12 && headerIsPossible(bytes, at, end) && skipName(bytes, at + 12, end) > 0 ? 'more' : 'no',
  datagram: datagramOfDns,
  fields: linkLocalFields('mdns', 'identifier'),
  anomalies: anomaliesOfDns,
} as const satisfies Protocol<DnsMessage>;
