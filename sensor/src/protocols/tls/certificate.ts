// What an X.509 certificate says of itself (RFC 5280 §4.1), read from its DER bytes without trusting any length.
import { sha1Hex } from '../../bytes/hash.ts';
import { hex, latin1, utf8 } from '../../bytes/text.ts';

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Hex pairs with colons. */
  readonly serial: string;
  /** `YYYY-MM-DDThh:mm:ss`, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-1 over the DER bytes, hex pairs with colons. */
  readonly fingerprint: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const OID = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const EXPLICIT_VERSION = 0xa0;
const BMP_STRING = 0x1e;

/** A DER element: tag, and its content `[at, end)`. */
interface Element {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

function element(b: Uint8Array, at: number, end: number): Element | undefined {
  if (at + 2 > end) return undefined;
  let length = b[at + 1];
  let content = at + 2;
  if (length >= 0x80) {
    const bytes = length & 0x7f;
    if (bytes === 0 || bytes > 3 || content + bytes > end) return undefined;
    length = 0;
    for (let i = 0; i < bytes; i++) length = (length << 8) | b[content + i];
    content += bytes;
  }
  return content + length <= end ? { tag: b[at], at: content, end: content + length } : undefined;
}

/** Attribute types as RFC 4514 and OpenSSL name them; OIDs by their DER content in hex. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '550403': 'CN',
  '550404': 'SN',
  '550405': 'serialNumber',
  '550406': 'C',
  '550407': 'L',
  '550408': 'ST',
  '550409': 'street',
  '55040a': 'O',
  '55040b': 'OU',
  '55040c': 'title',
  '55042a': 'GN',
  '550411': 'postalCode',
  '2a864886f70d010901': 'emailAddress',
  '0992268993f22c640119': 'DC',
  '0992268993f22c640101': 'UID',
};
const MAX_ATTRIBUTES = 32;

function attributeText(b: Uint8Array, value: Element): string {
  if (value.tag !== BMP_STRING) return utf8(b, value.at, value.end);
  let text = '';
  for (let i = value.at; i + 1 < value.end; i += 2) text += String.fromCharCode((b[i] << 8) | b[i + 1]);
  return text;
}

/** `C=JP, O=Example, CN=www.example`, in the order of the certificate. */
function distinguishedName(b: Uint8Array, name: Element): string {
  const parts: string[] = [];
  let at = name.at;
  // Ends: each turn goes one element on, at most MAX_ATTRIBUTES of them.
  while (at < name.end && parts.length < MAX_ATTRIBUTES) {
    const set = element(b, at, name.end);
    if (set === undefined || set.tag !== SET) break;
    const pair = element(b, set.at, set.end);
    const type = pair && element(b, pair.at, pair.end);
    const value = type && element(b, type.end, pair.end);
    if (type === undefined || value === undefined || type.tag !== OID) break;
    const oid = hex(b, type.at, type.end);
    parts.push(`${ATTRIBUTES[oid] ?? oid}=${attributeText(b, value)}`);
    at = set.end;
  }
  return parts.join(', ');
}

/** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5): two-digit years below 50 belong to this century. */
function timeText(b: Uint8Array, time: Element): string {
  const text = latin1(b, time.at, Math.min(time.end, time.at + 20));
  const full = time.tag === UTC_TIME ? (Number(text.substring(0, 2)) < 50 ? '20' : '19') + text : text;
  const [date, clock] = [full.substring(0, 8), full.substring(8, 14)];
  return `${date.substring(0, 4)}-${date.substring(4, 6)}-${date.substring(6)}T${clock.substring(0, 2)}:${clock.substring(2, 4)}:${clock.substring(4)}`;
}

/** @returns undefined when the bytes are no certificate */
export function readCertificate(b: Uint8Array, at: number, end: number): Certificate | undefined {
  const outer = element(b, at, end);
  const body = outer && element(b, outer.at, outer.end);
  if (outer?.tag !== SEQUENCE || body?.tag !== SEQUENCE) return undefined;
  let next = element(b, body.at, body.end);
  if (next?.tag === EXPLICIT_VERSION) next = element(b, next.end, body.end);
  const serial = next;
  const algorithm = serial && element(b, serial.end, body.end);
  const issuer = algorithm && element(b, algorithm.end, body.end);
  const validity = issuer && element(b, issuer.end, body.end);
  const subject = validity && element(b, validity.end, body.end);
  const notBefore = validity && element(b, validity.at, validity.end);
  const notAfter = notBefore && element(b, notBefore.end, validity.end);
  if (
    serial?.tag !== INTEGER ||
    issuer === undefined ||
    subject === undefined ||
    notBefore === undefined ||
    notAfter === undefined
  )
    return undefined;
  if (
    (notBefore.tag !== UTC_TIME && notBefore.tag !== GENERALIZED_TIME) ||
    (notAfter.tag !== UTC_TIME && notAfter.tag !== GENERALIZED_TIME)
  )
    return undefined;
  return {
    subject: distinguishedName(b, subject),
    issuer: distinguishedName(b, issuer),
    serial: hex(b, serial.at, serial.end, ':').toUpperCase(),
    notBefore: timeText(b, notBefore),
    notAfter: timeText(b, notAfter),
    fingerprint: colons(sha1Hex(Buffer.from(b.buffer, b.byteOffset + at, outer.end - at))),
  };
}

const colons = (digits: string): string => (digits.match(/../g) ?? []).join(':');
