// MQTT 3.1, 3.1.1 and 5.0 over TCP: a record for each exchange, a packet with what acknowledges it.

import { u16 } from '../../bytes/read.ts';
import { Pairs } from '../pairs.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { Exchange, fields } from './fields.ts';
import {
  CONNACK,
  CONNECT,
  isConnect,
  Packet,
  PINGREQ,
  PINGRESP,
  PUBACK,
  PUBCOMP,
  PUBLISH,
  PUBREC,
  PUBREL,
  publishHead,
  SUBACK,
  SUBSCRIBE,
  UNSUBACK,
  UNSUBSCRIBE,
} from './packet.ts';
import { skipVarint, varint } from './properties.ts';

/** Exchanges of one flow that wait for an acknowledgement. */
const MAX_WAITING = 128;
/** A packet whose parts are looked at is never longer, but for a PUBLISH; a longer one is passed over. */
const MAX_PACKET = 16 * 1024;

/** Packets of one exchange that still goes on. */
interface Open {
  readonly packets: (Packet | undefined)[];
  readonly fromClient: boolean;
}

/** What each acknowledgement belongs to. */
const ANSWERS: Readonly<Record<number, number>> = {
  [CONNACK]: CONNECT,
  [PUBACK]: PUBLISH,
  [PUBREC]: PUBLISH,
  [PUBREL]: PUBLISH,
  [PUBCOMP]: PUBLISH,
  [SUBACK]: SUBSCRIBE,
  [UNSUBACK]: UNSUBSCRIBE,
  [PINGRESP]: PINGREQ,
};
const MISSING: Readonly<Record<number, string>> = {
  [CONNECT]: 'missing_connect',
  [PUBLISH]: 'missing_publish',
  [SUBSCRIBE]: 'missing_subscribe',
  [UNSUBSCRIBE]: 'missing_unsubscribe',
};
const REFUSAL = 0x80;

const exchange = new Exchange();

class Session implements StreamParser {
  readonly #waiting = new Pairs<Open>(MAX_WAITING);
  /** Bytes of each direction's packet that are passed over. */
  readonly #skip = [0, 0];
  #version = -1;
  #connected = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or leaves.
    while (next < end) {
      if (this.#skip[direction] > 0) {
        const passed = Math.min(this.#skip[direction], end - next);
        this.#skip[direction] -= passed;
        next += passed;
        continue;
      }
      const from = skipVarint(bytes, next + 1, end);
      if (from > end) {
        if (end - next < 5) break;
        emit.anomaly('malformed_traffic');
        return STREAM_LOST;
      }
      const whole = from + varint(bytes, next + 1, end);
      const read = this.#needed(bytes, next, from, end, whole);
      if (read > whole) {
        emit.anomaly('malformed_traffic');
        return STREAM_LOST;
      }
      if (read > end) break;
      if (whole - from <= MAX_PACKET || bytes[next] >> 4 === PUBLISH)
        this.#take(Packet.read(bytes[next], bytes, from, read, whole, this.#version), direction, emit);
      else emit.anomaly('too_long');
      this.#skip[direction] = whole - read;
      next = read;
    }
    return next - at;
  }

  /** Up to where the packet must be there to be read; behind `whole` when it cannot be right. */
  #needed(bytes: Uint8Array, at: number, from: number, end: number, whole: number): number {
    if (bytes[at] >> 4 !== PUBLISH) return whole - from > MAX_PACKET ? from : whole;
    const stop = Math.min(end, whole);
    const head = publishHead(bytes, from, stop, (bytes[at] >> 1) & 3, this.#version);
    // A head of which all that will come is there, and which still lacks something, is none.
    return head > whole || head - from > MAX_PACKET ? whole + 1 : head;
  }

  gap(direction: Direction, count: number): boolean {
    // A hole inside of what is passed over does no harm.
    this.#skip[direction] -= count;
    return this.#skip[direction] >= 0;
  }

  end(emit: Emit): void {
    this.#waiting.drain((open) => this.#tell(open, emit));
  }

  #take(packet: Packet, direction: Direction, emit: Emit): void {
    if (packet.malformed) emit.anomaly('malformed_traffic');
    if (packet.type === 0) emit.anomaly('unassigned_msg_type');
    if (packet.qos > 2) emit.anomaly('invalid_qos_level');
    if (packet.type === CONNECT) this.#connect(packet, emit);
    const asked = ANSWERS[packet.type];
    if (asked === undefined) this.#begin(packet, direction, emit);
    else this.#answer(packet, asked, direction, emit);
  }

  #connect(packet: Packet, emit: Emit): void {
    if (this.#connected) emit.anomaly('double_connect');
    this.#connected = true;
    this.#version = packet.version & 0x7f;
  }

  #begin(packet: Packet, direction: Direction, emit: Emit): void {
    const packets: (Packet | undefined)[] = [];
    packets[packet.type] = packet;
    const open = { packets, fromClient: direction === 0 };
    const waits =
      packet.type === PUBLISH ? packet.qos > 0 : packet.type < 14 && packet.type !== 0 && !packet.malformed;
    const given = waits ? this.#waiting.add(keyOf(packet.type, packet.id, direction), open) : open;
    if (given !== undefined) this.#tell(given, emit);
  }

  #answer(packet: Packet, asked: number, direction: Direction, emit: Emit): void {
    // PUBREL goes the way that PUBLISH went; everything else the other way.
    const side = (packet.type === PUBREL ? direction : 1 - direction) as Direction;
    const key = keyOf(asked, packet.id, side);
    const goesOn =
      (packet.type === PUBREC && packet.reason < REFUSAL) || (packet.type === PUBREL && packet.id >= 0);
    const open = goesOn ? this.#waiting.look(key) : this.#waiting.take(key);
    if (open !== undefined) {
      open.packets[packet.type] = packet;
      if (!goesOn) this.#tell(open, emit);
      return;
    }
    const missing = MISSING[asked];
    if (this.#connected && missing !== undefined) emit.anomaly(missing);
    const packets: (Packet | undefined)[] = [];
    packets[packet.type] = packet;
    this.#tell({ packets, fromClient: side === 0 }, emit);
  }

  #tell({ packets, fromClient }: Open, emit: Emit): void {
    exchange.packets = packets;
    exchange.fromClient = fromClient;
    exchange.version = this.#version;
    emit.event(exchange);
  }
}

/** Numbers are each side's own; log-in and signs of life have none. */
const keyOf = (type: number, id: number, side: Direction): number =>
  (type << 17) | (side << 16) | (id < 0 ? 0 : id);

/** Characters that no topic to publish to has: wildcards, and what no text has. */
const isTopicByte = (byte: number): boolean =>
  byte >= 0x20 && byte !== 0x23 && byte !== 0x2b && byte !== 0x7f;

/** A flow picked up in its middle: one PUBLISH that fills its segment, with an honest topic. */
function isPublish(b: Uint8Array, at: number, end: number): boolean {
  const qos = (b[at] >> 1) & 3;
  const from = skipVarint(b, at + 1, end);
  if (qos === 3 || from > end - 4 || from + varint(b, at + 1, end) !== end) return false;
  const stop = from + 2 + u16(b, from);
  if (stop > end || stop - from < 5) return false;
  for (let i = from + 2; i < stop; i++) if (!isTopicByte(b[i])) return false;
  return true;
}

export const mqtt = {
  name: 'mqtt',
  about: 'MQTT: messages of devices by topic.',
  tcpPorts: [1883],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (end - at < 2) return end > at && bytes[at] === CONNECT << 4 ? 'more' : 'no';
    if (bytes[at] >> 4 === PUBLISH) return isPublish(bytes, at, end) ? 'yes' : 'no';
    const found = isConnect(bytes, at, end);
    return found === undefined ? 'more' : found ? 'yes' : 'no';
  },
  open: () => new Session(),
  fields,
  anomalies: {
    malformed_traffic: 'A packet is shorter than what it says.',
    unassigned_msg_type: 'A packet is of type zero.',
    invalid_qos_level: 'A packet asks for a quality of service that does not exist.',
    double_connect: 'A client connects a second time on one connection.',
    missing_connect: 'A server accepts a client that did not connect.',
    missing_publish: 'An acknowledgement is of nothing that was published.',
    missing_subscribe: 'A subscription is granted that nobody asked for.',
    missing_unsubscribe: 'A subscription ends that nobody ended.',
    too_long: 'A packet other than a message is longer than any honest one.',
  },
} as const satisfies Protocol<Exchange>;
