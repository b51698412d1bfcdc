// The list of headers besides Ethernet, IP and transport: what `print` knows, and what is fuzzed one by one.
import * as arp from './arp.ts';
import * as capwap from './capwap.ts';
import * as chdlc from './chdlc.ts';
import * as erspan from './erspan.ts';
import * as etherip from './etherip.ts';
import * as ethernet from './ethernet.ts';
import * as frameRelay from './frame-relay.ts';
import * as geneve from './geneve.ts';
import * as gre from './gre.ts';
import * as gtp from './gtp.ts';
import * as ieee80211 from './ieee80211.ts';
import * as l2tp from './l2tp.ts';
import * as llc from './llc.ts';
import * as mpls from './mpls.ts';
import * as nsh from './nsh.ts';
import * as ppp from './ppp.ts';
import * as pppoe from './pppoe.ts';
import * as teredo from './teredo.ts';
import * as vlan from './vlan.ts';
import * as vnTag from './vn-tag.ts';
import * as vxlan from './vxlan.ts';

export interface Header {
  /** Guarantees that all accessors, and `print`, stay inside `[at, end)`. */
  check(b: Uint8Array, at: number, end: number): boolean;
  print(b: Uint8Array, at: number, end: number): string;
}

export const headers = {
  ethernet: { check: (_, at, end) => ethernet.check(at, end), print: ethernet.print },
  vlan,
  vnTag,
  mpls,
  llc,
  ppp,
  pppoe,
  chdlc,
  frameRelay,
  arp,
  ieee80211,
  nsh,
  gre,
  erspan,
  etherip,
  vxlan,
  geneve,
  gtp,
  teredo,
  capwap,
  l2tp,
} as const satisfies Readonly<Record<string, Header>>;

export const HEADER_LIST: readonly Header[] = Object.values(headers);
/** Name → index into the list: what a packet remembers of a header that it met. */
export const HEADER = Object.fromEntries(Object.keys(headers).map((name, i) => [name, i])) as Record<
  keyof typeof headers,
  number
>;
