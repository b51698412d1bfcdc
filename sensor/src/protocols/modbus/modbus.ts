// Modbus over TCP and UDP (MODBUS Messaging on TCP/IP V1.0b), a record for each request with its answer.
import { u16 } from '../../bytes/read.ts';
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Value,
  type Verdict,
} from '../protocol.ts';
import {
  accessType,
  categoryOf,
  diagnosticWord,
  effectOf,
  exceptionName,
  exceptionWord,
  functionName,
  functionWord,
  meiWord,
} from './names.ts';
import { HEADER, isHeader, isHonest, Pdu } from './pdu.ts';

/** A request with its answer; one of them alone when the other was not seen. */
class Exchange {
  id = 0;
  request: Pdu | undefined;
  response: Pdu | undefined;

  get one(): Pdu {
    return (this.request ?? this.response) as Pdu;
  }
}

/** Requests of one flow that wait for their answers; the specification advises up to 16. */
const MAX_WAITING = 64;

class Talk implements StreamParser, DatagramParser {
  readonly #waiting = new Pairs<Pdu>(MAX_WAITING);
  readonly #exchange = new Exchange();
  /** Which side asks; told by the first message that only one could send, since a flow may have been picked up in its middle. */
  #master: Direction | undefined;
  /** Something was missed: an answer without its request is no wonder then. */
  #missed = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message of at least eight bytes.
    while (end - next > HEADER) {
      if (!isHeader(bytes, next)) {
        // Behind a gap, messages begin where segments do: the next one may be in order again.
        if (this.#missed) return end - at;
        emit.anomaly(u16(bytes, next + 2) === 0 ? 'invalid_length' : 'invalid_protocol_id');
        return next === at ? STREAM_LOST : STREAM_DONE;
      }
      const length = 6 + u16(bytes, next + 4);
      if (end - next < length) break;
      this.#take(bytes, next, next + length, direction, emit);
      next += length;
    }
    return next - at;
  }

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (end - at <= HEADER || !isHeader(bytes, at) || end - at < 6 + u16(bytes, at + 4))
      emit.anomaly('invalid_length');
    else this.#take(bytes, at, at + 6 + u16(bytes, at + 4), direction, emit);
    return 0;
  }

  gap(): boolean {
    this.#missed = true;
    return true;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #take(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    this.#master ??= masterOf(bytes, at, end, direction);
    const isRequest = direction === (this.#master ?? 0);
    const pdu = Pdu.read(bytes, at, end, isRequest);
    const key = (pdu.transaction << 8) | pdu.unit;
    if (isRequest) {
      const given = this.#waiting.add(key, pdu);
      if (given !== undefined) this.#tell(given, undefined, emit);
      return;
    }
    const request = this.#waiting.take(key);
    if (request === undefined && !this.#missed) emit.anomaly('unsolicited_response');
    if (request !== undefined && request.code !== pdu.code) emit.anomaly('value_mismatch');
    this.#tell(request, pdu, emit);
  }

  #tell(request: Pdu | undefined, response: Pdu | undefined, emit: Emit): void {
    for (const pdu of [request, response]) {
      if (pdu?.wrongLength) emit.anomaly('invalid_length');
      if (pdu?.wrongValue) emit.anomaly('invalid_value');
      if (pdu?.wrongException) emit.anomaly('invalid_exception_code');
    }
    const exchange = this.#exchange;
    exchange.request = request;
    exchange.response = response;
    emit.event(exchange);
    exchange.id++;
  }
}

/** The side that asks; undefined when both sides could send this message. */
function masterOf(bytes: Uint8Array, at: number, end: number, direction: Direction): Direction | undefined {
  const couldAsk = isHonest(bytes, at, end, true);
  const couldAnswer = bytes[at + HEADER] >= 0x80 || isHonest(bytes, at, end, false);
  if (couldAsk === couldAnswer) return undefined;
  return couldAsk === (direction === 0) ? 0 : 1;
}

/**
 * BER with a length of four bytes (X.690 §8.1.3.5), as LDAP of Windows writes it: SEQUENCE, 84, two bytes of zero
 * where Modbus has its protocol, and the INTEGER of a message's number.
 */
const isBer = (b: Uint8Array, at: number): boolean =>
  b[at] === 0x30 && b[at + 1] === 0x84 && b[at + 6] === 2 && b[at + HEADER] <= 4;

function probe(bytes: Uint8Array, at: number, end: number, _: Direction, transport: string): Verdict {
  if (transport === 'tcp' && end - at < HEADER + 1)
    return end - at >= 4 && u16(bytes, at + 2) !== 0 ? 'no' : 'more';
  if (end - at < HEADER + 1 || !isHeader(bytes, at) || isBer(bytes, at)) return 'no';
  const length = 6 + u16(bytes, at + 4);
  if (end - at < length) return transport === 'tcp' ? 'more' : 'no';
  const stop = at + length;
  if (isHonest(bytes, at, stop, true) || isHonest(bytes, at, stop, false)) return 'yes';
  // Functions of vendors: only where one message fills the segment; a datagram on the port of Modbus besides.
  if (end - at !== length) return 'no';
  return transport === 'tcp' ? 'yes' : 'more';
}

const { text, number, flag } = describe<Exchange>('modbus');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);

/** The same fields of both sides, as Suricata has them. */
function side(name: 'request' | 'response', aliases: readonly string[]): Field<Exchange>[] {
  const of =
    (get: (pdu: Pdu) => Value) =>
    (m: Exchange): Value => {
      const pdu = m[name];
      return pdu && get(pdu);
    };
  const reserved = (p: Pdu): boolean =>
    (p.diagnostic >= 0 && diagnosticWord(p.diagnostic) === 'Reserved') ||
    (p.mei >= 0 && meiWord(p.mei) === 'Unknown');
  return [
    number(
      `${name}.transaction_id`,
      'Number that ties an answer to its request.',
      of((p) => p.transaction),
    ),
    number(
      `${name}.protocol_id`,
      'Zero for Modbus.',
      of(() => 0),
    ),
    number(
      `${name}.unit_id`,
      'Device behind the gateway.',
      of((p) => p.unit),
    ),
    number(
      `${name}.function_raw`,
      'The byte of the function; above 127 it was refused.',
      of((p) => p.raw),
    ),
    text(
      `${name}.function_code`,
      'Name of the function.',
      of((p) => functionWord(p.raw)),
    ),
    text(
      `${name}.access_type`,
      'What it reads or writes, or NONE.',
      of((p) => accessType(p.raw)),
      { aliases },
    ),
    text(
      `${name}.category`,
      'Which range the function belongs to.',
      of((p) => categoryOf(p.raw, reserved(p))),
    ),
    text(`${name}.error_flags`, 'What is wrong with the message, or NONE.', of(errorFlags)),
    number(
      `${name}.read.address`,
      'First address that is read.',
      of((p) => known(p.readAddress)),
    ),
    number(
      `${name}.read.quantity`,
      'How many are read.',
      of((p) => known(p.readQuantity)),
    ),
    number(
      `${name}.write.address`,
      'First address that is written.',
      of((p) => known(p.writeAddress)),
    ),
    number(
      `${name}.write.quantity`,
      'How many are written.',
      of((p) => known(p.writeQuantity)),
    ),
    number(
      `${name}.write.data`,
      'Value of the one coil or register that is written.',
      of((p) => (p.orMask < 0 ? known(p.value) : undefined)),
      { class: 'content' },
    ),
    number(
      `${name}.write.and_mask`,
      'Bits of a register that stay.',
      of((p) => (p.orMask < 0 ? undefined : p.value)),
      { class: 'content' },
    ),
    number(
      `${name}.write.or_mask`,
      'Bits of a register that are set.',
      of((p) => known(p.orMask)),
      {
        class: 'content',
      },
    ),
    number(
      `${name}.diagnostic.raw`,
      'Subfunction of diagnostics.',
      of((p) => known(p.diagnostic)),
    ),
    text(
      `${name}.diagnostic.code`,
      'Its name.',
      of((p) => (p.diagnostic < 0 ? undefined : diagnosticWord(p.diagnostic))),
    ),
    number(
      `${name}.mei.raw`,
      'Kind of encapsulated transport.',
      of((p) => known(p.mei)),
    ),
    text(
      `${name}.mei.code`,
      'Its name.',
      of((p) => (p.mei < 0 ? undefined : meiWord(p.mei))),
    ),
  ];
}

function errorFlags(p: Pdu): string {
  const flags: string[] = [];
  if (p.wrongValue) flags.push('DATA_VALUE');
  if (p.wrongLength) flags.push('DATA_LENGTH');
  if (p.wrongException) flags.push('EXC_CODE');
  return flags.length === 0 ? 'NONE' : flags.join(' | ');
}

const identity = (m: Exchange, object: number): string | undefined =>
  m.response?.identity?.[object] || undefined;

export const modbus = {
  name: 'modbus',
  about: 'Modbus: reading and writing of controllers.',
  tcpPorts: [502],
  udpPorts: [502],
  probe,
  open: () => new Talk(),
  openDatagrams: () => new Talk(),
  fields: [
    number('id', 'Number of the exchange in its flow.', (m) => m.id),
    text(
      'func',
      'Name of the function, of an answer when its request was not seen.',
      (m) => functionName(m.one.raw),
      {
        aliases: ['func'],
      },
    ),
    number('unit', 'Device behind the gateway.', (m) => m.one.unit, { aliases: ['unit'] }),
    number('tid', 'Number of the transaction.', (m) => m.one.transaction, { aliases: ['tid'] }),
    text('effect', 'In one word: read, write, control, diagnose or other.', (m) =>
      effectOf(m.one.code, m.one.diagnostic),
    ),
    flag(
      'answered',
      'The request had an answer.',
      (m) => m.request !== undefined && m.response !== undefined,
    ),
    text(
      'exception',
      'Why it was refused.',
      (m) => (m.response && m.response.exception >= 0 ? exceptionName(m.response.exception) : undefined),
      { aliases: ['exception'] },
    ),
    ...side('request', ['modbus.access_type']),
    ...side('response', []),
    number('response.exception.raw', 'Number of the refusal.', (m) => known(m.response?.exception)),
    text('response.exception.code', 'Name of the refusal.', (m) =>
      m.response && m.response.exception >= 0 ? exceptionWord(m.response.exception) : undefined,
    ),
    text('device.vendor', 'Maker, as the device identifies itself.', (m) => identity(m, 0)),
    text('device.product', 'Product code, as the device identifies itself.', (m) => identity(m, 1)),
    text('device.revision', 'Revision, as the device identifies itself.', (m) => identity(m, 2)),
  ],
  anomalies: {
    invalid_protocol_id: 'A header does not say Modbus.',
    invalid_length: 'A length does not fit the function or the message.',
    invalid_value: 'A quantity or a value is none that the function has.',
    invalid_exception_code: 'A refusal has a reason that is not assigned.',
    unsolicited_response: 'An answer came to no request.',
    value_mismatch: 'An answer is of another function than its request.',
  },
} as const satisfies Protocol<Exchange>;
