// The head of an HTTP message, whatever the version: start line and the header fields that matter.
import type { JsonBytes } from '../../bytes/json.ts';
import { find } from '../../bytes/text.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Header fields that are kept; every other one is passed over unread. */
export const HEADER_NAMES = [
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
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
] as const;
export type HeaderName = (typeof HEADER_NAMES)[number];

/** What records read of a head. */
export interface MessageHead {
  /** Words of the start line: method, target, version ('' when it names none); or version, status, reason. */
  readonly first: string;
  readonly second: string;
  readonly third: string;
  readonly headers: Readonly<Partial<Record<HeaderName, string>>>;
  /** Status of a response; 0 without one. */
  readonly status: number;
  /** Writes the start line's second word as JSON. */
  writeSecond(out: JsonBytes): void;
  /** Writes a header field's value as JSON, up to a mark of its own when one is named. @returns false without it */
  writeValue(index: number, out: JsonBytes, until?: number): boolean;
  /** The value is of letters, digits, dots, dashes and underscores only. */
  isPlain(index: number): boolean;
}

/** A name or an address, and nothing else. */
const PLAIN = /^[a-z0-9._-]+$/i;

/** A head in strings. */
export class Head implements MessageHead {
  first = '';
  second = '';
  third = '';
  headers: Partial<Record<HeaderName, string>> = {};

  get status(): number {
    return /^\d{3}$/.test(this.second) ? Number(this.second) : 0;
  }

  writeSecond(out: JsonBytes): void {
    out.text(this.second);
  }

  writeValue(index: number, out: JsonBytes, until?: number): boolean {
    const value = this.headers[HEADER_NAMES[index]];
    if (value === undefined) return false;
    out.text(
      until === undefined ? value : value.split(String.fromCharCode(until), 1)[0].replace(/[ \t]+$/, ''),
    );
    return true;
  }

  isPlain(index: number): boolean {
    return PLAIN.test(this.headers[HEADER_NAMES[index]] ?? '');
  }
}

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

/** True for `HTTP/1.1` and its like, and for nothing longer: what stands beside a version may be private. */
export const isVersion = (text: string): boolean => VERSION.test(text);
