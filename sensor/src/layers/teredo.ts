// Teredo (RFC 4380 §5.1.1): IPv6 within UDP, behind an authentication and an origin indication or none.
import { u16, u32 } from '../bytes/read.ts';

const AUTHENTICATION = 0x0001;
const ORIGIN = 0x0000;
const AUTHENTICATION_MIN = 13;
const ORIGIN_LENGTH = 8;
const IPV6_LENGTH = 40;

export const PORT = 3544;
const SOURCE = 8;
const DESTINATION = 24;
/** 2001::/32: peers talk to each other on any port, but one of the two has such an address. */
const PREFIX = 0x20010000;

/** Bytes of the indications in front of the packet; -1 when this is no Teredo. @param wireEnd end of the datagram */
export function headerLength(b: Uint8Array, at: number, end: number, wireEnd: number): number {
  let length = 0;
  if (end - at >= AUTHENTICATION_MIN && u16(b, at) === AUTHENTICATION)
    length = AUTHENTICATION_MIN + b[at + 2] + b[at + 3];
  if (end - at >= length + ORIGIN_LENGTH && u16(b, at + length) === ORIGIN) length += ORIGIN_LENGTH;
  return isPacket(b, at + length, end, wireEnd) ? length : -1;
}

/** True when an IPv6 packet stands here that fills the datagram; a trailer of RFC 6081 may follow. */
const isPacket = (b: Uint8Array, at: number, end: number, wireEnd: number): boolean =>
  end - at >= IPV6_LENGTH && b[at] >> 4 === 6 && at + IPV6_LENGTH + u16(b, at + 4) <= wireEnd;

/** The same on a port that says nothing: no indication, an exact length, an address of Teredo. */
export const isPeer = (b: Uint8Array, at: number, end: number, wireEnd: number): boolean =>
  isPacket(b, at, end, wireEnd) &&
  at + IPV6_LENGTH + u16(b, at + 4) === wireEnd &&
  (u32(b, at + SOURCE) === PREFIX || u32(b, at + DESTINATION) === PREFIX);

/** Guarantees that the indications are captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean => headerLength(b, at, end, end) >= 0;

export const print = (): string => 'Teredo';
