// Records of Suricata 6 and 7 in the words of 8, and what 8 puts elsewhere than our schema: only where both say the same.
import type { Value } from '../protocols/event.ts';
import { slotFields, slotOf } from '../protocols/told.ts';
import { type SaidName, saidSlot } from './names.ts';
import type { Reading } from './reading.ts';

type Column = readonly (string | number | undefined)[];

const DNS_TYPES: Readonly<Record<string, string>> = { query: 'request', answer: 'response' };
/** Types of DNS records whose data is addresses, names or the numbers of keys; that of all others is content. */
const NAMED = new Set([
  ...['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'MX', 'DNAME', 'SVCB', 'HTTPS', 'HINFO', 'NAPTR', 'CAA'],
  ...['DS', 'CDS', 'DNSKEY', 'CDNSKEY', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'TLSA', 'SMIMEA'],
]);
const GROUPS = ['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'MX', 'TXT'] as const;

const dns = {
  version: slotOf('dns.version'),
  type: slotOf('dns.type'),
  rcode: slotOf('dns.rcode'),
  queryName: slotOf('dns.queries[].rrname'),
  queryType: slotOf('dns.queries[].rrtype'),
  answerName: slotOf('dns.answers[].rrname'),
  answerType: slotOf('dns.answers[].rrtype'),
  answerTtl: slotOf('dns.answers[].ttl'),
  answerData: slotOf('dns.answers[].rdata'),
} as const;

/** Sections whose elements have data of every type in one member: `dns.answers`, `mdns.additionals` … */
const SECTIONS = slotFields
  .filter(({ name }) => name.endsWith('[].rdata'))
  .map(({ name }) => {
    const member = (word: string): number => slotOf(name.replace(/rdata$/, word));
    return { type: member('rrtype'), data: slotOf(name), text: member('text') };
  })
  .filter(({ text }) => text >= 0);

const anomaly = {
  type: slotOf('anomaly.type'),
  event: slotOf('anomaly.event'),
  protocol: slotOf('anomaly.app_proto'),
} as const;

/** To be called once a line, before anybody looks at its values. */
export function modernise(reading: Reading): void {
  if (reading.values[dns.type] !== undefined || said(reading, 'dns.query[].rrname') !== undefined)
    question(reading);
  if (said(reading, 'dns.answer.rrname') !== undefined) answer(reading);
  for (const section of SECTIONS) if (reading.values[section.data] !== undefined) withhold(reading, section);
  if (reading.values[anomaly.event] !== undefined) nameAnomaly(reading);
}

const said = (reading: Reading, name: SaidName): Value => reading.values[saidSlot(name)];

function question(reading: Reading): void {
  const { values } = reading;
  const modern = DNS_TYPES[String(values[dns.type])];
  if (modern !== undefined) reading.set(dns.type, modern);
  const name = said(reading, 'dns.rrname');
  const type = said(reading, 'dns.rrtype');
  if (typeof name === 'string' && said(reading, 'dns.rdata') !== undefined) {
    // Version 1: a record for each answer.
    reading.set(dns.answerName, [name]);
    if (typeof type === 'string') reading.set(dns.answerType, [type]);
    const ttl = said(reading, 'dns.ttl');
    if (typeof ttl === 'number') reading.set(dns.answerTtl, [ttl]);
    reading.set(dns.answerData, [said(reading, 'dns.rdata') as string]);
  } else if (typeof name === 'string' && values[dns.queryName] === undefined) {
    reading.set(dns.queryName, [name]);
    if (typeof type === 'string') reading.set(dns.queryType, [type]);
  }
  // In alerts of version 2.
  const names = said(reading, 'dns.query[].rrname');
  if (names !== undefined && values[dns.queryName] === undefined) {
    reading.set(dns.queryName, names);
    reading.set(dns.queryType, said(reading, 'dns.query[].rrtype'));
    reading.set(dns.type, 'request');
  }
  if (values[dns.answerData] === undefined) ungroup(reading);
  reading.set(dns.version, 3);
}

/** The answer of an alert of version 2. */
function answer(reading: Reading): void {
  reading.set(dns.version, 3);
  reading.set(dns.type, 'response');
  reading.set(dns.rcode, said(reading, 'dns.answer.rcode'));
  if (reading.values[dns.queryName] !== undefined) return;
  reading.set(dns.queryName, [said(reading, 'dns.answer.rrname') as string]);
  const type = said(reading, 'dns.answer.rrtype');
  if (typeof type === 'string') reading.set(dns.queryType, [type]);
}

/** `grouped` says the data by its type, and not whose it is: behind an alias that is somebody else than who was asked for. */
function ungroup(reading: Reading): void {
  const types: string[] = [];
  const data: (string | undefined)[] = [];
  for (const type of GROUPS)
    for (const one of (said(reading, `dns.grouped.${type}`) as Column | undefined) ?? []) {
      types.push(type);
      data.push(one as string | undefined);
    }
  if (types.length === 0) return;
  const [asked] = (reading.values[dns.queryName] as Column | undefined) ?? [];
  const owner = types.includes('CNAME') ? undefined : (asked as string | undefined);
  reading.set(
    dns.answerName,
    types.map(() => owner),
  );
  reading.set(dns.answerType, types);
  reading.set(dns.answerData, data);
}

/** Suricata writes TXT and NULL data where addresses stand: our schema knows them as content. */
function withhold(reading: Reading, { type, data, text }: (typeof SECTIONS)[number]): void {
  const { values } = reading;
  const types = values[type] as Column | undefined;
  const all = values[data] as Column;
  const isNamed = (row: number): boolean => NAMED.has(String(types?.[row]).toUpperCase());
  if (all.every((one, row) => one === undefined || isNamed(row))) return;
  const known = values[text] as Column | undefined;
  const texts = all.map((one, row) => (isNamed(row) ? known?.[row] : (one ?? known?.[row])));
  reading.set(
    data,
    all.map((one, row) => (isNamed(row) ? one : undefined)),
  );
  reading.set(text, texts);
}

/** Ours have the protocol in front: `dns.invalid_opcode`. */
function nameAnomaly(reading: Reading): void {
  const { values } = reading;
  const protocol = values[anomaly.protocol] ?? said(reading, 'app_proto');
  if (values[anomaly.type] !== 'applayer' || typeof protocol !== 'string') return;
  const event = String(values[anomaly.event]).toLowerCase();
  reading.set(anomaly.protocol, protocol);
  reading.set(anomaly.event, event.startsWith(`${protocol}.`) ? event : `${protocol}.${event}`);
}
