// SMTP and LMTP (RFC 5321, 2033): each mail's envelope and outcome. Bodies are counted, never kept; log-ins are not read.
import { contains, decimal, isWord, shown, skipBlanks, threeDigits, wordEnd } from '../../bytes/line.ts';
import { find, lower, sameWord, word } from '../../bytes/text.ts';
import { GO_ON, HAND_OVER, HOLD, LineStream, type LineVerdict } from '../line-stream.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type Verdict,
} from '../protocol.ts';
import { HEADERS, smtpFields, Transaction } from './fields.ts';

/** Recipients of one mail that are kept; the others are counted. */
const MAX_RECIPIENTS = 100;
const MAX_ADDRESS = 320;
const MAX_HEADER_VALUE = 512;
/** Lines of a mail's header that are read. */
const MAX_HEADER_LINES = 256;
/** Commands whose replies are awaited. */
const MAX_PIPELINED = 128;
/** Lines that are no command before the stream is given up. */
const MAX_UNKNOWN = 16;
const TLS_HANDSHAKE = 0x16;
const DOT = 0x2e;
const SPACE = 0x20;
const TAB = 0x09;
const DASH = 0x2d;
const LF = 0x0a;

const COMMANDS = [
  'ehlo',
  'helo',
  'lhlo',
  'mail',
  'rcpt',
  'data',
  'bdat',
  'rset',
  'quit',
  'noop',
  'vrfy',
  'expn',
  'help',
  'auth',
  'starttls',
  'xforward',
  'xclient',
  'etrn',
  'turn',
  'send',
  'soml',
  'saml',
  'burl',
] as const;
type Command = (typeof COMMANDS)[number] | 'dot' | 'other';
const WORDS = COMMANDS.map((name) => ({ name, bytes: word(name) }));
const HEADER_WORDS = HEADERS.map((name) => ({ name, bytes: word(name + ':') }));
const FROM = word('from:');
const TO = word('to:');
const LAST = word('last');

function commandAt(b: Uint8Array, at: number, end: number): Command {
  const stop = wordEnd(b, at, end);
  for (const { name, bytes } of WORDS) if (isWord(b, at, stop, bytes)) return name;
  return 'other';
}

class SmtpStream extends LineStream {
  #transaction = new Transaction();
  /** Commands that wait for their replies, the oldest first. */
  readonly #waiting: Command[] = [];
  /** Where the client's bytes are: among commands, in a mail's header, in its body, in a log-in. */
  #inside: 'commands' | 'header' | 'body' | 'auth' = 'commands';
  #headerLines = 0;
  #header: (typeof HEADERS)[number] | undefined;
  #unknown = 0;
  #serverSeen = false;
  /** The client asked for TLS, or to send a mail, and waits for leave: what it says before depends on the answer. */
  #asked: 'starttls' | 'data' | undefined;
  /** Something was said that a record should tell. */
  #fresh = false;

  protected line(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): LineVerdict {
    if (direction === 1) return this.#reply(b, at, end, emit);
    if (this.#inside === 'auth') return this.#credentials(b, at, end, emit);
    if (this.#inside !== 'commands') return this.#mail(b, at, end);
    if (this.#asked !== undefined) return HOLD;
    return this.#command(b, at, end, emit);
  }

  override stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) this.#serverSeen = true;
    else if (this.#asked === 'data') return 0;
    else if (this.#asked === 'starttls') {
      // Half of a conversation: that the server agreed shows in what the client does.
      if (this.#serverSeen || bytes[at] !== TLS_HANDSHAKE) return 0;
      this.#secured(emit);
      return 0;
    }
    return super.stream(bytes, at, end, direction, emit);
  }

  /** A log-in goes on: what it says is not looked at. It ends with a reply. */
  #credentials(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const command = this.#serverSeen ? 'other' : commandAt(b, at, end);
    if (command === 'other') return GO_ON;
    this.#inside = 'commands';
    return this.#command(b, at, end, emit);
  }

  #command(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const command = commandAt(b, at, end);
    // The reply to the mail before was not seen.
    if (command === 'mail' && this.#transaction.mailFrom !== undefined && !this.#waiting.includes('dot'))
      this.#told(emit);
    const t = this.#transaction;
    if (command === 'other') {
      if (end > at && ++this.#unknown > MAX_UNKNOWN) return STREAM_LOST;
    } else this.#fresh = true;
    const rest = skipBlanks(b, wordEnd(b, at, end), end);
    if (command === 'ehlo' || command === 'helo' || command === 'lhlo') t.helo = shown(b, rest, end, 255);
    else if (command === 'mail') t.mailFrom = address(b, rest, end, FROM);
    else if (command === 'rcpt') {
      const to = address(b, rest, end, TO);
      if (to !== undefined && t.rcptTo.length < MAX_RECIPIENTS) t.rcptTo.push(to);
      else t.more++;
    } else if (command === 'bdat') {
      const length = decimal(b, rest, end);
      if (length < 0) return STREAM_LOST;
      this.passing[0] = length;
      t.size += length;
      const last = skipBlanks(b, wordEnd(b, rest, end), end);
      if (isWord(b, last, wordEnd(b, last, end), LAST)) {
        this.#wait('dot');
        return GO_ON;
      }
    } else if (command === 'auth') {
      t.auth = shown(b, rest, wordEnd(b, rest, end), 32).toUpperCase();
      this.#inside = 'auth';
    } else if (command === 'starttls') this.#asked = command;
    else if (command === 'data') {
      // A server that refuses says so before the client sends; one that is not heard is taken to agree.
      if (this.#serverSeen) this.#asked = command;
      else this.#begin();
    }
    this.#wait(command);
    return GO_ON;
  }

  #wait(command: Command): void {
    if (this.#serverSeen && this.#waiting.length < MAX_PIPELINED) this.#waiting.push(command);
  }

  #begin(): void {
    this.#inside = 'header';
    this.#headerLines = 0;
    this.#header = undefined;
    this.#transaction.headers = {};
  }

  #mail(b: Uint8Array, at: number, end: number): LineVerdict {
    if (end - at === 1 && b[at] === DOT) {
      this.#inside = 'commands';
      this.#wait('dot');
      return GO_ON;
    }
    const t = this.#transaction;
    t.size += end - at + 2;
    if (this.#inside === 'body') return GO_ON;
    if (end === at || ++this.#headerLines > MAX_HEADER_LINES) this.#inside = 'body';
    else if (b[at] === SPACE || b[at] === TAB) this.#unfold(b, at, end);
    else {
      this.#header = undefined;
      const first = lower(b[at]);
      for (const { name, bytes } of HEADER_WORDS) {
        if (bytes[0] !== first || end - at < bytes.length || !sameWord(b, at, bytes)) continue;
        const from = skipBlanks(b, at + bytes.length, end);
        if (t.headers !== undefined && t.headers[name] === undefined) {
          t.headers[name] = shown(b, from, end, MAX_HEADER_VALUE);
          this.#header = name;
        }
        break;
      }
    }
    return GO_ON;
  }

  /** A line that goes on with the field before (RFC 5322 §2.2.3). */
  #unfold(b: Uint8Array, at: number, end: number): void {
    const { headers } = this.#transaction;
    if (this.#header === undefined || headers === undefined) return;
    const before = headers[this.#header] ?? '';
    if (before.length < MAX_HEADER_VALUE)
      headers[this.#header] =
        `${before} ${shown(b, skipBlanks(b, at, end), end, MAX_HEADER_VALUE - before.length)}`;
  }

  #reply(b: Uint8Array, at: number, end: number, emit: Emit): LineVerdict {
    const code = threeDigits(b, at, end);
    if (code < 0) {
      emit.anomaly('invalid_reply');
      return ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    }
    if (end - at > 3 && b[at + 3] === DASH) return GO_ON;
    const t = this.#transaction;
    const command = this.#waiting[0];
    t.lastCode = code;
    t.lastReply = shown(b, at, end, 256);
    if (command === undefined) {
      this.#fresh = true; // the greeting
      return code === 554 ? STREAM_DONE : GO_ON;
    }
    if (command === 'auth' && code === 334) return GO_ON;
    this.#waiting.shift();
    if (command === 'auth') {
      this.#inside = 'commands';
      t.authCode = code;
    } else if (command === 'data') {
      this.#asked = undefined;
      if (code === 354) this.#begin();
    } else if (command === 'starttls') {
      this.#asked = undefined;
      if (code === 220) {
        this.#secured(emit);
        return HAND_OVER;
      }
    } else if (command === 'dot' || (command === 'rset' && t.mailFrom !== undefined)) this.#told(emit);
    return GO_ON;
  }

  override gap(direction: Direction, count: number): boolean {
    if (direction === 1) {
      // Which reply belongs to what is not known any more.
      this.#waiting.length = 0;
      this.#serverSeen = false;
      if (this.#asked === 'data') this.#begin();
      this.#asked = undefined;
    }
    return super.gap(direction, count);
  }

  #secured(emit: Emit): void {
    this.#transaction.tls = true;
    this.#told(emit);
    emit.upgrade();
  }

  /** One mail is through, or will not be: the next begins with what the client is called and how it logged in. */
  #told(emit: Emit): void {
    const t = this.#transaction;
    if (this.#fresh) emit.event(t);
    this.#fresh = false;
    const next = new Transaction();
    next.helo = t.helo;
    next.auth = t.auth;
    next.authCode = t.authCode;
    next.depth = t.mailFrom === undefined ? t.depth : t.depth + 1;
    this.#transaction = next;
  }

  end(emit: Emit): void {
    const { mailFrom, helo, depth } = this.#transaction;
    // A farewell behind the last mail is no news.
    if (this.#fresh && (mailFrom !== undefined || depth === 1 || helo === undefined)) this.#told(emit);
    this.#fresh = false;
  }
}

/** What stands behind FROM: or TO:, up to its parameters. */
function address(b: Uint8Array, at: number, end: number, lead: Uint8Array): string | undefined {
  if (end - at < lead.length || !sameWord(b, at, lead)) return undefined;
  const from = skipBlanks(b, at + lead.length, end);
  return shown(b, from, wordEnd(b, from, end), MAX_ADDRESS);
}

const SMTP = word('smtp');
const LMTP = word('lmtp');
const MAIL_WORDS = ['postfix', 'exim', 'sendmail'].map(word);
const FTP = word('ftp');
/** A greeting's first line is longer only in bad faith. */
const MAX_GREETING = 512;

export const smtp = {
  name: 'smtp',
  about: 'Simple Mail Transfer Protocol, and LMTP.',
  tcpPorts: [25, 465, 587, 2525],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (end - at < 4) return maybe(bytes, at, end, direction);
    if (direction === 0) {
      const stop = wordEnd(bytes, at, Math.min(end, at + 5));
      if (stop - at !== 4 || stop === end)
        return stop === end && end - at === 4 && isHello(bytes, at) ? 'more' : 'no';
      return isHello(bytes, at) ? 'yes' : 'no';
    }
    const code = threeDigits(bytes, at, end);
    if ((code !== 220 && code !== 421 && code !== 554) || (bytes[at + 3] !== SPACE && bytes[at + 3] !== DASH))
      return 'no';
    const lf = find(bytes, LF, at, Math.min(end, at + MAX_GREETING));
    if (lf < 0) return end - at < MAX_GREETING ? 'more' : 'no';
    const limit = lf;
    if (contains(bytes, at, limit, SMTP) || contains(bytes, at, limit, LMTP)) return 'yes';
    if (contains(bytes, at, limit, FTP)) return 'no';
    if (code === 554) return 'no';
    for (const one of MAIL_WORDS) if (contains(bytes, at, limit, one)) return 'yes';
    return 'more'; // the client's first command will tell
  },
  open: () => new SmtpStream(),
  fields: smtpFields,
  anomalies: { invalid_reply: 'A reply without a code.' },
} as const satisfies Protocol<Transaction>;

const HELLOS = ['ehlo', 'helo', 'lhlo'].map(word);
const isHello = (b: Uint8Array, at: number): boolean => HELLOS.some((one) => sameWord(b, at, one));

/** Fewer than four bytes: may they still become a greeting, or a hello? */
function maybe(b: Uint8Array, at: number, end: number, direction: Direction): Verdict {
  for (let i = at; i < end; i++) {
    const fits =
      direction === 0 ? HELLOS.some((one) => lower(b[i]) === one[i - at]) : b[i] >= 0x30 && b[i] <= 0x39;
    if (!fits) return 'no';
  }
  return 'more';
}
