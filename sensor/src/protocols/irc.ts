// IRC (RFC 2812): who registers under which name, which channels are joined, how the server answers. Talk is never read.
import { isWord, shown, skipBlanks, threeDigits, wordEnd } from '../bytes/line.ts';
import { find, latin1, lower, word } from '../bytes/text.ts';
import { GO_ON, HAND_OVER, LineStream, type LineVerdict } from './line-stream.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type Value,
  type Verdict,
} from './protocol.ts';

const MAX_UNKNOWN = 32;
const MAX_WORD = 64;
const COLON = 0x3a;
const AT = 0x40;
const LF = 0x0a;

/** What records tell; a bot that says much says it without us. */
class Said {
  command = '';
  /** Channel, new name, reason: by the command. */
  value: string | undefined;
  nick: string | undefined;
  user: string | undefined;
  code: number | undefined;
  fromServer = false;
}

const TOLD = new Set([
  'NICK',
  'USER',
  'JOIN',
  'PART',
  'OPER',
  'CAP',
  'QUIT',
  'KICK',
  'STARTTLS',
  'AUTHENTICATE',
]);
/** With a secret, or with talk, behind it. */
const SILENT = new Set(['PASS', 'OPER', 'AUTHENTICATE', 'QUIT', 'KICK', 'USER']);
const KNOWN = new Set([
  ...TOLD,
  'PASS',
  'PRIVMSG',
  'NOTICE',
  'PING',
  'PONG',
  'MODE',
  'TOPIC',
  'NAMES',
  'LIST',
  'INVITE',
  'WHO',
  'WHOIS',
  'WHOWAS',
  'AWAY',
  'ISON',
  'USERHOST',
  'MOTD',
  'LUSERS',
  'VERSION',
  'STATS',
  'ERROR',
  'SERVER',
  'PROTOCTL',
  'TAGMSG',
]);
/** Replies that say how a registration went: welcome; errors; TLS. */
const isTold = (code: number): boolean =>
  code === 1 ||
  code === 381 ||
  code === 670 ||
  code === 691 ||
  (code >= 432 && code <= 437) ||
  (code >= 451 && code <= 465) ||
  (code >= 900 && code <= 907);
const STARTTLS_OK = 670;

class IrcStream extends LineStream {
  readonly #said = new Said();
  #nick: string | undefined;
  #user: string | undefined;
  #unknown = 0;

  protected line(b: Uint8Array, start: number, end: number, direction: Direction, emit: Emit): LineVerdict {
    let at = start;
    if (b[at] === AT) at = skipBlanks(b, wordEnd(b, at, end), end); // tags of IRCv3
    if (b[at] === COLON) at = skipBlanks(b, wordEnd(b, at, end), end);
    if (at >= end) return GO_ON;
    const stop = wordEnd(b, at, end);
    const from = skipBlanks(b, stop, end);
    const s = this.#said;
    s.fromServer = direction === 1;
    s.value = undefined;
    s.code = undefined;
    if (stop - at === 3) {
      const code = threeDigits(b, at, stop);
      if (code >= 0) {
        if (direction === 0 || !isTold(code)) return GO_ON;
        s.code = code;
        s.command = latin1(b, at, stop);
        this.#tell(emit);
        if (code !== STARTTLS_OK) return GO_ON;
        emit.upgrade();
        return HAND_OVER;
      }
    }
    const command = latin1(b, at, Math.min(stop, at + 16)).toUpperCase();
    if (!KNOWN.has(command)) return ++this.#unknown > MAX_UNKNOWN ? STREAM_LOST : GO_ON;
    if (!TOLD.has(command) || direction === 1) return GO_ON;
    s.command = command;
    const value = b[from] === COLON ? from + 1 : from;
    if (command === 'NICK') this.#nick = shown(b, value, wordEnd(b, value, end), MAX_WORD);
    else if (command === 'USER') this.#user = shown(b, value, wordEnd(b, value, end), MAX_WORD);
    else if (!SILENT.has(command) && value < end) s.value = shown(b, value, wordEnd(b, value, end), 128);
    this.#tell(emit);
    return GO_ON;
  }

  #tell(emit: Emit): void {
    this.#said.nick = this.#nick;
    this.#said.user = this.#user;
    emit.event(this.#said);
  }
}

const field = (
  name: string,
  fieldClass: Field['class'],
  about: string,
  read: (s: Said) => Value,
  type: Field['type'] = 'string',
): Field<Said> => ({ name: `irc.${name}`, type, class: fieldClass, about, read });

const FIRST_COMMANDS = ['nick ', 'user ', 'pass ', 'cap ls', 'cap req'].map(word);
const NOTICE = word('notice');
const AUTH = word('auth');
const ANYBODY = word('*');

export const irc = {
  name: 'irc',
  about: 'Internet Relay Chat: registration and channels.',
  tcpPorts: [6667, 6660, 6668, 6669, 6697, 7000],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (direction === 1) return greeting(bytes, at, end);
    const first = lower(bytes[at]);
    if (first !== 0x6e && first !== 0x75 && first !== 0x70 && first !== 0x63) return 'no';
    for (const one of FIRST_COMMANDS) {
      const length = Math.min(one.length, end - at);
      let n = 0;
      while (n < length && lower(bytes[at + n]) === one[n]) n++;
      if (n < length) continue;
      if (n < one.length) return 'more';
      const lf = find(bytes, LF, at, end);
      if (lf < 0) return 'more';
      if (one[0] === 0x75) return words(bytes, at, lf) >= 5 ? 'yes' : 'no';
      // A password may be a mailbox's: what follows it tells.
      if (one[0] === 0x70) return lf + 1 === end ? 'more' : lower(bytes[lf + 1]) === 0x6e ? 'yes' : 'no';
      return 'yes';
    }
    return 'no';
  },
  open: () => new IrcStream(),
  fromServer: (s) => s.fromServer,
  fields: [
    field('command', 'protocol', 'Command of the client, or number of the server’s reply.', (s) => s.command),
    field('code', 'protocol', 'Number of the reply.', (s) => s.code, 'integer'),
    field('nick', 'identifier', 'Name that the client goes by.', (s) => s.nick),
    field('user', 'identifier', 'Name of its user.', (s) => s.user),
    field('value', 'content', 'Channel or capability that the command names.', (s) => s.value),
  ],
  anomalies: {},
} as const satisfies Protocol<Said>;

/** `NOTICE AUTH …`, or `:server NOTICE * …`. */
function greeting(b: Uint8Array, start: number, end: number): Verdict {
  if (b[start] !== COLON && lower(b[start]) !== NOTICE[0]) return 'no';
  let at = start;
  if (b[at] === COLON) {
    const stop = wordEnd(b, at, Math.min(end, at + MAX_WORD));
    if (stop === end) return 'more';
    at = stop + 1;
  }
  const stop = wordEnd(b, at, Math.min(end, at + 7));
  if (stop === end) return 'more';
  if (!isWord(b, at, stop, NOTICE)) return 'no';
  const next = wordEnd(b, stop + 1, Math.min(end, stop + 6));
  if (next === end) return 'more';
  return isWord(b, stop + 1, next, AUTH) || isWord(b, stop + 1, next, ANYBODY) ? 'yes' : 'no';
}

/** Words of a line. */
function words(b: Uint8Array, at: number, end: number): number {
  let n = 0;
  for (let i = at; i < end; i = skipBlanks(b, wordEnd(b, i, end), end)) n++;
  return n;
}
