// TFTP (RFC 1350, 2347): which file a device fetches or leaves, without any log-in; and the flow that carries it.
import { shown } from '../bytes/line.ts';
import { u16 } from '../bytes/read.ts';
import { find, latin1, sameWord, word } from '../bytes/text.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  type Verdict,
} from './protocol.ts';

const READ = 1;
const WRITE = 2;
/** Data, acknowledgement, error, acknowledgement of options. */
const LAST_OPCODE = 6;
/** Longest file name that is looked at, bytes. */
const MAX_NAME = 512;
const MAX_MODE = 9;
const MODES = ['octet', 'netascii', 'mail'].map((name) => word(name + '\0'));

/** Where the parts of a request stand; one object, valid during the event. */
class Request {
  bytes: Uint8Array = new Uint8Array(0);
  opcode = 0;
  name = 0;
  nameEnd = 0;
  modeEnd = 0;

  /** @returns false when the bytes are no request */
  take(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < 6) return false;
    this.opcode = u16(bytes, at);
    if (this.opcode !== READ && this.opcode !== WRITE) return false;
    this.bytes = bytes;
    this.name = at + 2;
    this.nameEnd = find(bytes, 0, this.name, Math.min(end, this.name + MAX_NAME));
    if (this.nameEnd <= this.name) return false;
    const mode = this.nameEnd + 1;
    this.modeEnd = find(bytes, 0, mode, Math.min(end, mode + MAX_MODE));
    if (this.modeEnd < 0) return false;
    for (const one of MODES)
      if (one.length === this.modeEnd + 1 - mode && sameWord(bytes, mode, one)) return true;
    return false;
  }
}

const request = new Request();

class TftpTalk implements DatagramParser {
  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (request.take(bytes, at, end)) {
      emit.event(request);
      // The server answers from a port of its own (§4); the client keeps its.
      emit.expect(direction, 0, 'tftp');
      return 0;
    }
    const opcode = end - at >= 2 ? u16(bytes, at) : 0;
    if (opcode === READ || opcode === WRITE || opcode === 0 || opcode > LAST_OPCODE)
      emit.anomaly('invalid_packet');
    return STREAM_DONE;
  }
}

export const tftp = {
  name: 'tftp',
  about: 'Trivial File Transfer Protocol: requests, and the flows that carry the files.',
  tcpPorts: [],
  udpPorts: [69],
  probe: (bytes, at, end): Verdict => (request.take(bytes, at, end) ? 'yes' : 'no'),
  openDatagrams: () => new TftpTalk(),
  fields: [
    {
      name: 'tftp.packet',
      type: 'string',
      class: 'protocol',
      about: 'read or write.',
      read: (m) => (m.opcode === READ ? 'read' : 'write'),
    },
    {
      name: 'tftp.file',
      type: 'string',
      class: 'content',
      about: 'Name of the file.',
      read: (m) => shown(m.bytes, m.name, m.nameEnd, MAX_NAME),
    },
    {
      name: 'tftp.mode',
      type: 'string',
      class: 'protocol',
      about: 'octet, netascii or mail.',
      read: (m) => latin1(m.bytes, m.nameEnd + 1, m.modeEnd).toLowerCase(),
    },
  ] satisfies Field<Request>[],
  anomalies: { invalid_packet: 'A datagram of a transfer that is none of TFTP.' },
} as const satisfies Protocol<Request>;
