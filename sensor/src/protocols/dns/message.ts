// A DNS message (RFC 1035 §4.1) as offsets over the packet: read once for its shape, turned into text only when asked.
import { u16, u32 } from '../../bytes/read.ts';
import { faultOfName, nameText, POINTER, skipName, writeName } from './name.ts';
import { isKnownType } from './names.ts';

export const HEADER = 12;
/** A header and its first question are never longer. */
export const MAX_OPENING = HEADER + 255 + 4;
/** Records of one message that are looked at; only zone transfers have more. */
export const MAX_RECORDS = 256;

/** Bits of the flags word with their names, in the order of the record. */
export const FLAGS = [
  [0x0400, 'aa'],
  [0x0200, 'tc'],
  [0x0100, 'rd'],
  [0x0080, 'ra'],
  [0x0040, 'z'],
  [0x0020, 'ad'],
  [0x0010, 'cd'],
] as const;

export const TYPE_A = 1;
export const TYPE_NS = 2;
export const TYPE_CNAME = 5;
export const TYPE_SOA = 6;
export const TYPE_PTR = 12;
export const TYPE_MX = 15;
export const TYPE_TXT = 16;
export const TYPE_AAAA = 28;
export const TYPE_SRV = 33;
export const TYPE_DNAME = 39;
export const TYPE_OPT = 41;
export const TYPE_SSHFP = 44;
export const TYPE_SVCB = 64;
export const TYPE_HTTPS = 65;

/** Kinds of data that have members of their own in a record: bits of `DnsMessage.kinds`. */
export const KIND = { txt: 1, soa: 2, srv: 4, sshfp: 8, svcb: 16 } as const;
const KINDS = new Uint8Array(TYPE_HTTPS + 1);
KINDS[TYPE_TXT] = KIND.txt;
KINDS[TYPE_SOA] = KIND.soa;
KINDS[TYPE_SRV] = KIND.srv;
KINDS[TYPE_SSHFP] = KIND.sshfp;
KINDS[TYPE_SVCB] = KINDS[TYPE_HTTPS] = KIND.svcb;

/** Types whose data is one name. */
export const isNamed = (type: number): boolean =>
  type === TYPE_CNAME || type === TYPE_NS || type === TYPE_PTR || type === TYPE_DNAME;

export const QUESTION = 0;
export const ANSWER = 1;
export const AUTHORITY = 2;
export const ADDITIONAL = 3;
export type Section = typeof QUESTION | typeof ANSWER | typeof AUTHORITY | typeof ADDITIONAL;

/** What may be wrong with a message's shape: names of anomalies. */
export type Fault = '' | 'malformed_data' | 'too_many_records' | 'infinite_loop' | 'name_too_long';

/**
 * One message, reused. Records stand in columns; rows `[first[section], first[section + 1])` are a section's. The OPT
 * pseudo-record (RFC 6891) is no row: `opt` says where it stands.
 *
 *     name(row)    ─► owner name                      [..labels or pointer..]
 *     fixed(row)   ─► type 2, class 2, ttl 4, length 2 (questions: type 2, class 2)
 *     data(row)    ─► fixed + 10, `dataLength(row)` bytes
 */
export class DnsMessage {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly first = new Int32Array(5);
  /** Kinds of data in each section: bits of `KIND`. */
  readonly kinds = new Uint8Array(4);
  /** Type of the OPT pseudo-record on; 0 when there is none. */
  opt = 0;
  /** What is wrong with a name that a pointer leads astray: the message is told nevertheless. */
  fault: Fault = '';
  readonly #name = new Int32Array(MAX_RECORDS);
  readonly #fixed = new Int32Array(MAX_RECORDS);
  readonly #length = new Int32Array(MAX_RECORDS);

  /**
   * Reads the message's shape.
   * @returns '' when it is whole; else what is wrong (an anomaly's name), with what was read before kept
   */
  read(bytes: Uint8Array, at: number, end: number): Fault {
    this.bytes = bytes;
    this.start = at;
    this.end = end;
    this.opt = 0;
    this.fault = '';
    this.first.fill(0);
    this.kinds.fill(0);
    if (end - at < HEADER) return 'malformed_data';
    let next = at + HEADER;
    let row = 0;
    for (let section = 0; section < 4; section++) {
      this.first[section] = row;
      const count = u16(bytes, at + 4 + section * 2);
      const size = section === QUESTION ? 4 : 10;
      for (let i = 0; i < count; i++) {
        if (row === MAX_RECORDS) return this.#stop(section, row, 'too_many_records');
        const fixed = skipName(bytes, next, end);
        if (fixed < 0 || fixed + size > end) return this.#stop(section, row, 'malformed_data');
        const length = section === QUESTION ? 0 : u16(bytes, fixed + 8);
        if (fixed + size + length > end) return this.#stop(section, row, 'malformed_data');
        const type = u16(bytes, fixed);
        if (type === TYPE_OPT && section === ADDITIONAL) this.opt = fixed;
        else {
          this.#name[row] = next;
          this.#fixed[row] = fixed;
          this.#length[row] = length;
          if (type < KINDS.length) this.kinds[section] |= KINDS[type];
          // A pointer to the first question's name is what nearly all records begin with, and is sound.
          if (bytes[fixed - 2] >= POINTER && u16(bytes, next) !== 0xc00c) this.#follow(next, end);
          if (isNamed(type) && length > 0) this.#follow(fixed + 10, fixed + 10 + length);
          row++;
        }
        next = fixed + size + length;
      }
    }
    this.first[4] = row;
    return this.fault;
  }

  #follow(at: number, end: number): void {
    if (this.fault === '') this.fault = faultOfName(this.bytes, at, this.start, end);
  }

  #stop<T>(section: number, row: number, why: T): T {
    for (let s = section + 1; s <= 4; s++) this.first[s] = row;
    return why;
  }

  /** True when it holds anything to tell. */
  get speaks(): boolean {
    return this.first[4] > 0 || this.opt !== 0;
  }

  get id(): number {
    return u16(this.bytes, this.start);
  }
  get flags(): number {
    return u16(this.bytes, this.start + 2);
  }
  get opcode(): number {
    return (this.bytes[this.start + 2] >> 3) & 15;
  }
  get isResponse(): boolean {
    return (this.bytes[this.start + 2] & 0x80) !== 0;
  }
  /** Result of a response, with the upper bits that EDNS adds (RFC 6891 §6.1.3). */
  get rcode(): number {
    const low = this.bytes[this.start + 3] & 15;
    return this.opt === 0 ? low : (this.bytes[this.opt + 4] << 4) | low;
  }

  name(row: number): string {
    return nameText(this.bytes, this.#name[row], this.start, this.end);
  }
  /** The name as it stands inside a JSON string, into `out` from `at` on: see `writeName` of name.ts. */
  writeName(out: Uint8Array, at: number, row: number): number {
    return writeName(this.bytes, this.#name[row], this.start, this.end, out, at);
  }
  /** The name that a record of a named type (`isNamed`), or MX, points to; likewise. */
  writeDataName(out: Uint8Array, at: number, row: number): number {
    const from = this.data(row) + (this.type(row) === TYPE_MX ? 2 : 0);
    return writeName(this.bytes, from, this.start, this.data(row) + this.#length[row], out, at);
  }
  /** Where the name stands. */
  nameAt(row: number): number {
    return this.#name[row];
  }
  type(row: number): number {
    return u16(this.bytes, this.#fixed[row]);
  }
  /** The class word; multicast DNS uses its highest bit for something else. */
  class(row: number): number {
    return u16(this.bytes, this.#fixed[row] + 2);
  }
  /** Seconds. */
  ttl(row: number): number {
    return u32(this.bytes, this.#fixed[row] + 4);
  }
  /** Where the data begins. */
  data(row: number): number {
    return this.#fixed[row] + 10;
  }
  /** Length of the data in bytes. */
  dataLength(row: number): number {
    return this.#length[row];
  }
}

/**
 * A header that a damaged message may have, or the beginning of one: enough on a port where nothing else is expected.
 */
export const headerIsPossible = (b: Uint8Array, at: number, end: number): boolean => {
  if (end - at >= 3 && (b[at + 2] & 0x78) > 0x30) return false;
  return end - at < HEADER || u16(b, at + 4) + u16(b, at + 6) > 0;
};

/** True when the header of a message may be right: every count and code is one that honest messages have. */
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
  if (fixed < 0 || fixed + 4 > end || looksLikeNetbios(b, at + HEADER, end)) return false;
  const dnsClass = u16(b, fixed + 2) & 0x7fff;
  const type = u16(b, fixed);
  return (
    (dnsClass === 1 || dnsClass === 3 || dnsClass === 4 || dnsClass === 254 || dnsClass === 255) &&
    type !== 32 &&
    isKnownType(type)
  );
}

/** Letters that stand for half a byte of a NetBIOS name (RFC 1001 §14.1). */
const NETBIOS_LETTERS = 32;

/** A first label as NetBIOS writes its names: 32 letters from A to P. */
export function looksLikeNetbios(b: Uint8Array, at: number, end: number): boolean {
  if (at + 1 + NETBIOS_LETTERS >= end || b[at] !== NETBIOS_LETTERS) return false;
  for (let i = at + 1; i <= at + NETBIOS_LETTERS; i++) if (b[i] < 0x41 || b[i] > 0x50) return false;
  return true;
}
