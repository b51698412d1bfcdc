// One message of OPC UA over TCP (part 6, §6.7 and §7.1): hello, channel, service; secured ones by their outside.
import { u32, u32le } from '../../bytes/read.ts';
import { Reader } from './reader.ts';
import { type Service, serviceOf, USER_NAME } from './services.ts';

export const HEADER = 8;
/** Of a longer chunk the rest is passed over. */
export const MAX_READ = 4096;
const MAX_SIZE = 64 * 1024 * 1024;

const word = (text: string): number =>
  (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
export const HELLO = word('HEL');
export const ACKNOWLEDGE = word('ACK');
export const ERROR = word('ERR');
export const REVERSE = word('RHE');
export const OPEN = word('OPN');
export const CLOSE = word('CLO');
export const MESSAGE = word('MSG');
const KINDS: Readonly<Record<number, string>> = {
  [HELLO]: 'Hello',
  [ACKNOWLEDGE]: 'Acknowledge',
  [ERROR]: 'Error',
  [REVERSE]: 'ReverseHello',
  [OPEN]: 'OpenSecureChannel',
  [CLOSE]: 'CloseSecureChannel',
  [MESSAGE]: 'Message',
};
export const kindName = (kind: number): string => KINDS[kind] ?? 'unknown';

const FINAL = 0x46;
const CHUNK = 0x43;
const ABORT = 0x41;

export const kindOf = (b: Uint8Array, at: number): number => u32(b, at) >>> 8;
export const sizeOf = (b: Uint8Array, at: number): number => u32le(b, at + 4);

/** True where a message begins. Eight bytes are there. */
export function isHeader(b: Uint8Array, at: number): boolean {
  const last = b[at + 3];
  if (KINDS[kindOf(b, at)] === undefined || (last !== FINAL && last !== CHUNK && last !== ABORT))
    return false;
  const size = sizeOf(b, at);
  return size > HEADER && size <= MAX_SIZE && (last === FINAL || kindOf(b, at) === MESSAGE);
}

export class Message {
  kind = 0;
  /** More chunks follow. */
  goesOn = false;
  channel = -1;
  request = -1;
  version = -1;
  url: string | undefined;
  server: string | undefined;
  error = -1;
  policy: string | undefined;
  mode = -1;
  /** Issue or renew a channel. */
  opening = -1;
  service: Service | undefined;
  /** What is inside could not be read: it is encrypted. */
  isSecured = false;
  result = -1;
  count = -1;
  token = -1;
  user: string | undefined;
  malformed = false;

  static read(b: Uint8Array, at: number, end: number): Message {
    const message = new Message();
    message.kind = kindOf(b, at);
    message.goesOn = b[at + 3] === CHUNK;
    const r = new Reader(b, at + HEADER, end);
    switch (message.kind) {
      case HELLO:
      case ACKNOWLEDGE:
        message.version = r.u32();
        r.skip(16);
        if (message.kind === HELLO) message.url = r.string();
        break;
      case REVERSE:
        message.server = r.string();
        message.url = r.string();
        break;
      case ERROR:
        message.error = r.u32();
        break;
      case OPEN:
        message.channel = r.u32();
        message.policy = r.string();
        r.skipString().skipString();
        message.#sequenced(r);
        break;
      default:
        message.channel = r.u32();
        r.skip(4);
        message.#sequenced(r);
    }
    message.malformed = !r.ok && !message.isSecured && end - at < MAX_READ;
    return message;
  }

  #sequenced(r: Reader): void {
    r.skip(4);
    const request = r.u32();
    const id = r.nodeId();
    this.service = r.ok ? serviceOf(id) : undefined;
    // Behind an unknown service stands no service at all, but what a key would open.
    this.isSecured = this.service === undefined;
    if (this.service === undefined) return;
    this.request = request;
    if (this.service.isResponse) {
      r.skip(12);
      const result = r.u32();
      if (r.ok) this.result = result;
    } else this.#asked(r.requestHeader());
  }

  #asked(r: Reader): void {
    const name = this.service?.name;
    if (name === 'OpenSecureChannel') {
      r.skip(4);
      const opening = r.u32();
      const mode = r.u32();
      if (r.ok) [this.opening, this.mode] = [opening, mode];
    } else if (name === 'Write' || name === 'Call') this.#counted(r);
    else if (name === 'Read') this.#counted(r.skip(12));
    else if (name === 'ActivateSession') {
      // A signature, software's certificates with theirs, languages; then the token.
      r.skipString().skipString();
      const certificates = r.u32();
      if (certificates !== 0 && certificates !== 0xffffffff) return;
      r.skipStrings();
      const token = r.nodeId();
      r.skip(5);
      if (!r.ok) return;
      this.token = token;
      if (token === USER_NAME) this.user = r.skipString().string();
    }
  }

  #counted(r: Reader): void {
    const count = r.u32();
    if (r.ok && count < 0x7fffffff) this.count = count;
  }
}
