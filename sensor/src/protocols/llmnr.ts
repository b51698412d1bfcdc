// Link-Local Multicast Name Resolution (RFC 4795): how Windows asks its neighbours for a name, and believes whoever answers.
import { anomaliesOfDns, datagramOfDns } from './dns/dns.ts';
import { linkLocalFields } from './dns/link-local.ts';
import { type DnsMessage, headerIsPossible } from './dns/message.ts';
import { skipName } from './dns/name.ts';
import type { Protocol, Verdict } from './protocol.ts';

export const llmnr = {
  name: 'llmnr',
  about: 'Link-Local Multicast Name Resolution, names of the local network.',
  tcpPorts: [],
  udpPorts: [5355],
  // The bytes are those of DNS: only the port says that it is the other one. Its rare streams are told as DNS.
  probe: (bytes, at, end): Verdict =>
    end - at > 12 && headerIsPossible(bytes, at, end) && skipName(bytes, at + 12, end) > 0 ? 'more' : 'no',
  datagram: datagramOfDns,
  fields: linkLocalFields('llmnr', 'name'),
  anomalies: anomaliesOfDns,
} as const satisfies Protocol<DnsMessage>;
