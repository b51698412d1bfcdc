// The handshake of Google's QUIC before TLS (Q024 to Q050): a list of tags with values, told by its name, CHLO.
import { u16le, u32, u32le } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { hasPublicHeader } from './versions.ts';

const CLIENT_HELLO = 0x43484c4f;
const SNI = 0x534e4900;
const USER_AGENT = 0x55414944;
/** Tag, number of entries, padding. */
const MESSAGE_HEADER = 8;
const ENTRY = 8;
const MAX_ENTRIES = 128;

const HAS_VERSION = 0x01;
const HAS_CONNECTION = 0x08;

/** Version of a public header (up to Q043), which stands behind the connection id; 0 when it has none. */
export function publicVersion(bytes: Uint8Array, at: number, end: number): number {
  const flags = bytes[at];
  if ((flags & 0xc0) !== 0 || (flags & HAS_VERSION) === 0 || (flags & HAS_CONNECTION) === 0) return 0;
  // Flags, connection id, version, at least one byte of packet number, hash.
  if (end - at < 1 + 8 + 4 + 1 + 12) return 0;
  const version = u32(bytes, at + 9);
  return hasPublicHeader(version) ? version : 0;
}

/** A ClientHello of Google's; one object, valid during the event. */
export class GoogleHello {
  bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #count = 0;
  #end = 0;

  /** Looks for it in a packet's frames, of which it is the first. @returns false when it is not there */
  find(bytes: Uint8Array, at: number, end: number): boolean {
    for (let i = at; i + MESSAGE_HEADER <= end; i++) {
      if (bytes[i] !== 0x43 || u32(bytes, i) !== CLIENT_HELLO) continue;
      this.#count = u16le(bytes, i + 4);
      this.bytes = bytes;
      this.#at = i + MESSAGE_HEADER;
      this.#end = end;
      return this.#count > 0 && this.#count <= MAX_ENTRIES && this.#at + this.#count * ENTRY <= end;
    }
    return false;
  }

  #value(tag: number): string | undefined {
    const values = this.#at + this.#count * ENTRY;
    let from = 0;
    for (let i = 0; i < this.#count; i++) {
      const to = u32le(this.bytes, this.#at + i * ENTRY + 4);
      if (to < from || values + to > this.#end) return undefined;
      if (u32(this.bytes, this.#at + i * ENTRY) === tag)
        return to > from ? latin1(this.bytes, values + from, values + to) : undefined;
      from = to;
    }
    return undefined;
  }

  get sni(): string | undefined {
    return this.#value(SNI);
  }

  get userAgent(): string | undefined {
    return this.#value(USER_AGENT)?.substring(0, 128);
  }

  /** Tags in wire order, without what fills them up: `PAD-SNI-…`. */
  get tags(): string {
    const tags: string[] = [];
    for (let i = 0; i < this.#count; i++) {
      const at = this.#at + i * ENTRY;
      tags.push(latin1(this.bytes, at, at + 4).replace(/[^A-Z0-9]/g, ''));
    }
    return tags.join('-');
  }
}

/** Number of a version for the fingerprint CYU: 43 for Q043. */
export const cyuVersion = (version: number): string =>
  `${(version >> 8) & 15}${version & 15}`.replace(/^45$/, '44');
