// Telnet (RFC 854): what both sides negotiate, and whether somebody is asked to log in. What is typed is never read.
import { contains } from '../bytes/line.ts';
import { find, word } from '../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

const IAC = 0xff;
const SB = 250;
const WILL = 251;
const DONT = 254;
const SE = 240;
/** Distinct options kept of each side. */
const MAX_OPTIONS = 64;
/** Bytes of each side in which a log-in happens. */
const MAX_READ = 16 * 1024;
/** A subnegotiation is not longer. */
const MAX_SUBNEGOTIATION = 1024;
/** Letters of the server's latest words that are looked at when a prompt may stand there. */
const MAX_RECENT = 96;

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'binary',
  1: 'echo',
  3: 'suppress-go-ahead',
  5: 'status',
  6: 'timing-mark',
  18: 'logout',
  24: 'terminal-type',
  25: 'end-of-record',
  31: 'window-size',
  32: 'terminal-speed',
  33: 'flow-control',
  34: 'linemode',
  35: 'x-display-location',
  36: 'environment',
  37: 'authentication',
  38: 'encryption',
  39: 'new-environment',
  40: 'tn3270e',
  42: 'charset',
  44: 'com-port',
  46: 'start-tls',
  70: 'mssp',
  85: 'mccp1',
  86: 'mccp2',
};

class Session {
  /** `verb * 256 + option`, in the order in which they were said first. */
  readonly said: [number[], number[]] = [[], []];
  loginPrompt = false;
  passwordPrompt = false;
  /** Prompts for a password. */
  attempts = 0;
  failed = false;
  succeeded: boolean | undefined;
}

const LOGIN = [word('login:'), word('username:'), word('user name:')];
const PASSWORD = [word('password:')];
const FAILED = [
  word('login incorrect'),
  word('login failed'),
  word('authentication failed'),
  word('access denied'),
  word('bad password'),
];
const WELCOME = [word('last login'), word('welcome')];

class TelnetStream implements StreamParser {
  readonly #session = new Session();
  readonly #read: [number, number] = [0, 0];
  /** The server's latest words, across segments. */
  readonly #recent = new Uint8Array(MAX_RECENT);
  #recentLength = 0;
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.#read[direction] > MAX_READ) {
        if (direction === 1) this.end(emit);
        return STREAM_DONE;
      }
      const taken =
        bytes[next] === IAC
          ? this.#command(bytes, next, end, direction)
          : this.#text(bytes, next, end, direction);
      if (taken === 0) break;
      this.#read[direction] += taken;
      next += taken;
    }
    return next - at;
  }

  #command(b: Uint8Array, at: number, end: number, direction: Direction): number {
    if (end - at < 2) return 0;
    const verb = b[at + 1];
    if (verb === SB) {
      // Ends with IAC SE; what stands in it may name a user or a machine.
      for (let i = at + 2; i + 1 < end; i++) if (b[i] === IAC && b[i + 1] === SE) return i + 2 - at;
      return end - at > MAX_SUBNEGOTIATION ? end - at : 0;
    }
    if (verb < WILL || verb > DONT) return 2;
    if (end - at < 3) return 0;
    const said = this.#session.said[direction];
    const one = verb * 256 + b[at + 2];
    if (said.length < MAX_OPTIONS && !said.includes(one)) said.push(one);
    return 3;
  }

  #text(b: Uint8Array, at: number, end: number, direction: Direction): number {
    const iac = find(b, IAC, at, end);
    const stop = iac < 0 ? end : iac;
    // What the client sends is what somebody types.
    if (direction === 1) for (let i = at; i < stop; i++) this.#letter(b[i]);
    return stop - at;
  }

  #letter(byte: number): void {
    const isEnd = byte === 0x0a || byte === 0x3a;
    if (this.#recentLength === MAX_RECENT) {
      this.#recent.copyWithin(0, MAX_RECENT / 2);
      this.#recentLength = MAX_RECENT / 2;
    }
    this.#recent[this.#recentLength++] = byte;
    if (!isEnd) return;
    this.#sentence();
    if (byte === 0x0a) this.#recentLength = 0;
  }

  /** A line, or what may be a prompt, is complete. */
  #sentence(): void {
    const s = this.#session;
    const has = (words: readonly Uint8Array[]): boolean =>
      words.some((one) => contains(this.#recent, 0, this.#recentLength, one));
    const ends = (words: readonly Uint8Array[]): boolean =>
      words.some((one) =>
        contains(this.#recent, Math.max(0, this.#recentLength - one.length), this.#recentLength, one),
      );
    if (has(FAILED)) s.failed = true;
    else if (s.passwordPrompt && has(WELCOME)) s.succeeded = true;
    if (ends(LOGIN)) s.loginPrompt = true;
    else if (ends(PASSWORD)) {
      s.passwordPrompt = true;
      s.attempts++;
    }
  }

  gap(): boolean {
    return true;
  }

  end(emit: Emit): void {
    if (this.#emitted) return;
    this.#emitted = true;
    emit.event(this.#session);
  }
}

const VERBS = ['will', 'wont', 'do', 'dont'];
const spoken = (said: readonly number[]): string[] | undefined =>
  said.length === 0
    ? undefined
    : said.map((one) => `${VERBS[(one >> 8) - WILL]} ${OPTIONS[one & 255] ?? `option-${one & 255}`}`);

const field = (
  name: string,
  about: string,
  type: Field['type'],
  read: Field<Session>['read'],
): Field<Session> => ({ name: `telnet.${name}`, type, class: 'protocol', about, read });

export const telnet = {
  name: 'telnet',
  about: 'Telnet: negotiated options, and whether a log-in was asked for.',
  tcpPorts: [23, 2323],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (at === end) return 'more';
    if (bytes[at] !== IAC) {
      // A server that negotiates nothing asks at once.
      if (direction === 0 || bytes[at] === 0x2a || bytes[at] === 0x2b) return 'no';
      const last = end - 1;
      if (end - at > 512 || (bytes[last] !== 0x20 && bytes[last] !== 0x3a)) return 'no';
      return contains(bytes, Math.max(at, end - 8), end, LOGIN[0]) ? 'yes' : 'no';
    }
    if (end - at < 3) return end - at === 2 && (bytes[at + 1] < SB || bytes[at + 1] === IAC) ? 'no' : 'more';
    if (bytes[at + 1] < SB || bytes[at + 1] > DONT) return 'no';
    return OPTIONS[bytes[at + 2]] === undefined ? 'no' : 'yes';
  },
  open: () => new TelnetStream(),
  fields: [
    field('server_options', 'What the server offers and asks for, in its order.', 'string', (s) =>
      spoken(s.said[1]),
    ),
    field('client_options', 'What the client offers and asks for, in its order.', 'string', (s) =>
      spoken(s.said[0]),
    ),
    field('login_prompt', 'The server asked for a name.', 'boolean', (s) => s.loginPrompt),
    field('password_prompt', 'The server asked for a password.', 'boolean', (s) => s.passwordPrompt),
    field('login_attempts', 'Times that it asked for a password.', 'integer', (s) => s.attempts),
    field('login_failed', 'The server refused a log-in.', 'boolean', (s) => s.failed),
    field('login_success', 'The server greeted somebody who logged in.', 'boolean', (s) => s.succeeded),
  ],
  anomalies: {},
} as const satisfies Protocol<Session>;
