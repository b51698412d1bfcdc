// A DNS record of the usual kinds (addresses, names, EDNS without options), written at once; others take the fields' way.
import { type JsonBytes, Prepared } from '../../bytes/json.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex16 } from '../../bytes/text.ts';
import type { Block } from '../protocol.ts';
import * as edns from './edns.ts';
import { dnsFields } from './fields.ts';
import * as m from './message.ts';
import { MAX_NAME_TEXT } from './name.ts';
import { rcodeName, typeName } from './names.ts';
import { dataText } from './rdata.ts';

const BEGIN = new Prepared('"version":3,"type":"request","id":');
const BEGIN_RESPONSE = new Prepared('"version":3,"type":"response","id":');
const RDATA = new Prepared('"rdata":');
const ROW = new Prepared('{"rrname":"');
const LISTS = ['queries', 'answers', 'authorities', 'additionals'].map((name) => new Prepared(`"${name}":[`));
const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE = 0x7d;
const CLOSE_LIST = 0x5d;

/** Bits of the flags word with their names, in the order of the record. */
const FLAGS = [
  [0x0400, 'aa'],
  [0x0200, 'tc'],
  [0x0100, 'rd'],
  [0x0080, 'ra'],
  [0x0040, 'z'],
  [0x0020, 'ad'],
  [0x0010, 'cd'],
] as const;

/** Texts of one kind that are kept; a sender that makes them all up makes us write them anew. */
const MAX_KNOWN = 1024;

function remember(known: Map<number, Prepared>, key: number, text: Prepared): void {
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, text);
}

/** Everything that the flags word says, by that word: a network sees a dozen of them. */
const heads = new Map<number, Prepared>();

function head(flags: number): Prepared {
  let text = heads.get(flags);
  if (text !== undefined) return text;
  const isResponse = (flags & 0x8000) !== 0;
  text = new Prepared(
    [
      isResponse ? `,"flags":"${hex16(flags)}","qr":true,` : ',',
      ...FLAGS.filter(([mask]) => (flags & mask) !== 0).map(([, name]) => `"${name}":true,`),
      `"opcode":${(flags >> 11) & 15},`,
      isResponse ? `"rcode":${JSON.stringify(rcodeName(flags & 15))},` : '',
    ].join(''),
  );
  remember(heads, flags, text);
  return text;
}

/** What EDNS without options says, by its size and whether signatures are wanted. */
const extensions = new Map<number, Prepared>();

function extension(message: m.DnsMessage): Prepared {
  const size = u16(message.bytes, message.opt + edns.SIZE);
  const key = (edns.wantsDnssec(message) ? 0x10000 : 0) | size;
  let text = extensions.get(key);
  if (text === undefined) {
    text = new Prepared(`"edns":{"version":0,"udp_size":${size}${key > 0xffff ? ',"do":true' : ''}},`);
    remember(extensions, key, text);
  }
  return text;
}

/** Behind a name: its closing quote, the type, and for records the beginning of the TTL; by type. */
const asked = new Map<number, Prepared>();
const told = new Map<number, Prepared>();

function behindName(known: Map<number, Prepared>, type: number): Prepared {
  let text = known.get(type);
  if (text === undefined) {
    const named = `","rrtype":${JSON.stringify(typeName(type))},`;
    text = new Prepared(known === told ? `${named}"ttl":` : named);
    remember(known, type, text);
  }
  return text;
}

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
  for (let row = first; row < last; row++) {
    out.prepared(ROW);
    out.room(MAX_NAME_TEXT);
    out.at = message.writeName(out.bytes, out.at, row);
    const type = message.type(row);
    if (section === m.QUESTION) out.prepared(behindName(asked, type));
    else {
      out.prepared(behindName(told, type));
      out.number(message.ttl(row));
      out.byte(COMMA);
      data(message, row, type, out);
    }
    close(out, CLOSE);
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
    out.prepared(RDATA);
    out.byte(QUOTE);
    out.room(MAX_NAME_TEXT + 2);
    out.at = message.writeDataName(out.bytes, out.at, row);
    out.byte(QUOTE);
    out.byte(COMMA);
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
    out.prepared(isResponse ? BEGIN_RESPONSE : BEGIN);
    out.number(message.id);
    out.prepared(head(flags));
    if (opt !== 0) out.prepared(extension(message));
    rows(message, m.QUESTION, out);
    rows(message, m.ANSWER, out);
    rows(message, m.AUTHORITY, out);
    rows(message, m.ADDITIONAL, out);
    return true;
  },
};
