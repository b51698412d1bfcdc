// MPLS label stack entry (RFC 3032 §2.1): label, class, bottom of the stack, time to live.
import { u24 } from '../bytes/read.ts';

const LABEL = 0;
const BOTTOM = 2;
const TTL = 3;
export const LENGTH = 4;

export const TYPE_UNICAST = 0x8847;
export const TYPE_MULTICAST = 0x8848;
/** Labels with a meaning of their own (RFC 3032 §2.1). */
export const IPV4_EXPLICIT_NULL = 0;
export const IPV6_EXPLICIT_NULL = 2;
/** In front of an Ethernet pseudowire, when both ends agreed on it (RFC 4448 §4.6). */
export const CONTROL_WORD = 4;

/** Guarantees that all accessors stay inside. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

/** 20 bits. */
export const label = (b: Uint8Array, at: number): number => u24(b, at + LABEL) >> 4;
export const isBottom = (b: Uint8Array, at: number): boolean => (b[at + BOTTOM] & 1) !== 0;
export const ttl = (b: Uint8Array, at: number): number => b[at + TTL];

export const print = (b: Uint8Array, at: number): string =>
  `MPLS ${label(b, at)} ttl ${ttl(b, at)}${isBottom(b, at) ? ' bottom' : ''}`;
