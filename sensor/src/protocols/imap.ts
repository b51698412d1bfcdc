// IMAP (RFC 9051, 3501): each command with its outcome. Literals, mails among them, are passed over unread.
import { decimal, isWord, shown, skipBlanks, wordEnd } from '../bytes/line.ts';
import { latin1, lower, word } from '../bytes/text.ts';
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
const MAX_TAG = 32;
const BRACE = 0x7d;
const OPEN_BRACE = 0x7b;
const PLUS = 0x2b;
const STAR = 0x2a;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;

class Transaction {
  tag = '';
  /** Absent for the greeting. */
  command: string | undefined;
  user: string | undefined;
  mechanism: string | undefined;
  mailbox: string | undefined;
  status: string | undefined;
  /** `[AUTHENTICATIONFAILED]` without its brackets and arguments. */
  code: string | undefined;
  text: string | undefined;
}

const TAG = /^[A-Za-z0-9.\-_]+$/;
const COMMANDS = new Set(
  (
    'CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN ENABLE SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE ' +
    'UNSUBSCRIBE LIST LSUB XLIST NAMESPACE STATUS APPEND IDLE CHECK CLOSE UNSELECT EXPUNGE SEARCH FETCH STORE COPY ' +
    'MOVE UID ID GETQUOTA GETQUOTAROOT SETQUOTA SORT THREAD GETACL SETACL MYRIGHTS COMPRESS NOTIFY GETMETADATA'
  ).split(' '),
);
const WITH_MAILBOX = new Set(['SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'STATUS', 'APPEND', 'SUBSCRIBE']);
const STATUSES = ['OK', 'NO', 'BAD', 'BYE', 'PREAUTH'].map((name) => ({
  name,
  bytes: word(name.toLowerCase()),
}));

class ImapStream extends StarttlsStream {
  readonly #waiting: Transaction[] = [];
  #user: string | undefined;
  #authenticating = false;
  /** The next line of this direction goes on with the one before a literal. */
  readonly #continued: [boolean, boolean] = [false, false];
  #unknown = 0;

  protected line(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): LineVerdict {
    if (direction === 0 && this.asked) return HOLD;
    const goesOn = this.#continued[direction];
    const literal = literalLength(b, at, end);
    this.#continued[direction] = literal >= 0;
    if (literal > 0) this.passing[direction] = literal;
    if (goesOn) return GO_ON;
    return direction === 0 ? this.#command(b, at, end, emit) : this.#reply(b, at, end, emit);
  }

  #command(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    if (this.#authenticating && this.serverSeen) return GO_ON;
    const stop = wordEnd(b, at, end);
    const tag = latin1(b, at, Math.min(stop, at + MAX_TAG));
    let from = skipBlanks(b, stop, end);
    let to = wordEnd(b, from, end);
    let command = latin1(b, from, Math.min(to, from + 16)).toUpperCase();
    if (!TAG.test(tag) || !COMMANDS.has(command)) {
      // DONE ends IDLE and has no tag.
      return end > at && ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    }
    const t = new Transaction();
    t.tag = tag;
    from = skipBlanks(b, to, end);
    to = wordEnd(b, from, end);
    if (command === 'UID') command += ` ${shown(b, from, to, 16).toUpperCase()}`;
    t.command = command;
    if (command === 'LOGIN') this.#user = word1(b, from, end);
    else if (command === 'AUTHENTICATE') {
      t.mechanism = shown(b, from, to, 32).toUpperCase();
      this.#authenticating = true;
    } else if (command === 'STARTTLS') this.asked = true;
    else if (WITH_MAILBOX.has(command)) t.mailbox = word1(b, from, end);
    t.user = this.#user;
    if (this.#waiting.length === MAX_PIPELINED) emit.event(this.#waiting.shift());
    this.#waiting.push(t);
    return GO_ON;
  }

  #reply(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const stop = wordEnd(b, at, end);
    if (b[at] === PLUS && stop - at === 1) return GO_ON;
    const from = skipBlanks(b, stop, end);
    const to = wordEnd(b, from, end);
    const status = STATUSES.find(({ bytes }) => isWord(b, from, to, bytes))?.name;
    const untagged = b[at] === STAR && stop - at === 1;
    if (untagged && (this.#greeted || status === undefined)) return GO_ON;
    if (status === undefined) return end > at && ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    this.#greeted = true;
    const tag = untagged ? '' : latin1(b, at, Math.min(stop, at + MAX_TAG));
    const index = untagged ? -1 : this.#waiting.findIndex((one) => one.tag === tag);
    const t = index < 0 ? new Transaction() : this.#waiting.splice(index, 1)[0];
    t.status = status;
    const text = skipBlanks(b, to, end);
    if (b[text] === OPEN_BRACKET && text < end)
      t.code = /^[A-Z0-9-]+/i.exec(shown(b, text + 1, end, 32))?.[0].toUpperCase();
    t.text = shown(b, text, end, 256);
    emit.event(t);
    if (t.command === 'AUTHENTICATE') this.#authenticating = false;
    if (t.command !== 'STARTTLS') return GO_ON;
    this.asked = false;
    if (status !== 'OK') return GO_ON;
    emit.upgrade();
    return HAND_OVER;
  }
  #greeted = false;

  override gap(direction: Direction, count: number): boolean {
    if (direction === 1) this.#authenticating = false;
    return super.gap(direction, count);
  }

  end(emit: Emit): void {
    for (const t of this.#waiting) emit.event(t);
    this.#waiting.length = 0;
  }
}

/** The number of `{n}` or `{n+}` at a line's end; -1 without one (RFC 9051 §4.3). */
function literalLength(b: Uint8Array, at: number, end: number): number {
  if (end <= at || b[end - 1] !== BRACE) return -1;
  let i = end - 2;
  if (i > at && b[i] === PLUS) i--;
  const last = i;
  while (i > at && b[i] >= 0x30 && b[i] <= 0x39) i--;
  return b[i] === OPEN_BRACE && i < last ? decimal(b, i + 1, last + 1) : -1;
}

/** The word at `at`, out of its quotes. */
function word1(b: Uint8Array, at: number, end: number): string | undefined {
  if (at >= end || b[at] === OPEN_BRACE) return undefined;
  if (b[at] !== QUOTE) return shown(b, at, wordEnd(b, at, end), 128);
  let i = at + 1;
  while (i < end && b[i] !== QUOTE) i++;
  return shown(b, at + 1, i, 128);
}

const GREETINGS = ['* ok ', '* preauth ', '* bye '].map(word);
const FIRST_COMMANDS = ['capability', 'login ', 'starttls', 'authenticate ', 'id '].map(word);

const field = (
  name: string,
  fieldClass: Field['class'],
  about: string,
  read: (t: Transaction) => Value,
): Field<Transaction> => ({ name: `imap.${name}`, type: 'string', class: fieldClass, about, read });

export const imap = {
  name: 'imap',
  about: 'Internet Message Access Protocol: commands and their outcome.',
  tcpPorts: [143, 993],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 1) {
      if (bytes[at] !== STAR) return 'no';
      return begins(bytes, at, end, GREETINGS);
    }
    // A tag, a blank, and a command that is said before any log-in.
    let i = at;
    while (i < end && i - at <= MAX_TAG && isTagByte(bytes[i])) i++;
    if (i === end) return i - at < MAX_TAG ? 'more' : 'no';
    return i === at || bytes[i] !== 0x20 ? 'no' : begins(bytes, i + 1, end, FIRST_COMMANDS);
  },
  open: () => new ImapStream(),
  fields: [
    field('command', 'protocol', 'Command of the client.', (t) => t.command),
    field('user', 'identifier', 'Who logs in.', (t) => t.user),
    field('auth_mechanism', 'protocol', 'How the client logs in (SASL mechanism).', (t) => t.mechanism),
    field('mailbox', 'content', 'Mailbox that the command names.', (t) => t.mailbox),
    field('status', 'protocol', 'Outcome: OK, NO or BAD.', (t) => t.status),
    field('response_code', 'protocol', 'Machine-readable reason that the server gives.', (t) => t.code),
    field('response_text', 'content', 'Text of the outcome.', (t) => t.text),
  ],
  anomalies: {},
} as const satisfies Protocol<Transaction>;

const isTagByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (lower(byte) >= 0x61 && lower(byte) <= 0x7a) || byte === 0x2e;

function begins(b: Uint8Array, at: number, end: number, words: readonly Uint8Array[]): Verdict {
  for (const one of words) {
    const length = Math.min(one.length, end - at);
    let n = 0;
    while (n < length && lower(b[at + n]) === one[n]) n++;
    if (n === one.length) return 'yes';
    if (n === length) return 'more';
  }
  return 'no';
}
