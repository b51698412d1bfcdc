// POP3 (RFC 1939, 2595): each command with the server's answer, as EVE `pop3` records. Mails are passed over unread.
import { isWord, shown, skipBlanks, wordEnd } from '../bytes/line.ts';
import { find, latin1, sameWord, word } from '../bytes/text.ts';
import { GO_ON, HAND_OVER, HOLD, type LineVerdict } from './line-stream.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type Value,
  type Verdict,
} from './protocol.ts';
import { StarttlsStream } from './starttls-stream.ts';

const MAX_PIPELINED = 64;
const MAX_UNKNOWN = 16;
const MAX_ARGUMENTS = 4;
const DOT = 0x2e;
const LF = 0x0a;
const CR = 0x0d;

class Transaction {
  /** Absent for the greeting. */
  command: string | undefined;
  args: string[] | undefined;
  user: string | undefined;
  success: boolean | undefined;
  header: string | undefined;
}

const COMMAND = /^[A-Z]{3,5}$/;
/** What these say is a secret, or made of one. */
const SECRET = new Set(['PASS', 'APOP', 'AUTH']);
const OK = word('+ok');
const ERR = word('-err');
const PLUS = 0x2b;

class Pop3Stream extends StarttlsStream {
  readonly #waiting: Transaction[] = [];
  #user: string | undefined;
  /** The client's next lines are a log-in's. */
  #authenticating = false;
  /** The server's next lines are a list or a mail, until one dot alone. */
  #listing = false;
  #unknown = 0;

  protected line(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): LineVerdict {
    if (direction === 1) return this.#reply(b, at, end, emit);
    if (this.asked) return HOLD;
    if (this.#authenticating && this.serverSeen) return GO_ON;
    return this.#command(b, at, end, emit);
  }

  #command(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const stop = wordEnd(b, at, end);
    const command = latin1(b, at, Math.min(stop, at + 6)).toUpperCase();
    if (!COMMAND.test(command)) return end > at && ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    const t = new Transaction();
    t.command = command;
    let from = skipBlanks(b, stop, end);
    if (command === 'USER') this.#user = shown(b, from, end, 128);
    else if (command === 'APOP') this.#user = shown(b, from, wordEnd(b, from, end), 128);
    t.user = this.#user;
    if (command === 'AUTH' && from < end) t.args = [shown(b, from, wordEnd(b, from, end), 32)];
    if (!SECRET.has(command)) {
      const args: string[] = [];
      while (from < end && args.length < MAX_ARGUMENTS) {
        const to = wordEnd(b, from, end);
        args.push(shown(b, from, to, 128));
        from = skipBlanks(b, to, end);
      }
      if (args.length > 0) t.args = args;
    }
    if (command === 'AUTH') this.#authenticating = true;
    else if (command === 'STLS') this.asked = true;
    if (this.#waiting.length === MAX_PIPELINED) emit.event(this.#waiting.shift());
    this.#waiting.push(t);
    return GO_ON;
  }

  #reply(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    if (this.#listing) {
      if (end - at === 1 && b[at] === DOT) this.#listing = false;
      return GO_ON;
    }
    const stop = wordEnd(b, at, end);
    const isOk = isWord(b, at, stop, OK);
    if (!isOk && !isWord(b, at, stop, ERR)) {
      if (b[at] === PLUS && stop - at === 1) return GO_ON; // a log-in goes on
      emit.anomaly('invalid_reply');
      return ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    }
    const t = this.#waiting.shift() ?? new Transaction();
    t.success = isOk;
    t.header = shown(b, skipBlanks(b, stop, end), end, 256) || undefined;
    emit.event(t);
    this.#listing = isOk && isLong(t);
    if (t.command === 'AUTH') this.#authenticating = false;
    if (t.command !== 'STLS') return GO_ON;
    this.asked = false;
    if (!isOk) return GO_ON;
    emit.upgrade();
    return HAND_OVER;
  }

  override gap(direction: Direction, count: number): boolean {
    if (direction === 1) this.#authenticating = false;
    return super.gap(direction, count);
  }

  end(emit: Emit): void {
    for (const t of this.#waiting) emit.event(t);
    this.#waiting.length = 0;
  }
}

/** Its answer has several lines (RFC 1939 §5, RFC 2449 §5). */
function isLong({ command, args }: Transaction): boolean {
  if (command === 'RETR' || command === 'TOP' || command === 'CAPA') return true;
  return (command === 'LIST' || command === 'UIDL' || command === 'AUTH') && args === undefined;
}

const field = (
  name: string,
  fieldClass: Field['class'],
  about: string,
  read: (t: Transaction) => Value,
  type: Field['type'] = 'string',
): Field<Transaction> => ({ name: `pop3.${name}`, type, class: fieldClass, about, read });

/** Clients' first words that no other protocol of this kind has. */
const FIRST_COMMANDS = ['capa\r\n', 'stls\r\n', 'apop '].map(word);

export const pop3 = {
  name: 'pop3',
  about: 'Post Office Protocol, version 3: commands and answers.',
  tcpPorts: [110, 995],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 1) {
      if (bytes[at] !== PLUS) return 'no';
      if (end - at < 4) return 'more';
      if (!sameWord(bytes, at, OK) || (bytes[at + 3] !== 0x20 && bytes[at + 3] !== CR)) return 'no';
      // Redis says +OK too, and nothing behind it.
      return find(bytes, LF, at, end) < 0 ? 'more' : bytes[at + 3] === CR ? 'more' : 'yes';
    }
    for (const one of FIRST_COMMANDS) {
      const length = Math.min(one.length, end - at);
      let n = 0;
      while (n < length && (bytes[at + n] | 0x20) === (one[n] | 0x20)) n++;
      if (n === one.length) return 'yes';
      if (n === length) return 'more';
    }
    return 'no';
  },
  open: () => new Pop3Stream(),
  fields: [
    field('request.command', 'protocol', 'Command of the client.', (t) => t.command),
    field('request.args', 'content', 'What stands behind it; never a password.', (t) => t.args),
    field('user', 'identifier', 'Who logs in.', (t) => t.user),
    field('response.success', 'protocol', 'The server said +OK.', (t) => t.success, 'boolean'),
    field('response.status', 'protocol', 'OK or ERR.', (t) =>
      t.success === undefined ? undefined : t.success ? 'OK' : 'ERR',
    ),
    field('response.header', 'content', 'Text behind it.', (t) => t.header),
  ],
  anomalies: { invalid_reply: 'An answer that is neither +OK nor -ERR.' },
} as const satisfies Protocol<Transaction>;
