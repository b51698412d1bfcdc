// Data of DNS records, per type: as text in the presentation form of each type's RFC, or member by member.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import * as m from './message.ts';
import { nameText, skipName } from './name.ts';
import { typeName } from './names.ts';
import { svcbText } from './svcb.ts';

const TYPE_HINFO = 13;
const TYPE_NAPTR = 35;
const TYPE_DS = 43;
const TYPE_RRSIG = 46;
const TYPE_NSEC = 47;
const TYPE_DNSKEY = 48;
const TYPE_NSEC3 = 50;
const TYPE_NSEC3PARAM = 51;
const TYPE_TLSA = 52;
const TYPE_SMIMEA = 53;
const TYPE_CDS = 59;
const TYPE_CDNSKEY = 60;
const TYPE_CAA = 257;

/** Bytes of a digest or of a salt that are shown. */
const MAX_DIGEST = 64;
/** Bytes of character strings that are shown. */
const MAX_STRING = 255;
/** Types that a bitmap may name before it is cut (RFC 4034 §4.1.2). */
const MAX_TYPES = 64;

/** The address that an A or AAAA record gives, as words. @returns how many were written: 1, 4, or 0 for other data */
export function addressData(message: m.DnsMessage, row: number, into: Uint32Array): number {
  const type = message.type(row);
  const words = type === m.TYPE_A ? 1 : type === m.TYPE_AAAA ? 4 : 0;
  if (message.dataLength(row) !== words * 4) return 0;
  const at = message.data(row);
  for (let i = 0; i < words; i++) into[i] = u32(message.bytes, at + 4 * i);
  return words;
}

/**
 * What a record gives: addresses and names as EVE writes them, other data in its presentation form without keys and
 * signatures; undefined for data that is malformed, has members of its own, or is of a type not known.
 */
export function dataText(message: m.DnsMessage, row: number): string | undefined {
  const b = message.bytes;
  const at = message.data(row);
  const length = message.dataLength(row);
  const end = at + length;
  const type = message.type(row);
  switch (type) {
    case m.TYPE_A:
      return length === 4 ? ipv4Text(u32(b, at)) : undefined;
    case m.TYPE_AAAA:
      return length === 16 ? ipv6(b, at) : undefined;
    case m.TYPE_NS:
    case m.TYPE_CNAME:
    case m.TYPE_PTR:
    case m.TYPE_DNAME:
      // Without data in a dynamic update (RFC 2136 §2.4).
      return length > 0 ? nameText(b, at, message.start, end) : undefined;
    case m.TYPE_MX:
      return length > 2 ? nameText(b, at + 2, message.start, end) : undefined;
    case m.TYPE_SVCB:
    case m.TYPE_HTTPS:
      return svcbText(b, at, end);
    case TYPE_DS:
    case TYPE_CDS:
      return length > 4 ? `${u16(b, at)} ${b[at + 2]} ${b[at + 3]} ${digest(b, at + 4, end)}` : undefined;
    case TYPE_DNSKEY:
    case TYPE_CDNSKEY:
      // The key itself says less than its tag, which signatures name.
      return length > 4 ? `${u16(b, at)} ${b[at + 2]} ${b[at + 3]} ${keyTag(b, at, end)}` : undefined;
    case TYPE_RRSIG:
      return length > 18 ? signature(b, at, end) : undefined;
    case TYPE_NSEC: {
      const types = skipName(b, at, end);
      // Multicast DNS compresses the name (RFC 6762 §18.14).
      return types < 0 ? undefined : `${nameText(b, at, message.start, end)}.${bitmap(b, types, end)}`;
    }
    case TYPE_NSEC3:
      return nsec3(b, at, end);
    case TYPE_NSEC3PARAM:
      return length >= 5 && 5 + b[at + 4] <= length ? iterations(b, at, end) : undefined;
    case TYPE_TLSA:
    case TYPE_SMIMEA:
      return length > 3 ? `${b[at]} ${b[at + 1]} ${b[at + 2]} ${digest(b, at + 3, end)}` : undefined;
    case TYPE_CAA: {
      const value = at + 2 + b[at + 1];
      return length > 2 && value <= end
        ? `${b[at]} ${printable(b, at + 2, value)} "${printable(b, value, end)}"`
        : undefined;
    }
    case TYPE_HINFO:
      return strings(b, at, end, 2);
    case TYPE_NAPTR:
      return naptr(message, at, end);
    default:
      return undefined;
  }
}

export const ipv6 = (b: Uint8Array, at: number): string =>
  ipv6Text(u32(b, at), u32(b, at + 4), u32(b, at + 8), u32(b, at + 12));

/** Texts of a TXT record, joined. Content: never leaves under the strict profile. */
export function txt(message: m.DnsMessage, row: number): string | undefined {
  if (message.type(row) !== m.TYPE_TXT) return undefined;
  const b = message.bytes;
  let at = message.data(row);
  const end = at + message.dataLength(row);
  let text = '';
  // Ends: each turn goes at least one byte on.
  while (at < end) {
    const stop = Math.min(end, at + 1 + b[at]);
    for (let i = at + 1; i < stop; i++) text += String.fromCharCode(b[i]);
    at = stop;
  }
  return text;
}

/** Where the five numbers of a SOA record stand; -1 when it is none, or malformed. */
export function soaNumbers(message: m.DnsMessage, row: number): number {
  if (message.type(row) !== m.TYPE_SOA) return -1;
  const at = message.data(row);
  const end = at + message.dataLength(row);
  const second = skipName(message.bytes, at, end);
  const numbers = second < 0 ? -1 : skipName(message.bytes, second, end);
  return numbers < 0 || numbers + 20 > end ? -1 : numbers;
}

/** Primary server (0) or mailbox (1) of a SOA record. */
export function soaName(message: m.DnsMessage, row: number, which: 0 | 1): string | undefined {
  if (soaNumbers(message, row) < 0) return undefined;
  const at = message.data(row);
  const end = at + message.dataLength(row);
  return nameText(message.bytes, which === 0 ? at : skipName(message.bytes, at, end), message.start, end);
}

export const isSrv = (message: m.DnsMessage, row: number): boolean =>
  message.type(row) === m.TYPE_SRV && message.dataLength(row) >= 7;

export const srvName = (message: m.DnsMessage, row: number): string =>
  nameText(message.bytes, message.data(row) + 6, message.start, message.data(row) + message.dataLength(row));

export const isSshfp = (message: m.DnsMessage, row: number): boolean =>
  message.type(row) === m.TYPE_SSHFP && message.dataLength(row) > 2;

export const isSvcb = (message: m.DnsMessage, row: number): boolean =>
  message.type(row) === m.TYPE_HTTPS || message.type(row) === m.TYPE_SVCB;

const digest = (b: Uint8Array, at: number, end: number): string => hex(b, at, Math.min(end, at + MAX_DIGEST));

/** The key's tag (RFC 4034 appendix B). */
function keyTag(b: Uint8Array, at: number, end: number): number {
  let sum = 0;
  for (let i = at; i < end; i++) sum += (i - at) & 1 ? b[i] : b[i] << 8;
  return (sum + Math.floor(sum / 0x10000)) & 0xffff;
}

/** YYYYMMDDHHMMSS, as signatures write time (RFC 4034 §3.2). */
const stamp = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/[-:T]|\..*/g, '');

function signature(b: Uint8Array, at: number, end: number): string {
  const type = typeName(u16(b, at));
  const times = `${stamp(u32(b, at + 8))} ${stamp(u32(b, at + 12))}`;
  return `${type} ${b[at + 2]} ${b[at + 3]} ${u32(b, at + 4)} ${times} ${u16(b, at + 16)} ${nameText(b, at + 18, at + 18, end)}.`;
}

/** ` A NS SOA …` of windows of bits (RFC 4034 §4.1.2). */
function bitmap(b: Uint8Array, at: number, end: number): string {
  let text = '';
  let types = 0;
  // Ends: each turn goes at least two bytes on.
  while (at + 2 <= end) {
    const window = b[at] << 8;
    const stop = Math.min(end, at + 2 + b[at + 1]);
    for (let i = at + 2; i < stop; i++)
      for (let bit = 0; bit < 8; bit++)
        if ((b[i] & (0x80 >> bit)) !== 0 && types++ < MAX_TYPES)
          text += ` ${typeName(window | ((i - at - 2) * 8 + bit))}`;
    at = stop;
  }
  return text;
}

const iterations = (b: Uint8Array, at: number, end: number): string => {
  const salt = b[at + 4];
  return `${b[at]} ${b[at + 1]} ${u16(b, at + 2)} ${salt === 0 ? '-' : digest(b, at + 5, Math.min(end, at + 5 + salt))}`;
};

function nsec3(b: Uint8Array, at: number, end: number): string | undefined {
  if (end - at < 6) return undefined;
  const hash = at + 5 + b[at + 4];
  if (hash >= end || hash + 1 + b[hash] > end) return undefined;
  const next = hash + 1 + b[hash];
  return `${iterations(b, at, hash)} ${base32(b, hash + 1, next)}${bitmap(b, next, end)}`;
}

const BASE32 = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** Base 32 in the order of bytes (RFC 4648 §7), as hashed names are written. */
function base32(b: Uint8Array, at: number, end: number): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (let i = at; i < Math.min(end, at + MAX_DIGEST); i++) {
    value = ((value & 0xff) << 8) | b[i];
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}

/** Bytes as characters; what cannot be printed as \DDD. */
export function printable(b: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i < Math.min(end, at + MAX_STRING); i++)
    text += b[i] >= 0x20 && b[i] < 0x7f ? String.fromCharCode(b[i]) : '\\' + String(1000 + b[i]).substring(1);
  return text;
}

/** `count` character strings in quotes. */
function strings(b: Uint8Array, at: number, end: number, count: number): string | undefined {
  let text = '';
  for (let i = 0; i < count; i++) {
    if (at >= end || at + 1 + b[at] > end) return undefined;
    text += `${i === 0 ? '' : ' '}"${printable(b, at + 1, at + 1 + b[at])}"`;
    at += 1 + b[at];
  }
  return text;
}

/** Order, preference, flags, service, expression, replacement (RFC 3403 §4). */
function naptr(message: m.DnsMessage, at: number, end: number): string | undefined {
  const b = message.bytes;
  if (end - at < 8) return undefined;
  const texts = strings(b, at + 4, end, 3);
  if (texts === undefined) return undefined;
  let next = at + 4;
  for (let i = 0; i < 3; i++) next += 1 + b[next];
  return `${u16(b, at)} ${u16(b, at + 2)} ${texts} ${nameText(b, next, message.start, end)}.`;
}
