// IPv4 (RFC 791).
import { ipv4Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';

const VERSION_LENGTH = 0;
export const TOTAL = 2;
const IDENTIFICATION = 4;
export const FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;
export const MIN_LENGTH = 20;

/** Options of one byte: the end of them, and a filler. */
export const OPTION_END = 0;
export const OPTION_NOTHING = 1;
export const OPTION_ROUTER_ALERT = 148;
/** Options that IANA lists: type → length, or 0 where it varies. */
const OPTION_LENGTH: readonly (readonly [number, number])[] = [
  [7, 0], // record route
  [68, 0], // timestamps
  [82, 12], // traceroute
  [130, 11], // security
  [131, 0], // loose source route
  [133, 0], // extended security
  [134, 0], // commercial security
  [136, 4], // stream
  [137, 0], // strict source route
  [144, 9], // IMI
  [145, 0], // extended internet protocol
  [147, 10], // address extension
  [148, 4], // router alert
  [149, 0], // selective broadcast
  [151, 4], // dynamic packet state
  [152, 0], // upstream multicast
  [25, 8], // quick start
];
const KNOWN_OPTION = new Int32Array(256);
const EXACT_LENGTH = new Uint8Array(256);
for (const [i, [type, length]] of OPTION_LENGTH.entries()) {
  KNOWN_OPTION[type] = 1 << i;
  EXACT_LENGTH[type] = length;
}

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
/** True unless this is a fragment. */
export const isWhole = (b: Uint8Array, at: number): boolean => (u16(b, at + FRAGMENT) & 0x3fff) === 0;
/** Fragments of one packet have the same. */
export const identification = (b: Uint8Array, at: number): number => u16(b, at + IDENTIFICATION);
export const ttl = (b: Uint8Array, at: number): number => b[at + TTL];
export const protocol = (b: Uint8Array, at: number): number => b[at + PROTOCOL];
export const source = (b: Uint8Array, at: number): number => u32(b, at + SOURCE);
export const destination = (b: Uint8Array, at: number): number => u32(b, at + DESTINATION);

/** A bit of its own for each option that is known; 0 for another. */
export const optionBit = (type: number): number => KNOWN_OPTION[type];
/** @param length with type and length bytes */
export const optionFits = (type: number, length: number): boolean =>
  EXACT_LENGTH[type] === 0 ? length >= 3 : length === EXACT_LENGTH[type];

export const print = (b: Uint8Array, at: number): string =>
  `IP ${ipv4Text(source(b, at))} > ${ipv4Text(destination(b, at))} ttl ${ttl(b, at)} proto ${protocol(b, at)} len ${totalLength(b, at)}`;
