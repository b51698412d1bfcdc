// BitTorrent between peers (BEP 3): the handshake of each side, which names what is shared.
import { hex, latin1 } from '../../bytes/text.ts';
import { fieldsOf } from '../describe.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';

const GREETING = Uint8Array.from('\x13BitTorrent protocol', (c) => c.charCodeAt(0));
const RESERVED = 20;
const INFO_HASH = 28;
const PEER_ID = 48;
const HANDSHAKE = 68;

class Handshake {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  direction: Direction = 0;

  has(byte: number, mask: number): boolean {
    return (this.bytes[this.at + RESERVED + byte] & mask) !== 0;
  }
  /** `-UT3550-` stands for a program and its version (BEP 20); the rest of the number is random. */
  get client(): string | undefined {
    const id = latin1(this.bytes, this.at + PEER_ID, this.at + PEER_ID + 8);
    return /^-[A-Za-z~]{2}[0-9A-Za-z.]{4}-$/.test(id) ? id.substring(1, 7) : undefined;
  }
}

const handshake = new Handshake();

class Stream implements StreamParser {
  /** Directions that have greeted. */
  #greeted = 0;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const bit = 1 << direction;
    if ((this.#greeted & bit) !== 0) return STREAM_DONE;
    const there = Math.min(end - at, GREETING.length);
    for (let i = 0; i < there; i++) if (bytes[at + i] !== GREETING[i]) return STREAM_LOST;
    if (end - at < HANDSHAKE) return 0;
    handshake.bytes = bytes;
    handshake.at = at;
    handshake.direction = direction;
    emit.event(handshake);
    this.#greeted |= bit;
    return HANDSHAKE;
  }
}

const of = fieldsOf<Handshake>('bittorrent');

export const bittorrent = {
  name: 'bittorrent',
  about: 'BitTorrent, handshakes between peers.',
  tcpPorts: [6881, 6882, 6883, 6884, 6885, 6886, 6887, 6888, 6889],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    const stop = Math.min(end, at + GREETING.length);
    for (let i = at; i < stop; i++) if (bytes[i] !== GREETING[i - at]) return 'no';
    return end - at < GREETING.length ? 'more' : 'yes';
  },
  open: () => new Stream(),
  fields: [
    of('role', 'string', 'protocol', 'Who greets: client or server.', (h) =>
      h.direction === 0 ? 'client' : 'server',
    ),
    of('info_hash', 'string', 'content', 'What is shared, hex.', (h) =>
      hex(h.bytes, h.at + INFO_HASH, h.at + PEER_ID),
    ),
    of('peer_id', 'string', 'identifier', 'Who shares it, hex.', (h) =>
      hex(h.bytes, h.at + PEER_ID, h.at + HANDSHAKE),
    ),
    of('client', 'string', 'protocol', 'Program and version, as its makers shorten them.', (h) => h.client),
    of('dht', 'boolean', 'protocol', 'It takes part in the distributed hash table.', (h) => h.has(7, 0x01)),
    of('fast', 'boolean', 'protocol', 'It speaks the fast extension.', (h) => h.has(7, 0x04)),
    of('extended', 'boolean', 'protocol', 'It speaks the extension protocol.', (h) => h.has(5, 0x10)),
  ],
  anomalies: {},
} as const satisfies Protocol<Handshake>;
