// S7comm of Siemens controllers: a record for each job with its answer; stops, starts and downloads by name.
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import type { Direction, Emit, Protocol, StreamParser, Value } from '../protocol.ts';
import { isConnect, probeFrames, readFrame, readSelectors, type Selectors, takeFrames } from './cotp.ts';
import {
  areaName,
  blockName,
  connectionName,
  effectOf,
  errorClassName,
  functionName,
  groupName,
  ROSCTR,
  subfunctionName,
  userEffect,
} from './names.ts';
import { type Item, Pdu } from './pdu.ts';

/** Jobs of one flow that wait for their answers. */
const MAX_WAITING = 64;

class Exchange {
  request: Pdu | undefined;
  response: Pdu | undefined;
  selectors: Selectors | undefined;

  get one(): Pdu {
    return (this.request ?? this.response) as Pdu;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

class Talk implements StreamParser {
  readonly #waiting = new Pairs<Pdu>(MAX_WAITING);
  #selectors: Selectors | undefined;
  /** The next data frame of a direction goes on with what the one before began. */
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
    if (frame === undefined) emit.anomaly('malformed_data');
    else if (isConnect(frame)) this.#selectors = readSelectors(bytes, at, end);
    else if (frame.user >= 0) {
      const isFirst = !this.#goesOn[direction];
      this.#goesOn[direction] = !frame.isLast;
      if (isFirst && end > frame.user) this.#pdu(Pdu.read(bytes, frame.user, end), direction, emit);
    }
  }

  #pdu(pdu: Pdu | undefined, direction: Direction, emit: Emit): void {
    if (pdu === undefined) {
      emit.anomaly('malformed_data');
      return;
    }
    if (pdu.isPush) this.#tell(pdu, undefined, emit);
    else if (pdu.isResponse)
      this.#tell(this.#waiting.take((pdu.reference << 1) | (1 - direction)), pdu, emit);
    else {
      const given = this.#waiting.add((pdu.reference << 1) | direction, pdu);
      if (given !== undefined) this.#tell(given, undefined, emit);
    }
  }

  #tell(request: Pdu | undefined, response: Pdu | undefined, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    exchange.selectors = (request ?? response)?.code === SETUP ? this.#selectors : undefined;
    emit.event(exchange);
  }
}

const SETUP = 0xf0;
const { text, number, flag } = describe<Exchange>('s7comm');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);
const items =
  (get: (item: Item) => string | number) =>
  (m: Exchange): Value =>
    m.request === undefined || m.request.items.length === 0 ? undefined : m.request.items.map(get);
const whenSubfunction = (m: Exchange, read: (pdu: Pdu) => string): string | undefined =>
  m.one.group < 0 ? undefined : read(m.one);
/** Type and number of a block whose file is called `_0800001P`. */
const block = (m: Exchange, from: number, to: number): string | undefined => {
  const name = m.request?.block ?? '';
  return /^_[0-9A-Z]{2}\d{5}[A-Z]$/.test(name) ? name.substring(from, to) : undefined;
};
const selected = (m: Exchange, get: (s: Selectors) => Value): Value => m.selectors && get(m.selectors);

export const s7comm = {
  name: 's7comm',
  about: 'S7comm: programming and reading of Siemens controllers.',
  tcpPorts: [102],
  udpPorts: [],
  probe: (bytes, at, end) => probeFrames(bytes, at, end, Pdu.isAt),
  open: () => new Talk(),
  fields: [
    text('rosctr', 'Kind of message: Job, Ack, Ack_Data or Userdata.', (m) => ROSCTR[m.one.rosctr], {
      aliases: ['rosctr_name'],
    }),
    number('pdu_reference', 'Number that ties an answer to its job.', (m) => m.one.reference, {
      aliases: ['pdu_reference'],
    }),
    text(
      'function',
      'What is done.',
      (m) => (m.one.code < 0 ? whenSubfunction(m, (p) => groupName(p.group)) : functionName(m.one.code)),
      { aliases: ['function_name'] },
    ),
    number('function_code', 'Number of the function.', (m) => known(m.one.code)),
    text(
      'subfunction',
      'Which of the functions of user data.',
      (m) => whenSubfunction(m, (p) => subfunctionName(p.group, p.subfunction)),
      { aliases: ['subfunction_name'] },
    ),
    text(
      'effect',
      'In one word: read, write, start, stop, download, upload, control, mode, authenticate, connect or other.',
      ({ one }) => (one.code < 0 ? userEffect(one.group, one.subfunction) : effectOf(one.code, one.service)),
    ),
    flag('answered', 'There was an answer.', (m) => m.response !== undefined),
    number('error_class', 'Class of the error; zero is none.', (m) => known(m.response?.errorClass)),
    text('error', 'Its name.', (m) =>
      m.response && m.response.errorClass >= 0 ? errorClassName(m.response.errorClass) : undefined,
    ),
    number('error_code', 'Which error of the class.', (m) => known(m.response?.errorCode)),
    text(
      'items[].area',
      'Memory that is read or written.',
      items((item) => areaName(item.area)),
    ),
    number(
      'items[].db',
      'Number of the data block.',
      items((item) => item.db),
    ),
    number(
      'items[].offset',
      'First byte.',
      items((item) => item.offset),
    ),
    number(
      'items[].count',
      'How many elements.',
      items((item) => item.count),
    ),
    text('block.type', 'Type of the block that is loaded.', (m) => {
      const type = block(m, 1, 3);
      return type && blockName(type);
    }),
    number('block.number', 'Its number.', (m) => {
      const digits = block(m, 3, 8);
      return digits === undefined ? undefined : Number(digits);
    }),
    text('block.destination', 'A for the active, P for the passive memory.', (m) => block(m, 8, 9)),
    text(
      'service',
      'Name of the program service, P_PROGRAM starts and stops.',
      (m) => m.request?.service || undefined,
    ),
    text('service_argument', 'What the service was given.', (m) => m.request?.argument || undefined, {
      class: 'content',
    }),
    number('szl.id', 'List of the system that is read.', (m) => known(m.request?.szl)),
    number('szl.index', 'Part of that list.', (m) => known(m.request?.szlIndex)),
    number('pdu_length', 'Longest message, as both sides agreed.', (m) =>
      known(m.response?.pduLength ?? m.request?.pduLength),
    ),
    text('tsap.source', 'Selector of the client.', (m) => selected(m, (s) => s.calling || undefined)),
    text('tsap.destination', 'Selector of the controller.', (m) => selected(m, (s) => s.called)),
    text('tsap.connection', 'Kind of connection: PG to program, OP to operate, Basic.', (m) =>
      selected(m, (s) => (s.connection < 0 ? undefined : connectionName(s.connection))),
    ),
    number('tsap.rack', 'Rack of the CPU.', (m) => selected(m, (s) => known(s.rack))),
    number('tsap.slot', 'Slot of the CPU.', (m) => selected(m, (s) => known(s.slot))),
  ],
  anomalies: { malformed_data: 'A frame or a message is shorter than it says.' },
} as const satisfies Protocol<Exchange>;
