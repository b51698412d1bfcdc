// S7comm-plus of the S7-1200 and S7-1500: which functions are called in which session. What it carries is not read.
import { u16, u32 } from '../../bytes/read.ts';
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import type { Direction, Emit, Protocol, StreamParser } from '../protocol.ts';
import { isConnect, probeFrames, readFrame, readSelectors, takeFrames } from './cotp.ts';

const MAGIC = 0x72;
const HEADER = 4;
const TRAILER = 4;
const VERSION_3 = 3;
/** Version of messages that only keep the connection. */
const KEEP_ALIVE = 0xff;
const SYSTEM_EVENT = 0xfe;
const REQUEST = 0x31;
const RESPONSE = 0x32;
const NOTIFICATION = 0x33;
/** Opcode, two reserved, function, two reserved, sequence, session. */
const BODY = 13;
const MAX_WAITING = 64;

const OPCODES: Readonly<Record<number, string>> = {
  [REQUEST]: 'Request',
  [RESPONSE]: 'Response',
  [NOTIFICATION]: 'Notification',
};
const FUNCTIONS: Readonly<Record<number, readonly [string, string]>> = {
  1201: ['Error', 'other'],
  1211: ['Explore', 'read'],
  1226: ['Create Object', 'create'],
  1236: ['Delete Object', 'delete'],
  1266: ['Set Variable', 'write'],
  1316: ['Get Link', 'read'],
  1346: ['Set Multi Variables', 'write'],
  1356: ['Get Multi Variables', 'read'],
  1366: ['Begin Sequence', 'sequence'],
  1376: ['End Sequence', 'sequence'],
  1387: ['Invoke', 'control'],
  1404: ['Set Variable Sub Streamed', 'write'],
  1414: ['Get Variable Sub Streamed', 'read'],
};

class Message {
  version = 0;
  opcode = 0;
  code = -1;
  sequence = -1;
  session = -1;
}
class Exchange {
  request: Message | undefined;
  response: Message | undefined;
  selector = '';
  get one(): Message {
    return (this.request ?? this.response) as Message;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

function isAt(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER || b[at] !== MAGIC) return false;
  return (b[at + 1] > 0 && b[at + 1] <= VERSION_3) || b[at + 1] >= SYSTEM_EVENT;
}

function read(b: Uint8Array, at: number, end: number): Message | undefined {
  const message = new Message();
  message.version = b[at + 1];
  let from = at + HEADER;
  // A digest with its length stands in front since version 3.
  if (message.version === VERSION_3 && from < end) from += 1 + b[from];
  if (end - from < BODY) return undefined;
  message.opcode = b[from];
  if (OPCODES[message.opcode] === undefined) return undefined;
  if (message.opcode === NOTIFICATION) {
    message.session = u32(b, from + 1);
    return message;
  }
  message.code = u16(b, from + 3);
  message.sequence = u16(b, from + 7);
  if (message.opcode === REQUEST) message.session = u32(b, from + 9);
  return message;
}

class Talk implements StreamParser {
  readonly #waiting = new Pairs<Message>(MAX_WAITING);
  #selector = '';
  /** A message goes on in the next frame until its trailer has come. */
  readonly #goesOn = [false, false];

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    return takeFrames(bytes, at, end, (from, to) => this.#frame(bytes, from, to, direction, emit));
  }

  gap(direction: Direction): boolean {
    this.#goesOn[direction] = false;
    return true;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #frame(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const frame = readFrame(bytes, at, end);
    if (frame !== undefined && isConnect(frame)) this.#selector = readSelectors(bytes, at, end)?.called ?? '';
    if (frame === undefined || frame.user < 0 || !isAt(bytes, frame.user, end)) return;
    const goesOn = this.#goesOn[direction];
    const data = frame.user + HEADER + u16(bytes, frame.user + 2);
    const isKept = bytes[frame.user + 1] >= SYSTEM_EVENT;
    if (!isKept) this.#goesOn[direction] = end - data < TRAILER;
    const message = goesOn || isKept ? undefined : read(bytes, frame.user, Math.min(end, data));
    if (message === undefined) {
      if (!goesOn && bytes[frame.user + 1] < SYSTEM_EVENT) emit.anomaly('malformed_data');
    } else if (message.opcode === NOTIFICATION) this.#tell(message, undefined, emit);
    else if (message.opcode === RESPONSE) this.#tell(this.#waiting.take(message.sequence), message, emit);
    else {
      const given = this.#waiting.add(message.sequence, message);
      if (given !== undefined) this.#tell(given, undefined, emit);
    }
  }

  #tell(request: Message | undefined, response: Message | undefined, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    exchange.selector = this.#selector;
    emit.event(exchange);
  }
}

const { text, number, flag } = describe<Exchange>('s7comm_plus');
const known = (n: number): number | undefined => (n < 0 ? undefined : n);
const CREATE = 0x04ca;

export const s7commPlus = {
  name: 's7comm-plus',
  about: 'S7comm-plus: programming and reading of newer Siemens controllers.',
  tcpPorts: [102],
  udpPorts: [],
  probe: (bytes, at, end) =>
    probeFrames(bytes, at, end, (b, from, to) => isAt(b, from, to) && b[from + 1] < KEEP_ALIVE),
  open: () => new Talk(),
  fields: [
    number('version', 'Version of the protocol.', (m) => m.one.version),
    text(
      'opcode',
      'Request, Response where no request was seen, or Notification.',
      (m) => OPCODES[m.one.opcode],
      {
        aliases: ['opcode_name'],
      },
    ),
    text(
      'function',
      'What is done.',
      ({ one }) => (one.code < 0 ? undefined : (FUNCTIONS[one.code]?.[0] ?? `unknown-${one.code}`)),
      { aliases: ['function_name'] },
    ),
    number('function_code', 'Number of the function.', (m) => known(m.one.code)),
    text('effect', 'In one word: read, write, create, delete, control, sequence or other.', ({ one }) =>
      one.code < 0 ? undefined : (FUNCTIONS[one.code]?.[1] ?? 'other'),
    ),
    number('sequence', 'Number that ties a response to its request.', (m) => known(m.one.sequence)),
    number('session', 'Number of the session.', (m) => known(m.one.session)),
    flag('answered', 'There was a response.', (m) => m.response !== undefined),
    text('tsap.destination', 'Selector of the controller, where a session begins.', (m) =>
      m.one.code === CREATE ? m.selector || undefined : undefined,
    ),
  ],
  anomalies: { malformed_data: 'A message is shorter than its header.' },
} as const satisfies Protocol<Exchange>;
