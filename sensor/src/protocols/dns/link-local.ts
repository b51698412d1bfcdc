// The fields of names asked for on the local network (mDNS, LLMNR): as EVE writes them, each answer's data by its type.
import type { Field, Value } from '../protocol.ts';
import { column, soaAndSrv } from './fields.ts';
import {
  ADDITIONAL,
  ANSWER,
  AUTHORITY,
  type DnsMessage,
  FLAGS,
  QUESTION,
  type Section,
  TYPE_A,
  TYPE_AAAA,
  TYPE_CNAME,
  TYPE_MX,
  TYPE_NS,
  TYPE_PTR,
} from './message.ts';
import { typeName } from './names.ts';
import { dataText, txt } from './rdata.ts';

type DnsField = Field<DnsMessage>;

/** Service types (`_ipp._tcp`) of one message that are told. */
const MAX_SERVICES = 32;
const SERVICE = /(?:^|\.)(_[a-z0-9-]{1,63}\._(?:tcp|udp))(?:\.|$)/i;

/** The kinds of service that a message's names speak of: without the names that people gave them. */
function services(m: DnsMessage): Value {
  const found = new Set<string>();
  for (let row = 0; row < m.first[4] && found.size < MAX_SERVICES; row++) {
    const service =
      SERVICE.exec(m.name(row)) ?? SERVICE.exec(m.type(row) === TYPE_PTR ? (dataText(m, row) ?? '') : '');
    if (service !== null) found.add(service[1].toLowerCase());
  }
  return found.size > 0 ? [...found] : undefined;
}

/**
 * Names of machines that answer are identifiers, as people call theirs after themselves.
 * @param name the record's name
 * @param asked class of the names asked for, which the records of an answer repeat: mDNS asks for what people called
 *   their things; LLMNR for what Windows would have asked DNS for
 */
export function linkLocalFields(name: string, asked: DnsField['class']): readonly DnsField[] {
  const of = (
    path: string,
    type: DnsField['type'],
    fieldClass: DnsField['class'],
    about: string,
    read: (m: DnsMessage) => Value,
  ): DnsField => ({ name: `${name}.${path}`, type, class: fieldClass, about, read });

  const records = (list: string, section: Section, what: string): DnsField[] => {
    const path = `${list}[]`;
    const typed = (
      word: string,
      type: number,
      fieldType: 'string' | 'address',
      fieldClass: DnsField['class'],
      about: string,
    ) =>
      of(`${path}.${word}`, fieldType, fieldClass, about, (m) => {
        const values = column(m, section, (row) => (m.type(row) === type ? dataText(m, row) : undefined));
        return values?.some((value) => value !== undefined) ? values : undefined;
      });
    return [
      of(`${path}.rrname`, 'string', asked, `Name of ${what}.`, (m) =>
        column(m, section, (row) => m.name(row)),
      ),
      of(`${path}.rrtype`, 'string', 'protocol', `Type of ${what}.`, (m) =>
        column(m, section, (row) => typeName(m.type(row)).toLowerCase()),
      ),
      of(`${path}.ttl`, 'integer', 'protocol', `Seconds that ${what} may be kept.`, (m) =>
        column(m, section, (row) => m.ttl(row)),
      ),
      typed('a', TYPE_A, 'address', 'flow', 'IPv4 address.'),
      typed('aaaa', TYPE_AAAA, 'address', 'flow', 'IPv6 address.'),
      typed('cname', TYPE_CNAME, 'string', 'identifier', 'The true name.'),
      typed('ns', TYPE_NS, 'string', 'identifier', 'A name server.'),
      typed('ptr', TYPE_PTR, 'string', 'identifier', 'The name pointed to.'),
      typed('mx', TYPE_MX, 'string', 'identifier', 'A mail exchanger.'),
      of(`${path}.txt`, 'string', 'content', 'What a service says of itself.', (m) => {
        const values = column(m, section, (row) => txt(m, row));
        return values?.some((value) => value !== undefined) ? values : undefined;
      }),
      ...soaAndSrv(`${name}.${path}`, section, 'identifier'),
    ];
  };

  return [
    of('type', 'string', 'protocol', 'request or response.', (m) => (m.isResponse ? 'response' : 'request')),
    of('id', 'integer', 'protocol', 'Transaction number.', (m) => m.id),
    of('flags', 'string', 'protocol', 'Flags that are set, by name.', (m) => {
      const set = FLAGS.filter(([mask]) => (m.flags & mask) !== 0).map(([, word]) => word);
      return set.length > 0 ? set : undefined;
    }),
    of('opcode', 'integer', 'protocol', 'Kind of query; 0 is the ordinary one.', (m) => m.opcode),
    of('rcode', 'integer', 'protocol', 'Result.', (m) => m.flags & 15),
    of('services', 'string', 'protocol', 'Kinds of service that the names speak of.', services),
    of('queries[].rrname', 'string', asked, 'Name asked for.', (m) =>
      column(m, QUESTION, (row) => m.name(row)),
    ),
    of('queries[].rrtype', 'string', 'protocol', 'Type asked for.', (m) =>
      column(m, QUESTION, (row) => typeName(m.type(row)).toLowerCase()),
    ),
    ...records('answers', ANSWER, 'an answer'),
    ...records('authorities', AUTHORITY, 'an authority record'),
    ...records('additionals', ADDITIONAL, 'an additional record'),
  ];
}
