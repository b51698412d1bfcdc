// WebSocket (RFC 6455) behind an HTTP/1 upgrade: frames counted by kind; what is in them is passed over.
import { u16, u32 } from '../../bytes/read.ts';
import type { MessageHead } from '../http/head.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Value,
} from '../protocol.ts';

const FINAL = 0x80;
const RESERVED = 0x30;
const MASKED = 0x80;
const CLOSE = 8;
const PONG = 10;
const LAST_DATA = 2;
const MASK_BYTES = 4;

/** What the upgrade said, before the first frame. */
interface Upgrade {
  readonly request: MessageHead | undefined;
  readonly response: MessageHead | undefined;
}

class Connection {
  readonly upgrade: Upgrade | undefined;
  /** Frames by opcode, of both sides. */
  readonly frames = new Uint32Array(16);
  /** Messages and payload bytes, of each side. */
  readonly messages: [number, number] = [0, 0];
  readonly bytes: [number, number] = [0, 0];
  closeCode: number | undefined;
  /** Who said farewell first. */
  closedBy: Direction | undefined;
  isMasked = false;

  constructor(upgrade: Upgrade | undefined) {
    this.upgrade = upgrade;
  }
}

class WebSocketStream implements StreamParser {
  readonly #connection: Connection;
  /** Payload that is still to come, of each side. */
  readonly #left: [number, number] = [0, 0];
  #emitted = false;

  constructor(upgrade: Upgrade | undefined) {
    this.#connection = new Connection(upgrade);
  }

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const c = this.#connection;
    let next = at;
    // Ends: each turn takes a frame's head of at least two bytes, or returns.
    while (next < end) {
      const passing = Math.min(this.#left[direction], end - next);
      this.#left[direction] -= passing;
      next += passing;
      if (end - next < 2) break;
      const opcode = b[next] & 0x0f;
      const short = b[next + 1] & 0x7f;
      const masked = (b[next + 1] & MASKED) !== 0;
      const isControl = opcode >= CLOSE;
      // Extensions may use the first reserved bit, for compression.
      const isWrong =
        (opcode > LAST_DATA && opcode < CLOSE) ||
        opcode > PONG ||
        (b[next] & RESERVED) !== 0 ||
        (isControl && (short > 125 || (b[next] & FINAL) === 0));
      if (isWrong) {
        emit.anomaly('invalid_frame');
        this.end(emit);
        return STREAM_LOST;
      }
      const head = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (masked ? MASK_BYTES : 0);
      // A farewell's code stands behind its head.
      const wanted = opcode === CLOSE && short >= 2 ? head + 2 : head;
      if (end - next < wanted) break;
      const length =
        short === 126
          ? u16(b, next + 2)
          : short === 127
            ? u32(b, next + 2) * 2 ** 32 + u32(b, next + 6)
            : short;
      c.frames[opcode]++;
      c.bytes[direction] += length;
      if (!isControl && (b[next] & FINAL) !== 0) c.messages[direction]++;
      if (direction === 0) c.isMasked = masked;
      if (opcode === CLOSE && c.closedBy === undefined) {
        c.closedBy = direction;
        if (short >= 2) c.closeCode = u16(b, next + head) ^ (masked ? u16(b, next + head - MASK_BYTES) : 0);
      }
      next += head;
      this.#left[direction] = length;
    }
    return next - at;
  }

  gap(direction: Direction, count: number): boolean {
    if (this.#left[direction] < count) return false;
    this.#left[direction] -= count;
    return true;
  }

  end(emit: Emit): void {
    if (this.#emitted) return;
    this.#emitted = true;
    emit.event(this.#connection);
  }
}

const field = (
  name: string,
  type: Field['type'],
  fieldClass: Field['class'],
  about: string,
  read: (c: Connection) => Value,
  aliases: readonly string[] = [],
): Field<Connection> => ({ name: `websocket.${name}`, type, class: fieldClass, aliases, about, read });

const counted = (name: string, opcode: number): Field<Connection> =>
  field(
    `frames.${name}`,
    'integer',
    'flow',
    `Frames of the kind “${name}”, of both sides.`,
    (c) => c.frames[opcode],
  );

export const websocket = {
  name: 'websocket',
  about: 'WebSocket connections: what they were opened for, and how much went which way.',
  tcpPorts: [],
  udpPorts: [],
  probe: () => 'no',
  open: (about?: unknown) => new WebSocketStream(about as Upgrade | undefined),
  fields: [
    field(
      'host',
      'string',
      'name',
      'Host that the upgrade names.',
      (c) => c.upgrade?.request?.headers.host?.replace(/^.*@|[/?#\s].*$/g, ''),
      ['zeek.websocket.host'],
    ),
    field('uri', 'string', 'content', 'Target of the upgrade.', (c) => c.upgrade?.request?.second, [
      'zeek.websocket.uri',
    ]),
    field(
      'user_agent',
      'string',
      'protocol',
      'Program that the client says it is.',
      (c) => c.upgrade?.request?.headers['user-agent'],
      ['zeek.websocket.user_agent'],
    ),
    field(
      'subprotocol',
      'string',
      'protocol',
      'Protocol that the server chose.',
      (c) => /^[\w.+-]{1,64}$/.exec(c.upgrade?.response?.headers['sec-websocket-protocol'] ?? '')?.[0],
      ['subprotocol'],
    ),
    field(
      'server_extensions',
      'string',
      'protocol',
      'Extensions that the server chose.',
      (c) => c.upgrade?.response?.headers['sec-websocket-extensions']?.substring(0, 128),
      ['server_extensions'],
    ),
    counted('continuation', 0),
    counted('text', 1),
    counted('binary', 2),
    counted('close', CLOSE),
    counted('ping', 9),
    counted('pong', PONG),
    field('messages_toserver', 'integer', 'flow', 'Messages of the client.', (c) => c.messages[0]),
    field('messages_toclient', 'integer', 'flow', 'Messages of the server.', (c) => c.messages[1]),
    field('bytes_toserver', 'integer', 'flow', 'Payload bytes of the client.', (c) => c.bytes[0]),
    field('bytes_toclient', 'integer', 'flow', 'Payload bytes of the server.', (c) => c.bytes[1]),
    field(
      'mask',
      'boolean',
      'protocol',
      'The client’s frames are masked, as they must be.',
      (c) => c.isMasked,
    ),
    field('close_code', 'integer', 'protocol', 'Reason of the first farewell.', (c) => c.closeCode),
    field('closed_by', 'string', 'protocol', 'client or server.', (c) =>
      c.closedBy === undefined ? undefined : c.closedBy === 0 ? 'client' : 'server',
    ),
  ],
  anomalies: { invalid_frame: 'A frame of an unknown kind, or a control frame that is too long.' },
} as const satisfies Protocol<Connection>;
