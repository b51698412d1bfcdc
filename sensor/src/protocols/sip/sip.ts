// SIP (RFC 3261) over UDP and TCP: each request and each response, as EVE `sip` records. Bodies are passed over.
import { find, startsWith, word } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Value,
  type Verdict,
} from '../protocol.ts';
import {
  CALL_ID,
  CONTENT_TYPE,
  CSEQ,
  FROM,
  isStartLine,
  Message,
  SERVER,
  TO,
  USER_AGENT,
} from './message.ts';

const CR = 0x0d;
const LF = 0x0a;
const MAX_HEAD = 16 * 1024;
/** What is shorter is a sign of life: blanks, zeros, empty lines. */
const MIN_MESSAGE = 12;
const VERSION = word('SIP/2.0');
const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
].map((method) => word(method + ' '));

const message = new Message();

class SipStream implements StreamParser {
  /** Bytes of a body that are still to come. */
  readonly #passing: [number, number] = [0, 0];

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      const passing = Math.min(this.#passing[direction], end - next);
      this.#passing[direction] -= passing;
      next += passing;
      // Empty lines keep the connection alive (RFC 5626 §4.4.1).
      while (next < end && (bytes[next] === CR || bytes[next] === LF)) next++;
      if (next === end) break;
      const whole = message.take(bytes, next, end);
      if (whole < 0 || (whole === 0 && end - next > MAX_HEAD)) {
        emit.anomaly('invalid_message');
        return STREAM_LOST;
      }
      if (whole === 0) break;
      this.#passing[direction] = message.contentLength;
      next = message.headEnd;
      message.direction = direction;
      emit.event(message);
    }
    return next - at;
  }

  gap(direction: Direction, count: number): boolean {
    if (this.#passing[direction] < count) return false;
    this.#passing[direction] -= count;
    return true;
  }
}

const field = (
  name: string,
  fieldClass: Field['class'],
  aliases: readonly string[],
  about: string,
  read: (m: Message) => Value,
): Field<Message> => ({ name: `sip.${name}`, type: 'string', class: fieldClass, aliases, about, read });

export const sip = {
  name: 'sip',
  about: 'Session Initiation Protocol: requests and responses.',
  tcpPorts: [5060],
  udpPorts: [5060],
  probe(bytes, at, end, _direction, transport): Verdict {
    const isResponse = startsWith(bytes, at, end, VERSION);
    if (!isResponse && !METHODS.some((method) => startsWith(bytes, at, end, method))) {
      if (transport === 'udp' || end - at >= 10) return 'no';
      return begins(bytes, at, end, VERSION) || METHODS.some((one) => begins(bytes, at, end, one))
        ? 'more'
        : 'no';
    }
    const lf = find(bytes, LF, at, end);
    if (lf < 0) return transport === 'udp' ? 'no' : 'more';
    return isStartLine(bytes, at, bytes[lf - 1] === CR ? lf - 1 : lf) ? 'yes' : 'no';
  },
  datagram(bytes, at, end, direction, emit) {
    let from = at;
    while (from < end && (bytes[from] === CR || bytes[from] === LF || bytes[from] === 0)) from++;
    if (end - from < MIN_MESSAGE) return; // keeps a hole in a firewall open
    if (message.take(bytes, from, end) <= 0) return emit.anomaly('invalid_message');
    message.direction = direction;
    emit.event(message);
  },
  open: () => new SipStream(),
  fromServer: (m) => m.direction === 1,
  fields: [
    field('method', 'protocol', ['zeek.sip.method'], 'Method of the request.', (m) =>
      m.isResponse ? undefined : m.first,
    ),
    field('uri', 'identifier', ['zeek.sip.uri'], 'Whom the request is for.', (m) =>
      m.isResponse ? undefined : m.second,
    ),
    field('version', 'protocol', [], 'Version of the protocol.', (m) => (m.isResponse ? m.first : m.third)),
    field('request_line', 'identifier', [], 'First line of the request.', (m) =>
      m.isResponse ? undefined : m.startLine,
    ),
    field('code', 'protocol', ['zeek.sip.status_code'], 'Code of the response.', (m) =>
      m.isResponse ? m.second : undefined,
    ),
    field('reason', 'protocol', ['zeek.sip.status_msg'], 'Its text.', (m) =>
      m.isResponse ? m.third.substring(0, 128) : undefined,
    ),
    field('response_line', 'protocol', [], 'First line of the response.', (m) =>
      m.isResponse ? m.startLine.substring(0, 160) : undefined,
    ),
    field('from', 'identifier', ['request_from'], 'Who calls.', (m) => who(m.header(FROM))),
    field('to', 'identifier', ['request_to'], 'Who is called.', (m) => who(m.header(TO))),
    field('call_id', 'identifier', ['call_id'], 'Name of the call.', (m) => m.header(CALL_ID)),
    field('cseq', 'protocol', ['zeek.sip.seq'], 'Number within the call, and method.', (m) => m.header(CSEQ)),
    field('user_agent', 'protocol', ['zeek.sip.user_agent'], 'Program that the caller says it is.', (m) =>
      m.header(USER_AGENT)?.substring(0, 128),
    ),
    field('server', 'protocol', [], 'Program that the called side says it is.', (m) =>
      m.header(SERVER)?.substring(0, 128),
    ),
    field('content_type', 'protocol', ['zeek.sip.content_type'], 'Kind of the body.', (m) =>
      m.header(CONTENT_TYPE)?.substring(0, 128),
    ),
    {
      name: 'sip.content_length',
      type: 'integer',
      class: 'flow',
      about: 'Bytes of the body, as the message says.',
      read: (m) => m.contentLength,
    },
  ],
  anomalies: { invalid_message: 'What should be a message has no start line, or no end.' },
} as const satisfies Protocol<Message>;

/** Name and address without the parameters of the dialogue, which stand behind them. */
const who = (text: string | undefined): string | undefined => text?.replace(/(>|^[^<>]*?)\s*;.*$/, '$1');

/** The bytes that are there are the beginning of this word. */
function begins(b: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length && at + i < end; i++) if (b[at + i] !== word[i]) return false;
  return true;
}
