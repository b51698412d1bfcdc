// EtherNet/IP with CIP over TCP and UDP: a record for each request with its response, as Suricata 8 writes them.
import { u16le } from '../../bytes/read.ts';
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
import { type Cip, segmentName } from './cip.ts';
import { className, deviceName, statusName } from './classes.ts';
import {
  commandName,
  Frame,
  HEADER,
  type Identity,
  isHeader,
  isUnanswered,
  MAX_DATA,
  statusWord,
} from './frame.ts';
import { effectOf, serviceName } from './services.ts';
import { vendorName } from './vendors.ts';

/** Requests of one flow that wait for their responses. */
const MAX_WAITING = 64;

class Exchange {
  request: Frame | undefined;
  response: Frame | undefined;
}
/** Reused: valid during the event. */
const exchange = new Exchange();

class Talk implements StreamParser, DatagramParser {
  readonly #waiting = new Pairs<Frame>(MAX_WAITING);

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message.
    while (end - next >= HEADER) {
      const length = HEADER + u16le(bytes, next + 2);
      if (length > HEADER + MAX_DATA) return next === at ? STREAM_LOST : STREAM_DONE;
      if (end - next < length) break;
      this.#take(bytes, next, next + length, direction, emit);
      next += length;
    }
    return next - at;
  }

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (end - at < HEADER || end - at < HEADER + u16le(bytes, at + 2)) emit.anomaly('malformed_data');
    else this.#take(bytes, at, at + HEADER + u16le(bytes, at + 2), direction, emit);
    return 0;
  }

  end(emit: Emit): void {
    this.#waiting.drain((request) => this.#tell(request, undefined, emit));
  }

  #take(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const frame = Frame.read(bytes, at, end);
    if (frame.malformed) emit.anomaly('malformed_data');
    const isResponse = frame.cip?.isResponse ?? direction === 1;
    if (isResponse) this.#tell(this.#waiting.take(frame.key), frame, emit);
    else if (isUnanswered(frame.command)) this.#tell(frame, undefined, emit);
    else {
      const given = this.#waiting.add(frame.key, frame);
      if (given !== undefined) this.#tell(given, undefined, emit);
    }
  }

  #tell(request: Frame | undefined, response: Frame | undefined, emit: Emit): void {
    exchange.request = request;
    exchange.response = response;
    emit.event(exchange);
  }
}

const { text, number } = describe<Exchange>('enip');
type Side = 'request' | 'response';

const header = (side: Side): Field<Exchange>[] => [
  text(`${side}.command`, 'What the frame is for.', (m) => m[side] && commandName(m[side].command)),
  text(`${side}.status`, 'How it went.', (m) => m[side] && statusWord(m[side].status)),
  number(`${side}.options`, 'Options, where there are any.', (m) => m[side]?.options || undefined),
  number(
    `${side}.register_session.protocol_version`,
    'Version of the session.',
    (m) => m[side]?.registered?.[0],
  ),
  number(`${side}.register_session.options`, 'Options of the session.', (m) => m[side]?.registered?.[1]),
];

/** Class of what a service is asked of; of a response, that of its request. */
const classOf = (m: Exchange, inner = -1): number => {
  const asked = m.request?.cip;
  return (inner < 0 ? asked : (asked?.inner[inner] ?? asked))?.classId ?? -1;
};
const cip =
  (side: Side, get: (cip: Cip, m: Exchange) => Value) =>
  (m: Exchange): Value => {
    const found = m[side]?.cip;
    return found && get(found, m);
  };
const inner = (side: Side, get: (one: Cip, m: Exchange, i: number) => string | undefined) =>
  cip(side, (c, m) => (c.inner.length === 0 ? undefined : c.inner.map((one, i) => get(one, m, i))));
const classText = (one: Cip): string | undefined => (one.classId < 0 ? undefined : className(one.classId));
const identity = (get: (i: Identity) => Value) => (m: Exchange) =>
  m.response?.identity && get(m.response.identity);

/** What does most to the device, of a service and those packed in it. */
function effect(c: Cip, m: Exchange): string {
  const found = c.inner.map((one, i) => effectOf(serviceName(one.service, classOf(m, i))));
  return (
    found.find((word) => word !== 'read' && word !== 'other') ??
    found[0] ??
    effectOf(serviceName(c.service, classOf(m)))
  );
}

/** Commands are below 256, and written with the low byte first. */
const couldBegin = (b: Uint8Array, at: number, end: number): boolean => end - at < 2 || b[at + 1] === 0;

export const enip = {
  name: 'enip',
  about: 'EtherNet/IP with CIP: controllers and drives of Rockwell, Omron, Schneider and others.',
  tcpPorts: [44818],
  udpPorts: [44818],
  probe(bytes, at, end, _, transport): Verdict {
    if (end - at < HEADER) return transport === 'tcp' && couldBegin(bytes, at, end) ? 'more' : 'no';
    if (!isHeader(bytes, at)) return 'no';
    // A datagram is one message (EtherNet/IP §2-1): what says less than it holds is so only on its own port.
    const left = end - at - HEADER - u16le(bytes, at + 2);
    return transport === 'tcp' || left === 0 ? 'yes' : left > 0 ? 'more' : 'no';
  },
  open: () => new Talk(),
  openDatagrams: () => new Talk(),
  fields: [
    ...header('request'),
    text(
      'request.cip.service',
      'Service that is asked for.',
      cip('request', (c) => serviceName(c.service, c.classId)),
    ),
    text(
      'request.cip.path[].segment_type',
      'Part of the path: class, instance, attribute.',
      cip('request', (c) => (c.path.length === 0 ? undefined : c.path.map(segmentName))),
    ),
    number(
      'request.cip.path[].value',
      'Its number.',
      cip('request', (c) => c.path.map(({ value }) => value)),
    ),
    text('request.cip.class_name', 'Name of the class.', cip('request', classText)),
    text(
      'request.cip.symbol',
      'Name of the tag.',
      cip('request', (c) => c.symbol || c.inner[0]?.symbol || undefined),
      {
        class: 'content',
      },
    ),
    text(
      'request.cip.multiple[].service',
      'Service packed in it.',
      inner('request', (one) => serviceName(one.service, one.classId)),
    ),
    text('request.cip.multiple[].class_name', 'Class it is asked of.', inner('request', classText)),
    ...header('response'),
    text(
      'response.cip.service',
      'Service that is answered.',
      cip('response', (c, m) => serviceName(c.service, classOf(m))),
    ),
    text(
      'response.cip.status',
      'How it went.',
      cip('response', (c) => (c.status < 0 ? undefined : statusName(c.status))),
    ),
    text(
      'response.cip.status_extended',
      'More of it, in hex.',
      cip('response', (c) => c.extended || undefined),
    ),
    text(
      'response.cip.multiple[].service',
      'Service packed in it.',
      inner('response', (one, m, i) => serviceName(one.service, classOf(m, i))),
    ),
    text(
      'response.cip.multiple[].status',
      'How that went.',
      inner('response', (one) => (one.status < 0 ? undefined : statusName(one.status))),
    ),
    number(
      'response.list_services.protocol_version',
      'Version of the service.',
      (m) => m.response?.services?.[0],
    ),
    number('response.list_services.capabilities', 'What it can do.', (m) => m.response?.services?.[1]),
    text('response.list_services.service_name', 'Its name.', (m) => m.response?.services?.[2]),
    number(
      'response.identity.protocol_version',
      'Version of the encapsulation.',
      identity((i) => i.protocol),
    ),
    text(
      'response.identity.revision',
      'Revision of the device.',
      identity((i) => i.revision),
    ),
    text(
      'response.identity.vendor_id',
      'Its maker.',
      identity((i) => vendorName(i.vendor)),
    ),
    text(
      'response.identity.device_type',
      'What it is.',
      identity((i) => deviceName(i.device)),
    ),
    number(
      'response.identity.product_code',
      'Product of the maker.',
      identity((i) => i.product),
    ),
    number(
      'response.identity.status',
      'Its status word.',
      identity((i) => i.status),
    ),
    number(
      'response.identity.serial',
      'Its serial number.',
      identity((i) => i.serial),
    ),
    text(
      'response.identity.product_name',
      'Name of the product.',
      identity((i) => i.name),
    ),
    number(
      'response.identity.state',
      'Its state.',
      identity((i) => (i.state < 0 ? undefined : i.state)),
    ),
    text(
      'effect',
      'In one word: read, write, start, stop, reset, download, upload, configure, control, connect or other.',
      (m) => {
        const asked = m.request?.cip ?? m.response?.cip;
        return asked && effect(asked, m);
      },
    ),
  ],
  anomalies: { malformed_data: 'A message, an item or a path is shorter than it says.' },
} as const satisfies Protocol<Exchange>;
