// Dynamic Host Configuration Protocol (RFC 2131, 2132): which machine was given which address, as EVE `dhcp` records.
import { ipv4Text } from '../../bytes/address.ts';
import { shown } from '../../bytes/line.ts';
import { u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import type { Emit, Field, Protocol, Value, Verdict } from '../protocol.ts';

/* op 1, htype 1, hlen 1, hops 1, xid 4, secs 2, flags 2, four addresses, chaddr 16, sname 64, file 128, cookie 4, options */
const HARDWARE_LENGTH = 2;
const XID = 4;
const CLIENT_IP = 12;
const YOUR_IP = 16;
const SERVER_IP = 20;
const RELAY_IP = 24;
const HARDWARE = 28;
const SERVER_NAME = 44;
const FILE = 108;
const COOKIE = 236;
const OPTIONS = 240;
const MAGIC = 0x63825363;
const REQUEST = 1;
const REPLY = 2;

const SUBNET_MASK = 1;
const ROUTERS = 3;
const DNS_SERVERS = 6;
const HOST_NAME = 12;
const DOMAIN = 15;
const NTP_SERVERS = 42;
const REQUESTED_IP = 50;
const LEASE_TIME = 51;
const OVERLOAD = 52;
const TYPE = 53;
const SERVER_ID = 54;
const PARAMETERS = 55;
const RENEWAL_TIME = 58;
const REBINDING_TIME = 59;
const VENDOR_CLASS = 60;
const CLIENT_ID = 61;
const FQDN = 81;
const PAD = 0;
const END = 255;

const TYPES = ['unknown', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];
/** Options whose request EVE names; the others are in `param_list`. */
const PARAMETER_NAMES: Readonly<Record<number, string>> = {
  1: 'subnet_mask',
  3: 'router',
  6: 'dns_server',
  15: 'domain',
  35: 'arp_timeout',
  42: 'ntp_server',
  66: 'tftp_server_name',
  150: 'tftp_server_ip',
};
/** Options of one message, and addresses of one option, that are looked at. */
const MAX_OPTIONS = 128;
const MAX_ADDRESSES = 16;

/** One message, reused: where each option's value begins; its length stands in the byte before. */
class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  readonly #options = new Int32Array(256);

  /** @returns '' when all options are whole, else what is wrong */
  take(bytes: Uint8Array, at: number, end: number): '' | 'malformed_options' | 'truncated_options' {
    this.bytes = bytes;
    this.at = at;
    this.#options.fill(0);
    let fault = this.#walk(at + OPTIONS, end);
    // Options may go on in the fields of the file's and the server's name (RFC 2132 §9.3).
    const overload = this.has(OVERLOAD, 1) ? bytes[this.#options[OVERLOAD]] : 0;
    if ((overload & 1) !== 0) fault ||= this.#walk(at + FILE, at + COOKIE);
    if ((overload & 2) !== 0) fault ||= this.#walk(at + SERVER_NAME, at + FILE);
    return fault;
  }

  #walk(at: number, end: number): '' | 'malformed_options' | 'truncated_options' {
    let count = 0;
    // Ends: each turn goes at least one byte on.
    while (at < end) {
      const code = this.bytes[at++];
      if (code === PAD) continue;
      if (code === END) return '';
      if (++count > MAX_OPTIONS) return 'malformed_options';
      if (at >= end || at + 1 + this.bytes[at] > end) return 'truncated_options';
      if (this.#options[code] === 0) this.#options[code] = at + 1;
      at += 1 + this.bytes[at];
    }
    return '';
  }

  /** True when the option is there with at least this many bytes. */
  has(code: number, bytes: number): boolean {
    const at = this.#options[code];
    return at > 0 && this.bytes[at - 1] >= bytes;
  }
  option(code: number): number {
    return this.#options[code];
  }
  length(code: number): number {
    return this.bytes[this.#options[code] - 1];
  }
  seconds(code: number): number | undefined {
    return this.has(code, 4) ? u32(this.bytes, this.#options[code]) : undefined;
  }
  address(code: number): string | undefined {
    return this.has(code, 4) ? ipv4Text(u32(this.bytes, this.#options[code])) : undefined;
  }
  addresses(code: number): string[] | undefined {
    if (!this.has(code, 4)) return undefined;
    const count = Math.min(MAX_ADDRESSES, this.length(code) >> 2);
    return Array.from({ length: count }, (_, i) => ipv4Text(u32(this.bytes, this.#options[code] + i * 4)));
  }
  text(code: number, skip = 0): string | undefined {
    if (!this.has(code, skip + 1)) return undefined;
    const at = this.#options[code];
    return shown(this.bytes, at + skip, at + this.length(code));
  }
  /** An address of the header. */
  header(offset: number): string {
    return ipv4Text(u32(this.bytes, this.at + offset));
  }
}

/** A name in full (RFC 4702): as labels, or as the text that old clients send. */
function fqdn(m: Message): string | undefined {
  if (!m.has(FQDN, 4)) return undefined;
  const at = m.option(FQDN);
  const end = at + m.length(FQDN);
  const isEncoded = (m.bytes[at] & 4) !== 0;
  if (!isEncoded) return shown(m.bytes, at + 3, end);
  let name = '';
  // Ends: each turn goes at least one byte on.
  for (let i = at + 3; i < end && m.bytes[i] !== 0 && i + 1 + m.bytes[i] <= end; i += 1 + m.bytes[i])
    name += (name === '' ? '' : '.') + shown(m.bytes, i + 1, i + 1 + m.bytes[i]);
  return name === '' ? undefined : name;
}

const message = new Message();
const of = (
  path: string,
  type: Field['type'],
  fieldClass: Field['class'],
  about: string,
  read: (m: Message) => Value,
  aliases: readonly string[] = [],
): Field<Message> => ({ name: `dhcp.${path}`, type, class: fieldClass, aliases, about, read });
const inReply =
  (read: (m: Message) => Value) =>
  (m: Message): Value =>
    m.bytes[m.at] === REPLY ? read(m) : undefined;

export const dhcp = {
  name: 'dhcp',
  about: 'Dynamic Host Configuration Protocol, addresses given to machines.',
  tcpPorts: [],
  udpPorts: [67, 68],
  probe: (bytes, at, end): Verdict =>
    end - at >= OPTIONS &&
    (bytes[at] === REQUEST || bytes[at] === REPLY) &&
    bytes[at + HARDWARE_LENGTH] <= 16 &&
    u32(bytes, at + COOKIE) === MAGIC
      ? 'yes'
      : 'no',
  datagram(bytes, at, end, _, emit: Emit) {
    if (end - at < OPTIONS || u32(bytes, at + COOKIE) !== MAGIC) return emit.anomaly('malformed_options');
    const fault = message.take(bytes, at, end);
    if (fault !== '') emit.anomaly(fault);
    emit.event(message);
  },
  fields: [
    of('type', 'string', 'protocol', 'request or reply.', (m) =>
      m.bytes[m.at] === REPLY ? 'reply' : 'request',
    ),
    of('id', 'integer', 'protocol', 'Transaction number.', (m) => u32(m.bytes, m.at + XID)),
    of(
      'client_mac',
      'string',
      'identifier',
      'Hardware address of the machine.',
      (m) =>
        hex(m.bytes, m.at + HARDWARE, m.at + HARDWARE + Math.min(16, m.bytes[m.at + HARDWARE_LENGTH]), ':'),
      ['mac'],
    ),
    of('assigned_ip', 'address', 'flow', 'Address that it is given.', (m) => m.header(YOUR_IP), [
      'assigned_addr',
    ]),
    of('client_ip', 'address', 'flow', 'Address that it has.', (m) => m.header(CLIENT_IP), ['client_addr']),
    of(
      'relay_ip',
      'address',
      'flow',
      'Relay between them.',
      inReply((m) => m.header(RELAY_IP)),
    ),
    of(
      'next_server_ip',
      'address',
      'flow',
      'Where it goes on booting.',
      inReply((m) => m.header(SERVER_IP)),
    ),
    of(
      'dhcp_type',
      'string',
      'protocol',
      'discover, offer, request, ack and so on.',
      (m) => (m.has(TYPE, 1) ? (TYPES[m.bytes[m.option(TYPE)]] ?? 'unknown') : undefined),
      ['msg_types'],
    ),
    of('client_id', 'string', 'identifier', 'What the machine calls itself, hex.', (m) =>
      m.has(CLIENT_ID, 1)
        ? hex(m.bytes, m.option(CLIENT_ID), m.option(CLIENT_ID) + m.length(CLIENT_ID), ':')
        : undefined,
    ),
    of('hostname', 'string', 'identifier', 'Name of the machine.', (m) => m.text(HOST_NAME), ['host_name']),
    of('client_fqdn', 'string', 'identifier', 'Name of the machine in full.', fqdn),
    of('requested_ip', 'address', 'flow', 'Address it would like.', (m) => m.address(REQUESTED_IP), [
      'requested_addr',
    ]),
    of('server_id', 'address', 'flow', 'The server that is meant.', (m) => m.address(SERVER_ID), [
      'server_addr',
    ]),
    of('lease_time', 'integer', 'protocol', 'Seconds that the address is lent.', (m) =>
      m.seconds(LEASE_TIME),
    ),
    of('renewal_time', 'integer', 'protocol', 'Seconds after which to ask the server again.', (m) =>
      m.seconds(RENEWAL_TIME),
    ),
    of('rebinding_time', 'integer', 'protocol', 'Seconds after which to ask anyone.', (m) =>
      m.seconds(REBINDING_TIME),
    ),
    of('subnet_mask', 'address', 'flow', 'Mask of the network.', (m) => m.address(SUBNET_MASK)),
    of('routers', 'address', 'flow', 'Routers.', (m) => m.addresses(ROUTERS)),
    of('dns_servers', 'address', 'flow', 'Name servers.', (m) => m.addresses(DNS_SERVERS)),
    of('ntp_servers', 'address', 'flow', 'Time servers.', (m) => m.addresses(NTP_SERVERS)),
    of('domain', 'string', 'name', 'Domain of the network.', (m) => m.text(DOMAIN)),
    of('params', 'string', 'protocol', 'Options asked for, those that have a name.', (m) => {
      if (!m.has(PARAMETERS, 1)) return undefined;
      const names: string[] = [];
      for (let i = 0; i < m.length(PARAMETERS); i++) {
        const name = PARAMETER_NAMES[m.bytes[m.option(PARAMETERS) + i]];
        if (name !== undefined) names.push(name);
      }
      return names;
    }),
    of(
      'param_list',
      'string',
      'protocol',
      'Options asked for, by number: each kind of system asks in its own way.',
      (m) => {
        if (!m.has(PARAMETERS, 1)) return undefined;
        let list = '';
        for (let i = 0; i < m.length(PARAMETERS); i++)
          list += `${i === 0 ? '' : ','}${m.bytes[m.option(PARAMETERS) + i]}`;
        return list;
      },
    ),
    of(
      'vendor_class_identifier',
      'string',
      'protocol',
      'Kind of client, as its maker calls it.',
      (m) => m.text(VENDOR_CLASS),
      ['client_software'],
    ),
  ],
  anomalies: {
    malformed_options: 'The message has no options, or more than any honest one.',
    truncated_options: 'An option goes on behind the end of the message.',
  },
} as const satisfies Protocol<Message>;
