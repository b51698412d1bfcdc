// IEEE 802.11 data frames (clause 9.3.2): frame control, addresses, quality of service; LLC follows unless encrypted.
import { u16 } from '../bytes/read.ts';
import { hex } from '../bytes/text.ts';

const CONTROL = 0;
const FLAGS = 1;
const DESTINATION = 4;
const SOURCE = 10;
const BASE_LENGTH = 24;
const FOURTH_ADDRESS = 6;
const QOS = 2;
const HIGH_THROUGHPUT = 4;

const DATA = 0x08;
const TYPE_AND_VERSION = 0x0f;
const SUBTYPE_NO_DATA = 0x40;
const SUBTYPE_QOS = 0x80;
const TO_AND_FROM = 0x03;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
const AMSDU = 0x80;

/** Head of a frame within an A-MSDU: two addresses and a length (clause 9.3.2.2). */
export const SUBFRAME_LENGTH = 14;

/** Guarantees that the whole header of a data frame is captured. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= BASE_LENGTH && end - at >= headerLength(b, at);

/** True for a data frame that holds data which is whole and in the clear. */
export const isOpenData = (b: Uint8Array, at: number): boolean =>
  (b[at + CONTROL] & TYPE_AND_VERSION) === DATA &&
  (b[at + CONTROL] & SUBTYPE_NO_DATA) === 0 &&
  (b[at + FLAGS] & (PROTECTED | MORE_FRAGMENTS)) === 0;
/** True when the two bytes of frame control stand in the other order, as some controllers send them. */
export const isSwapped = (b: Uint8Array, at: number): boolean =>
  (b[at + CONTROL] & TYPE_AND_VERSION) !== DATA && (b[at + FLAGS] & TYPE_AND_VERSION) === DATA;
const isQos = (b: Uint8Array, at: number): boolean => (b[at + CONTROL] & SUBTYPE_QOS) !== 0;
const qosAt = (b: Uint8Array, at: number): number =>
  at + BASE_LENGTH + ((b[at + FLAGS] & TO_AND_FROM) === TO_AND_FROM ? FOURTH_ADDRESS : 0);

/** Bytes. */
export const headerLength = (b: Uint8Array, at: number): number =>
  qosAt(b, at) - at + (isQos(b, at) ? QOS + ((b[at + FLAGS] & ORDER) !== 0 ? HIGH_THROUGHPUT : 0) : 0);
/** The same of a header whose frame control is swapped: quality of service shows in the other byte. */
export const swappedLength = (b: Uint8Array, at: number): number =>
  BASE_LENGTH +
  ((b[at + CONTROL] & TO_AND_FROM) === TO_AND_FROM ? FOURTH_ADDRESS : 0) +
  ((b[at + FLAGS] & SUBTYPE_QOS) !== 0 ? QOS : 0);
export const isOpenSwapped = (b: Uint8Array, at: number): boolean =>
  (b[at + FLAGS] & SUBTYPE_NO_DATA) === 0 && (b[at + CONTROL] & (PROTECTED | MORE_FRAGMENTS)) === 0;
/** True when several frames stand in this one. */
export const isAggregate = (b: Uint8Array, at: number): boolean =>
  isQos(b, at) && (b[qosAt(b, at)] & AMSDU) !== 0;

export const print = (b: Uint8Array, at: number): string =>
  `802.11 control ${u16(b, at + CONTROL).toString(16)} ${hex(b, at + SOURCE, at + SOURCE + 6, ':')} > ${hex(b, at + DESTINATION, at + DESTINATION + 6, ':')}`;
