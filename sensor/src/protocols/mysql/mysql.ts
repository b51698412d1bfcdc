// MySQL and MariaDB: who logs in to what, with which program and which outcome. Afterwards commands are counted, no SQL is read.
import { u16le } from '../../bytes/read.ts';
import { describe } from '../describe.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { COMPRESS, Login, ZSTD } from './login.ts';
import { PACKET_HEADER, packetLength, packetNumber } from './packet.ts';

/** Longest packet of a log-in that is read; certificates and tickets stay far below it. */
const MAX_LOGIN_PACKET = 16 * 1024;
/** Packets of one log-in: methods may ask several times. */
const MAX_LOGIN_PACKETS = 32;
const MAX_GREETING = 512;
const GREETING = 10;
const ERROR = 0xff;
/** What a server says instead of greeting: too many connections, host blocked, host not allowed, user's limit. */
const TURNED_AWAY = new Set([1040, 1129, 1130, 1203]);

/** Protocol::Command, by their codes. */
const COMMANDS = [
  ...['sleep', 'quit', 'init_db', 'query', 'field_list', 'create_db', 'drop_db', 'refresh', 'shutdown'],
  ...['statistics', 'process_info', 'connect', 'process_kill', 'debug', 'ping', 'time', 'delayed_insert'],
  ...['change_user', 'binlog_dump', 'table_dump', 'connect_out', 'register_slave', 'stmt_prepare'],
  ...['stmt_execute', 'stmt_send_long_data', 'stmt_close', 'stmt_reset', 'set_option', 'stmt_fetch'],
  ...['daemon', 'binlog_dump_gtid', 'reset_connection', 'clone'],
];

class MysqlStream implements StreamParser {
  readonly #login = new Login();
  #packets = 0;
  #hasAnswered = false;
  #isTold = false;
  /** Bytes of a command that are passed over. */
  #skip = 0;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      const taken = this.#isTold
        ? this.#command(b, next, end, direction)
        : this.#logIn(b, next, end, direction, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
      if (this.#login.tls) break;
    }
    return next - at;
  }

  #logIn(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (end - at < PACKET_HEADER) return 0;
    const length = packetLength(b, at);
    if (length === 0 || length > MAX_LOGIN_PACKET || ++this.#packets > MAX_LOGIN_PACKETS)
      return this.#lost(emit);
    const from = at + PACKET_HEADER;
    const to = from + length;
    if (end < to) {
      this.#packets--;
      return 0;
    }
    const login = this.#login;
    const isGreeting = login.protocolVersion === undefined;
    // The answer waits for what it answers, whatever came first.
    if (isGreeting && direction === 0) {
      this.#packets--;
      return 0;
    }
    if (isGreeting) {
      if (b[from] === ERROR) login.error(b, from, to);
      else if (!login.greeting(b, from, to)) return this.#lost(emit);
    } else if (direction === 0) {
      if (!this.#hasAnswered && !login.answer(b, from, to)) return this.#lost(emit);
      this.#hasAnswered = true;
    } else if (this.#hasAnswered) login.verdict(b, from, to);
    if (login.tls) {
      this.#tell(emit);
      emit.upgrade();
    } else if (login.isOver) this.#tell(emit);
    return to - at;
  }

  /** What the server answers to commands is nobody's business; of a command only its first byte is read. */
  #command(b: Uint8Array, at: number, end: number, direction: Direction): number {
    const login = this.#login;
    if (direction === 1 || login.success !== true || (login.capabilities & (COMPRESS | ZSTD)) !== 0)
      return STREAM_DONE;
    if (this.#skip > 0) {
      const taken = Math.min(this.#skip, end - at);
      this.#skip -= taken;
      return taken;
    }
    if (end - at < PACKET_HEADER) return 0;
    const length = packetLength(b, at);
    // Number 0 begins an exchange; higher ones go on with it.
    if (packetNumber(b, at) !== 0 || length === 0) {
      this.#skip = length;
      return PACKET_HEADER;
    }
    if (end - at === PACKET_HEADER) return 0;
    login.commands.add(COMMANDS[b[at + PACKET_HEADER]] ?? 'unknown');
    this.#skip = length - 1;
    return PACKET_HEADER + 1;
  }

  #tell(emit: Emit): void {
    this.#isTold = true;
    emit.event(this.#login);
  }

  #lost(emit: Emit): number {
    emit.anomaly('malformed_login');
    return STREAM_LOST;
  }

  gap(_: Direction, count: number): boolean {
    if (!this.#isTold || this.#skip < count) return false;
    this.#skip -= count;
    return true;
  }

  end(emit: Emit): void {
    const login = this.#login;
    if (!this.#isTold && login.protocolVersion !== undefined) this.#tell(emit);
    else if (login.commands.total > 0) {
      login.isClosing = true;
      emit.event(login);
    }
  }
}

const { text, number, flag } = describe<Login>('mysql');

export const mysql = {
  name: 'mysql',
  about: 'MySQL and MariaDB: log-ins, and how many commands of which kind followed.',
  tcpPorts: [3306],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 0) return 'no';
    if (end - at < PACKET_HEADER + 3) return end - at < PACKET_HEADER || b[at + 3] === 0 ? 'more' : 'no';
    const length = packetLength(b, at);
    const from = at + PACKET_HEADER;
    if (packetNumber(b, at) !== 0 || length > MAX_GREETING || length < 9) return 'no';
    if (b[from] === ERROR) return TURNED_AWAY.has(u16le(b, from + 1)) ? 'yes' : 'no';
    // A version begins with a digit and goes on in what can be printed.
    if (b[from] !== GREETING || b[from + 1] < 0x30 || b[from + 1] > 0x39 || length < 40) return 'no';
    for (let i = from + 2; i < end && i < from + 100; i++) {
      if (b[i] === 0) return i - from > 3 ? 'yes' : 'no';
      if (b[i] < 0x20 || b[i] > 0x7e) return 'no';
    }
    return end - from < 100 ? 'more' : 'no';
  },
  open: () => new MysqlStream(),
  fields: [
    text('record', 'login, or close for the counts at the end.', (m) => (m.isClosing ? 'close' : 'login')),
    { ...text('version', 'Version that the server says it is.', (m) => m.version), isFree: true },
    number('protocol_version', 'Version of the protocol.', (m) => m.protocolVersion),
    number('thread_id', 'Number that the server gives the connection.', (m) => m.threadId),
    flag('tls', 'The client goes over to TLS.', (m) => m.tls),
    text('user', 'Who logs in.', (m) => m.user, { class: 'identifier', aliases: ['arg'] }),
    text('database', 'Database asked for.', (m) => m.database, { class: 'content' }),
    { ...text('auth_plugin', 'Method by which the client proves who it is.', (m) => m.plugin), isFree: true },
    text('client_attributes[].name', 'What is told of the program that logs in.', (m) =>
      m.attributes.length === 0 ? undefined : m.attributes.map(([name]) => name),
    ),
    text('client_attributes[].value', 'What it says.', (m) =>
      m.attributes.length === 0 ? undefined : m.attributes.map(([, value]) => value),
    ),
    flag('success', 'The log-in was taken.', (m) => m.success, { aliases: ['success'] }),
    number('error_code', 'Why it was not.', (m) => m.errorCode),
    text('sql_state', 'The same as SQLSTATE.', (m) => m.sqlState),
    text('commands[].name', 'Kind of command.', (m) => m.commands.names, { aliases: ['cmd'] }),
    number('commands[].count', 'How many there were.', (m) => m.commands.counts, { class: 'flow' }),
  ] satisfies Field<Login>[],
  anomalies: { malformed_login: 'A message of the log-in does not have the parts it must have.' },
} as const satisfies Protocol<Login>;
