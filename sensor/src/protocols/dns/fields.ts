// The fields of EVE `dns` records, version 3: header, EDNS, and one list for each section.
import { u16, u32 } from '../../bytes/read.ts';
import { hex, hex16 } from '../../bytes/text.ts';
import type { Column, Field, Value } from '../protocol.ts';
import * as edns from './edns.ts';
import { ADDITIONAL, ANSWER, AUTHORITY, type DnsMessage, KIND, QUESTION, type Section } from './message.ts';
import { rcodeName, typeName } from './names.ts';
import { addressData, dataText, isSrv, isSshfp, isSvcb, soaName, soaNumbers, srvName, txt } from './rdata.ts';
import * as svcb from './svcb.ts';

type DnsField = Field<DnsMessage>;
type Spec = Omit<DnsField, 'read'>;
export const field = (spec: Spec, get: (m: DnsMessage) => Value): DnsField => ({ ...spec, read: get });

const flag = (name: string, mask: number, about: string): DnsField =>
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

type Cell = string | number | boolean | undefined;

/** One column over a section's rows; undefined when the section is empty. */
export function column<T extends Cell>(
  m: DnsMessage,
  section: Section,
  get: (row: number) => T,
): T[] | undefined {
  const first = m.first[section];
  const last = m.first[section + 1];
  if (first === last) return undefined;
  const values: T[] = [];
  for (let row = first; row < last; row++) values.push(get(row));
  return values;
}

/** A column over a section's rows that can also be written row by row. */
function cells(section: Section, spec: Spec, get: (m: DnsMessage, row: number) => Cell): DnsField {
  return {
    ...spec,
    read: (m) => column<Cell>(m, section, (row) => get(m, row)),
    column: {
      count: (m) => m.first[section + 1] - m.first[section],
      write(m, row, out) {
        const value = get(m, m.first[section] + row);
        if (value === undefined) return false;
        out.value(value);
        return true;
      },
    },
  };
}

/** The data of records, some of which are addresses: those are had as words, too. */
function withAddress(section: Section, spec: Spec, get: (m: DnsMessage, row: number) => Cell): DnsField {
  const made = cells(section, spec, get);
  return {
    ...made,
    column: {
      ...(made.column as Column<DnsMessage>),
      address: (m, row, into) => addressData(m, m.first[section] + row, into),
    },
  };
}

/** Columns of data that only records of some types have; undefined when the section has none of the kind. */
function rare(
  section: Section,
  kind: number,
): (spec: Spec, get: (m: DnsMessage, row: number) => Cell) => DnsField {
  const when = (m: DnsMessage): boolean => (m.kinds[section] & kind) !== 0;
  return (spec, get) => ({
    ...cells(section, spec, get),
    when,
    read: (m) => (when(m) ? column<Cell>(m, section, (row) => get(m, row)) : undefined),
  });
}

const SOA_NUMBERS = [
  ['serial', 'Serial number of the zone.'],
  ['refresh', 'Seconds after which a secondary server asks again.'],
  ['retry', 'Seconds after which it asks again when nobody answered.'],
  ['expire', 'Seconds after which it gives the zone up.'],
  ['minimum', 'Seconds that a denial may be kept.'],
] as const;
const SRV_NUMBERS = [
  ['priority', 'Priority of the service.'],
  ['weight', 'Weight of the service.'],
  ['port', 'Port of the service.'],
] as const;

/** The members that SOA and SRV records have in every record of the family: `path` is the list's element. */
export function soaAndSrv(path: string, section: Section, nameClass: Spec['class']): DnsField[] {
  const soa = rare(section, KIND.soa);
  const srv = rare(section, KIND.srv);
  return [
    soa(
      { name: `${path}.soa.mname`, type: 'string', class: nameClass, about: 'Primary server of the zone.' },
      (m, row) => soaName(m, row, 0),
    ),
    soa(
      {
        name: `${path}.soa.rname`,
        type: 'string',
        class: nameClass,
        about: 'Mailbox of the zone, as a name.',
      },
      (m, row) => soaName(m, row, 1),
    ),
    ...SOA_NUMBERS.map(([name, about], i) =>
      soa({ name: `${path}.soa.${name}`, type: 'integer', class: 'protocol', about }, (m, row) => {
        const at = soaNumbers(m, row);
        return at < 0 ? undefined : u32(m.bytes, at + i * 4);
      }),
    ),
    ...SRV_NUMBERS.map(([name, about], i) =>
      srv({ name: `${path}.srv.${name}`, type: 'integer', class: 'protocol', about }, (m, row) =>
        isSrv(m, row) ? u16(m.bytes, m.data(row) + i * 2) : undefined,
      ),
    ),
    srv(
      { name: `${path}.srv.name`, type: 'string', class: nameClass, about: 'Host of the service.' },
      (m, row) => (isSrv(m, row) ? srvName(m, row) : undefined),
    ),
  ];
}

function sshfp(path: string, section: Section): DnsField[] {
  const sshfp = rare(section, KIND.sshfp);
  return [
    sshfp(
      {
        name: `${path}.sshfp.fingerprint`,
        type: 'string',
        class: 'protocol',
        about: 'Fingerprint of the key.',
      },
      (m, row) =>
        isSshfp(m, row)
          ? hex(m.bytes, m.data(row) + 2, Math.min(m.data(row) + m.dataLength(row), m.data(row) + 66), ':')
          : undefined,
    ),
    sshfp(
      { name: `${path}.sshfp.algo`, type: 'integer', class: 'protocol', about: 'Algorithm of the key.' },
      (m, row) => (isSshfp(m, row) ? m.bytes[m.data(row)] : undefined),
    ),
    sshfp(
      {
        name: `${path}.sshfp.type`,
        type: 'integer',
        class: 'protocol',
        about: 'Algorithm of the fingerprint.',
      },
      (m, row) => (isSshfp(m, row) ? m.bytes[m.data(row) + 1] : undefined),
    ),
  ];
}

function services(path: string, section: Section): DnsField[] {
  const column = rare(section, KIND.svcb);
  const of = (get: (b: Uint8Array, at: number, end: number) => Cell) => (m: DnsMessage, row: number) => {
    const at = m.data(row);
    return isSvcb(m, row) && m.dataLength(row) > 2 ? get(m.bytes, at, at + m.dataLength(row)) : undefined;
  };
  const text = (key: number) => of((b, at, end) => svcb.parameterText(b, at, end, key));
  return [
    column(
      {
        name: `${path}.svcb.priority`,
        type: 'integer',
        class: 'protocol',
        about: 'Priority; 0 is an alias.',
      },
      of((b, at) => u16(b, at)),
    ),
    column(
      {
        name: `${path}.svcb.target`,
        type: 'string',
        class: 'name',
        about: 'Host of the service; empty: the owner.',
      },
      of(svcb.target),
    ),
    column(
      { name: `${path}.svcb.alpn`, type: 'string', class: 'protocol', about: 'What it speaks, with commas.' },
      text(svcb.ALPN),
    ),
    column(
      {
        name: `${path}.svcb.port`,
        type: 'string',
        class: 'protocol',
        about: 'Its port, when it is another.',
      },
      text(svcb.PORT),
    ),
    column(
      {
        name: `${path}.svcb.ipv4hint`,
        type: 'string',
        class: 'name',
        about: 'Addresses it has, with commas.',
      },
      text(svcb.IPV4_HINT),
    ),
    column(
      {
        name: `${path}.svcb.ipv6hint`,
        type: 'string',
        class: 'name',
        about: 'IPv6 addresses it has, with commas.',
      },
      text(svcb.IPV6_HINT),
    ),
    column(
      { name: `${path}.svcb.ech`, type: 'boolean', class: 'protocol', about: 'It takes encrypted hellos.' },
      of((b, at, end) => (svcb.parameter(b, at, end, svcb.ECH) < 0 ? undefined : true)),
    ),
  ];
}

function records(list: string, section: Section, what: string): DnsField[] {
  const path = `dns.${list}[]`;
  return [
    cells(
      section,
      { name: `${path}.rrname`, type: 'string', class: 'name', about: `Name of ${what}.` },
      (m, r) => m.name(r),
    ),
    cells(
      section,
      { name: `${path}.rrtype`, type: 'string', class: 'protocol', about: `Type of ${what}.` },
      (m, r) => typeName(m.type(r)),
    ),
    cells(
      section,
      {
        name: `${path}.ttl`,
        type: 'integer',
        class: 'protocol',
        aliases: section === ANSWER ? ['TTLs'] : [],
        about: `Seconds that ${what} may be kept.`,
      },
      (m, r) => m.ttl(r),
    ),
    withAddress(
      section,
      {
        name: `${path}.rdata`,
        type: 'string',
        class: 'name',
        aliases: section === ANSWER ? ['answers', 'answer'] : [],
        about: `What ${what} gives: an address, a name, or data in presentation form without keys and signatures.`,
      },
      dataText,
    ),
    rare(section, KIND.txt)(
      { name: `${path}.text`, type: 'string', class: 'content', about: `Text of ${what}, when it is TXT.` },
      txt,
    ),
    ...soaAndSrv(path, section, 'name'),
    ...sshfp(path, section),
    ...services(path, section),
  ];
}

/** Present when the message has an OPT pseudo-record. */
const ofEdns = (
  name: string,
  type: Spec['type'],
  about: string,
  get: (m: DnsMessage) => Value,
  fieldClass: Spec['class'] = 'protocol',
): DnsField =>
  field({ name: `dns.edns.${name}`, type, class: fieldClass, about }, (m) =>
    m.opt === 0 ? undefined : get(m),
  );

export const ednsFields: readonly DnsField[] = [
  ofEdns('version', 'integer', 'Version of EDNS.', edns.version),
  ofEdns('udp_size', 'integer', 'Bytes of the largest datagram that the sender takes.', edns.payloadSize),
  ofEdns('do', 'boolean', 'Signatures are wanted.', (m) => (edns.wantsDnssec(m) ? true : undefined)),
  ofEdns('options', 'string', 'Options by name.', edns.optionNames),
  ofEdns('client_subnet', 'string', 'Network of whoever asked the resolver.', edns.clientSubnet, 'flow'),
  ofEdns(
    'cookie_length',
    'integer',
    'Bytes of the cookies: 8 of the client alone, more with the server.',
    (m) => edns.optionLength(m, edns.COOKIE),
  ),
  ofEdns('padding', 'integer', 'Bytes of padding.', (m) => edns.optionLength(m, edns.PADDING)),
  ofEdns('ede', 'integer', 'Extended error code.', (m) =>
    (edns.optionLength(m, edns.EXTENDED_ERROR) ?? 0) < 2
      ? undefined
      : u16(m.bytes, edns.option(m, edns.EXTENDED_ERROR)),
  ),
];

export const dnsFields: readonly DnsField[] = [
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
  flag('ad', 0x0020, 'The resolver has checked the signatures.'),
  flag('cd', 0x0010, 'The asker checks the signatures itself.'),
  field(
    {
      name: 'dns.opcode',
      type: 'integer',
      class: 'protocol',
      about: 'Kind of query: 0 the ordinary one, 4 notify, 5 dynamic update.',
    },
    (m) => m.opcode,
  ),
  field(
    {
      name: 'dns.rcode',
      type: 'string',
      class: 'protocol',
      aliases: ['rcode_name'],
      about: 'Result of a response.',
    },
    (m) => (m.isResponse ? rcodeName(m.rcode) : undefined),
  ),
  ...ednsFields,
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
];
