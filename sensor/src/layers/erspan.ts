// ERSPAN (draft-foschiano-erspan): a mirrored frame within GRE; type I has no header, II has 8 bytes, III 12 or 20.
import { u16, u32 } from '../bytes/read.ts';

const VERSION_VLAN = 0;
const SESSION = 2;
const LENGTH_2 = 8;
const LENGTH_3 = 12;
const SUBHEADER = 8;
const VERSION_2 = 1;
const VERSION_3 = 2;
/** Of type III: kind of frame (5 bits) and whether a subheader follows, in the third word. */
const THIRD = 8;
const FRAME_IP = 2;

/** Guarantees that the whole header is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= 2 && headerLength(b, at, end) > 0;

const version = (b: Uint8Array, at: number): number => b[at + VERSION_VLAN] >> 4;
/** 12 bits; 0 when the frame had no tag. */
export const vlan = (b: Uint8Array, at: number): number => u16(b, at + VERSION_VLAN) & 0x0fff;
/** 10 bits: which mirror. */
export const session = (b: Uint8Array, at: number): number => u16(b, at + SESSION) & 0x03ff;
/** True when an IP packet follows instead of an Ethernet frame. */
export const isIp = (b: Uint8Array, at: number): boolean =>
  version(b, at) === VERSION_3 && ((u32(b, at + THIRD) >> 10) & 0x1f) === FRAME_IP;

/** Bytes; 0 when it is cut or of an unknown version. */
export function headerLength(b: Uint8Array, at: number, end: number): number {
  const is = version(b, at);
  if (is === VERSION_2) return end - at >= LENGTH_2 ? LENGTH_2 : 0;
  if (is !== VERSION_3 || end - at < LENGTH_3) return 0;
  const length = LENGTH_3 + ((b[at + LENGTH_3 - 1] & 1) !== 0 ? SUBHEADER : 0);
  return end - at >= length ? length : 0;
}

export const print = (b: Uint8Array, at: number): string =>
  `ERSPAN ${version(b, at) + 1} session ${session(b, at)} vlan ${vlan(b, at)}`;
