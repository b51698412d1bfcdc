// VN-Tag (Cisco): the virtual interfaces of a frame, then the EtherType of what follows. Stands behind TYPE.
import { u16 } from '../bytes/read.ts';

const TAG = 0;
const NEXT = 4;
export const LENGTH = 6;

export const TYPE = 0x8926;

/** Guarantees that all accessors stay inside. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

/** 14 bits: destination interface. */
export const destination = (b: Uint8Array, at: number): number => u16(b, at + TAG) & 0x3fff;
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + NEXT);

export const print = (b: Uint8Array, at: number): string => `VN-Tag ${destination(b, at)}`;
