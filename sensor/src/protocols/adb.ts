// The Android debug bridge (AOSP, adb/protocol.txt): who connects to a device, whether TLS follows, and what is opened there.
import { u32le } from '../bytes/read.ts';
import { latin1 } from '../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

/** Command, two arguments, length of the data, its checksum, and the command with all bits turned. */
const HEADER = 24;
const CONNECT = 0x4e584e43; // CNXN
const AUTHENTICATE = 0x48545541; // AUTH
const START_TLS = 0x534c5453; // STLS
const OPEN = 0x4e45504f; // OPEN
/** OKAY, CLSE, WRTE, SYNC */
const OTHERS = new Set([0x59414b4f, 0x45534c43, 0x45545257, 0x434e5953]);
/** Largest data of any version. */
const MAX_DATA = 1024 * 1024;
const MAX_TEXT = 128;
/** Of one connection. */
const MAX_RECORDS = 256;

const isHeader = (b: Uint8Array, at: number): boolean => (u32le(b, at) ^ u32le(b, at + 20)) === -1;

/** What one message says; one object, valid during the event. */
class Message {
  command = 0;
  version = 0;
  text = '';
  authenticated = false;
}
const message = new Message();

class AdbStream implements StreamParser {
  /** Data that is of no interest, of each direction. */
  #skipToServer = 0;
  #skipToClient = 0;
  #records = 0;
  #authenticated = false;
  #clientTls = false;
  #serverTls = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const before = direction === 0 ? this.#skipToServer : this.#skipToClient;
    let next = at + Math.min(before, end - at);
    let skip = before - (next - at);
    // Ends: each turn takes a header.
    while (skip === 0 && end - next >= HEADER) {
      const length = u32le(bytes, next + 12);
      if (!isHeader(bytes, next) || length > MAX_DATA) return STREAM_LOST;
      const command = u32le(bytes, next);
      const data = next + HEADER;
      const isTold = command === CONNECT || command === OPEN;
      if (isTold && length <= 4096 && end - data < length) break;
      if (isTold) this.#tell(bytes, next, Math.min(end, data + length), command, emit);
      if (command === AUTHENTICATE) this.#authenticated = true;
      next = data + Math.min(length, end - data);
      skip = data + length - next;
      if (command === START_TLS) {
        if (direction === 0) this.#clientTls = true;
        else this.#serverTls = true;
        if (this.#clientTls && this.#serverTls) {
          emit.upgrade('tls');
          break;
        }
        if (direction === 1) break;
      }
      if (this.#records >= MAX_RECORDS) return STREAM_DONE;
    }
    if (direction === 0) this.#skipToServer = skip;
    else this.#skipToClient = skip;
    return next - at;
  }

  #tell(bytes: Uint8Array, at: number, end: number, command: number, emit: Emit): void {
    this.#records++;
    message.command = command;
    message.version = u32le(bytes, at + 4);
    message.text = latin1(bytes, at + HEADER, Math.min(end, at + HEADER + MAX_TEXT)).replace(/[^ -~].*/s, '');
    message.authenticated = this.#authenticated;
    emit.event(message);
  }
}

export const adb = {
  name: 'adb',
  about: 'Android debug bridge: connections to a device, and the services opened on it.',
  tcpPorts: [5555],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (at === end) return 'more';
    if (end - at < 4) return bytes[at] === 0x43 || bytes[at] === 0x53 ? 'more' : 'no';
    const command = u32le(bytes, at);
    if (
      command !== CONNECT &&
      command !== START_TLS &&
      command !== AUTHENTICATE &&
      command !== OPEN &&
      !OTHERS.has(command)
    )
      return 'no';
    if (end - at < HEADER) return 'more';
    return isHeader(bytes, at) && u32le(bytes, at + 12) <= MAX_DATA ? 'yes' : 'no';
  },
  open: () => new AdbStream(),
  fields: [
    {
      name: 'adb.command',
      type: 'string',
      class: 'protocol',
      about: 'connect, from either side, or open.',
      read: (m) => (m.command === CONNECT ? 'connect' : 'open'),
    },
    {
      name: 'adb.version',
      type: 'integer',
      class: 'protocol',
      about: 'Version of the protocol that the side speaks.',
      read: (m) => (m.command === CONNECT ? m.version : undefined),
    },
    {
      name: 'adb.system',
      type: 'string',
      class: 'protocol',
      about: 'What the side is: host, device, bootloader.',
      read: (m) => (m.command === CONNECT ? /^[a-z]*/.exec(m.text)?.[0] : undefined),
    },
    {
      name: 'adb.identity',
      type: 'string',
      class: 'identifier',
      about: 'What the side says of itself: serial number, product, model.',
      read: (m) => (m.command === CONNECT ? m.text : undefined),
    },
    {
      name: 'adb.service',
      type: 'string',
      class: 'content',
      about: 'The service that is opened, with its arguments.',
      read: (m) => (m.command === OPEN ? m.text : undefined),
    },
    {
      name: 'adb.authenticated',
      type: 'boolean',
      class: 'protocol',
      about: 'The two sides had spoken of keys before.',
      read: (m) => (m.authenticated ? true : undefined),
    },
  ],
  anomalies: {},
} as const satisfies Protocol<Message>;
