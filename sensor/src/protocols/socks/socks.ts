// SOCKS 4, 4a and 5 (RFC 1928, 1929): who is asked to be reached. What goes through the proxy then is another protocol.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { shown } from '../../bytes/line.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { find } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { type Place, Request, socksFields } from './fields.ts';

const CONNECT = 1;
const BIND = 2;
const ASSOCIATE = 3;
const NO_LOG_IN = 0;
const PASSWORD = 2;
const REFUSED = 0xff;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
const MAX_USER = 256;
const GRANTED_4 = 90;

/** What a side says next. */
type Client = 'methods' | 'request' | 'asked';
type Server = 'method' | 'password' | 'reply';

class SocksStream implements StreamParser {
  readonly #request = new Request();
  #client: Client = 'methods';
  #server: Server = 'method';
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      const taken =
        direction === 0 ? this.#fromClient(bytes, next, end) : this.#fromServer(bytes, next, end, emit);
      if (taken < 0) {
        if (taken === STREAM_LOST) emit.anomaly('invalid_message');
        this.end(emit);
        return taken;
      }
      if (taken === 0) break;
      next += taken;
      if (this.#emitted) break;
    }
    return next - at;
  }

  /** @returns bytes taken; 0 for more, or while the server has to answer first */
  #fromClient(b: Uint8Array, at: number, end: number): number {
    const r = this.#request;
    const length = end - at;
    if (this.#client === 'asked') return 0;
    if (this.#client === 'methods') {
      r.version = b[at];
      if (r.version === 4) return this.#request4(b, at, end);
      if (r.version !== 5) return STREAM_LOST;
      if (length < 2 || length < 2 + b[at + 1]) return 0;
      this.#client = 'request';
      return 2 + b[at + 1];
    }
    if (r.method !== undefined && r.method !== NO_LOG_IN && r.method !== PASSWORD) return STREAM_DONE;
    // Which of the two comes depends on what the server chose; without having heard it, the versions tell.
    if (this.#client === 'request' && b[at] === 1) {
      if (length < 2 || length < 3 + b[at + 1]) return 0;
      const user = b[at + 1];
      const secret = b[at + 2 + user];
      if (length < 3 + user + secret) return 0;
      r.user = shown(b, at + 2, at + 2 + user, MAX_USER);
      return 3 + user + secret;
    }
    if (b[at] !== 5) return STREAM_LOST;
    if (length < 4) return 0;
    r.command = b[at + 1];
    const taken = place(r.target, b, at, end);
    if (taken > 0) this.#client = 'asked';
    return taken;
  }

  #request4(b: Uint8Array, at: number, end: number): number {
    if (end - at < 9) return 0;
    const r = this.#request;
    const userEnd = find(b, 0, at + 8, Math.min(end, at + 8 + MAX_USER));
    if (userEnd < 0) return end - at > 8 + MAX_USER ? STREAM_LOST : 0;
    const address = u32(b, at + 4);
    let stop = userEnd + 1;
    if (address > 0 && address < 256) {
      // 4a: the name stands behind the user.
      const nameEnd = find(b, 0, stop, Math.min(end, stop + MAX_USER));
      if (nameEnd < 0) return end - stop > MAX_USER ? STREAM_LOST : 0;
      r.target.name = shown(b, stop, nameEnd, 255);
      stop = nameEnd + 1;
    } else r.target.host = ipv4Text(address);
    r.command = b[at + 1];
    r.target.port = u16(b, at + 2);
    if (userEnd > at + 8) r.user = shown(b, at + 8, userEnd, MAX_USER);
    this.#client = 'asked';
    return stop - at;
  }

  #fromServer(b: Uint8Array, at: number, end: number, emit: Emit): number {
    const r = this.#request;
    const length = end - at;
    if (this.#server === 'method' && b[at] === 0) {
      if (length < 8) return 0;
      r.status = b[at + 1];
      r.version = 4;
      r.bound.port = u16(b, at + 2);
      r.bound.host = ipv4Text(u32(b, at + 4));
      return this.#answered(8, r.status === GRANTED_4, emit);
    }
    if (this.#server === 'method') {
      if (length < 2) return 0;
      if (b[at] !== 5) return STREAM_LOST;
      r.version = 5;
      r.method = b[at + 1];
      if (r.method === REFUSED) return STREAM_DONE;
      this.#server = r.method === PASSWORD ? 'password' : 'reply';
      // Other log-ins may be of any shape (GSSAPI).
      return r.method === NO_LOG_IN || r.method === PASSWORD ? 2 : STREAM_DONE;
    }
    if (this.#server === 'password') {
      if (length < 2) return 0;
      r.authenticated = b[at + 1] === 0;
      this.#server = 'reply';
      return r.authenticated ? 2 : STREAM_DONE;
    }
    if (length < 4) return 0;
    if (b[at] !== 5) return STREAM_LOST;
    r.status = b[at + 1];
    const taken = place(r.bound, b, at, end);
    return taken > 0 ? this.#answered(taken, r.status === 0, emit) : taken;
  }

  #answered(taken: number, granted: boolean, emit: Emit): number {
    const { command } = this.#request;
    this.end(emit);
    // The second answer to BIND, and what goes around UDP, is not looked at.
    if (!granted || command === BIND || command === ASSOCIATE) return STREAM_DONE;
    emit.upgrade();
    return taken;
  }

  end(emit: Emit): void {
    if (this.#emitted || this.#request.version === 0) return;
    this.#emitted = true;
    emit.event(this.#request);
  }
}

/** Address and port behind four bytes of head (RFC 1928 §4–§6). @returns bytes of it all; 0 for more */
function place(to: Place, b: Uint8Array, at: number, end: number): number {
  const kind = b[at + 3];
  const from = at + 4;
  if (kind === NAME && end - from < 1) return 0;
  const length = kind === IPV4 ? 4 : kind === IPV6 ? 16 : kind === NAME ? 1 + b[from] : -1;
  if (length < 0) return STREAM_LOST;
  if (end - from < length + 2) return 0;
  if (kind === IPV4) to.host = ipv4Text(u32(b, from));
  else if (kind === IPV6)
    to.host = ipv6Text(u32(b, from), u32(b, from + 4), u32(b, from + 8), u32(b, from + 12));
  else to.name = shown(b, from + 1, from + length, 255);
  to.port = u16(b, from + length);
  return 4 + length + 2;
}

/** Log-in methods that have a number (IANA), and those of private use. */
const isMethod = (byte: number): boolean => byte <= 9 || byte >= 0x80;
const MAX_METHODS = 10;

export const socks = {
  name: 'socks',
  about: 'SOCKS proxies, versions 4, 4a and 5.',
  tcpPorts: [1080, 9050],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 1) return 'no';
    const length = end - at;
    if (bytes[at] === 5) {
      if (length < 2) return 'more';
      const count = bytes[at + 1];
      if (count === 0 || count > MAX_METHODS) return 'no';
      for (let i = at + 2; i < Math.min(end, at + 2 + count); i++) if (!isMethod(bytes[i])) return 'no';
      if (length < 2 + count) return 'more';
      const next = bytes[at + 2 + count];
      // A client that does not wait goes on with a log-in or a request.
      return length === 2 + count || next === 1 || next === 5 ? 'yes' : 'no';
    }
    if (bytes[at] !== 4) return 'no';
    if (length > 1 && bytes[at + 1] !== CONNECT && bytes[at + 1] !== BIND) return 'no';
    if (length < 9) return 'more';
    if (u16(bytes, at + 2) === 0 || bytes[at + 4] >= 224) return 'no';
    const zero = find(bytes, 0, at + 8, Math.min(end, at + 8 + MAX_USER));
    for (let i = at + 8; i < (zero < 0 ? end : zero); i++)
      if (bytes[i] < 0x21 || bytes[i] > 0x7e) return 'no';
    if (zero < 0) return length > MAX_USER ? 'no' : 'more';
    const address = u32(bytes, at + 4);
    if (address === 0) return 'no';
    if (address > 255) return zero + 1 === end ? 'yes' : 'no';
    return bytes[end - 1] === 0 && end > zero + 2 ? 'yes' : length > 2 * MAX_USER ? 'no' : 'more';
  },
  open: () => new SocksStream(),
  fields: socksFields,
  anomalies: { invalid_message: 'A message of another version, or with an unknown kind of address.' },
} as const satisfies Protocol<Request>;
