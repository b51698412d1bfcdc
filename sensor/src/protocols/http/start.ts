// What the first bytes of an HTTP/1 message look like, on either side.
import { find, startsWith, word } from '../../bytes/text.ts';
import type { Verdict } from '../protocol.ts';
import { lineEnd } from './head.ts';

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'DEBUG',
  'TRACK',
  'RPC_IN_DATA',
  'RPC_OUT_DATA',
  'M-SEARCH',
  'NOTIFY',
  'SUBSCRIBE',
  'BIND',
] as const;
const METHOD_WORDS = METHODS.map((m) => word(m + ' '));
const RESPONSE_WORD = word('HTTP/1.');
const VERSION_WORD = word(' HTTP/');
/** Bytes of a request line that has not ended yet; SIP and RTSP begin alike. */
const MAX_UNDECIDED = 1024;
const LF = 0x0a;
const SLASH = 0x2f;
const SPACE = 0x20;

export const isResponse = (b: Uint8Array, at: number, end: number): boolean =>
  startsWith(b, at, end, RESPONSE_WORD);

/** One of the methods that exist, and a blank. */
export function isKnownMethod(b: Uint8Array, at: number, end: number): boolean {
  for (const method of METHOD_WORDS) if (startsWith(b, at, end, method)) return true;
  return false;
}

/** A request where one is expected: a method of any name. */
export function isRequest(b: Uint8Array, at: number, end: number): boolean {
  if (isKnownMethod(b, at, end)) return true;
  // An unknown method is a token of capitals and a blank (RFC 9110 §9.1), on a line that ends with a version.
  let i = at;
  while (i < end && i - at < 24 && ((b[i] >= 0x41 && b[i] <= 0x5a) || b[i] === 0x2d || b[i] === 0x5f)) i++;
  return i - at >= 3 && i < end && b[i] === SPACE && isRequestLine(b, at, end) !== 'no';
}

/** A request line names a version, or is not all there yet. */
export function isRequestLine(b: Uint8Array, at: number, end: number): Verdict {
  const lf = find(b, LF, at, end);
  if (lf < 0) return end - at > 16 && (namesPath(b, at, end) || end - at > MAX_UNDECIDED) ? 'yes' : 'more';
  const stop = lineEnd(b, at, lf + 1);
  return stop - at >= 14 && startsWith(b, stop - 9, stop, VERSION_WORD) ? 'yes' : 'no';
}

/** The target begins with a slash. */
function namesPath(b: Uint8Array, at: number, end: number): boolean {
  const space = find(b, SPACE, at, end);
  return space > 0 && space + 1 < end && b[space + 1] === SLASH;
}
