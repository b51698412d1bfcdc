// PostgreSQL (protocol 3): start, TLS, who logs in and how, errors by their codes. Queries are counted, no SQL is read.
import { shown } from '../../bytes/line.ts';
import { u16, u32 } from '../../bytes/read.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { Tally } from '../tally.ts';
import { pgsqlFields } from './fields.ts';
import { Transaction, until } from './transaction.ts';

/** Requests without a type: a length and a code (§55.2). */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const MAX_START = 10_000;
/** Of a longer message nothing is read. */
const MAX_READ = 32 * 1024;
const HEADER = 5;

const code = (letter: string): number => letter.charCodeAt(0);
const AUTHENTICATION = code('R');
const PARAMETER_STATUS = code('S');
const KEY_DATA = code('K');
const READY = code('Z');
const ERROR = code('E');
const PASSWORD = code('p');
const TERMINATE = code('X');

/** Messages of a server (§55.7). */
const OF_SERVER = new Set([...'RSKZENTDCI123nsAGHWdctVv'].map(code));
/** Messages of a client that ask for something. */
const COMMANDS: Readonly<Record<number, string>> = {
  [code('Q')]: 'query',
  [code('P')]: 'parse',
  [code('B')]: 'bind',
  [code('E')]: 'execute',
  [code('D')]: 'describe',
  [code('C')]: 'close',
  [code('S')]: 'sync',
  [code('H')]: 'flush',
  [code('F')]: 'function_call',
  [code('d')]: 'copy_data',
  [code('c')]: 'copy_done',
  [code('f')]: 'copy_fail',
};

/** What a server asks for (§55.7, Authentication…), in Suricata's words. */
const METHODS: Readonly<Record<number, string>> = {
  0: 'authentication_ok',
  2: 'authentication_kerberos',
  3: 'authentication_cleartext_password',
  5: 'authentication_md5_password',
  7: 'authentication_gss',
  8: 'authentication_gss_continue',
  9: 'authentication_sspi',
  10: 'authentication_sasl',
  11: 'authentication_sasl_continue',
  12: 'authentication_sasl_final',
};
const MECHANISMS: Readonly<Record<string, string>> = {
  'SCRAM-SHA-256': 'scram_SHA256',
  'SCRAM-SHA-256-PLUS': 'scram_SHA256_plus',
};

class PgsqlStream implements StreamParser {
  #transactions = 0;
  #current: Transaction | undefined;
  #hasStarted = false;
  /** The server may answer with one byte, yes or no. */
  #isAsking = false;
  #wantsSasl = false;
  #isReady = false;
  readonly #commands = new Tally();
  readonly #skip: [number, number] = [0, 0];

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      let taken = Math.min(this.#skip[direction], end - next);
      if (taken > 0) this.#skip[direction] -= taken;
      else if (direction === 0 && !this.#hasStarted) taken = this.#start(b, next, end, emit);
      else if (direction === 1 && this.#isAsking) {
        const isAccepted = b[next] === code('S') || b[next] === code('G');
        this.#answer(b[next], emit);
        if (isAccepted) {
          emit.upgrade();
          return next + 1 - at;
        }
        taken = 1;
      } else if (direction === 1 && this.#transactions === 0) return next - at;
      else taken = this.#message(b, next, end, direction, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  /** A request without a type. */
  #start(b: Uint8Array, at: number, end: number, emit: Emit): number {
    if (end - at < 8) return 0;
    // A second request waits until the server answered the first.
    if (this.#isAsking) return 0;
    const length = u32(b, at);
    const asked = u32(b, at + 4);
    if (length < 8 || length > MAX_START) return this.#lost(emit);
    if (end - at < length) return 0;
    const t = this.#open(emit);
    if (asked === SSL_REQUEST || asked === GSS_REQUEST) {
      t.request = asked === SSL_REQUEST ? 'SSL Request' : 'GSS Encryption Request';
      this.#isAsking = true;
    } else if (asked === CANCEL_REQUEST) {
      t.request = 'cancel_request';
      if (length >= 12) t.processId = u32(b, at + 8);
      this.#close(emit);
      return STREAM_DONE;
    } else if (u16(b, at + 4) === 3) {
      t.start(b, at + 4, at + length);
      this.#hasStarted = true;
    } else return this.#lost(emit);
    return length;
  }

  /** One byte for a request of encryption: S or G yes, N no. */
  #answer(byte: number, emit: Emit): void {
    this.#isAsking = false;
    const t = this.#current ?? this.#open(emit);
    t.sslAccepted = byte === code('S') || byte === code('G');
    this.#close(emit);
  }

  #message(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (end - at < HEADER) return 0;
    const type = b[at];
    const length = u32(b, at + 1);
    if (length < 4 || (direction === 1 && !OF_SERVER.has(type))) return this.#lost(emit);
    const isRead =
      direction === 1
        ? type === ERROR || (!this.#isReady && type !== code('T') && type !== code('D'))
        : type === PASSWORD && !this.#isReady;
    if (!isRead || length > MAX_READ) {
      if (direction === 0) this.#ask(type, emit);
      else if (type === READY) this.#ready(emit);
      this.#skip[direction] = length - 4;
      return HEADER;
    }
    if (end - at < 1 + length) return 0;
    const from = at + HEADER;
    const to = at + 1 + length;
    if (direction === 0) this.#prove(b, from, to, emit);
    else this.#tell(type, b, from, to, emit);
    return 1 + length;
  }

  /** A client's message that is not read further. */
  #ask(type: number, emit: Emit): void {
    if (type === TERMINATE) {
      const t = this.#open(emit);
      t.request = 'termination_message';
      t.commands = this.#commands;
      this.#close(emit);
      return;
    }
    this.#commands.add(COMMANDS[type] ?? 'unknown');
    if (type === code('Q')) this.#open(emit);
  }

  /** A password, or a step of SASL or GSS: never read beyond the method's name. */
  #prove(b: Uint8Array, at: number, end: number, emit: Emit): void {
    const t = this.#open(emit);
    if (this.#wantsSasl) {
      const name = shown(b, at, until(b, at, end), 32);
      t.mechanism = MECHANISMS[name];
      this.#wantsSasl = false;
    }
    t.request = 'authentication';
  }

  #tell(type: number, b: Uint8Array, at: number, end: number, emit: Emit): void {
    const t = this.#current ?? this.#open(emit);
    t.hasAnswer = true;
    if (type === AUTHENTICATION && end - at >= 4) {
      const method = u32(b, at);
      t.auth = METHODS[method] ?? 'authentication_unknown';
      this.#wantsSasl = method === 10;
      // Everything but consent and SASL's last word waits for the client.
      if (method !== 0 && method !== 12) this.#close(emit);
    } else if (type === PARAMETER_STATUS) t.parameter(b, at, end);
    else if (type === KEY_DATA && end - at >= 4) t.processId = u32(b, at);
    else if (type === ERROR) {
      t.error(b, at, end);
      this.#close(emit);
    } else if (type === READY) this.#ready(emit);
  }

  #ready(emit: Emit): void {
    if (!this.#isReady) this.#close(emit);
    this.#isReady = true;
    // What went well says nothing.
    this.#current = undefined;
  }

  #open(emit: Emit): Transaction {
    if (this.#current !== undefined && !this.#isReady) this.#close(emit);
    this.#current = new Transaction(++this.#transactions);
    return this.#current;
  }

  #close(emit: Emit): void {
    const t = this.#current;
    this.#current = undefined;
    if (t !== undefined) emit.event(t);
  }

  #lost(emit: Emit): number {
    emit.anomaly('malformed_message');
    return STREAM_LOST;
  }

  gap(direction: Direction, count: number): boolean {
    if (this.#skip[direction] < count) return false;
    this.#skip[direction] -= count;
    return true;
  }

  end(emit: Emit): void {
    if (!this.#isReady) this.#close(emit);
  }
}

export const pgsql = {
  name: 'pgsql',
  about: 'PostgreSQL: start, log-in and errors; queries are counted.',
  tcpPorts: [5432],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 1) return 'no';
    if (end - at < 8) return end - at < 2 || u16(b, at) === 0 ? 'more' : 'no';
    const length = u32(b, at);
    const asked = u32(b, at + 4);
    if (asked === SSL_REQUEST || asked === GSS_REQUEST) return length === 8 ? 'yes' : 'no';
    if (asked === CANCEL_REQUEST) return length >= 16 && length <= 272 ? 'yes' : 'no';
    if (u16(b, at + 4) !== 3 || length < 10 || length > MAX_START) return 'no';
    if (end - at < 10) return 'more';
    // The name of a parameter.
    return b[at + 8] >= 0x5f && b[at + 8] <= 0x7a && b[at + 9] >= 0x5f && b[at + 9] <= 0x7a ? 'yes' : 'no';
  },
  open: () => new PgsqlStream(),
  fields: pgsqlFields,
  anomalies: { malformed_message: 'A message has a type or a length that it cannot have.' },
} as const satisfies Protocol<Transaction>;
