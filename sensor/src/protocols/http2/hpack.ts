// HPACK (RFC 7541): header fields out of a block, with the table that both ends build up as they talk.
import { latin1 } from '../../bytes/text.ts';
import { huffman } from './huffman.ts';

/** Appendix A: names and values that need no telling, from index 1 on. */
const STATIC: readonly (readonly [name: string, value: string])[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...['200', '204', '206', '304', '400', '404', '500'].map((status) => [':status', status] as const),
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ...[
    ...['accept-language', 'accept-ranges', 'accept', 'access-control-allow-origin', 'age', 'allow'],
    ...['authorization', 'cache-control', 'content-disposition', 'content-encoding', 'content-language'],
    ...['content-length', 'content-location', 'content-range', 'content-type', 'cookie', 'date', 'etag'],
    ...['expect', 'expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range'],
    ...['if-unmodified-since', 'last-modified', 'link', 'location', 'max-forwards', 'proxy-authenticate'],
    ...['proxy-authorization', 'range', 'referer', 'refresh', 'retry-after', 'server', 'set-cookie'],
    ...['strict-transport-security', 'transfer-encoding', 'user-agent', 'vary', 'via', 'www-authenticate'],
  ].map((name) => [name, ''] as const),
];

/** Each entry counts for its bytes and these (§4.1). */
const ENTRY_OVERHEAD = 32;
const DEFAULT_TABLE = 4096;
/** Largest table that is kept; an end that wants more of the other is not one we know. */
const MAX_TABLE = 64 * 1024;
/** Longest name that is told apart. */
const MAX_NAME = 64;
/** Longest value that is kept; what is longer is cut. */
const MAX_VALUE = 4096;

/** Where decoded text stands; every use is over before the next one begins. */
const scratch = new Uint8Array(MAX_VALUE);

interface Entry {
  readonly name: string;
  /** Empty when nobody wants to know it. */
  readonly value: string;
  readonly size: number;
}

/** What takes the fields of a block. */
export interface HeaderSink {
  /** True when the value of a field of this name is wanted; every other one is passed over unread. */
  wants(name: string): boolean;
  field(name: string, value: string): void;
}

/** One direction's decoder. */
export class Hpack {
  /** The newest is the last. */
  readonly #table: Entry[] = [];
  #size = 0;
  #limit = DEFAULT_TABLE;
  #at = 0;
  /** Of the string read last. */
  #length = 0;

  /** @returns false when the block breaks the rules: the table is then not what the ends believe it to be */
  read(b: Uint8Array, at: number, end: number, sink: HeaderSink): boolean {
    this.#at = at;
    // Ends: each turn takes at least one byte.
    while (this.#at < end) if (!this.#field(b, end, sink)) return false;
    return true;
  }

  #field(b: Uint8Array, end: number, sink: HeaderSink): boolean {
    const first = b[this.#at];
    if (first >= 0x80) {
      const entry = this.#entry(this.#integer(b, end, 7));
      if (entry !== undefined) sink.field(entry[0], entry[1]);
      return entry !== undefined;
    }
    if (first >= 0x20 && first < 0x40) {
      const limit = this.#integer(b, end, 5);
      if (limit < 0 || limit > MAX_TABLE) return false;
      this.#limit = limit;
      this.#evict(0);
      return true;
    }
    const isKept = first >= 0x40;
    const index = this.#integer(b, end, isKept ? 6 : 4);
    if (index < 0) return false;
    let name: string | undefined;
    let size = ENTRY_OVERHEAD;
    if (index === 0) {
      name = this.#string(b, end, MAX_NAME);
      size += this.#length;
    } else {
      name = this.#entry(index)?.[0];
      size += name?.length ?? 0;
    }
    if (name === undefined) return false;
    const value = this.#string(b, end, sink.wants(name) ? MAX_VALUE : 0);
    if (value === undefined) return false;
    sink.field(name, value);
    if (isKept) this.#add({ name, value, size: size + this.#length });
    return true;
  }

  #entry(index: number): readonly [string, string] | undefined {
    if (index <= STATIC.length) return STATIC[index - 1];
    const entry = this.#table[this.#table.length - (index - STATIC.length)];
    return entry && [entry.name, entry.value];
  }

  #add(entry: Entry): void {
    this.#evict(entry.size);
    // One that is larger than the table empties it, and is no error (§4.4).
    if (entry.size > this.#limit) return;
    this.#table.push(entry);
    this.#size += entry.size;
  }

  #evict(room: number): void {
    // Ends: each turn takes one off the table.
    while (this.#table.length > 0 && this.#size + room > this.#limit)
      this.#size -= (this.#table.shift() as Entry).size;
  }

  /** §5.1; -1 when it does not end, or is larger than anything here may be. */
  #integer(b: Uint8Array, end: number, bits: number): number {
    const most = (1 << bits) - 1;
    let value = b[this.#at++] & most;
    if (value < most) return value;
    for (let shift = 0; shift < 28 && this.#at < end; shift += 7) {
      const byte = b[this.#at++];
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  /** §5.2. At most `most` characters of it; undefined when it is none. Its whole length stands in `#length`. */
  #string(b: Uint8Array, end: number, most: number): string | undefined {
    if (this.#at >= end) return undefined;
    const isCoded = b[this.#at] >= 0x80;
    const bytes = this.#integer(b, end, 7);
    const from = this.#at;
    if (bytes < 0 || end - from < bytes) return undefined;
    this.#at = from + bytes;
    if (!isCoded) {
      this.#length = bytes;
      return latin1(b, from, from + Math.min(bytes, most));
    }
    this.#length = huffman(b, from, this.#at, scratch);
    return this.#length < 0 ? undefined : latin1(scratch, 0, Math.min(this.#length, most, MAX_VALUE));
  }
}
