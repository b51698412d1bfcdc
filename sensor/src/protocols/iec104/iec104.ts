// IEC 60870-5-104: telecontrol of grids. A record for each command with its confirmation, and for each report.
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { HEADER as ASDU, Asdu, commandState, isSelect } from './asdu.ts';
import { causeName, effectOf, typeName } from './asdu-types.ts';

const START = 0x68;
/** Start, length, four octets of control. */
const APCI = 6;
const MIN_LENGTH = 4;
const MAX_LENGTH = 253;
/** Commands of one flow that wait for their confirmation. */
const MAX_WAITING = 64;
const ACTIVATION = 6;
const ACTIVATION_CONFIRMATION = 7;
const DEACTIVATION = 8;
const DEACTIVATION_CONFIRMATION = 9;
/** Causes of refusals: nothing of this type, cause, station or address is known. */
const FIRST_UNKNOWN = 44;
const LAST_UNKNOWN = 47;

/** Unnumbered frames: act and con. Tests of the line are not told. */
const UNNUMBERED: Readonly<Record<number, string>> = {
  7: 'STARTDT',
  11: 'STARTDT',
  19: 'STOPDT',
  35: 'STOPDT',
};
const CONFIRMATIONS = new Set([0x0b, 0x23]);
const TESTS = new Set([0x43, 0x83]);

class Exchange {
  /** Name of an unnumbered frame; of the others the data. */
  frame = '';
  request: Asdu | undefined;
  response: Asdu | undefined;
  answered = false;
  get one(): Asdu | undefined {
    return this.request ?? this.response;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

const isApci = (b: Uint8Array, at: number): boolean =>
  b[at] === START && b[at + 1] >= MIN_LENGTH && b[at + 1] <= MAX_LENGTH;

class Talk implements StreamParser {
  readonly #waiting = new Pairs<Asdu | string>(MAX_WAITING);
  #missed = false;

  stream(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole frame.
    while (end - next >= APCI) {
      if (!isApci(bytes, next)) {
        // Behind a gap, frames begin where segments do.
        if (this.#missed) return end - at;
        emit.anomaly('malformed_data');
        return next === at ? STREAM_LOST : STREAM_DONE;
      }
      const length = 2 + bytes[next + 1];
      if (end - next < length) break;
      this.#frame(bytes, next, next + length, emit);
      next += length;
    }
    return next - at;
  }

  gap(): boolean {
    this.#missed = true;
    return true;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #frame(bytes: Uint8Array, at: number, end: number, emit: Emit): void {
    const control = bytes[at + 2];
    if ((control & 3) === 3) this.#unnumbered(control, emit);
    else if ((control & 1) === 0) {
      if (end - at - APCI < ASDU) emit.anomaly('malformed_data');
      else this.#asdu(Asdu.read(bytes, at + APCI, end), emit);
    }
  }

  #unnumbered(control: number, emit: Emit): void {
    const name = UNNUMBERED[control];
    if (name === undefined) {
      if (!TESTS.has(control)) emit.anomaly('malformed_data');
      return;
    }
    const key = -name.length;
    if (CONFIRMATIONS.has(control)) {
      this.#waiting.take(key);
      this.#tell(name, name, emit);
    } else {
      const given = this.#waiting.add(key, name);
      if (given !== undefined) this.#tell(given, undefined, emit);
    }
  }

  #asdu(asdu: Asdu, emit: Emit): void {
    if (asdu.wrongLength) emit.anomaly('malformed_data');
    const { cause } = asdu;
    const key = asdu.type * 0x10000 + asdu.station;
    const answers =
      cause === ACTIVATION_CONFIRMATION ||
      cause === DEACTIVATION_CONFIRMATION ||
      (cause >= FIRST_UNKNOWN && cause <= LAST_UNKNOWN);
    if (cause === ACTIVATION || cause === DEACTIVATION) {
      const given = this.#waiting.add(key, asdu);
      if (given !== undefined) this.#tell(given, undefined, emit);
    } else this.#tell(answers ? this.#waiting.take(key) : undefined, asdu, emit);
  }

  #tell(request: Asdu | string | undefined, response: Asdu | string | undefined, emit: Emit): void {
    exchange.frame = typeof request === 'string' ? request : '';
    exchange.request = typeof request === 'object' ? request : undefined;
    exchange.response = typeof response === 'object' ? response : undefined;
    exchange.answered = request !== undefined && response !== undefined;
    emit.event(exchange);
  }
}

/** The first frame tells: an unnumbered one, a receipt, or data that fits its type to the octet. */
function probe(b: Uint8Array, at: number, end: number): Verdict {
  if (end === at || b[at] !== START) return end === at ? 'more' : 'no';
  if (end - at < APCI) return end - at < 2 || isApci(b, at) ? 'more' : 'no';
  if (!isApci(b, at)) return 'no';
  const [length, control] = [b[at + 1], b[at + 2]];
  if ((control & 3) === 3) {
    const isKnown = UNNUMBERED[control] !== undefined || TESTS.has(control);
    return isKnown && length === MIN_LENGTH && b[at + 3] + b[at + 4] + b[at + 5] === 0 ? 'yes' : 'no';
  }
  if ((b[at + 4] & 1) !== 0) return 'no';
  if (control === 1) return length === MIN_LENGTH && b[at + 3] === 0 && end - at === APCI ? 'yes' : 'no';
  if ((control & 1) !== 0 || length < MIN_LENGTH + ASDU) return 'no';
  if (end - at < 2 + length) return 'more';
  return Asdu.read(b, at + APCI, at + 2 + length).isHonest ? 'yes' : 'no';
}

const { text, number, flag } = describe<Exchange>('iec104');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);

export const iec104 = {
  name: 'iec104',
  about: 'IEC 60870-5-104: telecontrol of power grids.',
  tcpPorts: [2404],
  udpPorts: [],
  probe,
  open: () => new Talk(),
  fields: [
    text('frame', 'I with data; STARTDT and STOPDT begin and end its transfer.', (m) => m.frame || 'I'),
    number('type_id', 'Type of the data.', (m) => m.one?.type),
    text('type', 'Its name.', (m) => m.one && typeName(m.one.type)),
    text(
      'effect',
      'In one word: monitor, control, setpoint, interrogate, read, clock, reset, test, parameter, file, security, start or stop.',
      (m) => (m.one ? effectOf(m.one.type) : m.frame === 'STOPDT' ? 'stop' : 'start'),
    ),
    number('cause_code', 'Cause of transmission.', (m) => m.one?.cause),
    text('cause', 'Its name.', (m) => m.one && causeName(m.one.cause)),
    number('originator', 'Address of the side that began.', (m) => m.one?.originator),
    number('common_address', 'Address of the station.', (m) => m.one?.station),
    number('count', 'Number of elements.', (m) => m.one?.count),
    flag('sequence', 'The elements have consecutive addresses.', (m) => m.one?.isSequence),
    flag('test', 'It is a test.', (m) => m.one?.isTest),
    number('ioa', 'Addresses of the objects.', (m) => {
      const addresses = m.one?.addresses;
      return addresses?.length ? addresses : undefined;
    }),
    text('command.state', 'What is switched: on, off, lower, higher.', ({ one }) =>
      one === undefined || one.qualifier < 0 ? undefined : commandState(one.type, one.qualifier),
    ),
    flag('command.select', 'The object is selected first, and not yet switched.', ({ one }) =>
      one === undefined || one.qualifier < 0 || effectOf(one.type) !== 'control'
        ? undefined
        : isSelect(one.qualifier),
    ),
    number('qualifier', 'What an interrogation asks for, or how a process is reset.', ({ one }) =>
      one === undefined || effectOf(one.type) === 'control' ? undefined : known(one.qualifier),
    ),
    flag('answered', 'The command was confirmed, in good or bad.', (m) =>
      m.request !== undefined || m.frame !== '' ? m.answered : undefined,
    ),
    text(
      'response.cause',
      'Cause of the confirmation.',
      (m) => m.request && m.response && causeName(m.response.cause),
    ),
    flag('negative', 'The station refuses.', (m) => m.response?.isNegative),
  ],
  anomalies: { malformed_data: 'A frame or its data does not have the length that it says.' },
} as const satisfies Protocol<Exchange>;
