// Cassandra's native protocol (CQL, versions 3 to 5): start, log-in, outcome, and requests counted by kind.
import { shown } from '../bytes/line.ts';
import { u16, u32 } from '../bytes/read.ts';
import { find, startsWith, word } from '../bytes/text.ts';
import { describe } from './describe.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';
import { Tally } from './tally.ts';

/** Version, flags, stream, kind, length. */
const HEADER = 9;
const ERROR = 0x00;
const STARTUP = 0x01;
const READY = 0x02;
const AUTHENTICATE = 0x03;
const OPTIONS = 0x05;
const AUTH_RESPONSE = 0x0f;
const AUTH_SUCCESS = 0x10;
const KINDS: Readonly<Record<number, string>> = {
  [STARTUP]: 'startup',
  [OPTIONS]: 'options',
  7: 'query',
  9: 'prepare',
  10: 'execute',
  11: 'register',
  13: 'batch',
  [AUTH_RESPONSE]: 'auth_response',
};
/** From this version on, what follows the log-in is framed anew. */
const FRAMED = 5;
const MAX_LOGIN = 8 * 1024;
const MAX_BODY = 256 * 1024 * 1024;
const MAX_OPTIONS = 16;
const CQL_VERSION = word('CQL_VERSION');

class Session {
  version = 0;
  options = new Map<string, string>();
  authenticator: string | undefined;
  user: string | undefined;
  success: boolean | undefined;
  error: number | undefined;
  readonly requests = new Tally();
  isClosing = false;

  /** A map of texts: how many, then each name and value with its length in front. */
  startup(b: Uint8Array, at: number, end: number): void {
    let next = at + 2;
    for (let n = 0; n < MAX_OPTIONS && next + 2 <= end; n++) {
      const name = next + 2 + u16(b, next);
      if (name + 2 > end) return;
      const value = name + 2 + u16(b, name);
      if (value > end) return;
      this.options.set(shown(b, next + 2, name, 32), shown(b, name + 2, value, 64));
      next = value;
    }
  }

  /** PLAIN (RFC 4616): the name between two zeros; what stands behind it is never looked at. */
  proof(b: Uint8Array, at: number, end: number): void {
    if (end - at < 6 || b[at + 4] !== 0) return;
    const zero = find(b, 0, at + 5, end);
    if (zero > at + 5) this.user ??= shown(b, at + 5, zero);
  }
}

class CassandraStream implements StreamParser {
  readonly #session = new Session();
  readonly #skip: [number, number] = [0, 0];
  #isTold = false;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.#isTold && (direction === 1 || this.#session.version >= FRAMED)) return STREAM_DONE;
      let taken = Math.min(this.#skip[direction], end - next);
      if (taken > 0) this.#skip[direction] -= taken;
      else {
        if (end - next < HEADER) break;
        const length = u32(b, next + 5);
        if ((b[next] & 0x7f) < 3 || (b[next] & 0x7f) > 6 || b[next] >> 7 !== direction || length > MAX_BODY) {
          emit.anomaly('malformed_message');
          return STREAM_LOST;
        }
        const isRead = !this.#isTold && length <= MAX_LOGIN;
        taken = isRead ? HEADER + length : HEADER;
        if (end - next < taken) break;
        this.#message(b, next, next + taken, direction, emit);
        if (!isRead) this.#skip[direction] = length;
      }
      next += taken;
    }
    return next - at;
  }

  #message(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const session = this.#session;
    const kind = b[at + 4];
    const from = at + HEADER;
    if (direction === 0) {
      session.version = b[at] & 0x7f;
      session.requests.add(KINDS[kind] ?? 'other');
      if (kind === STARTUP) session.startup(b, from, end);
      else if (kind === AUTH_RESPONSE) session.proof(b, from, end);
      return;
    }
    if (kind === AUTHENTICATE && end - from >= 2)
      session.authenticator = shown(b, from + 2, Math.min(end, from + 2 + u16(b, from)));
    else if (kind === READY || kind === AUTH_SUCCESS) session.success = true;
    else if (kind === ERROR && end - from >= 4) {
      session.success = false;
      session.error = u32(b, from);
    }
    if (session.success !== undefined && !this.#isTold) {
      this.#isTold = true;
      emit.event(session);
    }
  }

  gap(direction: Direction, count: number): boolean {
    if (this.#skip[direction] < count) return false;
    this.#skip[direction] -= count;
    return true;
  }

  end(emit: Emit): void {
    const session = this.#session;
    if (session.requests.total === 0) return;
    session.isClosing = true;
    emit.event(session);
  }
}

const { text, number, flag } = describe<Session>('cassandra');
const free = (field: Field<Session>): Field<Session> => ({ ...field, isFree: true });

export const cassandra = {
  name: 'cassandra',
  about: "Cassandra's native protocol: log-ins, and requests counted by kind.",
  tcpPorts: [9042],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 1) return 'no';
    if (b[at] < 3 || b[at] > 6) return 'no';
    if (end - at < HEADER) return 'more';
    const kind = b[at + 4];
    const length = u32(b, at + 5);
    if (b[at + 1] > 0x1f || u16(b, at + 2) > 0x7fff) return 'no';
    if (kind === OPTIONS) return length === 0 ? 'yes' : 'no';
    if (kind !== STARTUP || length > MAX_LOGIN || length < 22) return 'no';
    if (end - at < HEADER + length) return 'more';
    for (let i = at + HEADER + 2; i + CQL_VERSION.length <= end && i < at + HEADER + 512; i++)
      if (startsWith(b, i, end, CQL_VERSION)) return 'yes';
    return 'no';
  },
  open: () => new CassandraStream(),
  fields: [
    text('record', 'login, or close for the counts at the end.', (m) => (m.isClosing ? 'close' : 'login')),
    number('version', 'Version of the protocol.', (m) => m.version),
    free(text('cql_version', 'Version of the language.', (m) => m.options.get('CQL_VERSION'))),
    free(text('driver.name', 'Driver that logs in.', (m) => m.options.get('DRIVER_NAME'))),
    free(text('driver.version', 'Its version.', (m) => m.options.get('DRIVER_VERSION'))),
    free(text('compression', 'Compression asked for.', (m) => m.options.get('COMPRESSION'))),
    free(text('authenticator', 'How the server wants the client to log in.', (m) => m.authenticator)),
    text('user', 'Who logs in.', (m) => m.user, { class: 'identifier' }),
    flag('success', 'The log-in was taken.', (m) => m.success),
    number('error_code', 'Why it was not.', (m) => m.error),
    text('requests[].name', 'Kind of request.', (m) => (m.isClosing ? m.requests.names : undefined)),
    number('requests[].count', 'How many there were.', (m) => (m.isClosing ? m.requests.counts : undefined), {
      class: 'flow',
    }),
  ] satisfies Field<Session>[],
  anomalies: { malformed_message: 'A message has a version, a direction or a length that it cannot have.' },
} as const satisfies Protocol<Session>;
