// Microsoft SQL Server (MS-TDS): the log-in, as far as it is in clear, and how it ended. No statement is read.
import { u16, u16le, u32, u32le } from '../bytes/read.ts';
import { utf16le } from '../bytes/windows.ts';
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

/** Packets (§2.2.3): type, status, length, process, number, window; then the message or a part of it. */
const HEADER = 8;
const RESPONSE = 0x04;
const LOGIN7 = 0x10;
const PRELOGIN = 0x12;
/** Longest packet of a log-in. */
const MAX_PACKET = 8 * 1024;

/** Options of PRELOGIN (§2.2.6.5), and tokens of a response (§2.2.7). */
const VERSION = 0;
const ENCRYPTION = 1;
const END_OF_OPTIONS = 0xff;
const MAX_OPTIONS = 16;
const ERROR_TOKEN = 0xaa;
const LOGIN_ACK = 0xad;
const SIZED_TOKENS = new Set([ERROR_TOKEN, 0xab, LOGIN_ACK, 0xe3, 0xed]);
const MAX_TOKENS = 64;

const ENCRYPTIONS = ['off', 'on', 'not_supported', 'required'];
/** Where the offsets and lengths of LOGIN7's texts stand (§2.2.6.4); the password's is never looked at. */
const TEXTS = {
  host: 36,
  user: 40,
  application: 48,
  server: 52,
  clientLibrary: 60,
  language: 64,
  database: 68,
};
const LOGIN7_FIXED = 94;
const MAX_TEXT = 128;

class Login {
  clientVersion: string | undefined;
  serverVersion: string | undefined;
  encryption: string | undefined;
  tdsVersion: string | undefined;
  texts: Partial<Record<keyof typeof TEXTS, string>> = {};
  success: boolean | undefined;
  error: number | undefined;

  /** @returns the encryption it names; -1 for none */
  prelogin(b: Uint8Array, at: number, end: number, direction: Direction): number {
    let encryption = -1;
    for (let n = 0, i = at; n < MAX_OPTIONS && i + 5 <= end && b[i] !== END_OF_OPTIONS; n++, i += 5) {
      const from = at + u16(b, i + 1);
      if (from + u16(b, i + 3) > end) continue;
      if (b[i] === VERSION && u16(b, i + 3) >= 4) {
        const version = `${b[from]}.${b[from + 1]}.${u16(b, from + 2)}`;
        if (direction === 0) this.clientVersion = version;
        else this.serverVersion = version;
      } else if (b[i] === ENCRYPTION && u16(b, i + 3) >= 1) encryption = b[from];
    }
    if (direction === 1 && encryption >= 0) this.encryption = ENCRYPTIONS[encryption] ?? String(encryption);
    return encryption;
  }

  login(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < LOGIN7_FIXED) return false;
    const version = u32le(b, at + 4);
    this.tdsVersion = `${(version >>> 28) & 15}.${(version >>> 24) & 15}`;
    for (const [name, place] of Object.entries(TEXTS) as [keyof typeof TEXTS, number][]) {
      const from = at + u16le(b, at + place);
      const to = from + 2 * u16le(b, at + place + 2);
      if (to > from && to <= end) this.texts[name] = utf16le(b, from, to, MAX_TEXT);
    }
    return true;
  }

  /** @returns true when the answer says how the log-in ended */
  answer(b: Uint8Array, at: number, end: number): boolean {
    let next = at;
    for (let n = 0; n < MAX_TOKENS && next + 3 <= end && SIZED_TOKENS.has(b[next]); n++) {
      const to = next + 3 + u16le(b, next + 1);
      if (to > end) break;
      if (b[next] === LOGIN_ACK) this.success = true;
      else if (b[next] === ERROR_TOKEN && to - next >= 7) {
        this.error ??= u32le(b, next + 3);
        this.success ??= false;
      }
      next = to;
    }
    return this.success !== undefined;
  }
}

class TdsStream implements StreamParser {
  readonly #login = new Login();
  #hasLogin = false;
  #isTold = false;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole packet of at least HEADER bytes.
    while (end - next >= HEADER) {
      if (this.#isTold) return STREAM_DONE;
      const length = u16(b, next + 2);
      if (length < HEADER || length > MAX_PACKET) return STREAM_LOST;
      if (end - next < length) break;
      this.#packet(b[next], b, next + HEADER, next + length, direction, emit);
      next += length;
    }
    return this.#isTold ? STREAM_DONE : next - at;
  }

  #packet(type: number, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const login = this.#login;
    if (type === PRELOGIN && direction === 0 && !this.#hasLogin) login.prelogin(b, at, end, 0);
    else if (type === LOGIN7 && direction === 0) {
      this.#hasLogin = true;
      if (!login.login(b, at, end)) emit.anomaly('malformed_login');
    } else if (type === RESPONSE && direction === 1) {
      if (this.#hasLogin) {
        if (login.answer(b, at, end)) this.#tell(emit);
        return;
      }
      const encryption = login.prelogin(b, at, end, 1);
      // What follows is TLS inside packets of this kind: the log-in is not to be seen.
      if (encryption >= 0 && encryption !== 2) this.#tell(emit);
    }
  }

  #tell(emit: Emit): void {
    this.#isTold = true;
    emit.event(this.#login);
  }

  end(emit: Emit): void {
    if (!this.#isTold && (this.#hasLogin || this.#login.clientVersion !== undefined)) this.#tell(emit);
  }
}

const { text, number, flag } = describe<Login>('tds');

export const tds = {
  name: 'tds',
  about: 'Microsoft SQL Server, the log-in.',
  tcpPorts: [1433],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 1) return 'no';
    if (end - at < 13) return end - at < 1 || b[at] === PRELOGIN || b[at] === LOGIN7 ? 'more' : 'no';
    const length = u16(b, at + 2);
    if (b[at + 1] > 1 || b[at + 7] !== 0 || length > MAX_PACKET) return 'no';
    // The first option is the version, of six bytes, behind the list of options.
    if (b[at] === PRELOGIN)
      return b[at + 8] === VERSION && u16(b, at + 11) === 6 && length > 20 ? 'yes' : 'no';
    // A message as long as its packet, of a version 7.
    if (b[at] !== LOGIN7 || length < HEADER + LOGIN7_FIXED - 8) return 'no';
    if (end - at < 16) return 'more';
    return u32le(b, at + 8) === length - HEADER && b[at + 15] >> 4 === 7 && u32(b, at + 12) !== 0
      ? 'yes'
      : 'no';
  },
  open: () => new TdsStream(),
  fields: [
    text('client_version', "Version of the client's library.", (m) => m.clientVersion),
    text('server_version', 'Version of the server.', (m) => m.serverVersion),
    text(
      'encryption',
      'What the server says of TLS: off is for the log-in alone, on and required for all.',
      (m) => m.encryption,
    ),
    text('tds_version', 'Version of the protocol.', (m) => m.tdsVersion),
    text('host', 'Machine that logs in.', (m) => m.texts.host, { class: 'identifier' }),
    text('user', 'Who logs in.', (m) => m.texts.user, { class: 'identifier' }),
    { ...text('application', 'Program that logs in.', (m) => m.texts.application), isFree: true },
    text('server', 'Server as the client calls it.', (m) => m.texts.server, { class: 'name' }),
    {
      ...text('client_library', 'Library that the program uses.', (m) => m.texts.clientLibrary),
      isFree: true,
    },
    { ...text('language', 'Language asked for.', (m) => m.texts.language), isFree: true },
    text('database', 'Database asked for.', (m) => m.texts.database, { class: 'content' }),
    flag('success', 'The log-in was taken.', (m) => m.success),
    number('error_code', 'Why it was not.', (m) => m.error),
  ] satisfies Field<Login>[],
  anomalies: { malformed_login: 'A log-in is shorter than its fixed part.' },
} as const satisfies Protocol<Login>;
