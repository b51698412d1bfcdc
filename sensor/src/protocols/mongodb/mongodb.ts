// MongoDB's wire protocol: log-ins with their outcome, the driver that made them, and commands counted by name.
import { u32le } from '../../bytes/read.ts';
import { find } from '../../bytes/text.ts';
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
import { documentEnd } from './bson.ts';
import { Session } from './session.ts';

/** Length, number, number answered, kind; little-endian. */
const HEADER = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
const OP_MSG = 2013;
const KINDS = new Set([OP_REPLY, 2001, 2002, OP_QUERY, 2005, 2006, 2007, OP_COMPRESSED, OP_MSG]);
const MAX_MESSAGE = 48_000_000;
/** Of a longer message only its beginning is looked at. */
const MAX_READ = 8 * 1024;
const REPLY_FIXED = HEADER + 20;
const MAX_COLLECTION = 256;

class MongodbStream implements StreamParser {
  readonly #session = new Session();
  readonly #skip: [number, number] = [0, 0];

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      let taken = Math.min(this.#skip[direction], end - next);
      if (taken > 0) this.#skip[direction] -= taken;
      else {
        if (end - next < HEADER) break;
        const length = u32le(b, next);
        if (length < HEADER || length > MAX_MESSAGE || !KINDS.has(u32le(b, next + 12))) {
          emit.anomaly('malformed_message');
          return STREAM_LOST;
        }
        taken = Math.min(length, MAX_READ);
        if (end - next < taken) break;
        if (u32le(b, next + 12) === OP_COMPRESSED) return STREAM_DONE;
        this.#message(b, next, next + taken, direction, emit);
        this.#skip[direction] = length - taken;
      }
      next += taken;
    }
    return next - at;
  }

  #message(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const from = documentStart(b, at, end);
    if (from < 0) return;
    const session = this.#session;
    if (direction === 0) session.command(b, from, end);
    else if (session.isLoggingIn && documentEnd(b, from, end) > 0 && session.answer(b, from, end))
      emit.event(session);
  }

  gap(direction: Direction, count: number): boolean {
    if (this.#skip[direction] < count) return false;
    this.#skip[direction] -= count;
    return true;
  }

  end(emit: Emit): void {
    if (this.#session.commands.total === 0) return;
    this.#session.isClosing = true;
    emit.event(this.#session);
  }
}

/** Where the document with the command or the answer begins; -1 when there is none. */
function documentStart(b: Uint8Array, at: number, end: number): number {
  const kind = u32le(b, at + 12);
  if (kind === OP_MSG) return end - at > HEADER + 9 && b[at + HEADER + 4] === 0 ? at + HEADER + 5 : -1;
  if (kind === OP_REPLY) return end - at > REPLY_FIXED + 4 ? at + REPLY_FIXED : -1;
  if (kind !== OP_QUERY) return -1;
  const zero = find(b, 0, at + HEADER + 4, Math.min(end, at + HEADER + 4 + MAX_COLLECTION));
  return zero < 0 || end - zero < 14 ? -1 : zero + 9;
}

const { text, number, flag } = describe<Session>('mongodb');
const free = (field: Field<Session>): Field<Session> => ({ ...field, isFree: true });

export const mongodb = {
  name: 'mongodb',
  about: 'MongoDB: log-ins, drivers, and commands counted by name.',
  tcpPorts: [27017],
  udpPorts: [],
  probe(b, at, end, direction): Verdict {
    if (direction === 1) return 'no';
    if (end - at < HEADER + 6) return end - at < HEADER || KINDS.has(u32le(b, at + 12)) ? 'more' : 'no';
    const length = u32le(b, at);
    const kind = u32le(b, at + 12);
    if (length < HEADER + 10 || length > MAX_MESSAGE || u32le(b, at + 8) !== 0) return 'no';
    // Flags that must be understood are few; then comes a document.
    if (kind === OP_MSG)
      return (u32le(b, at + HEADER) & 0xfffc) === 0 && b[at + HEADER + 4] <= 1 ? 'yes' : 'no';
    if (kind !== OP_QUERY || u32le(b, at + HEADER) > 0xff) return 'no';
    const letter = b[at + HEADER + 4] | 0x20;
    return letter >= 0x61 && letter <= 0x7a ? 'yes' : 'no';
  },
  open: () => new MongodbStream(),
  fields: [
    text('record', 'login, or close for the counts at the end.', (m) => (m.isClosing ? 'close' : 'login')),
    free(text('client.application', 'Program that logs in.', (m) => m.application)),
    free(text('client.driver', 'Driver that it uses.', (m) => m.driver)),
    free(text('client.driver_version', 'Its version.', (m) => m.driverVersion)),
    free(text('client.os', 'System that it runs on.', (m) => m.system)),
    text('auth_mechanism', 'How the client logs in.', (m) => m.mechanism),
    text('user', 'Who logs in.', (m) => m.user, { class: 'identifier' }),
    text('database', 'Database that knows the user.', (m) => m.database, { class: 'content' }),
    flag('success', 'The log-in was taken.', (m) => m.success),
    number('error_code', 'Why it was not.', (m) => m.error),
    text('commands[].name', 'Command that the client sent.', (m) =>
      m.isClosing ? m.commands.names : undefined,
    ),
    number('commands[].count', 'How often.', (m) => (m.isClosing ? m.commands.counts : undefined), {
      class: 'flow',
    }),
  ] satisfies Field<Session>[],
  anomalies: { malformed_message: 'A message has a length or a kind that it cannot have.' },
} as const satisfies Protocol<Session>;
