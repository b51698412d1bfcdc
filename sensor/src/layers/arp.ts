// ARP (RFC 826) over Ethernet for IPv4: who has this address. Stands behind TYPE.
import { ipv4Text } from '../bytes/address.ts';
import { u16, u32 } from '../bytes/read.ts';
import { hex } from '../bytes/text.ts';

const HARDWARE = 0;
const PROTOCOL = 2;
const HARDWARE_SIZE = 4;
const PROTOCOL_SIZE = 5;
const OPERATION = 6;
const SOURCE_MAC = 8;
const SOURCE = 14;
const DESTINATION_MAC = 18;
const DESTINATION = 24;
export const LENGTH = 28;

export const TYPE = 0x0806;
export const HARDWARE_ETHERNET = 1;
export const PROTOCOL_IPV4 = 0x0800;

/** EVE's words for the operation; others are not told. */
const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'request_reverse',
  4: 'reply_reverse',
  8: 'inverse_request',
  9: 'inverse_reply',
  10: 'arp_nak',
};

/** Guarantees that all accessors stay inside, for addresses of six and four bytes. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

export const hardware = (b: Uint8Array, at: number): number => u16(b, at + HARDWARE);
export const protocol = (b: Uint8Array, at: number): number => u16(b, at + PROTOCOL);
export const hardwareSize = (b: Uint8Array, at: number): number => b[at + HARDWARE_SIZE];
export const protocolSize = (b: Uint8Array, at: number): number => b[at + PROTOCOL_SIZE];
/** undefined for an operation that nobody uses. */
export const operation = (b: Uint8Array, at: number): string | undefined =>
  OPERATIONS[u16(b, at + OPERATION)];
export const source = (b: Uint8Array, at: number): number => u32(b, at + SOURCE);
export const destination = (b: Uint8Array, at: number): number => u32(b, at + DESTINATION);
export const sourceMac = (b: Uint8Array, at: number): string => hex(b, at + SOURCE_MAC, at + SOURCE, ':');
export const sourceIp = (b: Uint8Array, at: number): string => ipv4Text(source(b, at));
export const destinationMac = (b: Uint8Array, at: number): string =>
  hex(b, at + DESTINATION_MAC, at + DESTINATION, ':');
export const destinationIp = (b: Uint8Array, at: number): string => ipv4Text(destination(b, at));

export const print = (b: Uint8Array, at: number): string =>
  `ARP ${operation(b, at) ?? u16(b, at + OPERATION)} ${sourceIp(b, at)} (${sourceMac(b, at)}) > ${destinationIp(b, at)}`;
