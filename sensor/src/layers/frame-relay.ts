// Frame relay (ITU-T Q.922 addresses, RFC 2427 multiprotocol): connection, control, network-layer protocol.
import { u16, u24 } from '../bytes/read.ts';
import { hex8 } from '../bytes/text.ts';

const UNNUMBERED = 0x03;
const PADDING = 0x00;
/** Addresses of Q.922 have at most four bytes; the last one's lowest bit is set. */
const MAX_ADDRESS = 4;

export const NLPID_IPV4 = 0xcc;
export const NLPID_IPV6 = 0x8e;
export const NLPID_SNAP = 0x80;
export const NLPID_PPP = 0xcf;

/** Guarantees that the address, and what `protocolAt` names, are captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  addressLength(b, at, end) > 0 && protocolAt(b, at, end) + 2 <= end;

/** Bytes, 2–4; 0 when it does not end. */
export function addressLength(b: Uint8Array, at: number, end: number): number {
  for (let i = 1; i < MAX_ADDRESS && at + i < end; i++) if ((b[at + i] & 1) !== 0) return i + 1;
  return 0;
}
/** True when an EtherType stands at once behind the address, as Cisco writes it. */
export const isCisco = (b: Uint8Array, at: number, end: number): boolean =>
  b[at + addressLength(b, at, end)] !== UNNUMBERED;
/** Where the protocol stands: an EtherType (Cisco) or an NLPID. */
export function protocolAt(b: Uint8Array, at: number, end: number): number {
  const behind = at + addressLength(b, at, end);
  if (behind >= end || b[behind] !== UNNUMBERED) return behind;
  return behind + 1 < end && b[behind + 1] === PADDING ? behind + 2 : behind + 1;
}
/** Behind NLPID_SNAP: three bytes of organisation, two of EtherType. @param at of the NLPID */
export const SNAP_LENGTH = 6;
export const isEtherType = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= SNAP_LENGTH && u24(b, at + 1) === 0;
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + 4);
/** 10 bits of a two-byte address. */
export const connection = (b: Uint8Array, at: number): number =>
  ((u16(b, at) >> 6) & 0x3f0) | (b[at + 1] >> 4);

export const print = (b: Uint8Array, at: number, end: number): string =>
  `frame relay ${connection(b, at)} protocol ${hex8(b[protocolAt(b, at, end)])}`;
