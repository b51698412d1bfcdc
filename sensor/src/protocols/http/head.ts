// The head of an HTTP/1 message (RFC 9112 §2–§5): start line and the header fields that matter, over the stream's bytes.
import { find, latin1, lower, sameWord, word } from '../../bytes/text.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/** Header fields that are kept; every other one is passed over unread. */
const KEPT = [
  'host',
  'user-agent',
  'referer',
  'content-type',
  'content-length',
  'transfer-encoding',
  'location',
  'x-forwarded-for',
  'upgrade',
  'server',
] as const;
export type HeaderName = (typeof KEPT)[number];
const WORDS = KEPT.map((name) => ({ name, bytes: word(name) }));
/** Longest value that is kept; what is longer is cut. */
const MAX_VALUE = 1024;
const MAX_HEADERS = 256;

/** Where the head's last line ends (behind the empty line); -1 when it is not all there. */
export function headEnd(b: Uint8Array, at: number, end: number): number {
  for (let i = find(b, LF, at, end); i >= 0; i = find(b, LF, i + 1, end)) {
    if (i + 1 < end && b[i + 1] === LF) return i + 2;
    if (i + 2 < end && b[i + 1] === CR && b[i + 2] === LF) return i + 3;
  }
  return -1;
}

/** End of the line at `at`, without CR and LF. */
export function lineEnd(b: Uint8Array, at: number, end: number): number {
  const lf = find(b, LF, at, end);
  const stop = lf < 0 ? end : lf;
  return stop > at && b[stop - 1] === CR ? stop - 1 : stop;
}

const VERSION = /^HTTP\/\d\.\d$/;
const VERSION_LENGTH = 8;

/** True for `HTTP/1.1` and its like, and for nothing longer: what stands beside a version may be private. */
export const isVersion = (text: string): boolean => VERSION.test(text);

export class Head {
  /** Words of the start line: method, target, version ('' when it names none); or version, status, reason. */
  first = '';
  second = '';
  third = '';
  headers: Partial<Record<HeaderName, string>> = {};
}

/** Reads a whole head `[at, end)`. Lines that are no header are passed over. */
export function readHead(b: Uint8Array, at: number, end: number, isResponse: boolean): Head {
  const head = new Head();
  const stop = lineEnd(b, at, end);
  const firstSpace = spaceFrom(b, at, stop);
  const second = Math.min(firstSpace + 1, stop);
  const secondSpace = isResponse ? spaceFrom(b, second, stop) : versionSpace(b, second, stop);
  head.first = latin1(b, at, firstSpace);
  head.second = latin1(b, second, Math.min(secondSpace, second + 4 * MAX_VALUE));
  head.third = latin1(b, Math.min(secondSpace + 1, stop), Math.min(stop, secondSpace + 1 + MAX_VALUE));
  let line = nextLine(b, stop, end);
  // Ends: each turn goes one line on, at most MAX_HEADERS of them.
  for (let n = 0; line < end && n < MAX_HEADERS; n++) {
    const lineStop = lineEnd(b, line, end);
    readHeader(head, b, line, lineStop);
    line = nextLine(b, lineStop, end);
  }
  return head;
}

function spaceFrom(b: Uint8Array, at: number, end: number): number {
  const space = find(b, SPACE, at, end);
  return space < 0 ? end : space;
}

/** The blank before the version that ends a request line; `end` without one: the rest is all target, blanks included. */
function versionSpace(b: Uint8Array, at: number, end: number): number {
  const space = end - 1 - VERSION_LENGTH;
  return space >= at && b[space] === SPACE && isVersion(latin1(b, space + 1, end)) ? space : end;
}

function nextLine(b: Uint8Array, at: number, end: number): number {
  while (at < end && b[at] === CR) at++;
  return at < end && b[at] === LF ? at + 1 : Math.max(at, end);
}

function readHeader(head: Head, b: Uint8Array, at: number, end: number): void {
  const first = lower(b[at]);
  for (const { name, bytes } of WORDS) {
    if (
      bytes[0] !== first ||
      end - at <= bytes.length ||
      b[at + bytes.length] !== COLON ||
      !sameWord(b, at, bytes)
    )
      continue;
    let from = at + bytes.length + 1;
    while (from < end && (b[from] === SPACE || b[from] === TAB)) from++;
    let to = Math.min(end, from + MAX_VALUE);
    while (to > from && (b[to - 1] === SPACE || b[to - 1] === TAB)) to--;
    head.headers[name] ??= latin1(b, from, to);
    return;
  }
}
