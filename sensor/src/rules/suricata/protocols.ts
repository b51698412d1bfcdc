// The protocols that the head of a rule may name, and whose flows and records are meant.
import { protocols } from '../../protocols/index.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import { hint } from '../fields.ts';
import { invalid, type RuleFault, unsupported } from './fault.ts';

export interface Meant {
  readonly transports?: readonly number[];
  readonly version?: number;
  /** EVE `app_proto` of the flow. */
  readonly apps?: readonly string[];
  /** Types of records; undefined for all. */
  readonly types?: readonly string[];
}

const TCP: Meant = { transports: [6] };
const ICMP: Meant = { transports: [1, 58] };

const KNOWN: Readonly<Record<string, Meant>> = {
  ip: {},
  pkthdr: {},
  ipv4: { version: 4 },
  ip4: { version: 4 },
  ipv6: { version: 6 },
  ip6: { version: 6 },
  tcp: TCP,
  'tcp-pkt': TCP,
  'tcp-stream': TCP,
  udp: { transports: [17] },
  icmp: ICMP,
  icmpv4: { transports: [1] },
  icmpv6: { transports: [58] },
  sctp: { transports: [132] },
  http: { apps: ['http', 'http2'], types: ['http'] },
  http1: { apps: ['http'], types: ['http'] },
  http2: { apps: ['http2'], types: ['http'] },
  ssl: { apps: ['tls'], types: ['tls'] },
  ikev2: { apps: ['ike'], types: ['ike'] },
  'bittorrent-dht': { apps: ['bittorrent-dht', 'bittorrent_dht'], types: ['bittorrent_dht'] },
};
/** Suricata knows them, and we read none of them. */
const FOREIGN = [
  'nfs',
  'rpc',
  'doh2',
  'igmp',
  'esp',
  'arp',
  'ether',
  'msn',
  'jabber',
  'dcom',
  'template',
  'ipsec',
];

const own = new Map<string, Meant>(
  (protocols as readonly Protocol[]).map(({ name, record = name }) => [
    name,
    { apps: [name], types: [record] },
  ]),
);

/** @throws RuleFault */
export function meantBy(name: string, refuse: (fault: RuleFault) => void): Meant {
  const found = KNOWN[name] ?? own.get(name);
  if (found !== undefined) return found;
  if (FOREIGN.includes(name)) {
    refuse(unsupported(name, `"${name}": this protocol is not read`, 0));
    return {};
  }
  throw invalid(
    name,
    `there is no protocol "${name}"${hint(name, [...Object.keys(KNOWN), ...own.keys()])}`,
    0,
  );
}

/** Names that `app-layer-protocol` may have: those of our flows. */
export const appNames = (name: string): readonly string[] =>
  KNOWN[name]?.apps ?? own.get(name)?.apps ?? [name];
