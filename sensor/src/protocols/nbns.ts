// NetBIOS Name Service (RFC 1002 §4.2): names of Windows machines, asked for, registered and defended by broadcast.
import { ipv4Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';
import { hex, hex8 } from '../bytes/text.ts';
import { fieldsOf } from './describe.ts';
import { ANSWER, DnsMessage, HEADER, looksLikeNetbios } from './dns/message.ts';
import { POINTER, skipName } from './dns/name.ts';
import type { Emit, Protocol, Verdict } from './protocol.ts';

const TYPE_NULL = 10;
const TYPE_NB = 32;
const TYPE_NBSTAT = 33;
/** Bytes that a name stands for: 15 of text, one that says what kind of service. */
const NAME_BYTES = 16;
/** One name of a status answer: 16 bytes, and a word of flags. */
const STATUS_ROW = 18;
const GROUP = 0x8000;
const BROADCAST = 0x0010;
/** Addresses of one answer that are told. */
const MAX_ADDRESSES = 16;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'query',
  5: 'registration',
  6: 'release',
  7: 'wack',
  8: 'refresh',
  9: 'refresh',
  15: 'multihomed_registration',
};

/** Where the letters of a row's name stand, through a pointer if need be; -1 when it is no NetBIOS name. */
function letters(m: DnsMessage, row: number): number {
  const b = m.bytes;
  let at = m.nameAt(row);
  if (b[at] >= POINTER) {
    const target = m.start + (u16(b, at) & 0x3fff);
    if (target >= at) return -1;
    at = target;
  }
  return looksLikeNetbios(b, at, m.end) ? at + 1 : -1;
}

const half = (b: Uint8Array, at: number): number => ((b[at] - 0x41) << 4) | (b[at + 1] - 0x41);

/** Text of up to 15 bytes, without the blanks and zeros it is filled with. */
function text(byte: (i: number) => number): string {
  let name = '';
  for (let i = 0; i < NAME_BYTES - 1; i++) {
    const c = byte(i);
    name +=
      c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : c === 0 ? ' ' : `\\${String(1000 + c).substring(1)}`;
  }
  return name.trimEnd();
}

const nameOf = (m: DnsMessage, row: number): string | undefined => {
  const at = letters(m, row);
  return at < 0 ? undefined : text((i) => half(m.bytes, at + i * 2));
};
const suffixOf = (m: DnsMessage, row: number): string | undefined => {
  const at = letters(m, row);
  return at < 0 ? undefined : hex8(half(m.bytes, at + (NAME_BYTES - 1) * 2));
};
const typeOf = (m: DnsMessage, row: number): string => {
  const type = m.type(row);
  return type === TYPE_NB ? 'NB' : type === TYPE_NBSTAT ? 'NBSTAT' : String(type);
};

/** Addresses of a name, with commas. */
function addresses(m: DnsMessage, row: number): string | undefined {
  const count = Math.min(MAX_ADDRESSES, Math.floor(m.dataLength(row) / 6));
  if (m.type(row) !== TYPE_NB || count === 0) return undefined;
  let list = '';
  for (let i = 0; i < count; i++)
    list += `${i === 0 ? '' : ','}${ipv4Text(u32(m.bytes, m.data(row) + i * 6 + 2))}`;
  return list;
}

/** Names of a node status answer; 0 when the message holds none. They end inside the data. */
function statusRows(m: DnsMessage): number {
  const row = m.first[ANSWER];
  if (!m.isResponse || m.first[ANSWER + 1] === row || m.type(row) !== TYPE_NBSTAT) return 0;
  const length = m.dataLength(row);
  return length < 1 ? 0 : Math.min(m.bytes[m.data(row)], Math.floor((length - 1) / STATUS_ROW));
}

function status<T>(m: DnsMessage, get: (b: Uint8Array, at: number) => T): T[] | undefined {
  const count = statusRows(m);
  const at = m.data(m.first[ANSWER]) + 1;
  return count === 0 ? undefined : Array.from({ length: count }, (_, i) => get(m.bytes, at + i * STATUS_ROW));
}

function rows<T>(first: number, last: number, get: (row: number) => T): T[] | undefined {
  return first === last ? undefined : Array.from({ length: last - first }, (_, i) => get(first + i));
}

const message = new DnsMessage();
const of = fieldsOf<DnsMessage>('nbns');
const question =
  <T extends string | undefined>(get: (m: DnsMessage, row: number) => T) =>
  (m: DnsMessage) =>
    rows(m.first[0], m.first[1], (row) => get(m, row));
/** Records of all sections: a registration has its address among the additional ones. */
const record =
  <T extends string | number | undefined>(get: (m: DnsMessage, row: number) => T) =>
  (m: DnsMessage) =>
    rows(m.first[1], m.first[4], (row) => get(m, row));

export const nbns = {
  name: 'nbns',
  about: 'NetBIOS Name Service, names of Windows machines.',
  tcpPorts: [],
  udpPorts: [137],
  probe(bytes, at, end): Verdict {
    if (end - at < HEADER || OPCODES[(bytes[at + 2] >> 3) & 15] === undefined) return 'no';
    if (u16(bytes, at + 4) + u16(bytes, at + 6) !== 1 || !looksLikeNetbios(bytes, at + HEADER, end))
      return 'no';
    const fixed = skipName(bytes, at + HEADER, end);
    if (fixed < 0 || fixed + 4 > end || u16(bytes, fixed + 2) !== 1) return 'no';
    const type = u16(bytes, fixed);
    return type === TYPE_NB || type === TYPE_NBSTAT || type === TYPE_NULL ? 'yes' : 'no';
  },
  datagram(bytes, at, end, _, emit: Emit) {
    const fault = message.read(bytes, at, end);
    if (fault !== '') emit.anomaly('malformed_data');
    if (message.speaks) emit.event(message);
  },
  fields: [
    of('type', 'string', 'protocol', 'request or response.', (m) => (m.isResponse ? 'response' : 'request')),
    of('id', 'integer', 'protocol', 'Transaction number.', (m) => m.id),
    of(
      'opcode',
      'string',
      'protocol',
      'query, registration, release, wack or refresh.',
      (m) => OPCODES[m.opcode] ?? String(m.opcode),
    ),
    of('broadcast', 'boolean', 'protocol', 'It was sent to everyone.', (m) =>
      (m.flags & BROADCAST) !== 0 ? true : undefined,
    ),
    of('rcode', 'integer', 'protocol', 'Result of a response; 6: the name belongs to another.', (m) =>
      m.isResponse ? m.flags & 15 : undefined,
    ),
    of('queries[].rrname', 'string', 'identifier', 'Name asked for.', question(nameOf)),
    of(
      'queries[].suffix',
      'string',
      'protocol',
      'Kind of service: 00 machine or domain, 1b master browser, 1c domain controllers, 20 file server.',
      question(suffixOf),
    ),
    of('queries[].rrtype', 'string', 'protocol', 'NB or NBSTAT.', question(typeOf)),
    of('answers[].rrname', 'string', 'identifier', 'Name of a record.', record(nameOf)),
    of('answers[].suffix', 'string', 'protocol', 'Kind of service.', record(suffixOf)),
    of('answers[].rrtype', 'string', 'protocol', 'NB or NBSTAT.', record(typeOf)),
    of(
      'answers[].ttl',
      'integer',
      'protocol',
      'Seconds that the record may be kept.',
      record((m, row) => m.ttl(row)),
    ),
    of('answers[].rdata', 'string', 'flow', 'Addresses of the name, with commas.', record(addresses)),
    of('names[].name', 'string', 'identifier', 'A name that the machine has.', (m) =>
      status(m, (b, at) => text((i) => b[at + i])),
    ),
    of('names[].suffix', 'string', 'protocol', 'Kind of service of that name.', (m) =>
      status(m, (b, at) => hex8(b[at + NAME_BYTES - 1])),
    ),
    of('names[].group', 'boolean', 'protocol', 'The name is shared by a group.', (m) =>
      status(m, (b, at) => (u16(b, at + NAME_BYTES) & GROUP) !== 0),
    ),
    of('unit_id', 'string', 'identifier', 'Hardware address of the machine.', (m) => {
      const count = statusRows(m);
      const at = m.data(m.first[ANSWER]) + 1 + count * STATUS_ROW;
      return count > 0 && at + 6 <= m.data(m.first[ANSWER]) + m.dataLength(m.first[ANSWER])
        ? hex(m.bytes, at, at + 6, ':')
        : undefined;
    }),
  ],
  anomalies: { malformed_data: 'A count, a length or a name of the message points beyond its end.' },
} as const satisfies Protocol<DnsMessage>;
