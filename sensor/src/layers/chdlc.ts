// Cisco HDLC (LINKTYPE_C_HDLC 104): address, control, then an EtherType.
import { u16 } from '../bytes/read.ts';
import { hex16 } from '../bytes/text.ts';

const ADDRESS = 0;
const TYPE = 2;
export const LENGTH = 4;

const UNICAST = 0x0f;
const BROADCAST = 0x8f;

/** Guarantees that all accessors stay inside. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

/** True when a frame of LINKTYPE_PPP_HDLC is no PPP but this. */
export const isCisco = (b: Uint8Array, at: number): boolean =>
  (b[at + ADDRESS] === UNICAST || b[at + ADDRESS] === BROADCAST) && b[at + 1] === 0;
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);

export const print = (b: Uint8Array, at: number): string => `cHDLC type 0x${hex16(etherType(b, at))}`;
