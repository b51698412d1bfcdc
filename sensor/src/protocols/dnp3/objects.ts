// Object headers of a DNP3 fragment (IEEE 1815 §4.2.2.7): which objects, how many, and how long their data is.
import { u16le, u32le } from '../../bytes/read.ts';

/** Headers of one fragment that are kept; honest ones have fewer. */
export const MAX_OBJECTS = 64;

export interface ObjectHeader {
  readonly group: number;
  readonly variation: number;
  readonly qualifier: number;
  readonly start: number;
  readonly stop: number;
  readonly count: number;
}

/** Octets of one object by group, then variation. Bits of packed ones stand in `PACKED`, free ones nowhere. */
const COUNTER = [5, 3, 5, 3, 11, 9, 11, 9];
const ANALOG_EVENT = [5, 3, 11, 9, 5, 9, 11, 15];
const SIZES: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1],
  2: [1, 7, 3],
  3: [0, 1],
  4: [1, 7, 3],
  10: [0, 1],
  11: [1, 7],
  12: [11, 11],
  13: [1, 7],
  20: [5, 3, 5, 3, 4, 2, 4, 2],
  21: [...COUNTER, 4, 2, 4, 2],
  22: COUNTER,
  23: COUNTER,
  30: [5, 3, 4, 2, 5, 9],
  31: [5, 3, 11, 9, 4, 2, 5, 9],
  32: ANALOG_EVENT,
  33: ANALOG_EVENT,
  34: [2, 4, 4],
  40: [5, 3, 5, 9],
  41: [5, 3, 5, 9],
  42: ANALOG_EVENT,
  43: ANALOG_EVENT,
  50: [6, 10, 6, 11],
  51: [6, 6],
  52: [2, 2],
  81: [3],
  86: [0, 1],
  100: [5, 9, 11],
  101: [2, 4, 8],
  102: [1],
  121: [7],
  122: [13, 11],
};
/** Bits of an object, group and variation together. */
const PACKED: Readonly<Record<number, number>> = { 257: 1, 769: 2, 2561: 1, 3075: 1, 20481: 1 };
const DEVICE_ATTRIBUTES = 0;
const CLASS_DATA = 60;
const OCTETS_FIRST = 110;
const OCTETS_LAST = 113;

/** Octets of the index or size before each object, by prefix code. */
const PREFIXES = [0, 1, 2, 4, 1, 2, 4];
const FIRST_SIZE_PREFIX = 4;
/** Octets of each number of the range, by range code; codes from 7 are counts. */
const RANGES: Readonly<Record<number, number>> = {
  0: 1,
  1: 2,
  2: 4,
  3: 1,
  4: 2,
  5: 4,
  6: 0,
  7: 1,
  8: 2,
  9: 4,
  11: 1,
};
const NO_RANGE = 6;

const little = (b: Uint8Array, at: number, size: number): number =>
  size === 1 ? b[at] : size === 2 ? u16le(b, at) : u32le(b, at);

export interface Objects {
  readonly headers: readonly ObjectHeader[];
  /** All of the fragment was understood. */
  readonly complete: boolean;
}

/** @param hasData objects stand behind their header, not only their indices */
export function readObjects(b: Uint8Array, at: number, end: number, hasData: boolean): Objects {
  const headers: ObjectHeader[] = [];
  // Ends: each turn takes at least three octets.
  while (end - at >= 3 && headers.length < MAX_OBJECTS) {
    const [group, variation, qualifier] = [b[at], b[at + 1], b[at + 2]];
    const prefix = PREFIXES[(qualifier >> 4) & 7];
    const size = RANGES[qualifier & 15];
    at += 3;
    if (prefix === undefined || size === undefined) return { headers, complete: false };
    let [start, stop, count] = [0, 0, 0];
    const range = qualifier & 15;
    if (range < NO_RANGE) {
      if (end - at < 2 * size) return { headers, complete: false };
      start = little(b, at, size);
      stop = little(b, at + size, size);
      count = stop >= start ? stop - start + 1 : 0;
      at += 2 * size;
    } else if (size > 0) {
      if (end - at < size) return { headers, complete: false };
      count = little(b, at, size);
      at += size;
    }
    headers.push({ group, variation, qualifier, start, stop, count });
    at = skip(b, at, end, headers[headers.length - 1], prefix, hasData);
    if (at < 0) return { headers, complete: false };
  }
  return { headers, complete: at === end };
}

/** Where a header's objects end; -1 when that cannot be said, or they are cut. */
function skip(
  b: Uint8Array,
  at: number,
  end: number,
  o: ObjectHeader,
  prefix: number,
  hasData: boolean,
): number {
  if ((o.qualifier >> 4) & FIRST_SIZE_PREFIX) return skipSized(b, at, end, o.count, prefix);
  if (!hasData || o.group === CLASS_DATA) return within(at + o.count * prefix, end);
  if (o.group === DEVICE_ATTRIBUTES) return skipAttributes(b, at, end, o.count);
  const bits = PACKED[(o.group << 8) | o.variation];
  if (bits !== undefined) return within(at + Math.ceil((o.count * bits) / 8), end);
  const isOctets = o.group >= OCTETS_FIRST && o.group <= OCTETS_LAST;
  const size = isOctets ? o.variation : (SIZES[o.group]?.[o.variation - 1] ?? 0);
  if (size === 0 && o.count > 0) return -1;
  return within(at + o.count * (prefix + size), end);
}

const within = (next: number, end: number): number => (next <= end ? next : -1);

/** Objects that each tell their size. */
function skipSized(b: Uint8Array, at: number, end: number, count: number, prefix: number): number {
  // Ends: each turn takes at least one octet of the fragment, or leaves.
  for (let i = 0; i < count; i++) {
    if (end - at < prefix) return -1;
    at += prefix + little(b, at, prefix);
  }
  return within(at, end);
}

/** Attributes: kind, length, value. */
function skipAttributes(b: Uint8Array, at: number, end: number, count: number): number {
  // Ends: as above.
  for (let i = 0; i < count; i++) {
    if (end - at < 2) return -1;
    at += 2 + b[at + 1];
  }
  return within(at, end);
}
