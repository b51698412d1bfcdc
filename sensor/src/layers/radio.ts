// What a radio tells in front of an 802.11 frame: radiotap (127), Prism (119), AVS (163), per-packet information (192).
import { u16le, u32, u32le } from '../bytes/read.ts';

const RADIOTAP_LENGTH = 2;
const RADIOTAP_PRESENT = 4;
const RADIOTAP_MIN = 8;
const PRESENT_TSFT = 1;
const PRESENT_FLAGS = 2;
const PRESENT_MORE = 0x80000000;
/** Words of presence bits; a radio has few fields. */
const MAX_PRESENT = 8;
const FLAG_PADDED = 0x20;

const PRISM_LENGTH = 4;
const PRISM_MIN = 8;
const AVS_MAGIC = 0x80211000;
const AVS_LENGTH = 4;

const PPI_LENGTH = 2;
const PPI_LINK = 4;
const PPI_MIN = 8;

/** Bytes of a radiotap header; 0 when it is cut or of another version. */
export function radiotapLength(b: Uint8Array, at: number, end: number): number {
  if (end - at < RADIOTAP_MIN || b[at] !== 0) return 0;
  const length = u16le(b, at + RADIOTAP_LENGTH);
  return length >= RADIOTAP_MIN && at + length <= end ? length : 0;
}

/** True when the 802.11 header is padded to a multiple of four. @param length what `radiotapLength` answered */
export function isPadded(b: Uint8Array, at: number, length: number): boolean {
  const present = u32le(b, at + RADIOTAP_PRESENT);
  if ((present & PRESENT_FLAGS) === 0) return false;
  let field = RADIOTAP_PRESENT + 4;
  for (let i = 0, word = present; i < MAX_PRESENT && (word & PRESENT_MORE) !== 0; i++) {
    if (field + 4 > length) return false;
    word = u32le(b, at + field);
    field += 4;
  }
  // Fields are aligned to their own size, counted from the header's start; the clock has eight bytes.
  if ((present & PRESENT_TSFT) !== 0) field = ((field + 7) & ~7) + 8;
  return field < length && (b[at + field] & FLAG_PADDED) !== 0;
}

/** Bytes of a Prism or AVS header, which share link types; 0 when it is cut. */
export function prismLength(b: Uint8Array, at: number, end: number): number {
  if (end - at < PRISM_MIN) return 0;
  const isAvs = (u32(b, at) & 0xfffff000) >>> 0 === AVS_MAGIC;
  const length = isAvs ? u32(b, at + AVS_LENGTH) : u32le(b, at + PRISM_LENGTH);
  return length >= PRISM_MIN && length <= end - at ? length : 0;
}

/** Bytes of a per-packet information header; 0 when it is cut. */
export function ppiLength(b: Uint8Array, at: number, end: number): number {
  if (end - at < PPI_MIN) return 0;
  const length = u16le(b, at + PPI_LENGTH);
  return length >= PPI_MIN && at + length <= end ? length : 0;
}
/** Link type of what follows. */
export const ppiLink = (b: Uint8Array, at: number): number => u32le(b, at + PPI_LINK);
