// DNP3 link frames (IEEE 1815 §9): their checksums, and the octets of a user without them.
import { copy } from '../../bytes/copy.ts';
import { u16le } from '../../bytes/read.ts';

/** Start, length, control, two addresses, checksum. */
export const HEADER = 10;
const START = 0x05;
const START_2 = 0x64;
/** What the length field counts at least: control and two addresses. */
const MIN_LENGTH = 5;
const BLOCK = 16;
/** Users' octets of the longest frame. */
export const MAX_USER = 250;

const CRC_POLYNOMIAL = 0xa6bc; // x16+x13+x12+x11+x10+x8+x6+x5+x2+1, least significant bit first
const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ CRC_POLYNOMIAL : crc >> 1;
  return crc;
});

/** True when the two bytes at `end` are the checksum of `[at, end)`. */
function isIntact(b: Uint8Array, at: number, end: number): boolean {
  let crc = 0;
  for (let i = at; i < end; i++) crc = CRC[(crc ^ b[i]) & 255] ^ (crc >> 8);
  return u16le(b, end) === (~crc & 0xffff);
}

/** True where a frame begins, its header intact. The caller has proved the header's length. */
export const isHeader = (b: Uint8Array, at: number): boolean =>
  b[at] === START && b[at + 1] === START_2 && b[at + 2] >= MIN_LENGTH && isIntact(b, at, at + HEADER - 2);

/** Where a frame may begin, at `at` or later; `end` when nowhere. */
export function findStart(b: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (b[i] === START && (i + 1 === end || b[i + 1] === START_2)) return i;
  return end;
}

/** Octets of a user in the frame whose header is at `at`. */
export const userLength = (b: Uint8Array, at: number): number => b[at + 2] - MIN_LENGTH;
/** The whole frame, with a checksum behind every 16 octets. */
export const frameLength = (b: Uint8Array, at: number): number => {
  const user = userLength(b, at);
  return HEADER + user + 2 * Math.ceil(user / BLOCK);
};

export const control = (b: Uint8Array, at: number): number => b[at + 3];
export const destination = (b: Uint8Array, at: number): number => u16le(b, at + 4);
export const source = (b: Uint8Array, at: number): number => u16le(b, at + 6);

/** Copies the user's octets of a whole frame without their checksums. @returns false when one is wrong */
export function userOctets(b: Uint8Array, at: number, into: Uint8Array): boolean {
  let from = at + HEADER;
  const length = userLength(b, at);
  for (let done = 0; done < length; done += BLOCK) {
    const block = Math.min(BLOCK, length - done);
    if (!isIntact(b, from, from + block)) return false;
    copy(b, from, from + block, into, done);
    from += block + 2;
  }
  return true;
}
