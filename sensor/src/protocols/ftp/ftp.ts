// FTP's control connection (RFC 959, 2228, 2428, 4217): each command with its replies, and the data flows it announces.
import { contains, shown, skipBlanks, threeDigits, wordEnd } from '../../bytes/line.ts';
import { find, latin1, lower, word } from '../../bytes/text.ts';
import { GO_ON, HAND_OVER, HOLD, type LineVerdict } from '../line-stream.ts';
import { type Direction, type Emit, type Protocol, STREAM_LOST, type Verdict } from '../protocol.ts';
import { StarttlsStream } from '../starttls-stream.ts';
import { Transfer } from './data.ts';
import { ftpFields, Transaction } from './fields.ts';
import { extendedPort, sixNumbersPort } from './port.ts';

const MAX_PIPELINED = 32;
/** Lines of the replies to one command that are kept. */
const MAX_REPLY_LINES = 16;
const MAX_REPLY = 256;
const MAX_DATA = 512;
/** Lines that are no command before the stream is given up. */
const MAX_UNKNOWN = 16;
/** Telnet's signs, which may stand before a command (RFC 959 §4.1.3). */
const TELNET = 0xf0;
const GREETING = 220;
const LATER = 120;
const LF = 0x0a;
const SPACE = 0x20;
const DASH = 0x2d;

/** What these say is a secret. */
const SECRET = new Set(['PASS', 'ACCT', 'ADAT', 'AUTH', 'MIC', 'CONF', 'ENC']);
const TRANSFERS = new Set(['RETR', 'STOR', 'STOU', 'APPE', 'LIST', 'NLST', 'MLSD']);
const COMMAND = /^[A-Z]{3,4}$/;

class FtpStream extends StarttlsStream {
  readonly #waiting: Transaction[] = [];
  #user: string | undefined;
  /** The data connection that was agreed upon last. */
  #transfer = new Transfer();
  #unknown = 0;
  #greeted = false;
  /** A reply of several lines goes on until a line begins with this code and a blank. */
  #until = -1;
  /** Replies of a command that was not seen, the greeting first. */
  #loose: Transaction | undefined;

  protected line(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): LineVerdict {
    if (direction === 1) return this.#reply(b, at, end, emit);
    return this.asked ? HOLD : this.#command(b, at, end, emit);
  }

  #command(b: Uint8Array, start: number, end: number, emit: Emit): LineVerdict {
    let at = start;
    while (at < end && b[at] >= TELNET) at++;
    const stop = wordEnd(b, at, end);
    const command = latin1(b, at, Math.min(stop, at + 5)).toUpperCase();
    if (!COMMAND.test(command)) {
      if (end > at) this.#unknown++;
      return this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    }
    const t = new Transaction();
    t.command = command;
    const from = skipBlanks(b, stop, end);
    if (command === 'USER') this.#user = shown(b, from, end, 128);
    if (from < end && (!SECRET.has(command) || (command === 'AUTH' && end - from <= 16)))
      // What a SITE command changes may be a password.
      t.data = shown(b, from, command === 'SITE' ? wordEnd(b, from, end) : end, MAX_DATA);
    t.user = this.#user;
    if (command === 'PORT') this.#active(t, sixNumbersPort(b, from, end), emit);
    else if (command === 'EPRT') this.#active(t, extendedPort(b, from, end), emit);
    else if (TRANSFERS.has(command)) {
      this.#transfer.command = command;
      this.#transfer.filename = t.data;
    } else if (command === 'AUTH') this.asked = true;
    // Replies that come late in the capture still find their commands.
    if (this.#waiting.length === MAX_PIPELINED) emit.event(this.#waiting.shift());
    this.#waiting.push(t);
    return GO_ON;
  }

  #active(t: Transaction, port: number, emit: Emit): void {
    if (port <= 0) return;
    t.mode = 'active';
    t.port = port;
    this.#announce(0, port, 'active', emit);
  }

  #announce(side: Direction, port: number, mode: Transfer['mode'], emit: Emit): void {
    this.#transfer = new Transfer();
    this.#transfer.mode = mode;
    emit.expect(side, port, 'ftp-data', this.#transfer);
  }

  #reply(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const code = threeDigits(b, at, end);
    const isGreeting = !this.#greeted && this.#until < 0 && (code === GREETING || code === LATER);
    this.#greeted ||= code >= 0;
    if (isGreeting) this.#loose = new Transaction();
    const t = this.#loose ?? this.#waiting[0] ?? (this.#loose = new Transaction());
    if (this.#until >= 0 && (code !== this.#until || b[at + 3] === DASH)) {
      this.#keep(t, b, code === this.#until ? at + 4 : at, end);
      return GO_ON;
    }
    if (code < 0) {
      emit.anomaly('invalid_reply');
      return ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    }
    if (this.#until < 0 && t.codes.length < MAX_REPLY_LINES) t.codes.push(latin1(b, at, at + 3));
    this.#keep(t, b, Math.min(end, at + 4), end);
    if (end - at > 3 && b[at + 3] === DASH) {
      this.#until = code;
      return GO_ON;
    }
    this.#until = -1;
    if (code < 200) return GO_ON;
    if (t.command === 'PASV' && code === 227) this.#passive(t, sixNumbersPort(b, at + 3, end), emit);
    else if (t.command === 'EPSV' && code === 229) this.#passive(t, extendedPort(b, at + 3, end), emit);
    if (t === this.#loose) this.#loose = undefined;
    else this.#waiting.shift();
    emit.event(t);
    if (t.command === 'AUTH') {
      this.asked = false;
      if (code === 234 || code === 334) {
        emit.upgrade();
        return HAND_OVER;
      }
    }
    return GO_ON;
  }

  #passive(t: Transaction, port: number, emit: Emit): void {
    if (port <= 0) return;
    t.mode = 'passive';
    t.port = port;
    this.#announce(1, port, 'passive', emit);
  }

  #keep(t: Transaction, b: Uint8Array, at: number, end: number): void {
    if (t.replies.length < MAX_REPLY_LINES) t.replies.push(shown(b, at, end, MAX_REPLY));
    else t.truncated = true;
  }

  override gap(direction: Direction, count: number): boolean {
    if (direction === 1) this.#until = -1;
    return super.gap(direction, count);
  }

  end(emit: Emit): void {
    if (this.#loose !== undefined) emit.event(this.#loose);
    this.#loose = undefined;
    for (const t of this.#waiting) emit.event(t);
    this.#waiting.length = 0;
  }
}

const FTP = word('ftp');
const MAIL = [word('smtp'), word('lmtp')];
const MAX_GREETING = 512;
/** What clients say first. A log-in alone could be a mailbox's: the greeting tells those apart. */
const FIRST_COMMANDS = ['user ', 'auth tls', 'auth ssl', 'feat\r\n', 'syst\r\n', 'opts utf8', 'host '].map(
  word,
);

export const ftp = {
  name: 'ftp',
  about: 'File Transfer Protocol: commands and replies.',
  tcpPorts: [21, 2121],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 0) {
      const first = lower(bytes[at]);
      for (const one of FIRST_COMMANDS) {
        if (one[0] !== first) continue;
        const length = Math.min(one.length, end - at);
        let n = 1;
        while (n < length && lower(bytes[at + n]) === one[n]) n++;
        if (n < length) continue;
        if (n < one.length) return 'more';
        return one[0] === 0x75 ? isLogIn(bytes, at + one.length, end) : 'yes';
      }
      return 'no';
    }
    for (let i = at; i < Math.min(end, at + 3); i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return 'no';
    if (end - at < 4) return 'more';
    const code = threeDigits(bytes, at, end);
    if (code !== 220 && code !== 120 && code !== 421) return 'no';
    if (bytes[at + 3] !== SPACE && bytes[at + 3] !== DASH) return 'no';
    const lf = find(bytes, LF, at, Math.min(end, at + MAX_GREETING));
    if (lf < 0) return end - at < MAX_GREETING ? 'more' : 'no';
    if (contains(bytes, at, lf, FTP)) return MAIL.some((one) => contains(bytes, at, lf, one)) ? 'no' : 'yes';
    return 'more'; // the client's first command will tell
  },
  open: () => new FtpStream(),
  fields: ftpFields,
  anomalies: { invalid_reply: 'A reply without a code.' },
} as const satisfies Protocol<Transaction>;

/** `USER name`, one word: IRC has four. */
function isLogIn(b: Uint8Array, at: number, end: number): Verdict {
  const lf = find(b, LF, at, end);
  if (lf < 0) return 'more';
  return wordEnd(b, at, lf) >= lf - 2 ? 'yes' : 'no';
}
