// Redis: log-ins and commands that change the server, each with its outcome; all others are counted by their names.
import { isWord, shown } from '../../bytes/line.ts';
import { startsWith, word } from '../../bytes/text.ts';
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
import { Tally } from '../tally.ts';
import { commandName, subcommandName } from './commands.ts';
import { ARRAY, ERROR, PUSH, RespScanner, type RespSink } from './resp.ts';

/** Commands that wait for their answers. */
const MAX_WAITING = 256;
const MAX_NAME = 32;
const MAX_USER = 128;
/** Commands that the server itself, its data as a whole, or who may do what hangs on: each has a record of its own. */
const TOLD = new Set([
  ...['AUTH', 'HELLO', 'ACL', 'CONFIG', 'MODULE', 'SLAVEOF', 'REPLICAOF', 'DEBUG', 'SHUTDOWN', 'FLUSHALL'],
  ...['FLUSHDB', 'SAVE', 'BGSAVE', 'EVAL', 'EVALSHA', 'SCRIPT', 'FUNCTION', 'FCALL', 'MIGRATE', 'RESTORE'],
  ...['MONITOR', 'CLUSTER', 'SYNC', 'PSYNC', 'FAILOVER', 'CLIENT', 'KEYS'],
]);
/** Those whose second word says what is done, and is no secret. */
const WITH_SUBCOMMAND = new Set([
  'ACL',
  'CONFIG',
  'MODULE',
  'SCRIPT',
  'FUNCTION',
  'CLUSTER',
  'CLIENT',
  'DEBUG',
]);
/** After these, what the server says is no answer to a command. */
const NO_MORE_ANSWERS = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'MONITOR', 'SYNC', 'PSYNC']);
const AUTH = word('auth');

class Command {
  name = '';
  subcommand: string | undefined;
  user: string | undefined;
  arguments = 0;
  success: boolean | undefined;
  error: string | undefined;
  counts: { commands: Tally; errors: Tally } | undefined;
}

class Requests implements RespSink {
  current = new Command();
  readonly ready: Command[] = [];
  isForeign = false;
  #userAt = -1;

  top(type: number, _: Uint8Array, __: number, ___: number, count: number): void {
    if (type !== ARRAY) this.isForeign = true;
    this.current = new Command();
    this.current.arguments = Math.max(0, count - 1);
    this.#userAt = -1;
  }

  element(index: number, b: Uint8Array, at: number, end: number): void {
    const { current } = this;
    if (index === 0) {
      current.name = commandName(shown(b, at, end, MAX_NAME));
      // AUTH user password; with one argument it is a password alone.
      if (current.name === 'AUTH' && current.arguments === 2) this.#userAt = 1;
    } else if (index === this.#userAt) current.user = shown(b, at, end, MAX_USER);
    else if (index === 1 && WITH_SUBCOMMAND.has(current.name))
      current.subcommand = subcommandName(shown(b, at, end, MAX_NAME));
    // HELLO 3 AUTH user password.
    else if (current.name === 'HELLO' && index >= 2 && isWord(b, at, end, AUTH) && this.#userAt < 0)
      this.#userAt = index + 1;
  }

  done(): void {
    if (this.current.name !== '') this.ready.push(this.current);
  }
}

class Answers implements RespSink {
  ready = 0;
  isError = false;
  error: string | undefined;
  #isPush = false;
  onAnswer: (error: string | undefined) => void = () => {};

  top(type: number, b: Uint8Array, at: number, end: number): void {
    this.#isPush = type === PUSH;
    this.error = type === ERROR ? errorCode(b, at, end) : undefined;
  }

  element(): void {}

  done(): void {
    if (!this.#isPush) this.onAnswer(this.error);
  }
}

class RedisStream implements StreamParser {
  readonly #requests = new Requests();
  readonly #answers = new Answers();
  readonly #scanners = [
    new RespScanner(this.#requests, MAX_USER),
    new RespScanner(this.#answers, 0),
  ] as const;
  readonly #waiting: Command[] = [];
  readonly #commands = new Tally();
  readonly #errors = new Tally();
  /** Answers can no longer be told to belong to commands. */
  #isLoose = false;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) {
      this.#answers.onAnswer = (error) => this.#answered(error, emit);
      const taken = this.#scanners[1].scan(b, at, end);
      return taken < 0 ? STREAM_DONE : taken;
    }
    const taken = this.#scanners[0].scan(b, at, end);
    for (const command of this.#requests.ready) this.#asked(command, emit);
    this.#requests.ready.length = 0;
    if (taken < 0 || this.#requests.isForeign) {
      emit.anomaly('malformed_command');
      return STREAM_LOST;
    }
    return taken;
  }

  #asked(command: Command, emit: Emit): void {
    this.#commands.add(command.name);
    if (NO_MORE_ANSWERS.has(command.name)) this.#isLoose = true;
    if (this.#isLoose) {
      for (const one of this.#waiting) tell(one, emit);
      this.#waiting.length = 0;
      tell(command, emit);
      return;
    }
    this.#waiting.push(command);
    if (this.#waiting.length > MAX_WAITING) this.#isLoose = true;
  }

  #answered(error: string | undefined, emit: Emit): void {
    if (error !== undefined) this.#errors.add(error);
    const command = this.#isLoose ? undefined : this.#waiting.shift();
    if (command === undefined) return;
    command.success = error === undefined;
    command.error = error;
    tell(command, emit);
  }

  gap(direction: Direction, count: number): boolean {
    this.#isLoose ||= !this.#scanners[direction].gap(count);
    return !this.#isLoose;
  }

  end(emit: Emit): void {
    for (const command of this.#waiting) tell(command, emit);
    if (this.#commands.total === 0) return;
    const close = new Command();
    close.counts = { commands: this.#commands, errors: this.#errors };
    emit.event(close);
  }
}

const tell = (command: Command, emit: Emit): void => {
  if (TOLD.has(command.name)) emit.event(command);
};

/** First words of errors that are known; what else stands there, or follows, may quote anything. */
const ERRORS = new Set(
  (
    'ERR WRONGTYPE WRONGPASS NOAUTH NOPERM DENIED LOADING BUSY BUSYKEY BUSYGROUP NOGROUP NOSCRIPT MISCONF READONLY OOM ' +
    'EXECABORT MOVED ASK CLUSTERDOWN CROSSSLOT TRYAGAIN MASTERDOWN NOREPLICAS NOPROTO UNKILLABLE INPROG NOTBUSY'
  ).split(' '),
);

function errorCode(b: Uint8Array, at: number, end: number): string {
  const word = /^[A-Z]{2,24}(?= |$)/.exec(shown(b, at, end, 32))?.[0] ?? '';
  return ERRORS.has(word) ? word : 'ERR';
}

/** `*3`, a line break, `$4`, a line break, a letter. */
function looksLikeCommand(b: Uint8Array, at: number, end: number): Verdict {
  let i = at;
  for (const sign of '*$') {
    if (i >= end) return 'more';
    if (b[i++] !== sign.charCodeAt(0)) return 'no';
    const from = i;
    while (i < end && i - from < 7 && b[i] >= 0x30 && b[i] <= 0x39) i++;
    if (i === end) return 'more';
    if (i === from || b[i++] !== 0x0d) return 'no';
    if (i === end) return 'more';
    if (b[i++] !== 0x0a) return 'no';
  }
  if (i >= end) return 'more';
  const letter = b[i] | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? 'yes' : 'no';
}

const REFUSALS = ['-DENIED Redis', '-NOAUTH ', '-LOADING Redis', '-ERR max number of clients'].map(word);

const { text, number, flag } = describe<Command>('redis');

export const redis = {
  name: 'redis',
  about: 'Redis: log-ins and administration with their outcome, all other commands counted.',
  tcpPorts: [6379],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 0) return looksLikeCommand(b, at, end);
    return REFUSALS.some((refusal) => startsWith(b, at, end, refusal)) ? 'yes' : 'no';
  },
  open: () => new RedisStream(),
  fields: [
    text('record', 'command, or close for the counts at the end.', (m) =>
      m.counts === undefined ? 'command' : 'close',
    ),
    text('cmd.name', 'Name of the command.', (m) => m.name || undefined, { aliases: ['cmd.name'] }),
    text('cmd.subcommand', 'What of it is done.', (m) => m.subcommand),
    text('user', 'Who logs in, where a name is told.', (m) => m.user, { class: 'identifier' }),
    flag('success', 'The server did it.', (m) => m.success, { aliases: ['success'] }),
    text('error', 'First word of the error, when it did not.', (m) => m.error),
    text('commands[].name', 'Command that was sent.', (m) => m.counts?.commands.names),
    number('commands[].count', 'How often.', (m) => m.counts?.commands.counts, { class: 'flow' }),
    text('errors[].name', 'Error that the server answered with.', (m) => m.counts?.errors.names),
    number('errors[].count', 'How often.', (m) => m.counts?.errors.counts, { class: 'flow' }),
  ] satisfies Field<Command>[],
  anomalies: { malformed_command: 'Bytes where a command should stand are none.' },
} as const satisfies Protocol<Command>;
