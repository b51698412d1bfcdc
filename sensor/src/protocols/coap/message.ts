// One CoAP message (RFC 7252 §3): code, token, and options by their numbers; what it carries is only counted.
import { latin1, utf8 } from '../../bytes/text.ts';

export const HEADER = 4;
const VERSION = 1;
const MAX_TOKEN = 8;
const MARKER = 0xff;
/** Options of one message that are looked at. */
const MAX_OPTIONS = 64;
/** Longest text put together of a path or query, characters. */
const MAX_TEXT = 1024;

export const CONFIRMABLE = 0;
export const ACKNOWLEDGEMENT = 2;
export const RESET = 3;

const OBSERVE = 6;
const URI_HOST = 3;
const URI_PORT = 7;
const URI_PATH = 11;
const CONTENT_FORMAT = 12;
const URI_QUERY = 15;
const ACCEPT = 17;
const BLOCK2 = 23;
const BLOCK1 = 27;
const PROXY_URI = 35;
/** Numbers of options that a honest program sends: registered ones. */
const KNOWN = new Set([
  1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 19, 20, 21, 23, 27, 28, 31, 35, 39, 60, 235, 239, 252, 258,
  292, 2049, 2053,
]);

/** A block of a larger body (RFC 7959): its number, whether more follow, its size. */
export interface Block {
  readonly number: number;
  readonly more: boolean;
  readonly size: number;
}

export class Message {
  type = 0;
  code = 0;
  id = 0;
  token = '';
  host: string | undefined;
  port = -1;
  path: string | undefined;
  query: string | undefined;
  proxy: string | undefined;
  observe = -1;
  contentFormat = -1;
  accept = -1;
  block1: Block | undefined;
  block2: Block | undefined;
  length = 0;
  /** Not a message, or cut. */
  malformed = false;
  /** All its options are registered, none of a length that none has. */
  isKnown = true;

  get isRequest(): boolean {
    return this.code > 0 && this.code < 0x20;
  }
  get isEmpty(): boolean {
    return this.code === 0;
  }

  static isAt(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < HEADER || b[at] >> 6 !== VERSION || (b[at] & 15) > MAX_TOKEN) return false;
    const [kind, detail] = [b[at + 1] >> 5, b[at + 1] & 31];
    if (b[at + 1] === 0) return end - at === HEADER && (b[at] & 15) === 0;
    return kind === 0 ? detail <= 7 : kind === 2 || kind === 4 || kind === 5;
  }

  /** The datagram has passed `isAt`. */
  static read(b: Uint8Array, at: number, end: number): Message {
    const message = new Message();
    message.type = (b[at] >> 4) & 3;
    message.code = b[at + 1];
    message.id = (b[at + 2] << 8) | b[at + 3];
    const options = at + HEADER + (b[at] & 15);
    if (options > end) {
      message.malformed = true;
      return message;
    }
    message.token = latin1(b, at + HEADER, options);
    message.#options(b, options, end);
    return message;
  }

  #options(b: Uint8Array, at: number, end: number): void {
    let number = 0;
    for (let i = 0; i < MAX_OPTIONS && at < end; i++) {
      const first = b[at++];
      if (first === MARKER) {
        // A marker with nothing behind it is an error (§3).
        this.length = end - at;
        this.malformed = this.length === 0;
        return;
      }
      let delta = first >> 4;
      let length = first & 15;
      if (delta === 15 || length === 15 || end - at < extension(delta) + extension(length)) {
        this.malformed = true;
        return;
      }
      if (delta === 13) delta = 13 + b[at++];
      else if (delta === 14) {
        delta = 269 + ((b[at] << 8) | b[at + 1]);
        at += 2;
      }
      if (length === 13) length = 13 + b[at++];
      else if (length === 14) {
        length = 269 + ((b[at] << 8) | b[at + 1]);
        at += 2;
      }
      if (at + length > end) {
        this.malformed = true;
        return;
      }
      number += delta;
      this.isKnown &&= KNOWN.has(number);
      this.#option(number, b, at, at + length);
      at += length;
    }
  }

  #option(number: number, b: Uint8Array, at: number, end: number): void {
    switch (number) {
      case URI_HOST:
        this.host = utf8(b, at, Math.min(end, at + 255));
        break;
      case URI_PORT:
        this.port = integer(b, at, end);
        break;
      case URI_PATH:
        this.path = joined(this.path ?? '', '/', b, at, end);
        break;
      case URI_QUERY:
        this.query = joined(this.query ?? '', this.query === undefined ? '' : '&', b, at, end);
        break;
      case PROXY_URI:
        this.proxy = utf8(b, at, Math.min(end, at + MAX_TEXT));
        break;
      case OBSERVE:
        this.observe = integer(b, at, end);
        break;
      case CONTENT_FORMAT:
        this.contentFormat = integer(b, at, end);
        break;
      case ACCEPT:
        this.accept = integer(b, at, end);
        break;
      case BLOCK1:
        this.block1 = block(b, at, end);
        break;
      case BLOCK2:
        this.block2 = block(b, at, end);
    }
  }
}

/** Octets behind the first that a delta or a length needs. */
const extension = (nibble: number): number => (nibble < 13 ? 0 : nibble - 12);

const joined = (before: string, by: string, b: Uint8Array, at: number, end: number): string =>
  before.length >= MAX_TEXT ? before : before + by + utf8(b, at, Math.min(end, at + 255));

/** Up to four octets; none are zero. */
function integer(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < Math.min(end, at + 4); i++) value = value * 256 + b[i];
  return value;
}

function block(b: Uint8Array, at: number, end: number): Block {
  const value = integer(b, at, Math.min(end, at + 3));
  return { number: Math.floor(value / 16), more: (value & 8) !== 0, size: 2 ** ((value & 7) + 4) };
}
