// A DNS message (RFC 1035 §4.1) as offsets over the packet: read once for its shape, turned into text only when asked.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { isKnownType } from './names.ts';

export const HEADER = 12;
const MAX_NAME_BYTES = 255; // RFC 1035 §2.3.4
/** A header and its first question are never longer. */
export const MAX_OPENING = HEADER + MAX_NAME_BYTES + 4;
/** Compression pointers followed in one name; each must lead backwards, so this is a second guard. */
const MAX_JUMPS = 16;
/** Records of one message that are looked at; an ordinary zone transfer message has fewer. */
export const MAX_RECORDS = 256;

export const TYPE_A = 1;
export const TYPE_SOA = 6;
export const TYPE_TXT = 16;
export const TYPE_AAAA = 28;
export const TYPE_SRV = 33;
const NAMED = new Set([2, 5, 12, 39]); // NS, CNAME, PTR, DNAME: the data is one name
const TYPE_MX = 15;

/** Where the name at `at` ends (compressed names end with their pointer); -1 when it is malformed. */
export function skipName(b: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + MAX_NAME_BYTES);
  // Ends: each turn goes at least one byte on.
  while (at < limit) {
    const length = b[at];
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= end ? at + 2 : -1;
    if (length > 63) return -1;
    at += length + 1;
  }
  return -1;
}

const LABEL_BYTES: readonly string[] = Array.from({ length: 256 }, (_, c) => {
  const text = String.fromCharCode(c);
  return c === 0x2e || c === 0x5c
    ? '\\' + text
    : c > 0x20 && c < 0x7f
      ? text
      : '\\' + String(1000 + c).substring(1);
});

/** The name as text without the final dot; '' for the root. Unprintable bytes as \DDD (RFC 1035 §5.1). */
export function nameText(b: Uint8Array, at: number, start: number, end: number): string {
  let text = '';
  let jumps = 0;
  let total = 0;
  // Ends: each turn takes a label (at most MAX_NAME_BYTES in all) or a jump (at most MAX_JUMPS).
  while (at < end) {
    const length = b[at];
    if (length === 0) break;
    if (length >= 0xc0) {
      if (at + 2 > end || ++jumps > MAX_JUMPS) break;
      const target = start + (u16(b, at) & 0x3fff);
      if (target >= at) break;
      at = target;
      continue;
    }
    total += length + 1;
    if (length > 63 || total > MAX_NAME_BYTES || at + 1 + length > end) break;
    if (text !== '') text += '.';
    for (let i = at + 1; i <= at + length; i++) text += LABEL_BYTES[b[i]];
    at += length + 1;
  }
  return text;
}

export const QUESTION = 0;
export const ANSWER = 1;
export const AUTHORITY = 2;
export const ADDITIONAL = 3;
export type Section = typeof QUESTION | typeof ANSWER | typeof AUTHORITY | typeof ADDITIONAL;

/** One message, reused. Records stand in columns; `first[section]` … `first[section + 1]` are a section's rows. */
export class DnsMessage {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly first = new Int32Array(5);
  readonly #name = new Int32Array(MAX_RECORDS);
  readonly #data = new Int32Array(MAX_RECORDS);
  readonly #length = new Int32Array(MAX_RECORDS);

  /**
   * Reads the message's shape.
   * @returns '' when it is whole; else what is wrong (an anomaly's name), with what was read before kept
   */
  read(bytes: Uint8Array, at: number, end: number): '' | 'malformed_data' | 'too_many_records' {
    this.bytes = bytes;
    this.start = at;
    this.end = end;
    this.first.fill(0);
    if (end - at < HEADER) return 'malformed_data';
    let next = at + HEADER;
    let row = 0;
    for (let section = 0; section < 4; section++) {
      this.first[section] = row;
      const count = u16(bytes, at + 4 + section * 2);
      for (let i = 0; i < count; i++) {
        if (row === MAX_RECORDS) return this.#stop(section, row, 'too_many_records');
        const fixed = skipName(bytes, next, end);
        const size = section === QUESTION ? 4 : 10;
        if (fixed < 0 || fixed + size > end) return this.#stop(section, row, 'malformed_data');
        const length = section === QUESTION ? 0 : u16(bytes, fixed + 8);
        if (fixed + size + length > end) return this.#stop(section, row, 'malformed_data');
        this.#name[row] = next;
        this.#data[row] = fixed;
        this.#length[row] = length;
        row++;
        next = fixed + size + length;
      }
    }
    this.first[4] = row;
    return '';
  }

  #stop<T>(section: number, row: number, why: T): T {
    for (let s = section + 1; s <= 4; s++) this.first[s] = row;
    return why;
  }

  get id(): number {
    return u16(this.bytes, this.start);
  }
  get flags(): number {
    return u16(this.bytes, this.start + 2);
  }
  get isResponse(): boolean {
    return (this.flags & 0x8000) !== 0;
  }

  name(row: number): string {
    return nameText(this.bytes, this.#name[row], this.start, this.end);
  }
  type(row: number): number {
    return u16(this.bytes, this.#data[row]);
  }
  /** Seconds. */
  ttl(row: number): number {
    return u32(this.bytes, this.#data[row] + 4);
  }

  /** Addresses and names; undefined for data of other types. */
  data(row: number): string | undefined {
    const b = this.bytes;
    const at = this.#data[row] + 10;
    const length = this.#length[row];
    const type = this.type(row);
    if (type === TYPE_A) return length === 4 ? ipv4Text(u32(b, at)) : undefined;
    if (type === TYPE_AAAA)
      return length === 16
        ? ipv6Text(u32(b, at), u32(b, at + 4), u32(b, at + 8), u32(b, at + 12))
        : undefined;
    if (NAMED.has(type)) return nameText(b, at, this.start, at + length);
    if (type === TYPE_MX && length > 2) return nameText(b, at + 2, this.start, at + length);
    return undefined;
  }

  /** Texts of a TXT record, joined. Content: never leaves under the strict profile. */
  text(row: number): string | undefined {
    if (this.type(row) !== TYPE_TXT) return undefined;
    let at = this.#data[row] + 10;
    const end = at + this.#length[row];
    let text = '';
    // Ends: each turn goes at least one byte on.
    while (at < end) {
      const stop = Math.min(end, at + 1 + this.bytes[at]);
      for (let i = at + 1; i < stop; i++) text += String.fromCharCode(this.bytes[i]);
      at = stop;
    }
    return text;
  }

  /** Length of the data in bytes. */
  dataLength(row: number): number {
    return this.#length[row];
  }

  soa(row: number): { mname: string; rname: string; serial: number } | undefined {
    if (this.type(row) !== TYPE_SOA) return undefined;
    const at = this.#data[row] + 10;
    const end = at + this.#length[row];
    const second = skipName(this.bytes, at, end);
    const numbers = second < 0 ? -1 : skipName(this.bytes, second, end);
    if (numbers < 0 || numbers + 20 > end) return undefined;
    return {
      mname: nameText(this.bytes, at, this.start, end),
      rname: nameText(this.bytes, second, this.start, end),
      serial: u32(this.bytes, numbers),
    };
  }

  srv(row: number): { priority: number; weight: number; port: number; name: string } | undefined {
    if (this.type(row) !== TYPE_SRV || this.#length[row] < 7) return undefined;
    const at = this.#data[row] + 10;
    const b = this.bytes;
    return {
      priority: u16(b, at),
      weight: u16(b, at + 2),
      port: u16(b, at + 4),
      name: nameText(b, at + 6, this.start, at + this.#length[row]),
    };
  }
}

/** True when the header of a message may be right: every count and code is one that honest messages have. */
/** A header that a damaged message may have: enough on a port where nothing else is expected. */
export const headerIsPossible = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= HEADER &&
  (b[at + 2] & 0x78) <= 0x30 &&
  (b[at + 3] & 0x40) === 0 &&
  u16(b, at + 4) + u16(b, at + 6) > 0;

export function headerLooksRight(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER) return false;
  const flags = u16(b, at + 2);
  const opcode = (flags >> 11) & 15;
  const questions = u16(b, at + 4);
  const answers = u16(b, at + 6);
  if (opcode > 6 || opcode === 3 || (flags & 0x40) !== 0 || (flags & 15) > 10) return false;
  if ((flags & 0x8000) === 0 && answers > 0 && opcode === 0 && questions > 0) return false;
  return questions === 1 && answers <= MAX_RECORDS && u16(b, at + 8) <= MAX_RECORDS && u16(b, at + 10) <= 64;
}

/** True when these bytes look like a DNS message, wherever they were found: the header and the first question must fit. */
export function looksLikeDns(b: Uint8Array, at: number, end: number): boolean {
  if (!headerLooksRight(b, at, end)) return false;
  const fixed = skipName(b, at + HEADER, end);
  if (fixed < 0 || fixed + 4 > end) return false;
  const dnsClass = u16(b, fixed + 2) & 0x7fff;
  const type = u16(b, fixed);
  return (
    (dnsClass === 1 || dnsClass === 3 || dnsClass === 4 || dnsClass === 255) &&
    type !== 32 &&
    isKnownType(type)
  );
}
