// WireGuard's handshake (whitepaper §5.4): told by its content alone, as it uses any port.
import { u32, u32le } from '../bytes/read.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  type Value,
  type Verdict,
} from './protocol.ts';

const INITIATION = 1;
const RESPONSE = 2;
const COOKIE = 3;
const DATA = 4;
const NAMES = ['', 'handshake_initiation', 'handshake_response', 'cookie_reply', 'transport_data'];
/** Bytes of the messages of each kind; data are a header, whole blocks of 16, and a tag. */
const LENGTHS = [0, 148, 92, 64];
const LEAST_DATA = 32;
/** Records of one flow: a new handshake every two minutes is not news. */
const MAX_RECORDS = 8;

class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;

  get type(): number {
    return this.bytes[this.at];
  }
}

const message = new Message();

/** True for a message of the protocol: the three bytes behind its kind are zero, and its length is the kind's. */
function isMessage(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < LEAST_DATA || b[at] === 0 || b[at] > DATA || (u32(b, at) & 0xffffff) !== 0) return false;
  if (b[at] !== DATA) return length === LENGTHS[b[at]];
  // The counter has 64 bits; nobody has used the upper half.
  return length % 16 === 0 && u32(b, at + 12) === 0 && u32(b, at + 4) !== 0;
}

class Talk implements DatagramParser {
  #told = 0;
  #hasData = false;

  datagram(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    if (!isMessage(bytes, at, end)) return 0;
    if (bytes[at] === DATA) {
      // Of a tunnel that was there before us, one record; of one that we saw begin, none.
      if (this.#hasData || this.#told > 0) return 0;
      this.#hasData = true;
    } else this.#told++;
    message.bytes = bytes;
    message.at = at;
    emit.event(message);
    return this.#told < MAX_RECORDS ? 0 : STREAM_DONE;
  }
}

const of = (
  path: string,
  type: Field['type'],
  about: string,
  read: (m: Message) => Value,
): Field<Message> => ({
  name: `wireguard.${path}`,
  type,
  class: 'protocol',
  about,
  read,
});

export const wireguard = {
  name: 'wireguard',
  about: 'WireGuard tunnels, their handshakes.',
  tcpPorts: [],
  udpPorts: [51820],
  probe: (bytes, at, end): Verdict => (isMessage(bytes, at, end) ? 'yes' : 'no'),
  openDatagrams: () => new Talk(),
  fields: [
    of(
      'type',
      'string',
      'handshake_initiation, handshake_response, cookie_reply or transport_data.',
      (m) => NAMES[m.type],
    ),
    of('sender', 'integer', 'Number by which the sender knows the session.', (m) =>
      m.type === INITIATION || m.type === RESPONSE ? u32le(m.bytes, m.at + 4) : undefined,
    ),
    of('receiver', 'integer', 'Number by which the receiver knows it.', (m) =>
      m.type === RESPONSE
        ? u32le(m.bytes, m.at + 8)
        : m.type === COOKIE || m.type === DATA
          ? u32le(m.bytes, m.at + 4)
          : undefined,
    ),
    of('counter', 'integer', 'Messages of data before this one.', (m) =>
      m.type === DATA ? u32le(m.bytes, m.at + 8) : undefined,
    ),
  ],
  anomalies: {},
} as const satisfies Protocol<Message>;
