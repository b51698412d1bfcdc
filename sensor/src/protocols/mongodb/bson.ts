// BSON (bsonspec.org 1.1): a walk over the elements of a document, of which only a few are looked at.
import { u32le } from '../../bytes/read.ts';
import { find } from '../../bytes/text.ts';

/** Elements that one document is looked at for. */
const MAX_ELEMENTS = 64;

const DOUBLE = 0x01;
export const TEXT = 0x02;
export const DOCUMENT = 0x03;
const ARRAY = 0x04;
export const BINARY = 0x05;
const TRUTH = 0x08;
const PATTERN = 0x0b;
export const INT32 = 0x10;
const INT64 = 0x12;

/** Bytes of values that always have as many; others say it. */
const FIXED: Readonly<Record<number, number>> = {
  [DOUBLE]: 8,
  6: 0,
  7: 12,
  [TRUTH]: 1,
  9: 8,
  10: 0,
  [INT32]: 4,
  17: 8,
  [INT64]: 8,
  19: 16,
  127: 0,
  255: 0,
};

/** One element: its type, its name `[name, nameEnd)`, its value `[at, end)`. One object, valid until the next. */
export class Element {
  type = 0;
  name = 0;
  nameEnd = 0;
  at = 0;
  end = 0;
}

/** Length that a document of at least one byte tells; 0 when it is none that fits in `[at, end)`. */
export function documentEnd(b: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return 0;
  const length = u32le(b, at);
  return length >= 5 && length <= end - at ? at + length : 0;
}

/** Calls `each` for the elements of the document at `at`, until it says false. What is cut off ends the walk. */
export function walk(b: Uint8Array, at: number, end: number, each: (element: Element) => boolean): void {
  const element = new Element();
  let next = at + 4;
  for (let n = 0; n < MAX_ELEMENTS && next < end && b[next] !== 0; n++) {
    element.type = b[next];
    element.name = next + 1;
    element.nameEnd = find(b, 0, next + 1, end);
    if (element.nameEnd < 0) return;
    element.at = element.nameEnd + 1;
    const size = sizeOf(b, element.type, element.at, end);
    if (size < 0 || size > end - element.at) return;
    element.end = next = element.at + size;
    if (!each(element)) return;
  }
}

function sizeOf(b: Uint8Array, type: number, at: number, end: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === PATTERN) {
    const pattern = find(b, 0, at, end);
    const options = pattern < 0 ? -1 : find(b, 0, pattern + 1, end);
    return options < 0 ? -1 : options + 1 - at;
  }
  if (end - at < 4) return -1;
  const length = u32le(b, at);
  if (type === DOCUMENT || type === ARRAY || type === 15) return length >= 5 ? length : -1;
  if (type === BINARY) return 5 + length;
  return type === TEXT || type === 13 || type === 14 ? 4 + length : -1;
}

/** True when a number of any type is not 0. */
export function isTrue(b: Uint8Array, { at, end }: Element): boolean {
  for (let i = at; i < end; i++) if (b[i] !== 0) return true;
  return false;
}
