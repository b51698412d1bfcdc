// DNP3 over TCP and UDP (IEEE 1815): a record for each fragment of an application, as Suricata writes them.
import { copy, copyOf } from '../../bytes/copy.ts';
import { u16 } from '../../bytes/read.ts';
import { describe } from '../describe.ts';
import {
  type DatagramParser,
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
  control,
  destination,
  findStart,
  frameLength,
  HEADER,
  isHeader,
  MAX_USER,
  source,
  userLength,
  userOctets,
} from './link.ts';
import { effectOf, functionName, groupName, indications, isFunction, isWithoutData } from './names.ts';
import { type ObjectHeader, type Objects, readObjects } from './objects.ts';

/** Longest fragment of an application that is put together; outstations take 2,048 octets unless told otherwise. */
const MAX_FRAGMENT = 8192;
/** Bits of the transport header. */
const FINAL = 0x80;
const FIRST = 0x40;
const SEQUENCE = 0x3f;
/** Link functions that carry a user's octets: confirmed and unconfirmed. */
const CONFIRMED = 3;
const UNCONFIRMED = 4;
const PRIMARY = 0x40;
const RESPONSE = 129;
const UNSOLICITED = 130;

class Fragment {
  link = 0;
  source = 0;
  destination = 0;
  control = 0;
  code = 0;
  /** Function of the request that this answers, or of this request; -1 when it was not seen. */
  request = -1;
  iin = -1;
  objects: Objects = { headers: [], complete: true };

  get isResponse(): boolean {
    return this.code >= RESPONSE;
  }
}

/** Reused: valid during the event. */
const fragment = new Fragment();
const user = new Uint8Array(MAX_USER);

/** Segments of one direction that wait for their last. */
class Gathering {
  bytes: Uint8Array | undefined;
  length = 0;
  next = 0;
}

class Link implements StreamParser, DatagramParser {
  readonly #gathering = [new Gathering(), new Gathering()] as const;
  /** Function of the last request under each of the 16 sequence numbers, plus one. */
  readonly #requests = new Uint8Array(16);

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    return this.#frames(bytes, at, end, direction, emit);
  }

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (end - at < HEADER || !isHeader(bytes, at)) return STREAM_LOST;
    this.#frames(bytes, at, end, direction, emit);
    return 0;
  }

  gap(direction: Direction): boolean {
    // Frames are found again by their start and checksum.
    this.#gathering[direction].bytes = undefined;
    return true;
  }

  #frames(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = findStart(bytes, at, end);
    // Ends: each turn takes a frame, or goes on behind its first octet.
    while (end - next >= HEADER) {
      if (!isHeader(bytes, next)) {
        emit.anomaly('bad_link_crc');
        next = findStart(bytes, next + 1, end);
        continue;
      }
      const length = frameLength(bytes, next);
      if (end - next < length) break;
      this.#frame(bytes, next, direction, emit);
      next = findStart(bytes, next + length, end);
    }
    return next - at;
  }

  #frame(bytes: Uint8Array, at: number, direction: Direction, emit: Emit): void {
    const kind = control(bytes, at) & 15;
    const carries = (control(bytes, at) & PRIMARY) !== 0 && (kind === CONFIRMED || kind === UNCONFIRMED);
    const length = userLength(bytes, at);
    if (!carries || length < 2) return;
    if (!userOctets(bytes, at, user)) {
      emit.anomaly('bad_transport_crc');
      return;
    }
    fragment.link = control(bytes, at);
    fragment.destination = destination(bytes, at);
    fragment.source = source(bytes, at);
    const transport = user[0];
    const gathering = this.#gathering[direction];
    if (transport & FIRST && transport & FINAL) this.#fragment(user, 1, length, emit);
    else if (this.#gather(gathering, transport, length) && transport & FINAL) {
      const whole = gathering.bytes as Uint8Array;
      gathering.bytes = undefined;
      this.#fragment(whole, 0, gathering.length, emit);
    }
  }

  /** Adds a segment. @returns false when its beginning was not seen, or it grows too long */
  #gather(gathering: Gathering, transport: number, length: number): boolean {
    const sequence = transport & SEQUENCE;
    if (transport & FIRST) {
      gathering.bytes = copyOf(user, 1, length);
      gathering.length = length - 1;
    } else {
      const before = gathering.bytes;
      if (before === undefined || sequence !== gathering.next) return false;
      const total = gathering.length + length - 1;
      if (total > MAX_FRAGMENT) {
        gathering.bytes = undefined;
        return false;
      }
      if (total > before.length) {
        gathering.bytes = new Uint8Array(Math.min(MAX_FRAGMENT, 2 * total));
        copy(before, 0, gathering.length, gathering.bytes, 0);
      }
      copy(user, 1, length, gathering.bytes as Uint8Array, gathering.length);
      gathering.length = total;
    }
    gathering.next = (sequence + 1) & SEQUENCE;
    return true;
  }

  #fragment(b: Uint8Array, at: number, end: number, emit: Emit): void {
    if (end - at < 2) {
      emit.anomaly('len_too_small');
      return;
    }
    const f = fragment;
    f.control = b[at];
    f.code = b[at + 1];
    f.iin = -1;
    let from = at + 2;
    if (f.isResponse) {
      if (end - from < 2) {
        emit.anomaly('len_too_small');
        return;
      }
      f.iin = u16(b, from);
      from += 2;
    }
    if (!isFunction(f.code)) emit.anomaly('unknown_function');
    const sequence = f.control & 15;
    if (!f.isResponse) this.#requests[sequence] = f.code + 1;
    f.request = f.code === UNSOLICITED ? -1 : this.#requests[sequence] - 1;
    if (f.isResponse && f.code !== UNSOLICITED) this.#requests[sequence] = 0;
    f.objects = readObjects(b, from, end, !isWithoutData(f.code));
    if (!f.objects.complete) emit.anomaly('unknown_object');
    emit.event(f);
  }
}

const { text, number, flag } = describe<Fragment>('dnp3');
const column =
  (get: (o: ObjectHeader) => number | string) =>
  ({ objects }: Fragment): Value =>
    objects.headers.length === 0 ? undefined : objects.headers.map(get);
const object = (name: string, about: string, get: (o: ObjectHeader) => number): Field<Fragment> =>
  number(`application.objects[].${name}`, about, column(get));

export const dnp3 = {
  name: 'dnp3',
  about: 'DNP3: control of substations, water works and pipelines.',
  tcpPorts: [20000],
  udpPorts: [20000],
  probe(bytes, at, end, _, transport): Verdict {
    if (end - at >= HEADER) return isHeader(bytes, at) ? 'yes' : 'no';
    if (transport === 'udp' || end === at || bytes[at] !== 0x05 || (end - at > 1 && bytes[at + 1] !== 0x64))
      return 'no';
    return 'more';
  },
  open: () => new Link(),
  openDatagrams: () => new Link(),
  fields: [
    text('type', 'request, response or unsolicited_response.', (m) =>
      m.code === UNSOLICITED ? 'unsolicited_response' : m.isResponse ? 'response' : 'request',
    ),
    flag('control.dir', 'It comes from the master.', (m) => (m.link & 0x80) !== 0),
    flag('control.pri', 'It comes from the side that began on the link.', (m) => (m.link & PRIMARY) !== 0),
    flag('control.fcb', 'Frame count bit.', (m) => (m.link & 0x20) !== 0),
    flag('control.fcv', 'The frame count bit is valid.', (m) => (m.link & 0x10) !== 0),
    number('control.function_code', 'Function of the link.', (m) => m.link & 15),
    number('src', 'Address of the sender.', (m) => m.source),
    number('dst', 'Address of the receiver.', (m) => m.destination),
    flag('application.control.fir', 'First fragment.', (m) => (m.control & 0x80) !== 0),
    flag('application.control.fin', 'Last fragment.', (m) => (m.control & 0x40) !== 0),
    flag('application.control.con', 'It wants to be confirmed.', (m) => (m.control & 0x20) !== 0),
    flag('application.control.uns', 'It is about unsolicited responses.', (m) => (m.control & 0x10) !== 0),
    number(
      'application.control.sequence',
      'Number that ties a response to its request.',
      (m) => m.control & 15,
    ),
    number('application.function_code', 'Function.', (m) => m.code),
    object('group', 'Kind of the objects.', (o) => o.group),
    object('variation', 'Their form.', (o) => o.variation),
    object('qualifier', 'How they are counted and numbered.', (o) => o.qualifier),
    object('prefix_code', 'What stands before each.', (o) => (o.qualifier >> 4) & 7),
    object('range_code', 'How their range is told.', (o) => o.qualifier & 15),
    object('start', 'First index.', (o) => o.start),
    object('stop', 'Last index.', (o) => o.stop),
    object('count', 'How many.', (o) => o.count),
    text(
      'application.objects[].name',
      'Name of their kind.',
      column((o) => groupName(o.group)),
    ),
    flag('application.complete', 'All of the fragment was understood.', (m) => m.objects.complete),
    text('iin.indicators', 'What the outstation says of itself.', (m) =>
      m.iin > 0 ? indications(m.iin) : undefined,
    ),
    number('iin.value', 'The same as one number.', (m) => (m.iin < 0 ? undefined : m.iin), {
      aliases: ['iin'],
    }),
    text(
      'fc_request',
      'Name of the request, also in its response.',
      (m) => (m.request < 0 ? undefined : functionName(m.request)),
      { aliases: ['fc_request', 'dnp3.request.function_code'] },
    ),
    text('fc_reply', 'Name of the response.', (m) => (m.isResponse ? functionName(m.code) : undefined), {
      aliases: ['fc_reply'],
    }),
    text(
      'effect',
      'In one word, what the request does: read, write, control, restart, stop, configure, file and others.',
      (m) => (m.request < 0 ? undefined : effectOf(m.request)),
    ),
  ],
  anomalies: {
    bad_link_crc: 'The header of a frame does not fit its checksum.',
    bad_transport_crc: 'The octets of a frame do not fit their checksum.',
    len_too_small: 'A fragment is too short for its header.',
    unknown_function: 'A fragment has a function that does not exist.',
    unknown_object: 'A fragment has objects that are unknown or cut.',
  },
} as const satisfies Protocol<Fragment>;
