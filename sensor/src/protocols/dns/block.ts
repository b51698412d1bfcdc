// A DNS record of the usual kinds (addresses, names, EDNS without options), written at once; others take the fields' way.
import { type JsonBytes, jsonKeys, Prepared } from '../../bytes/json.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex16 } from '../../bytes/text.ts';
import type { Block } from '../protocol.ts';
import * as edns from './edns.ts';
import { dnsFields } from './fields.ts';
import * as m from './message.ts';
import { MAX_NAME_TEXT } from './name.ts';
import { rcodeName, typeName } from './names.ts';
import { dataText } from './rdata.ts';

const KEY = jsonKeys(
  'id',
  'flags',
  'opcode',
  'rcode',
  'edns',
  'version',
  'udp_size',
  'queries',
  'answers',
  'authorities',
  'additionals',
  'rrname',
  'rrtype',
  'ttl',
  'rdata',
);
const BEGIN_REQUEST = new Prepared('"version":3,"type":"request",');
const BEGIN_RESPONSE = new Prepared('"version":3,"type":"response",');
const RESPONSE = new Prepared('"qr":true,');
const DNSSEC = new Prepared('"do":true,');
/** Bits of the flags word with their names, in the order of the record. */
const FLAGS = (
  [
    [0x0400, 'aa'],
    [0x0200, 'tc'],
    [0x0100, 'rd'],
    [0x0080, 'ra'],
    [0x0040, 'z'],
    [0x0020, 'ad'],
    [0x0010, 'cd'],
  ] as const
).map(([mask, name]) => ({ mask, text: new Prepared(`"${name}":true,`) }));
const LISTS = [KEY.queries, KEY.answers, KEY.authorities, KEY.additionals] as const;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Closes over the last comma. */
function close(out: JsonBytes, code: number): void {
  out.bytes[out.at - 1] = code;
  out.byte(COMMA);
}

function rows(message: m.DnsMessage, section: m.Section, out: JsonBytes): void {
  const first = message.first[section];
  const last = message.first[section + 1];
  if (first === last) return;
  out.prepared(LISTS[section]);
  out.byte(OPEN_LIST);
  for (let row = first; row < last; row++) {
    out.byte(OPEN);
    out.prepared(KEY.rrname);
    name(message, row, out, false);
    out.word(KEY.rrtype, typeName(message.type(row)));
    if (section !== m.QUESTION) {
      out.count(KEY.ttl, message.ttl(row));
      data(message, row, out);
    }
    close(out, CLOSE);
  }
  close(out, CLOSE_LIST);
}

function name(message: m.DnsMessage, row: number, out: JsonBytes, ofData: boolean): void {
  out.room(MAX_NAME_TEXT + 3);
  const { bytes, at } = out;
  bytes[at] = QUOTE;
  const end = ofData ? message.writeDataName(bytes, at + 1, row) : message.writeName(bytes, at + 1, row);
  bytes[end] = QUOTE;
  bytes[end + 1] = COMMA;
  out.at = end + 2;
}

function data(message: m.DnsMessage, row: number, out: JsonBytes): void {
  const type = message.type(row);
  const at = message.data(row);
  const length = message.dataLength(row);
  const { bytes } = message;
  if (type === m.TYPE_A) {
    if (length !== 4) return;
    out.prepared(KEY.rdata);
    out.ipv4(u32(bytes, at));
    out.byte(COMMA);
  } else if (type === m.TYPE_AAAA) {
    if (length !== 16) return;
    out.prepared(KEY.rdata);
    out.ipv6(u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12));
    out.byte(COMMA);
  } else if (m.isNamed(type)) {
    if (length === 0) return;
    out.prepared(KEY.rdata);
    name(message, row, out, true);
  } else {
    const text = dataText(message, row);
    if (text !== undefined) out.member(KEY.rdata, text);
  }
}

export const dnsBlock: Block<m.DnsMessage> = {
  root: 'dns',
  fields: dnsFields,
  optional: dnsFields.filter(({ class: fieldClass }) => fieldClass === 'content'),
  write(message, _, out) {
    const { kinds, opt, bytes, isResponse, flags } = message;
    if ((kinds[1] | kinds[2] | kinds[3]) !== 0) return false;
    if (opt !== 0 && edns.hasOptions(message)) return false;
    out.prepared(isResponse ? BEGIN_RESPONSE : BEGIN_REQUEST);
    out.count(KEY.id, message.id);
    if (isResponse) {
      out.word(KEY.flags, hex16(flags));
      out.prepared(RESPONSE);
    }
    for (const { mask, text } of FLAGS) if ((flags & mask) !== 0) out.prepared(text);
    out.count(KEY.opcode, message.opcode);
    if (isResponse) out.word(KEY.rcode, rcodeName(message.rcode));
    if (opt !== 0) {
      const extension = out.open(KEY.edns);
      out.count(KEY.version, bytes[opt + edns.VERSION]);
      out.count(KEY.udp_size, u16(bytes, opt + edns.SIZE));
      if (edns.wantsDnssec(message)) out.prepared(DNSSEC);
      out.close(extension, KEY.edns);
    }
    rows(message, m.QUESTION, out);
    rows(message, m.ANSWER, out);
    rows(message, m.AUTHORITY, out);
    rows(message, m.ADDITIONAL, out);
    return true;
  },
};
