// Ethernet (IEEE 802.3 clause 3): destination, source, EtherType or length.
import { u16 } from '../bytes/read.ts';
import { hex } from '../bytes/text.ts';

const DESTINATION = 0;
const SOURCE = 6;
const TYPE = 12;
export const LENGTH = 14;

export const TYPE_IPV4 = 0x0800;
export const TYPE_IPV6 = 0x86dd;
/** Tags in front of another frame (802.1ah, FabricPath), with the bytes to skip behind the type. */
export const TYPE_PROVIDER_BRIDGE = 0x88e7;
export const PROVIDER_BRIDGE_LENGTH = 4;
export const TYPE_FABRIC_PATH = 0x8903;
export const FABRIC_PATH_LENGTH = 2;
/** Smallest EtherType; what is below is the length of an LLC frame. */
export const MIN_TYPE = 0x0600;

/** Guarantees that all accessors stay inside. */
export const check = (at: number, end: number): boolean => end - at >= LENGTH;

export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);

export const print = (b: Uint8Array, at: number): string =>
  `${hex(b, at + SOURCE, at + SOURCE + 6, ':')} > ${hex(b, at + DESTINATION, at + DESTINATION + 6, ':')} type 0x${etherType(b, at).toString(16).padStart(4, '0')}`;
