// A DNS record of the usual kinds (addresses, names, EDNS without options), written at once; others take the fields' way.
import { type JsonBytes, Prepared } from '../../bytes/json.ts';
import { Texts } from '../../bytes/json-texts.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex16 } from '../../bytes/text.ts';
import type { Block } from '../protocol.ts';
import * as edns from './edns.ts';
import { dnsFields } from './fields.ts';
import * as m from './message.ts';
import { MAX_NAME_TEXT, POINTER, writeName } from './name.ts';
import { rcodeName, typeName } from './names.ts';
import { dataText } from './rdata.ts';

const BEGIN = new Prepared('"version":3,"type":"request","id":');
const BEGIN_RESPONSE = new Prepared('"version":3,"type":"response","id":');
const RDATA = new Prepared('"rdata":');
const RDATA_NAME = new Prepared('"rdata":"');
const END_OF_TEXT = new Prepared('",');
const ROW = new Prepared('{"rrname":"');
const LISTS = ['queries', 'answers', 'authorities', 'additionals'].map((name) => new Prepared(`"${name}":[`));
const COMMA = 0x2c;
const CLOSE = 0x7d;
const CLOSE_LIST = 0x5d;

/** Everything that the flags word says. */
const heads = new Texts((flags) => {
  const isResponse = (flags & 0x8000) !== 0;
  return [
    isResponse ? `"flags":"${hex16(flags)}","qr":true,` : '',
    ...m.FLAGS.filter(([mask]) => (flags & mask) !== 0).map(([, name]) => `"${name}":true,`),
    `"opcode":${(flags >> 11) & 15},`,
    isResponse ? `"rcode":${JSON.stringify(rcodeName(flags & 15))},` : '',
  ].join('');
});

/** What EDNS without options says, by its size and whether signatures are wanted. */
const DO = 0x10000;
const extensions = new Texts(
  (key) => `"edns":{"version":0,"udp_size":${key & 0xffff}${key >= DO ? ',"do":true' : ''}},`,
);

/** Behind a name: its closing quote, the type, and for records the beginning of the TTL; by type. */
const asked = new Texts((type) => `","rrtype":${JSON.stringify(typeName(type))}},`);
const told = new Texts((type) => `","rrtype":${JSON.stringify(typeName(type))},"ttl":`);

/** Closes over the last comma. */
function close(out: JsonBytes, code: number): void {
  out.bytes[out.at - 1] = code;
  out.byte(COMMA);
}

/** Names of the record at hand that stand in the packet as such: where, and where they were written. Most are pointed at again. */
const MAX_NAMES = 8;
const nameAt = new Int32Array(MAX_NAMES);
const nameWritten = new Int32Array(MAX_NAMES);
const nameLength = new Int32Array(MAX_NAMES);
let names = 0;

/** Writes the name that stands at `at`. */
function name(message: m.DnsMessage, at: number, end: number, out: JsonBytes): void {
  const { bytes } = message;
  const target = bytes[at] >= POINTER ? message.start + (u16(bytes, at) & 0x3fff) : at;
  // Ends: there are at most MAX_NAMES. The last ones are pointed at most.
  for (let i = names - 1; i >= 0; i--)
    if (nameAt[i] === target) {
      out.again(nameWritten[i], nameLength[i]);
      return;
    }
  out.room(MAX_NAME_TEXT);
  const from = out.at;
  out.at = writeName(bytes, at, message.start, end, out.bytes, from);
  // In a faulty message, guards may cut a name that is read through a pointer, and not its target.
  if (target !== at || names === MAX_NAMES || message.fault !== '') return;
  nameAt[names] = at;
  nameWritten[names] = from;
  nameLength[names++] = out.at - from;
}

function rows(message: m.DnsMessage, section: m.Section, out: JsonBytes): void {
  const first = message.first[section];
  const last = message.first[section + 1];
  if (first === last) return;
  out.prepared(LISTS[section]);
  for (let row = first; row < last; row++) {
    out.prepared(ROW);
    name(message, message.nameAt(row), message.end, out);
    const type = message.type(row);
    if (section === m.QUESTION) out.prepared(asked.of(type));
    else {
      out.count(told.of(type), message.ttl(row));
      data(message, row, type, out);
      close(out, CLOSE);
    }
  }
  close(out, CLOSE_LIST);
}

function data(message: m.DnsMessage, row: number, type: number, out: JsonBytes): void {
  const at = message.data(row);
  const length = message.dataLength(row);
  const { bytes } = message;
  if (type === m.TYPE_A) {
    if (length !== 4) return;
    out.prepared(RDATA);
    out.ipv4(u32(bytes, at));
    out.byte(COMMA);
  } else if (type === m.TYPE_AAAA) {
    if (length !== 16) return;
    out.prepared(RDATA);
    out.ipv6(u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12));
    out.byte(COMMA);
  } else if (m.isNamed(type)) {
    if (length === 0) return;
    out.prepared(RDATA_NAME);
    name(message, at, at + length, out);
    out.prepared(END_OF_TEXT);
  } else {
    const text = dataText(message, row);
    if (text !== undefined) out.member(RDATA, text);
  }
}

export const dnsBlock: Block<m.DnsMessage> = {
  root: 'dns',
  fields: dnsFields,
  optional: dnsFields.filter(({ class: fieldClass }) => fieldClass === 'content'),
  write(message, _, out) {
    const { kinds, opt, bytes, isResponse, flags } = message;
    if ((kinds[1] | kinds[2] | kinds[3]) !== 0) return false;
    // Options, another version, or a result that takes more than four bits.
    if (
      opt !== 0 &&
      (edns.hasOptions(message) || bytes[opt + edns.VERSION] !== 0 || bytes[opt + edns.RCODE] !== 0)
    )
      return false;
    names = 0;
    out.count(isResponse ? BEGIN_RESPONSE : BEGIN, message.id);
    out.prepared(heads.of(flags));
    if (opt !== 0) {
      const size = u16(bytes, opt + edns.SIZE);
      out.prepared(extensions.of(edns.wantsDnssec(message) ? DO | size : size));
    }
    rows(message, m.QUESTION, out);
    rows(message, m.ANSWER, out);
    rows(message, m.AUTHORITY, out);
    rows(message, m.ADDITIONAL, out);
    return true;
  },
};
