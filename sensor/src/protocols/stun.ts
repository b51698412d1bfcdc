// STUN and TURN (RFC 8489, 8656): calls that look for a way through address translation, and relays that carry them.
import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { shown } from '../bytes/line.ts';
import { u16, u32 } from '../bytes/read.ts';
import { fieldsOf } from './describe.ts';
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
} from './protocol.ts';

const HEADER = 20;
const COOKIE = 0x2112a442;
const MAX_ATTRIBUTES = 32;
/** Records of one flow, and datagrams that are looked at: calls ask again and again whether the way is still open. */
const MAX_RECORDS = 32;
const MAX_LOOKED_AT = 512;

const CLASSES = ['request', 'indication', 'success', 'error'];
const METHODS: Readonly<Record<number, string>> = {
  1: 'binding',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create_permission',
  9: 'channel_bind',
  10: 'connect',
  11: 'connection_bind',
  12: 'connection_attempt',
};

const MAPPED_ADDRESS = 0x0001;
const USERNAME = 0x0006;
const ERROR_CODE = 0x0009;
const CHANNEL = 0x000c;
const LIFETIME = 0x000d;
const XOR_PEER_ADDRESS = 0x0012;
const REALM = 0x0014;
const XOR_RELAYED_ADDRESS = 0x0016;
const TRANSPORT = 0x0019;
const XOR_MAPPED_ADDRESS = 0x0020;
const USE_CANDIDATE = 0x0025;
const SOFTWARE = 0x8022;
const ALTERNATE_SERVER = 0x8023;
const ICE_CONTROLLED = 0x8029;
const ICE_CONTROLLING = 0x802a;
const OTHER_ADDRESS = 0x802c;

/** Bytes of the message at `at` as its header says; 0 when it is none. */
function lengthOf(b: Uint8Array, at: number, end: number): number {
  if (end - at < HEADER || b[at] > 0x3f || u32(b, at + 4) !== COOKIE) return 0;
  const length = u16(b, at + 2);
  return (length & 3) === 0 ? HEADER + length : 0;
}

class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  get type(): number {
    return u16(this.bytes, this.at);
  }
  /** Two bits that stand among those of the method (RFC 8489 §5). */
  get class(): number {
    return ((this.type >> 4) & 1) | ((this.type >> 7) & 2);
  }
  get method(): number {
    const { type } = this;
    return (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80);
  }

  /** Where an attribute's value begins, its length two bytes before; -1 when it is not there. */
  attribute(code: number, least = 0): number {
    let at = this.at + HEADER;
    for (let i = 0; i < MAX_ATTRIBUTES && at + 4 <= this.end; i++) {
      const length = u16(this.bytes, at + 2);
      if (at + 4 + length > this.end) return -1;
      if (u16(this.bytes, at) === code) return length >= least ? at + 4 : -1;
      at += 4 + ((length + 3) & ~3);
    }
    return -1;
  }
  text(code: number): string | undefined {
    const at = this.attribute(code, 1);
    return at < 0 ? undefined : shown(this.bytes, at, at + u16(this.bytes, at - 2));
  }
  address(code: number, isMasked: boolean): string | undefined {
    const b = this.bytes;
    const at = this.attribute(code, 8);
    if (at < 0) return undefined;
    const mask = isMasked ? COOKIE : 0;
    if (b[at + 1] === 1) return ipv4Text((u32(b, at + 4) ^ mask) >>> 0);
    if (b[at + 1] !== 2 || u16(b, at - 2) < 20) return undefined;
    // The other words are masked with the transaction's number.
    const word = (i: number): number =>
      (u32(b, at + 4 + i * 4) ^ (isMasked ? u32(b, this.at + 4 + i * 4) : 0)) >>> 0;
    return ipv6Text(word(0), word(1), word(2), word(3));
  }
  port(code: number, isMasked: boolean): number | undefined {
    const at = this.attribute(code, 8);
    return at < 0 ? undefined : u16(this.bytes, at + 2) ^ (isMasked ? COOKIE >>> 16 : 0);
  }
}

const message = new Message();

/** What both forms remember: which kinds of message have been told. */
class Told {
  readonly #seen: number[] = [];
  lookedAt = 0;

  /** @returns false when nothing more of the flow is told */
  tell(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): boolean {
    message.bytes = bytes;
    message.at = at;
    message.end = end;
    const error = message.attribute(ERROR_CODE, 4);
    const code = error < 0 ? 0 : (bytes[error + 2] & 7) * 100 + bytes[error + 3];
    const kind = ((message.type << 11) | code) * 2 + direction;
    if (!this.#seen.includes(kind)) {
      this.#seen.push(kind);
      emit.event(message);
    }
    return this.#seen.length < MAX_RECORDS;
  }
}

class Talk implements DatagramParser {
  readonly #told = new Told();

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const length = lengthOf(bytes, at, end);
    // Sound and picture go the same way, between the questions.
    if (length > 0 && length <= end - at && !this.#told.tell(bytes, at, at + length, direction, emit))
      return STREAM_DONE;
    return ++this.#told.lookedAt < MAX_LOOKED_AT ? 0 : STREAM_DONE;
  }
}

class Stream implements StreamParser {
  readonly #told = new Told();

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message of at least four bytes.
    while (end - next >= 4) {
      const isChannel = (bytes[next] & 0xc0) === 0x40;
      // Data of a channel are padded to words on a stream (RFC 8656 §12.5).
      let length = isChannel ? 4 + ((u16(bytes, next + 2) + 3) & ~3) : HEADER;
      if (!isChannel) {
        if (end - next < HEADER) break;
        length = lengthOf(bytes, next, end);
        if (length === 0) return STREAM_LOST;
      }
      if (end - next < length) break;
      if (!isChannel && !this.#told.tell(bytes, next, next + length, direction, emit)) return STREAM_DONE;
      if (++this.#told.lookedAt >= MAX_LOOKED_AT) return STREAM_DONE;
      next += length;
    }
    return next - at;
  }
}

const of = fieldsOf<Message>('stun');
const addressAndPort = (name: string, code: number, isMasked: boolean, about: string): Field<Message>[] => [
  of(`${name}_address`, 'address', 'flow', `${about}.`, (m) => m.address(code, isMasked)),
  of(`${name}_port`, 'integer', 'flow', `${about}: its port.`, (m) => m.port(code, isMasked)),
];
const number =
  (code: number): ((m: Message) => Value) =>
  (m) => {
    const at = m.attribute(code, 4);
    return at < 0 ? undefined : u32(m.bytes, at);
  };

export const stun = {
  name: 'stun',
  about: 'STUN and TURN, ways through address translation.',
  tcpPorts: [3478],
  udpPorts: [3478],
  probe(bytes, at, end, _, transport): Verdict {
    const length = lengthOf(bytes, at, end);
    if (transport === 'udp') return length === end - at && length > 0 ? 'yes' : 'no';
    if (length > 0) return 'yes';
    if (end - at >= 8)
      return u32(bytes, at + 4) === COOKIE && end - at < HEADER && bytes[at] <= 0x3f ? 'more' : 'no';
    return end - at < 1 || (bytes[at] <= 0x3f && (end - at < 4 || (bytes[at + 3] & 3) === 0)) ? 'more' : 'no';
  },
  openDatagrams: () => new Talk(),
  open: () => new Stream(),
  fields: [
    of('class', 'string', 'protocol', 'request, indication, success or error.', (m) => CLASSES[m.class]),
    of(
      'method',
      'string',
      'protocol',
      'binding, allocate, refresh and so on.',
      (m) => METHODS[m.method] ?? String(m.method),
    ),
    of('software', 'string', 'protocol', 'Program, as it calls itself.', (m) => m.text(SOFTWARE)),
    of('username', 'string', 'identifier', 'Who asks the relay, or the name of a call.', (m) =>
      m.text(USERNAME),
    ),
    of('realm', 'string', 'name', 'Realm of the relay.', (m) => m.text(REALM)),
    ...addressAndPort('mapped', MAPPED_ADDRESS, false, 'Where the server sees the client'),
    ...addressAndPort('xor_mapped', XOR_MAPPED_ADDRESS, true, 'Where the server sees the client'),
    ...addressAndPort('xor_relayed', XOR_RELAYED_ADDRESS, true, 'Where the relay stands for the client'),
    ...addressAndPort('xor_peer', XOR_PEER_ADDRESS, true, 'Whom the client reaches through the relay'),
    of('alternate_server', 'address', 'flow', 'Server to ask instead.', (m) =>
      m.address(ALTERNATE_SERVER, false),
    ),
    of('other_address', 'address', 'flow', 'Other address of the server.', (m) =>
      m.address(OTHER_ADDRESS, false),
    ),
    of('error_code', 'integer', 'protocol', 'Why it was refused.', (m) => {
      const at = m.attribute(ERROR_CODE, 4);
      return at < 0 ? undefined : (m.bytes[at + 2] & 7) * 100 + m.bytes[at + 3];
    }),
    of('lifetime', 'integer', 'protocol', 'Seconds that the relay serves.', number(LIFETIME)),
    of('requested_transport', 'integer', 'protocol', 'Protocol to be relayed: 17 UDP, 6 TCP.', (m) => {
      const at = m.attribute(TRANSPORT, 1);
      return at < 0 ? undefined : m.bytes[at];
    }),
    of('channel', 'integer', 'protocol', 'Number of the channel.', (m) => {
      const at = m.attribute(CHANNEL, 2);
      return at < 0 ? undefined : u16(m.bytes, at);
    }),
    of('ice_role', 'string', 'protocol', 'Of a call: controlling or controlled.', (m) =>
      m.attribute(ICE_CONTROLLING) >= 0
        ? 'controlling'
        : m.attribute(ICE_CONTROLLED) >= 0
          ? 'controlled'
          : undefined,
    ),
    of('use_candidate', 'boolean', 'protocol', 'The call will go this way.', (m) =>
      m.attribute(USE_CANDIDATE) >= 0 ? true : undefined,
    ),
  ],
  anomalies: {},
} as const satisfies Protocol<Message>;
