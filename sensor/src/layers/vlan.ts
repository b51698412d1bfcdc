// VLAN tag (IEEE 802.1Q, 802.1ad): control information, then the EtherType of what follows. Stands behind a tag type.
import { u16 } from '../bytes/read.ts';

const CONTROL = 0;
const TYPE = 2;
export const LENGTH = 4;

export const isTag = (etherType: number): boolean =>
  etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100 || etherType === 0x9200;

/** Guarantees that all accessors stay inside. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

/** 12 bits. */
export const id = (b: Uint8Array, at: number): number => u16(b, at + CONTROL) & 0x0fff;
/** 3 bits. */
export const priority = (b: Uint8Array, at: number): number => b[at + CONTROL] >> 5;
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);

export const print = (b: Uint8Array, at: number): string => `vlan ${id(b, at)}`;
