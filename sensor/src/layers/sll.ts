// Linux cooked capture, versions 1 and 2 (LINKTYPE_LINUX_SLL 113, LINKTYPE_LINUX_SLL2 276).
import { u16 } from '../bytes/read.ts';

const V1_TYPE = 14;
export const V1_LENGTH = 16;
const V2_TYPE = 0;
export const V2_LENGTH = 20;

/** Instead of an EtherType: LLC follows. */
export const TYPE_LLC = 4;

/** Guarantees that the accessors of version 1 stay inside. */
export const checkV1 = (at: number, end: number): boolean => end - at >= V1_LENGTH;
export const checkV2 = (at: number, end: number): boolean => end - at >= V2_LENGTH;

export const etherTypeV1 = (b: Uint8Array, at: number): number => u16(b, at + V1_TYPE);
export const etherTypeV2 = (b: Uint8Array, at: number): number => u16(b, at + V2_TYPE);
