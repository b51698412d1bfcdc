// PPP (RFC 1661 §2, RFC 1662 §3.1): a protocol number, often behind the address and control bytes of HDLC.
import { u16 } from '../bytes/read.ts';
import { hex16 } from '../bytes/text.ts';

/** All stations, unnumbered information: left out where both ends agreed on it. */
const ADDRESS_CONTROL = 0xff03;

export const IPV4 = 0x0021;
export const IPV6 = 0x0057;
export const MPLS_UNICAST = 0x0281;
export const MPLS_MULTICAST = 0x0283;

/** Guarantees that the protocol is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= headerLength(b, at, end);

/** Bytes, 1–4: address and control may be missing, and a protocol below 256 may be one byte (odd, RFC 1661 §6.5). */
export function headerLength(b: Uint8Array, at: number, end: number): number {
  const skipped = end - at >= 2 && u16(b, at) === ADDRESS_CONTROL ? 2 : 0;
  return at + skipped < end && (b[at + skipped] & 1) !== 0 ? skipped + 1 : skipped + 2;
}
/** @param length what `headerLength` answered */
export const protocol = (b: Uint8Array, at: number, length: number): number =>
  (length & 1) !== 0 ? b[at + length - 1] : u16(b, at + length - 2);

export const print = (b: Uint8Array, at: number, end: number): string =>
  `PPP 0x${hex16(protocol(b, at, headerLength(b, at, end)))}`;
