// The long header of a QUIC packet (RFC 9000 §17.2, RFC 8999 §5.1), as offsets; one object, valid until the next.
import { u16, u32 } from '../../bytes/read.ts';
import { isUnprotected, NEGOTIATION, scheduleOf } from './versions.ts';

export const INITIAL = 0;
export const ZERO_RTT = 1;
export const HANDSHAKE = 2;
export const RETRY = 3;

export const LONG = 0x80;
export const FIXED = 0x40;
/** RFC 9000 §17.2: versions 1 and 2 have no longer connection ids. */
const MAX_ID = 20;
/** First byte, version, and the two lengths of connection ids. */
const LEAST = 7;

/** Bytes of a variable-length integer by its first two bits (RFC 9000 §16). */
export const lengthOfInteger = (first: number): number => 1 << (first >> 6);

/** Its value; the caller has proved its length. Above 2^53 it is not exact, and too large for anything here. */
export function integer(b: Uint8Array, at: number): number {
  const first = b[at];
  switch (first >> 6) {
    case 0:
      return first & 0x3f;
    case 1:
      return u16(b, at) & 0x3fff;
    case 2:
      return u32(b, at) & 0x3fffffff;
    default:
      return (u32(b, at) & 0x3fffffff) * 2 ** 32 + u32(b, at + 4);
  }
}

export class LongHeader {
  at = 0;
  version = 0;
  /** One of the four kinds above, whatever bits the version has for it. */
  kind = INITIAL;
  dcidAt = 0;
  dcidLength = 0;
  scidAt = 0;
  scidLength = 0;
  /** Where the (protected) packet number starts, or what follows the connection ids. */
  restAt = 0;
  /** Where the packet ends; others may follow in the datagram. */
  end = 0;

  /** @returns false when the bytes are no such header, or not a whole packet */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < LEAST || (bytes[at] & LONG) === 0) return false;
    this.at = at;
    this.end = end;
    this.version = u32(bytes, at + 1);
    if (isUnprotected(this.version)) return this.#google(bytes, at, end);
    this.dcidAt = at + 6;
    this.dcidLength = bytes[at + 5];
    const scidLengthAt = this.dcidAt + this.dcidLength;
    if (this.dcidLength > MAX_ID || scidLengthAt >= end) return false;
    this.scidAt = scidLengthAt + 1;
    this.scidLength = bytes[scidLengthAt];
    this.restAt = this.scidAt + this.scidLength;
    if (this.scidLength > MAX_ID || this.restAt > end) return false;
    if (this.version === NEGOTIATION) return true;
    const schedule = scheduleOf(this.version);
    const bits = (bytes[at] >> 4) & 3;
    this.kind = schedule?.isShifted === true ? (bits + 3) & 3 : bits;
    return schedule === undefined || this.kind === RETRY || this.#lengths(bytes, end);
  }

  /** The token of an Initial packet, and the length of what follows. */
  #lengths(bytes: Uint8Array, end: number): boolean {
    let next = this.restAt;
    if (this.kind === INITIAL) {
      if (next >= end || next + lengthOfInteger(bytes[next]) > end) return false;
      const token = integer(bytes, next);
      next += lengthOfInteger(bytes[next]);
      if (token > end - next) return false;
      next += token;
    }
    if (next >= end || next + lengthOfInteger(bytes[next]) > end) return false;
    const length = integer(bytes, next);
    next += lengthOfInteger(bytes[next]);
    if (length > end - next) return false;
    this.restAt = next;
    this.end = next + length;
    return true;
  }

  /** Lengths of both connection ids in one byte, each less three; packet number and hash stand before the frames. */
  #google(bytes: Uint8Array, at: number, end: number): boolean {
    const lengths = bytes[at + 5];
    this.dcidAt = at + 6;
    this.dcidLength = lengths >> 4 === 0 ? 0 : (lengths >> 4) + 3;
    this.scidAt = this.dcidAt + this.dcidLength;
    this.scidLength = (lengths & 15) === 0 ? 0 : (lengths & 15) + 3;
    this.restAt = this.scidAt + this.scidLength;
    this.kind = INITIAL;
    return this.restAt < end;
  }
}
