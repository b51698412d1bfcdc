// IPv4 (RFC 791).
import { ipv4Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';

const VERSION_LENGTH = 0;
const TOTAL = 2;
const FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;
const MIN_LENGTH = 20;

/** Guarantees that the whole header, options included, is captured and that the total length covers it. */
export function check(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < MIN_LENGTH || b[at + VERSION_LENGTH] >> 4 !== 4) return false;
  const header = headerLength(b, at);
  if (header < MIN_LENGTH || at + header > end) return false;
  const total = u16(b, at + TOTAL);
  return total >= header || total === 0;
}

/** Bytes, 20–60. */
export const headerLength = (b: Uint8Array, at: number): number => (b[at + VERSION_LENGTH] & 15) << 2;
/** 0 when segmentation was left to the network card (the captured length then counts). */
export const totalLength = (b: Uint8Array, at: number): number => u16(b, at + TOTAL);
export const moreFragments = (b: Uint8Array, at: number): boolean => (b[at + FRAGMENT] & 0x20) !== 0;
/** Bytes. */
export const fragmentOffset = (b: Uint8Array, at: number): number => (u16(b, at + FRAGMENT) & 0x1fff) << 3;
export const ttl = (b: Uint8Array, at: number): number => b[at + TTL];
export const protocol = (b: Uint8Array, at: number): number => b[at + PROTOCOL];
export const source = (b: Uint8Array, at: number): number => u32(b, at + SOURCE);
export const destination = (b: Uint8Array, at: number): number => u32(b, at + DESTINATION);

export const print = (b: Uint8Array, at: number): string =>
  `IP ${ipv4Text(source(b, at))} > ${ipv4Text(destination(b, at))} ttl ${ttl(b, at)} proto ${protocol(b, at)} len ${totalLength(b, at)}`;
