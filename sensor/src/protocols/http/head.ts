// The head of an HTTP message, whatever the version: start line and the header fields that matter.
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

/** Those in which somebody logs in, or is asked to. */
export const LOGIN_NAMES = [
  'www-authenticate',
  'proxy-authenticate',
  'authorization',
  'proxy-authorization',
] as const satisfies readonly HeaderName[];

/** What records read of a head. */
export interface MessageHead {
  /** Words of the start line: method, target, version ('' when it names none); or version, status, reason. */
  readonly first: string;
  readonly second: string;
  readonly third: string;
  readonly headers: Readonly<Partial<Record<HeaderName, string>>>;
  /** Status of a response; 0 without one. */
  readonly status: number;
  /** One of LOGIN_NAMES is there. */
  readonly hasLogin: boolean;
}

/** A head in strings. */
export class Head implements MessageHead {
  first = '';
  second = '';
  third = '';
  headers: Partial<Record<HeaderName, string>> = {};

  get status(): number {
    return /^\d{3}$/.test(this.second) ? Number(this.second) : 0;
  }

  get hasLogin(): boolean {
    return LOGIN_NAMES.some((name) => this.headers[name] !== undefined);
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
