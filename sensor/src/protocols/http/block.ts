// The record of an ordinary transaction, written at once from the bytes of its heads; of one with something rare in it,
// the fields are asked one by one.
import { type JsonBytes, jsonKeys, Prepared } from '../../bytes/json.ts';
import { find, word } from '../../bytes/text.ts';
import { isFreeText } from '../../wire/field.ts';
import type { Block, Say } from '../protocol.ts';
import { messageFields } from './fields.ts';
import { type Transaction, WireTransaction } from './transaction.ts';
import { headerIndex, type WireHead } from './wire-head.ts';

const KEY = jsonKeys(
  'hostname',
  'http_port',
  'url',
  'http_user_agent',
  'http_content_type',
  'http_refer',
  'http_method',
  'status',
  'redirect',
  'length',
  'request_length',
  'server',
);
const HOST = headerIndex('host');
const USER_AGENT = headerIndex('user-agent');
const REFERER = headerIndex('referer');
const FORWARDED = headerIndex('x-forwarded-for');
const CONTENT_TYPE = headerIndex('content-type');
const LOCATION = headerIndex('location');
const SERVER = headerIndex('server');

const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const TAB = 0x09;
const MAX_PORT_DIGITS = 5;
const GET = word('GET');
const METHOD_GET = new Prepared('"http_method":"GET",');
/** By major version times ten and the minor one. */
const VERSIONS = Array.from(
  { length: 100 },
  (_, version) => new Prepared(`"protocol":"HTTP/${Math.floor(version / 10)}.${version % 10}",`),
);
/** 1 for what names and IPv4 addresses are made of: letters, digits, dots, dashes and underscores. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Where the Host field's name ends; -1 when it is not just a name or an address, with a port perhaps. */
function nameEnd(b: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && PLAIN[b[i]] === 1) i++;
  if (i === from || (i < to && (b[i] !== COLON || portAt(b, i + 1, to) < 0))) return -1;
  return i;
}

/** One to five digits up to the end; -1 when there are none. */
function portAt(b: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > MAX_PORT_DIGITS) return -1;
  let port = 0;
  for (let i = from; i < to; i++) {
    const digit = b[i] - 0x30;
    if (digit < 0 || digit > 9) return -1;
    port = port * 10 + digit;
  }
  return port;
}

const octets: Say = (out, bytes, at, end) => out.octets(bytes, at, end);

/** A header field's value as a member, when it is there. */
function header(head: WireHead, index: number, key: Prepared, out: JsonBytes, say: Say): void {
  if (!head.has(index)) return;
  out.prepared(key);
  say(out, head.bytes, head.from(index), head.to(index));
  out.byte(COMMA);
}

/** The Host field, apart. @param end where its name ends */
function host(head: WireHead, end: number, out: JsonBytes): void {
  out.prepared(KEY.hostname);
  out.octets(head.bytes, head.from(HOST), end);
  out.byte(COMMA);
  const to = head.to(HOST);
  if (end < to) out.count(KEY.http_port, portAt(head.bytes, end + 1, to));
}

function method(head: WireHead, out: JsonBytes, say: Say): void {
  if (head.begins(GET)) {
    out.prepared(METHOD_GET);
    return;
  }
  out.prepared(KEY.http_method);
  say(out, head.bytes, head.start, head.firstEnd);
  out.byte(COMMA);
}

/** The type of a body without its parameters. */
function contentType(head: WireHead, out: JsonBytes, say: Say): void {
  if (!head.has(CONTENT_TYPE)) return;
  const { bytes } = head;
  const from = head.from(CONTENT_TYPE);
  let to = head.to(CONTENT_TYPE);
  const mark = find(bytes, SEMICOLON, from, to);
  if (mark >= 0) to = mark;
  while (to > from && (bytes[to - 1] === SPACE || bytes[to - 1] === TAB)) to--;
  out.prepared(KEY.http_content_type);
  say(out, bytes, from, to);
  out.byte(COMMA);
}

export const httpBlock: Block<Transaction> = {
  root: 'http',
  fields: messageFields,
  optional: messageFields.filter((field) => field.class === 'content'),
  free: messageFields.filter(isFreeText),
  write(t, _, out, whole, say) {
    if (!(t instanceof WireTransaction)) return false;
    const { request, response } = t;
    let end = -1;
    if (request !== undefined) {
      if (request.hasLogin || request.has(FORWARDED)) return false;
      if (request.has(HOST)) {
        end = nameEnd(request.bytes, request.from(HOST), request.to(HOST));
        if (end < 0) return false;
      }
    }
    if (response?.hasLogin) return false;
    if (request !== undefined) {
      if (end >= 0) host(request, end, out);
      if (whole) {
        out.prepared(KEY.url);
        out.octets(request.bytes, request.target, request.targetEnd);
        out.byte(COMMA);
      }
      header(request, USER_AGENT, KEY.http_user_agent, out, say);
    }
    if (response !== undefined) contentType(response, out, say);
    if (request !== undefined) {
      if (whole) header(request, REFERER, KEY.http_refer, out, octets);
      method(request, out, say);
    }
    const asked = request?.version ?? -1;
    const version = asked >= 0 ? asked : (response?.version ?? -1);
    if (version >= 0) out.prepared(VERSIONS[version]);
    if (response !== undefined) {
      const { status } = response;
      if (status > 0) out.count(KEY.status, status);
      if (whole) header(response, LOCATION, KEY.redirect, out, octets);
    }
    out.count(KEY.length, t.responseLength);
    out.count(KEY.request_length, t.requestLength);
    if (response !== undefined) header(response, SERVER, KEY.server, out, say);
    return true;
  },
};
