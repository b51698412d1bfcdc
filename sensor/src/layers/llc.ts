// LLC (IEEE 802.2) with its subnetwork access protocol: what stands in a frame that has a length instead of an EtherType.
import { u16, u24 } from '../bytes/read.ts';
import { hex8 } from '../bytes/text.ts';

const DESTINATION = 0;
const SOURCE = 1;
const CONTROL = 2;
export const LENGTH = 3;
const ORGANISATION = 3;
const TYPE = 6;
export const SNAP_LENGTH = 8;

const SAP_SNAP = 0xaa;
const SAP_IP = 0x06;
const UNNUMBERED = 0x03;
/** Organisations whose protocol numbers are EtherTypes: plain, and bridged (IEEE 802.1H). */
const ETHERNET = 0x000000;
const BRIDGED = 0x0000f8;

/** Guarantees that the service access points and the control byte are captured. */
export const check = (_: Uint8Array, at: number, end: number): boolean => end - at >= LENGTH;

export const isSnap = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= SNAP_LENGTH &&
  b[at + DESTINATION] === SAP_SNAP &&
  b[at + SOURCE] === SAP_SNAP &&
  b[at + CONTROL] === UNNUMBERED &&
  (u24(b, at + ORGANISATION) === ETHERNET || u24(b, at + ORGANISATION) === BRIDGED);
export const isIp = (b: Uint8Array, at: number): boolean =>
  b[at + DESTINATION] === SAP_IP && b[at + SOURCE] === SAP_IP && b[at + CONTROL] === UNNUMBERED;
/** Of SNAP only. */
export const etherType = (b: Uint8Array, at: number): number => u16(b, at + TYPE);

export const print = (b: Uint8Array, at: number): string =>
  `LLC ${hex8(b[at + SOURCE])} > ${hex8(b[at + DESTINATION])} control ${hex8(b[at + CONTROL])}`;
