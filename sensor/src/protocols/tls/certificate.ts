// What an X.509 certificate says of itself (RFC 5280 §4.1), read from its DER bytes without trusting any length.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { sha1Of, sha256Of } from '../../bytes/hash.ts';
import type { Prepared } from '../../bytes/json.ts';
import { u32 } from '../../bytes/read.ts';
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
  /** SHA-256, likewise: what lists of certificates name today. */
  readonly fingerprint256: string;
  /** DNS names, addresses and URIs; undefined when there are none. Mail addresses are left out: they are people's. */
  readonly alternativeNames: readonly string[] | undefined;
  /** As OpenSSL and Zeek name it; the OID's bytes in hex when it is unknown. */
  readonly signature: string;
  readonly keyType: string | undefined;
  /** Bits. */
  readonly keyLength: number | undefined;
  /** Subject and issuer are the same. */
  readonly selfSigned: boolean;
  /** What a record says of it, once it was written. */
  json?: Prepared;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const EXPLICIT_VERSION = 0xa0;
const EXPLICIT_EXTENSIONS = 0xa3;
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
/** Of one value, bytes: twice what RFC 5280 allows the longest of them. */
const MAX_VALUE = 256;

function attributeText(b: Uint8Array, value: Element): string {
  const end = Math.min(value.end, value.at + MAX_VALUE);
  if (value.tag !== BMP_STRING) return utf8(b, value.at, end);
  let text = '';
  for (let i = value.at; i + 1 < end; i += 2) text += String.fromCharCode((b[i] << 8) | b[i + 1]);
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

const RSA = '2a864886f70d0101';
const ECDSA = '2a8648ce3d04';
/** OIDs by their DER content in hex. */
const SIGNATURES: Readonly<Record<string, string>> = {
  [`${RSA}02`]: 'md2WithRSAEncryption',
  [`${RSA}04`]: 'md5WithRSAEncryption',
  [`${RSA}05`]: 'sha1WithRSAEncryption',
  [`${RSA}0a`]: 'rsassaPss',
  [`${RSA}0b`]: 'sha256WithRSAEncryption',
  [`${RSA}0c`]: 'sha384WithRSAEncryption',
  [`${RSA}0d`]: 'sha512WithRSAEncryption',
  [`${RSA}0e`]: 'sha224WithRSAEncryption',
  '2b0e03021d': 'sha1WithRSA',
  [`${ECDSA}01`]: 'ecdsa-with-SHA1',
  [`${ECDSA}0301`]: 'ecdsa-with-SHA224',
  [`${ECDSA}0302`]: 'ecdsa-with-SHA256',
  [`${ECDSA}0303`]: 'ecdsa-with-SHA384',
  [`${ECDSA}0304`]: 'ecdsa-with-SHA512',
  '2a8648ce380403': 'dsaWithSHA1',
  '608648016503040302': 'dsa_with_SHA256',
  '2b6570': 'ED25519',
  '2b6571': 'ED448',
  '2a811ccf55018375': 'SM2-with-SM3',
};
const KEYS: Readonly<Record<string, string>> = {
  [`${RSA}01`]: 'rsa',
  [`${RSA}0a`]: 'rsa',
  '2a8648ce3d0201': 'ecdsa',
  '2a8648ce380401': 'dsa',
  '2b6570': 'ed25519',
  '2b6571': 'ed448',
};
/** Bits of a key, by its curve or by the algorithm that has one curve only. */
const BITS: Readonly<Record<string, number>> = {
  '2a8648ce3d030101': 192,
  '2b81040021': 224,
  '2a8648ce3d030107': 256,
  '2b8104000a': 256,
  '2b81040022': 384,
  '2b81040023': 521,
  '2b2403030208010107': 256,
  '2b240303020801010b': 384,
  '2b240303020801010d': 512,
  '2b6570': 256,
  '2b6571': 456,
};

const oidText = (b: Uint8Array, sequence: Element | undefined): string => {
  const oid = sequence && element(b, sequence.at, sequence.end);
  return oid?.tag === OID ? hex(b, oid.at, Math.min(oid.end, oid.at + 16)) : '';
};

/** Bits of an INTEGER. */
function bits(b: Uint8Array, n: Element | undefined): number | undefined {
  if (n?.tag !== INTEGER) return undefined;
  let at = n.at;
  while (at < n.end && b[at] === 0) at++;
  return at < n.end ? (n.end - at) * 8 - (Math.clz32(b[at]) - 24) : undefined;
}

/** @param info SubjectPublicKeyInfo */
function keyLength(b: Uint8Array, info: Element, type: string): number | undefined {
  const algorithm = element(b, info.at, info.end);
  if (algorithm === undefined) return undefined;
  const oid = element(b, algorithm.at, algorithm.end);
  const parameters = oid && element(b, oid.end, algorithm.end);
  if (type === 'rsa') {
    const key = element(b, algorithm.end, info.end);
    // Behind the count of unused bits stands a sequence, and in it the modulus.
    const pair = key?.tag === BIT_STRING ? element(b, key.at + 1, key.end) : undefined;
    return bits(b, pair && element(b, pair.at, pair.end));
  }
  if (type === 'dsa') return bits(b, parameters && element(b, parameters.at, parameters.end));
  const curve = parameters?.tag === OID ? parameters : oid;
  return curve && BITS[hex(b, curve.at, Math.min(curve.end, curve.at + 16))];
}

const ALTERNATIVE_NAME = '551d11';
const DNS_NAME = 0x82;
const URI = 0x86;
const IP_ADDRESS = 0x87;
const MAX_EXTENSIONS = 64;
/** Names of one certificate that are told. */
const MAX_NAMES = 128;

function alternativeNames(b: Uint8Array, extensions: Element): string[] | undefined {
  const names: string[] = [];
  const list = element(b, extensions.at, extensions.end);
  let at = list?.at ?? 0;
  for (let i = 0; list !== undefined && at < list.end && i < MAX_EXTENSIONS; i++) {
    const extension = element(b, at, list.end);
    if (extension === undefined) break;
    at = extension.end;
    if (oidText(b, extension) !== ALTERNATIVE_NAME) continue;
    const oid = element(b, extension.at, extension.end);
    let value = oid && element(b, oid.end, extension.end);
    if (value !== undefined && value.tag !== OCTET_STRING) value = element(b, value.end, extension.end); // critical
    const found = value && element(b, value.at, value.end);
    let next = found?.at ?? 0;
    // Ends: each turn goes one element on, at most MAX_NAMES of them.
    for (let n = 0; found !== undefined && next < found.end && n < MAX_NAMES; n++) {
      const name = element(b, next, found.end);
      if (name === undefined) break;
      next = name.end;
      const { tag, at: from, end } = name;
      if (tag === DNS_NAME || tag === URI) names.push(latin1(b, from, Math.min(end, from + MAX_VALUE)));
      else if (tag === IP_ADDRESS && end - from === 4) names.push(ipv4Text(u32(b, from)));
      else if (tag === IP_ADDRESS && end - from === 16)
        names.push(ipv6Text(u32(b, from), u32(b, from + 4), u32(b, from + 8), u32(b, from + 12)));
    }
  }
  return names.length > 0 ? names : undefined;
}

function sameBytes(b: Uint8Array, one: Element, other: Element): boolean {
  if (one.end - one.at !== other.end - other.at) return false;
  for (let i = 0; i < one.end - one.at; i++) if (b[one.at + i] !== b[other.at + i]) return false;
  return true;
}

const isTime = (time: Element | undefined): time is Element =>
  time?.tag === UTC_TIME || time?.tag === GENERALIZED_TIME;

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
  if (serial?.tag !== INTEGER || issuer === undefined || subject === undefined) return undefined;
  if (!isTime(notBefore) || !isTime(notAfter)) return undefined;
  const key = element(b, subject.end, body.end);
  const keyAlgorithm = key && oidText(b, element(b, key.at, key.end));
  const keyType = keyAlgorithm && (KEYS[keyAlgorithm] ?? keyAlgorithm);
  let last = key;
  // Ends: each turn goes one element on; two optional identifiers may stand before the extensions.
  for (let i = 0; last !== undefined && last.tag !== EXPLICIT_EXTENSIONS && i < 3; i++)
    last = element(b, last.end, body.end);
  const signature = oidText(b, algorithm);
  const der = Buffer.from(b.buffer, b.byteOffset + at, outer.end - at);
  return {
    subject: distinguishedName(b, subject),
    issuer: distinguishedName(b, issuer),
    serial: hex(b, serial.at, Math.min(serial.end, serial.at + MAX_SERIAL), ':').toUpperCase(),
    notBefore: timeText(b, notBefore),
    notAfter: timeText(b, notAfter),
    fingerprint: hex(sha1Of(der), 0, SHA1_BYTES, ':'),
    fingerprint256: hex(sha256Of(der), 0, SHA256_BYTES, ':'),
    alternativeNames: last?.tag === EXPLICIT_EXTENSIONS ? alternativeNames(b, last) : undefined,
    signature: SIGNATURES[signature] ?? signature,
    keyType: keyType === '' ? undefined : keyType,
    keyLength: key && keyType ? keyLength(b, key, keyType) : undefined,
    selfSigned: sameBytes(b, subject, issuer),
  };
}

const SHA1_BYTES = 20;
const SHA256_BYTES = 32;
/** Twice what RFC 5280 §4.1.2.2 allows. */
const MAX_SERIAL = 40;
