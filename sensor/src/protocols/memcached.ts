// Memcached: how many commands of which kind a client sent, over TCP and UDP, as text and in binary. No key is read.
import { decimal, shown, skipBlanks, wordEnd } from '../bytes/line.ts';
import { u16, u32 } from '../bytes/read.ts';
import { find, latin1, startsWith, word } from '../bytes/text.ts';
import { describe } from './describe.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';
import { Tally } from './tally.ts';

const LF = 0x0a;
/** A key has at most 250 bytes, a line of several keys a few thousand. */
const MAX_LINE = 4096;
/** Of a datagram: request, number, how many, and two bytes of nothing. */
const UDP_HEADER = 8;
const BINARY_REQUEST = 0x80;
const BINARY_HEADER = 24;
const MAX_VALUE = 1 << 20;

/** Commands in text; those with a value behind their line say how long it is in this place. */
const COMMANDS: Readonly<Record<string, number>> = {
  ...{ get: -1, gets: -1, gat: -1, gats: -1, delete: -1, incr: -1, decr: -1, touch: -1, stats: -1 },
  ...{
    version: -1,
    verbosity: -1,
    flush_all: -1,
    quit: -1,
    cache_memlimit: -1,
    slabs: -1,
    lru: -1,
    lru_crawler: -1,
  },
  ...{ mg: -1, md: -1, ma: -1, mn: -1, me: -1, watch: -1, shutdown: -1 },
  ...{ set: 4, add: 4, replace: 4, append: 4, prepend: 4, cas: 4, ms: 2 },
};
/** Commands that a flow may begin with, and still be told from other talk. */
const OPENERS = [
  'get ',
  'gets ',
  'set ',
  'add ',
  'stats',
  'version\r\n',
  'delete ',
  'incr ',
  'replace ',
  'flush_all',
  'mg ',
  'ms ',
  'mn\r\n',
  'verbosity ',
].map(word);
const ANSWERS = ['VALUE ', 'STAT ', 'VERSION ', 'STORED\r\n', 'END\r\n'].map(word);
const VERSION_WORD = word('VERSION ');
const BINARY = [
  ...[
    'get',
    'set',
    'add',
    'replace',
    'delete',
    'incr',
    'decr',
    'quit',
    'flush_all',
    'getq',
    'noop',
    'version',
  ],
  ...['getk', 'getkq', 'append', 'prepend', 'stats'],
];
const SASL: Readonly<Record<number, string>> = { 32: 'sasl_list', 33: 'sasl_auth', 34: 'sasl_step' };

class Session {
  readonly commands = new Tally();
  version: string | undefined;
  /** Answers without a question: what a victim of amplification sees. */
  isUnasked = false;

  /** One line of a command. @returns bytes of the value behind it; -1 when it is no command */
  line(b: Uint8Array, at: number, end: number): number {
    let stop = wordEnd(b, at, end);
    const name = stop - at > 16 ? '' : latin1(b, at, stop);
    const place = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (place === undefined) return -1;
    this.commands.add(name);
    if (place < 0) return 0;
    let from = at;
    for (let n = 0; n < place; n++) {
      from = skipBlanks(b, stop, end);
      stop = wordEnd(b, from, end);
    }
    const bytes = decimal(b, from, stop);
    return bytes < 0 || bytes > MAX_VALUE * 64 ? -1 : bytes + 2;
  }

  answered(b: Uint8Array, at: number, end: number): void {
    if (!startsWith(b, at, end, VERSION_WORD)) return;
    const lf = find(b, LF, at, end);
    this.version = shown(b, at + VERSION_WORD.length, lf < 0 ? end : lf, 32);
  }
}

class MemcachedStream implements StreamParser {
  readonly #session = new Session();
  #skip = 0;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) {
      if (find(b, LF, at, end) < 0 && end - at < 64 && b[at] === VERSION_WORD[0]) return 0;
      this.#session.answered(b, at, end);
      return STREAM_DONE;
    }
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      let taken = Math.min(this.#skip, end - next);
      if (taken > 0) this.#skip -= taken;
      else taken = b[next] === BINARY_REQUEST ? this.#binary(b, next, end) : this.#text(b, next, end);
      if (taken < 0) {
        emit.anomaly('malformed_command');
        return STREAM_LOST;
      }
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  #text(b: Uint8Array, at: number, end: number): number {
    const lf = find(b, LF, at, Math.min(end, at + MAX_LINE));
    if (lf < 0) return end - at >= MAX_LINE ? -1 : 0;
    const value = this.#session.line(b, at, lf > at && b[lf - 1] === 0x0d ? lf - 1 : lf);
    if (value < 0) return -1;
    this.#skip = value;
    return lf + 1 - at;
  }

  #binary(b: Uint8Array, at: number, end: number): number {
    if (end - at < BINARY_HEADER) return 0;
    const opcode = b[at + 1];
    this.#session.commands.add(BINARY[opcode] ?? SASL[opcode] ?? 'other');
    this.#skip = u32(b, at + 8);
    return BINARY_HEADER;
  }

  gap(_: Direction, count: number): boolean {
    if (this.#skip <= count) return false;
    this.#skip -= count;
    return true;
  }

  end(emit: Emit): void {
    if (this.#session.commands.total > 0) emit.event(this.#session);
  }
}

class MemcachedDatagrams implements DatagramParser {
  readonly #session = new Session();
  #isAsked = false;

  datagram(b: Uint8Array, at: number, end: number, direction: Direction, _: Emit): number {
    const from = at + UDP_HEADER;
    if (end <= from) return 0;
    if (direction === 1) this.#session.answered(b, from, end);
    else if (isOneOf(ANSWERS, b, from, end)) this.#session.isUnasked = !this.#isAsked;
    else {
      const lf = find(b, LF, from, Math.min(end, from + MAX_LINE));
      this.#isAsked = true;
      this.#session.line(b, from, lf < 0 ? end : lf > from && b[lf - 1] === 0x0d ? lf - 1 : lf);
    }
    return 0;
  }

  end(emit: Emit): void {
    if (this.#session.commands.total > 0 || this.#session.isUnasked) emit.event(this.#session);
  }
}

function isOneOf(words: readonly Uint8Array[], b: Uint8Array, at: number, end: number): boolean {
  for (const one of words) if (startsWith(b, at, end, one)) return true;
  return false;
}

/** A line that begins with a command of lower-case letters and ends as lines do, with nothing in it that no key holds. */
function looksLikeText(b: Uint8Array, at: number, end: number): Verdict {
  let opener: Uint8Array | undefined;
  for (const one of OPENERS) if (startsWith(b, at, end, one)) opener = one;
  if (opener === undefined) return 'no';
  const lf = find(b, LF, at, Math.min(end, at + MAX_LINE));
  if (lf < 0) return end - at < MAX_LINE ? 'more' : 'no';
  if (b[lf - 1] !== 0x0d) return 'no';
  for (let i = at; i < lf - 1; i++) if (b[i] < 0x20 || b[i] > 0x7e) return 'no';
  // A value's line has four words behind the command, all but the key numbers.
  return b[at] !== 0x73 || b[at + 1] !== 0x65 || new Session().line(b, at, lf - 1) > 0 ? 'yes' : 'no';
}

/** A first request has a kind that exists, a key that may be, and neither a place (vbucket) nor a version (CAS) to name. */
function looksLikeBinary(b: Uint8Array, at: number): boolean {
  const opcode = b[at + 1];
  const key = u16(b, at + 2);
  const extras = b[at + 4];
  const body = u32(b, at + 8);
  if (opcode >= BINARY.length && SASL[opcode] === undefined) return false;
  if (b[at + 5] !== 0 || u16(b, at + 6) !== 0 || u32(b, at + 16) !== 0 || u32(b, at + 20) !== 0) return false;
  return key <= 250 && extras <= 20 && extras % 4 === 0 && body >= extras + key && body <= MAX_VALUE;
}

const { text, number, flag } = describe<Session>('memcached');

export const memcached = {
  name: 'memcached',
  about: 'Memcached: commands counted by name, and the version of the server.',
  tcpPorts: [11211],
  udpPorts: [11211],
  probe(b, at, end, direction, transport): Verdict {
    if (transport === 'udp') {
      if (end - at < UDP_HEADER + 5 || u16(b, at + 4) === 0 || u16(b, at + 6) !== 0) return 'no';
      if (isOneOf(ANSWERS, b, at + UDP_HEADER, end)) return 'yes';
      return direction === 0 && u16(b, at + 2) === 0 && u16(b, at + 4) === 1
        ? looksLikeText(b, at + UDP_HEADER, end)
        : 'no';
    }
    if (direction === 1) return 'no';
    if (b[at] !== BINARY_REQUEST) {
      if (end - at >= 12) return looksLikeText(b, at, end);
      const verdict = looksLikeText(b, at, end);
      return verdict === 'no' && b[at] >= 0x61 && b[at] <= 0x76 ? 'more' : verdict;
    }
    if (end - at < BINARY_HEADER) return 'more';
    return looksLikeBinary(b, at) ? 'yes' : 'no';
  },
  open: () => new MemcachedStream(),
  openDatagrams: () => new MemcachedDatagrams(),
  fields: [
    text('commands[].name', 'Command that the client sent.', (m) => m.commands.names),
    number('commands[].count', 'How often.', (m) => m.commands.counts, { class: 'flow' }),
    { ...text('version', 'Version that the server says it is.', (m) => m.version), isFree: true },
    flag(
      'unasked',
      'The flow began with an answer: somebody else asked in this name.',
      (m) => m.isUnasked || undefined,
    ),
  ] satisfies Field<Session>[],
  anomalies: { malformed_command: 'A line is no command.' },
} as const satisfies Protocol<Session>;
