// DHCP for IPv6 (RFC 8415): addresses and prefixes that machines are given, seen through any relays.
import { shown } from '../../bytes/line.ts';
import { u16, u24, u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import { fieldsOf } from '../describe.ts';
import { nameText, skipName } from '../dns/name.ts';
import { ipv6 } from '../dns/rdata.ts';
import type { Emit, Protocol, Value, Verdict } from '../protocol.ts';

const HEADER = 4;
/** Of a relay's message: type, hops, two addresses. */
const RELAY_HEADER = 34;
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;

const CLIENT_ID = 1;
const SERVER_ID = 2;
const IA_NA = 3;
const IA_TA = 4;
const IA_ADDRESS = 5;
const REQUESTED = 6;
const ELAPSED = 8;
const RELAY_MESSAGE = 9;
const STATUS = 13;
const RAPID_COMMIT = 14;
const VENDOR_CLASS = 16;
const DNS_SERVERS = 23;
const DOMAINS = 24;
const IA_PD = 25;
const IA_PREFIX = 26;
const FQDN = 39;
const LINK_ADDRESS = 79;
/** Options whose first places are kept. */
const KEPT = 80;
/** Relays one behind the other (RFC 8415 §7.6). */
const MAX_HOPS = 8;
/** Options of one message, addresses and names of one list, that are looked at. */
const MAX_OPTIONS = 64;
const MAX_LISTED = 16;
const MAX_DUID = 130;

const TYPES = [
  'unknown',
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information_request',
  'relay_forward',
  'relay_reply',
];

/** Calls `found` with each option's number and value; false when one goes on behind the end. */
function walk(
  b: Uint8Array,
  at: number,
  end: number,
  found: (code: number, from: number, to: number) => void,
): boolean {
  for (let i = 0; i < MAX_OPTIONS && at < end; i++) {
    if (at + 4 > end) return false;
    const to = at + 4 + u16(b, at + 2);
    if (to > end) return false;
    found(u16(b, at), at + 4, to);
    at = to;
  }
  return at === end;
}

/** One message, reused: the innermost one when relays have wrapped it. */
class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  hops = 0;
  /** The outermost relay's header; -1 without one. */
  relay = -1;
  /** Type of the outermost message. */
  outer = 0;
  readonly #from = new Int32Array(KEPT);
  readonly #to = new Int32Array(KEPT);

  /** @returns false when an option goes on behind the end */
  take(bytes: Uint8Array, at: number, end: number): boolean {
    this.bytes = bytes;
    this.relay = -1;
    this.hops = 0;
    this.outer = bytes[at];
    let isWhole = true;
    this.at = at;
    this.end = end;
    // Ends: MAX_HOPS, and each relayed message lies inside the one around it.
    for (; this.hops <= MAX_HOPS; this.hops++) {
      const isRelay = bytes[this.at] === RELAY_FORWARD || bytes[this.at] === RELAY_REPLY;
      const from = this.at + (isRelay ? RELAY_HEADER : HEADER);
      this.#from.fill(0);
      if (from > this.end) return false;
      isWhole = walk(bytes, from, this.end, this.#keep) && isWhole;
      if (!isRelay) break;
      if (this.relay < 0) this.relay = this.at;
      if (!this.has(RELAY_MESSAGE, HEADER)) break;
      this.end = this.#to[RELAY_MESSAGE];
      this.at = this.#from[RELAY_MESSAGE];
    }
    return isWhole;
  }

  readonly #keep = (code: number, from: number, to: number): void => {
    if (code >= KEPT || this.#from[code] !== 0) return;
    this.#from[code] = from;
    this.#to[code] = to;
  };

  has(code: number, bytes: number): boolean {
    return this.#from[code] > 0 && this.#to[code] - this.#from[code] >= bytes;
  }
  from(code: number): number {
    return this.#from[code];
  }
  to(code: number): number {
    return this.#to[code];
  }

  /** Values of one kind inside all lists of addresses (`IA_NA`, `IA_TA`, `IA_PD`). */
  leases(wanted: number, get: (b: Uint8Array, at: number, to: number) => string | undefined): Value {
    const values: string[] = [];
    walk(this.bytes, this.at + HEADER, this.end, (code, from, to) => {
      const inside = code === IA_TA ? 4 : code === IA_NA || code === IA_PD ? 12 : -1;
      if (inside < 0 || from + inside > to) return;
      walk(this.bytes, from + inside, to, (kind, at, stop) => {
        const value = kind === wanted && values.length < MAX_LISTED ? get(this.bytes, at, stop) : undefined;
        if (value !== undefined) values.push(value);
      });
    });
    return values.length > 0 ? values : undefined;
  }
}

const message = new Message();

/** A DHCP unique identifier has a type from 1 to 4, and at least a hardware type or number (RFC 8415 §11). */
const isDuid = (b: Uint8Array, from: number, to: number): boolean =>
  to - from >= 4 && to - from <= MAX_DUID && b[from] === 0 && b[from + 1] >= 1 && b[from + 1] <= 4;

function looksRight(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER || b[at] < 1 || b[at] > RELAY_REPLY) return false;
  const isRelay = b[at] >= RELAY_FORWARD;
  const header = isRelay ? RELAY_HEADER : HEADER;
  if (end - at <= header || (isRelay && b[at + 1] > 32)) return false;
  let isIdentified = false;
  let isOdd = false;
  const isWhole = walk(b, at + header, end, (code, from, to) => {
    if (code === 0 || code > 255) isOdd = true;
    if (code === CLIENT_ID || code === SERVER_ID) {
      if (isDuid(b, from, to)) isIdentified = true;
      else isOdd = true;
    }
    if (code === RELAY_MESSAGE && isRelay && to - from >= HEADER && b[from] <= RELAY_REPLY)
      isIdentified = true;
    // An inquiry may go without a name, but tells how long it has been trying.
    if (code === ELAPSED && to - from === 2 && b[at] === 11) isIdentified = true;
  });
  return isWhole && isIdentified && !isOdd;
}

const of = fieldsOf<Message>('dhcpv6');

const duid =
  (code: number) =>
  (m: Message): Value =>
    m.has(code, 2)
      ? hex(m.bytes, m.from(code), Math.min(m.to(code), m.from(code) + MAX_DUID), ':')
      : undefined;

/** Names as labels, one behind the other. */
function names(b: Uint8Array, at: number, end: number): string[] {
  const list: string[] = [];
  // Ends: MAX_LISTED, and each name is at least a byte.
  while (at < end && list.length < MAX_LISTED) {
    const next = skipName(b, at, end);
    list.push(nameText(b, at, at, end));
    if (next < 0) break;
    at = next;
  }
  return list;
}

const isRelayed =
  (read: (m: Message) => Value) =>
  (m: Message): Value =>
    m.relay < 0 ? undefined : read(m);

export const dhcpv6 = {
  name: 'dhcpv6',
  about: 'Dynamic Host Configuration Protocol for IPv6.',
  tcpPorts: [],
  udpPorts: [546, 547],
  probe: (bytes, at, end): Verdict => (looksRight(bytes, at, end) ? 'yes' : 'no'),
  datagram(bytes, at, end, _, emit: Emit) {
    if (end - at < HEADER) return emit.anomaly('malformed_options');
    if (!message.take(bytes, at, end)) emit.anomaly('malformed_options');
    if (message.end - message.at >= HEADER) emit.event(message);
  },
  fields: [
    of(
      'type',
      'string',
      'protocol',
      'solicit, advertise, request, reply and so on; behind relays, that of the message they carry.',
      (m) => TYPES[m.bytes[m.at]] ?? 'unknown',
    ),
    of('id', 'integer', 'protocol', 'Transaction number.', (m) =>
      m.bytes[m.at] < RELAY_FORWARD ? u24(m.bytes, m.at + 1) : undefined,
    ),
    of(
      'relay_hops',
      'integer',
      'protocol',
      'Relays on the way.',
      isRelayed((m) => m.hops),
    ),
    of(
      'link_address',
      'address',
      'flow',
      'Network of the outermost relay.',
      isRelayed((m) => ipv6(m.bytes, m.relay + 2)),
    ),
    of(
      'peer_address',
      'address',
      'flow',
      'Whoever the outermost relay heard.',
      isRelayed((m) => ipv6(m.bytes, m.relay + 18)),
    ),
    of('client_id', 'string', 'identifier', 'Unique identifier of the machine.', duid(CLIENT_ID)),
    of('server_id', 'string', 'identifier', 'Unique identifier of the server.', duid(SERVER_ID)),
    of('client_mac', 'string', 'identifier', 'Hardware address of the machine, as a relay saw it.', (m) =>
      m.has(LINK_ADDRESS, 8)
        ? hex(m.bytes, m.from(LINK_ADDRESS) + 2, m.from(LINK_ADDRESS) + 8, ':')
        : undefined,
    ),
    of('client_fqdn', 'string', 'identifier', 'Name of the machine.', (m) =>
      m.has(FQDN, 2) ? nameText(m.bytes, m.from(FQDN) + 1, m.from(FQDN) + 1, m.to(FQDN)) : undefined,
    ),
    of('addresses', 'address', 'flow', 'Addresses that are asked for or given.', (m) =>
      m.leases(IA_ADDRESS, (b, at, to) => (to - at >= 24 ? ipv6(b, at) : undefined)),
    ),
    of('prefixes', 'string', 'flow', 'Prefixes that are asked for or given.', (m) =>
      m.leases(IA_PREFIX, (b, at, to) => (to - at >= 25 ? `${ipv6(b, at + 9)}/${b[at + 8]}` : undefined)),
    ),
    of('dns_servers', 'address', 'flow', 'Name servers.', (m) => {
      const count = m.has(DNS_SERVERS, 16)
        ? Math.min(MAX_LISTED, (m.to(DNS_SERVERS) - m.from(DNS_SERVERS)) >> 4)
        : 0;
      return count > 0
        ? Array.from({ length: count }, (_, i) => ipv6(m.bytes, m.from(DNS_SERVERS) + i * 16))
        : undefined;
    }),
    of('domains', 'string', 'name', 'Domains in which names are looked for.', (m) =>
      m.has(DOMAINS, 2) ? names(m.bytes, m.from(DOMAINS), m.to(DOMAINS)) : undefined,
    ),
    of('param_list', 'string', 'protocol', 'Options asked for, by number.', (m) => {
      if (!m.has(REQUESTED, 2)) return undefined;
      let list = '';
      for (let at = m.from(REQUESTED); at + 2 <= m.to(REQUESTED); at += 2)
        list += `${list === '' ? '' : ','}${u16(m.bytes, at)}`;
      return list;
    }),
    of('vendor_enterprise', 'integer', 'protocol', 'Enterprise number of the maker of the client.', (m) =>
      m.has(VENDOR_CLASS, 4) ? u32(m.bytes, m.from(VENDOR_CLASS)) : undefined,
    ),
    of('vendor_class', 'string', 'protocol', 'Kind of client, as its maker calls it.', (m) =>
      m.has(VENDOR_CLASS, 7)
        ? shown(
            m.bytes,
            m.from(VENDOR_CLASS) + 6,
            Math.min(m.to(VENDOR_CLASS), m.from(VENDOR_CLASS) + 6 + u16(m.bytes, m.from(VENDOR_CLASS) + 4)),
          )
        : undefined,
    ),
    of('rapid_commit', 'boolean', 'protocol', 'Two messages shall do.', (m) =>
      m.from(RAPID_COMMIT) > 0 ? true : undefined,
    ),
    of('status', 'integer', 'protocol', 'Result; 0 is good.', (m) =>
      m.has(STATUS, 2) ? u16(m.bytes, m.from(STATUS)) : undefined,
    ),
  ],
  anomalies: { malformed_options: 'An option goes on behind the end of its message.' },
} as const satisfies Protocol<Message>;
