// DNS over UDP and TCP (RFC 1035, 7766), as EVE `dns` records of version 3.
import { u16 } from '../../bytes/read.ts';
import { hex16 } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Value,
  type Verdict,
} from '../protocol.ts';
import {
  ADDITIONAL,
  ANSWER,
  AUTHORITY,
  DnsMessage,
  HEADER,
  headerIsPossible,
  headerLooksRight,
  looksLikeDns,
  MAX_OPENING,
  QUESTION,
  type Section,
  TYPE_SOA,
  TYPE_SRV,
  TYPE_TXT,
} from './message.ts';
import { rcodeName, typeName } from './names.ts';

const message = new DnsMessage();

function read(bytes: Uint8Array, at: number, end: number, emit: Emit): void {
  const fault = message.read(bytes, at, end);
  if (fault !== '') emit.anomaly(fault);
  // A message without one whole question or record says nothing.
  if (message.first[4] > 0) emit.event(message);
}

/** Messages with a length of two bytes in front (RFC 1035 §4.2.2). */
class DnsStream implements StreamParser {
  stream(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message of at least HEADER bytes.
    while (end - next >= 2) {
      const length = u16(bytes, next);
      if (length < HEADER) return STREAM_LOST;
      if (end - next - 2 < length) break;
      read(bytes, next + 2, next + 2 + length, emit);
      next += 2 + length;
    }
    return next - at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

type Spec = Omit<Field<DnsMessage>, 'read'>;
const field = (spec: Spec, get: (m: DnsMessage) => Value): Field<DnsMessage> => ({ ...spec, read: get });
const flag = (name: string, mask: number, about: string): Field<DnsMessage> =>
  field(
    {
      name: `dns.${name}`,
      type: 'boolean',
      class: 'protocol',
      aliases: [`dns.${name.toUpperCase()}`],
      about,
    },
    (m) => ((m.flags & mask) !== 0 ? true : undefined),
  );

/** One column over a section's rows; undefined when the section is empty. */
function column<T extends string | number>(
  m: DnsMessage,
  section: Section,
  get: (row: number) => T | undefined,
): (T | undefined)[] | undefined {
  const first = m.first[section];
  const last = m.first[section + 1];
  if (first === last) return undefined;
  const values: (T | undefined)[] = [];
  for (let row = first; row < last; row++) values.push(get(row));
  return values;
}

/** The same for data that only records of one type have; undefined when there is none of it. */
function rare<T extends string | number>(
  m: DnsMessage,
  section: Section,
  type: number,
  get: (row: number) => T | undefined,
): (T | undefined)[] | undefined {
  for (let row = m.first[section]; row < m.first[section + 1]; row++)
    if (m.type(row) === type) return column(m, section, get);
  return undefined;
}

function records(list: string, section: Section, what: string): Field<DnsMessage>[] {
  const path = `dns.${list}[]`;
  return [
    field({ name: `${path}.rrname`, type: 'string', class: 'name', about: `Name of ${what}.` }, (m) =>
      column(m, section, (r) => m.name(r)),
    ),
    field({ name: `${path}.rrtype`, type: 'string', class: 'protocol', about: `Type of ${what}.` }, (m) =>
      column(m, section, (r) => typeName(m.type(r))),
    ),
    field(
      {
        name: `${path}.ttl`,
        type: 'integer',
        class: 'protocol',
        aliases: section === ANSWER ? ['TTLs'] : [],
        about: `Seconds that ${what} may be kept.`,
      },
      (m) => column(m, section, (r) => m.ttl(r)),
    ),
    field(
      {
        name: `${path}.rdata`,
        type: 'string',
        class: 'name',
        aliases: section === ANSWER ? ['answers', 'answer'] : [],
        about: `Address or name that ${what} gives.`,
      },
      (m) => column(m, section, (r) => m.data(r)),
    ),
    field(
      { name: `${path}.text`, type: 'string', class: 'content', about: `Text of ${what}, when it is TXT.` },
      (m) => rare(m, section, TYPE_TXT, (r) => m.text(r)),
    ),
    field(
      { name: `${path}.soa.mname`, type: 'string', class: 'name', about: 'Primary server of the zone.' },
      (m) => rare(m, section, TYPE_SOA, (r) => m.soa(r)?.mname),
    ),
    field(
      { name: `${path}.soa.rname`, type: 'string', class: 'name', about: 'Mailbox of the zone, as a name.' },
      (m) => rare(m, section, TYPE_SOA, (r) => m.soa(r)?.rname),
    ),
    field(
      { name: `${path}.soa.serial`, type: 'integer', class: 'protocol', about: 'Serial number of the zone.' },
      (m) => rare(m, section, TYPE_SOA, (r) => m.soa(r)?.serial),
    ),
    field(
      { name: `${path}.srv.priority`, type: 'integer', class: 'protocol', about: 'Priority of the service.' },
      (m) => rare(m, section, TYPE_SRV, (r) => m.srv(r)?.priority),
    ),
    field(
      { name: `${path}.srv.weight`, type: 'integer', class: 'protocol', about: 'Weight of the service.' },
      (m) => rare(m, section, TYPE_SRV, (r) => m.srv(r)?.weight),
    ),
    field(
      { name: `${path}.srv.port`, type: 'integer', class: 'protocol', about: 'Port of the service.' },
      (m) => rare(m, section, TYPE_SRV, (r) => m.srv(r)?.port),
    ),
    field({ name: `${path}.srv.name`, type: 'string', class: 'name', about: 'Host of the service.' }, (m) =>
      rare(m, section, TYPE_SRV, (r) => m.srv(r)?.name),
    ),
  ];
}

export const dns = {
  name: 'dns',
  about: 'Domain Name System, requests and responses.',
  tcpPorts: [53],
  udpPorts: [53],
  probe(bytes, at, end, _, transport): Verdict {
    if (transport === 'udp') {
      if (looksLikeDns(bytes, at, end)) return 'yes';
      // On its own port a damaged message is worth a word.
      return headerIsPossible(bytes, at, end) ? 'more' : 'no';
    }
    if (end - at < 2 + HEADER) return u16Plausible(bytes, at, end) ? 'more' : 'no';
    const length = u16(bytes, at);
    const stop = Math.min(end, at + 2 + length);
    if (length < HEADER || !headerLooksRight(bytes, at + 2, stop)) return 'no';
    if (looksLikeDns(bytes, at + 2, stop)) return 'yes';
    // The first question may still be on its way.
    return end - at - 2 < Math.min(length, MAX_OPENING) ? 'more' : 'no';
  },
  datagram: (bytes, at, end, _, emit) => read(bytes, at, end, emit),
  open: () => new DnsStream(),
  fromServer: (message) => message.isResponse,
  fields: [
    field(
      { name: 'dns.version', type: 'integer', class: 'protocol', about: 'Version of this record: 3.' },
      () => 3,
    ),
    field({ name: 'dns.type', type: 'string', class: 'protocol', about: 'request or response.' }, (m) =>
      m.isResponse ? 'response' : 'request',
    ),
    field(
      {
        name: 'dns.id',
        type: 'integer',
        class: 'protocol',
        aliases: ['trans_id'],
        about: 'Transaction number.',
      },
      (m) => m.id,
    ),
    field(
      { name: 'dns.flags', type: 'string', class: 'protocol', about: 'The flags word of a response, hex.' },
      (m) => (m.isResponse ? hex16(m.flags) : undefined),
    ),
    field({ name: 'dns.qr', type: 'boolean', class: 'protocol', about: 'It is a response.' }, (m) =>
      m.isResponse ? true : undefined,
    ),
    flag('aa', 0x0400, 'The answer is authoritative.'),
    flag('tc', 0x0200, 'The message was cut.'),
    flag('rd', 0x0100, 'Recursion is wanted.'),
    flag('ra', 0x0080, 'Recursion is offered.'),
    flag('z', 0x0040, 'The reserved bit is set.'),
    field(
      {
        name: 'dns.opcode',
        type: 'integer',
        class: 'protocol',
        about: 'Kind of query; 0 is the ordinary one.',
      },
      (m) => (m.flags >> 11) & 15,
    ),
    field(
      {
        name: 'dns.rcode',
        type: 'string',
        class: 'protocol',
        aliases: ['rcode_name'],
        about: 'Result of a response.',
      },
      (m) => (m.isResponse ? rcodeName(m.flags & 15) : undefined),
    ),
    field(
      {
        name: 'dns.queries[].rrname',
        type: 'string',
        class: 'name',
        aliases: ['query', 'QueryName'],
        about: 'Name asked for.',
      },
      (m) => column(m, QUESTION, (r) => m.name(r)),
    ),
    field(
      {
        name: 'dns.queries[].rrtype',
        type: 'string',
        class: 'protocol',
        aliases: ['qtype_name', 'record_type'],
        about: 'Type asked for.',
      },
      (m) => column(m, QUESTION, (r) => typeName(m.type(r))),
    ),
    ...records('answers', ANSWER, 'an answer'),
    ...records('authorities', AUTHORITY, 'an authority record'),
    ...records('additionals', ADDITIONAL, 'an additional record'),
  ],
  anomalies: {
    malformed_data: 'A count, a length or a name of the message points beyond its end.',
    too_many_records: 'The message holds more records than any honest one.',
  },
} as const satisfies Protocol<DnsMessage>;

const u16Plausible = (b: Uint8Array, at: number, end: number): boolean =>
  end - at < 2 || u16(b, at) >= HEADER;
