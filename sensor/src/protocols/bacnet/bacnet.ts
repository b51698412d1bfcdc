// BACnet/IP: control of buildings. A record for each service with its answer, and for each message without one.
import { describe } from '../describe.ts';
import { Pairs } from '../pairs.ts';
import type { DatagramParser, Direction, Emit, Protocol } from '../protocol.ts';
import { ABORT, CONFIRMED, ERROR, Message, REJECT, SEGMENT_ACK, UNCONFIRMED } from './message.ts';
import { errorName, objectName, propertyName } from './names.ts';
import {
  abortName,
  bvlcName,
  COMMUNICATION_CONTROL,
  effectOf,
  errorClassName,
  networkName,
  REINITIALIZE,
  rejectName,
  serviceName,
  stateName,
  switchName,
} from './services.ts';

/** Requests of one flow that wait for their answers; an invoke id has eight bits. */
const MAX_WAITING = 64;
const PDUS = [
  'confirmed-request',
  'unconfirmed-request',
  'simple-ack',
  'complex-ack',
  'segment-ack',
  'error',
  'reject',
  'abort',
];

class Exchange {
  request: Message | undefined;
  response: Message | undefined;
  get one(): Message {
    return (this.request ?? this.response) as Message;
  }
}
/** Reused: valid during the event. */
const exchange = new Exchange();

class Talk implements DatagramParser {
  readonly #waiting = new Pairs<Message>(MAX_WAITING);

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (!Message.isAt(bytes, at, end)) {
      emit.anomaly('malformed_data');
      return 0;
    }
    const message = Message.read(bytes, at, end);
    if (message.malformed) emit.anomaly('malformed_data');
    if (message.isContinued || message.pdu === SEGMENT_ACK) return 0;
    if (message.pdu === CONFIRMED) {
      const given = this.#waiting.add((direction << 8) | message.invoke, message);
      if (given !== undefined) this.#tell(given, undefined, emit);
    } else if (message.pdu > UNCONFIRMED)
      this.#tell(this.#waiting.take(((1 - direction) << 8) | message.invoke), message, emit);
    else this.#tell(message, undefined, emit);
    return 0;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #tell(request: Message | undefined, response: Message | undefined, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    emit.event(exchange);
  }
}

const { text, number, flag } = describe<Exchange>('bacnet');
const known = (n: number | undefined): number | undefined => (n === undefined || n < 0 ? undefined : n);
const service = ({ one }: Exchange): string | undefined =>
  one.service < 0 ? undefined : serviceName(one.isConfirmed, one.service);
const order = (m: Exchange, of: number, name: (code: number) => string): string | undefined =>
  m.request?.pdu === CONFIRMED && m.request.service === of && m.request.order >= 0
    ? name(m.request.order)
    : undefined;

function reason(m: Exchange): string | undefined {
  const { response } = m;
  if (response === undefined || response.errorCode < 0) return undefined;
  if (response.pdu === REJECT) return rejectName(response.errorCode);
  return response.pdu === ABORT ? abortName(response.errorCode) : errorName(response.errorCode);
}

export const bacnet = {
  name: 'bacnet',
  about: 'BACnet/IP: control of buildings.',
  tcpPorts: [],
  udpPorts: [47808],
  probe: (bytes, at, end) => (Message.isAt(bytes, at, end) ? 'yes' : 'no'),
  openDatagrams: () => new Talk(),
  fields: [
    text('bvlc_function', 'How it travels.', (m) => bvlcName(m.one.bvlc), { aliases: ['bvlc_function'] }),
    text('network_message', 'Message of routers.', ({ one }) =>
      one.network < 0 ? undefined : networkName(one.network),
    ),
    text('pdu_type', 'Kind of message.', ({ one }) => (one.pdu < 0 ? undefined : PDUS[one.pdu]), {
      aliases: ['pdu_type'],
    }),
    text('pdu_service', 'What is done.', service, { aliases: ['pdu_service'] }),
    text(
      'effect',
      'In one word: read, write, control, configure, clock, discover, notify, file-read, file-write or other.',
      (m) => {
        const name = service(m);
        return name && effectOf(name);
      },
    ),
    number('invoke_id', 'Number that ties an answer to its request.', (m) => known(m.one.invoke), {
      aliases: ['invoke_id'],
    }),
    text('object_type', 'Kind of the object that it is about.', ({ one }) =>
      one.objectType < 0 ? undefined : objectName(one.objectType),
    ),
    number('instance_number', 'Its number.', (m) => known(m.one.instance), { aliases: ['instance_number'] }),
    text('property', 'Property that is read or written.', ({ one }) =>
      one.property < 0 ? undefined : propertyName(one.property),
    ),
    number('who_is.low', 'First device that is looked for.', (m) => known(m.one.low)),
    number('who_is.high', 'Last device that is looked for.', (m) => known(m.one.high)),
    number('vendor_id', 'Maker of the device that names itself.', (m) => known(m.one.vendor)),
    text('reinitialize', 'State that a device is to take: coldstart, warmstart and others.', (m) =>
      order(m, REINITIALIZE, stateName),
    ),
    text('communication', 'enable, disable or disable-initiation.', (m) =>
      order(m, COMMUNICATION_CONTROL, switchName),
    ),
    flag('password', 'A password is given, in clear.', (m) => (m.request?.hasPassword ? true : undefined)),
    text(
      'response',
      'Kind of the answer: simple-ack, complex-ack, error, reject or abort.',
      (m) => m.response && PDUS[m.response.pdu],
    ),
    text('error_class', 'Class of the error.', ({ response }) =>
      response?.pdu === ERROR && response.errorClass >= 0 ? errorClassName(response.errorClass) : undefined,
    ),
    text('result_code', 'Why it was refused.', reason, { aliases: ['result_code'] }),
  ],
  anomalies: { malformed_data: 'A length or a tag points beyond the datagram.' },
} as const satisfies Protocol<Exchange>;
