// IPv6 with its extension headers (RFC 8200 §3, §4).
import { ipv6Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';

export const PAYLOAD_LENGTH = 4;
export const NEXT = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;
export const LENGTH = 40;

const HOP_BY_HOP = 0;
export const ROUTING = 43;
export const FRAGMENT = 44;
export const FRAGMENT_LENGTH = 8;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;
/** A chain longer than this is taken for hostile. */
export const MAX_EXTENSIONS = 10;

/** Guarantees that the fixed header is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LENGTH && b[at] >> 4 === 6;

/** True when an IPv6 packet that ends inside `wireEnd` could stand here. */
export const fits = (b: Uint8Array, at: number, end: number, wireEnd: number): boolean =>
  check(b, at, end) && at + LENGTH + payloadLength(b, at) <= wireEnd;

/** 0 for a jumbogram or when segmentation was left to the network card. */
export const payloadLength = (b: Uint8Array, at: number): number => u16(b, at + PAYLOAD_LENGTH);
export const next = (b: Uint8Array, at: number): number => b[at + NEXT];
export const hopLimit = (b: Uint8Array, at: number): number => b[at + HOP_LIMIT];
export const sourceWord = (b: Uint8Array, at: number, word: number): number =>
  u32(b, at + SOURCE + (word << 2));
export const destinationWord = (b: Uint8Array, at: number, word: number): number =>
  u32(b, at + DESTINATION + (word << 2));

export const isExtension = (header: number): boolean =>
  header === HOP_BY_HOP ||
  header === ROUTING ||
  header === FRAGMENT ||
  header === DESTINATION_OPTIONS ||
  header === AUTHENTICATION ||
  header === MOBILITY ||
  header === HIP ||
  header === SHIM6;

/** Length of the extension header at `at` in bytes; 0 when it is not wholly captured. */
export function extensionLength(b: Uint8Array, at: number, end: number, header: number): number {
  if (end - at < 8) return 0;
  const length =
    header === FRAGMENT
      ? FRAGMENT_LENGTH
      : header === AUTHENTICATION
        ? (b[at + 1] + 2) << 2
        : (b[at + 1] + 1) << 3;
  return at + length <= end ? length : 0;
}
export const extensionNext = (b: Uint8Array, at: number): number => b[at];
/** Of a fragment header: bytes. */
export const fragmentOffset = (b: Uint8Array, at: number): number => u16(b, at + 2) & 0xfff8;
/** Fragments of one packet have the same: 32 bits. */
export const identification = (b: Uint8Array, at: number): number => u32(b, at + 4);
export const routingType = (b: Uint8Array, at: number): number => b[at + 2];
export const moreFragments = (b: Uint8Array, at: number): boolean => (b[at + 3] & 1) !== 0;

const text = (b: Uint8Array, at: number): string =>
  ipv6Text(u32(b, at), u32(b, at + 4), u32(b, at + 8), u32(b, at + 12));
export const print = (b: Uint8Array, at: number): string =>
  `IP6 ${text(b, at + SOURCE)} > ${text(b, at + DESTINATION)} hlim ${hopLimit(b, at)} next ${next(b, at)} len ${payloadLength(b, at)}`;
