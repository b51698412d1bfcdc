// RDP over TCP (MS-RDPBCGR): negotiation and, where it is not encrypted, the settings of both sides, as EVE `rdp` records.
import { u16 } from '../../bytes/read.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { rdpFields } from './fields.ts';
import { isOwnVariable, type RdpMessage, readConfirm, readConnect, readRequest } from './message.ts';

/** TPKT (RFC 1006) and the fixed part of X.224. */
const TPKT = 4;
const X224_FIXED = 7;
const DATA_HEADER = 3;
const MAX_PACKET = 16_384;

const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const DATA = 0xf0;
/** Packets of one side that may go by before its settings come. */
const MAX_PACKETS = 4;

class RdpStream implements StreamParser {
  #index = 0;
  readonly #packets: [number, number] = [0, 0];

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole packet of at least TPKT bytes.
    while (end - next >= TPKT) {
      const length = u16(b, next + 2);
      if (b[next] !== 3 || length < TPKT + DATA_HEADER || length > MAX_PACKET) {
        emit.anomaly('malformed_data');
        return STREAM_LOST;
      }
      if (end - next < length) break;
      const from = next + TPKT;
      next += length;
      const code = b[from + 1] & 0xf0;
      if (code === CONNECTION_REQUEST || code === CONNECTION_CONFIRM) {
        if (next - from < X224_FIXED) continue;
        const isRequest = code === CONNECTION_REQUEST;
        const message = (isRequest ? readRequest : readConfirm)(b, from + X224_FIXED, next);
        this.#say(message, emit);
        if (isRequest) continue;
        if (message.failure !== undefined) return STREAM_DONE;
        if ((message.selected ?? 0) !== 0) {
          emit.upgrade('tls');
          return next - at;
        }
      } else if (code === DATA) {
        const message = readConnect(b, from + DATA_HEADER, next, direction === 1);
        if (message !== undefined) this.#say(message, emit);
        // Behind a side's settings nothing is left that it says in clear.
        if (message !== undefined || ++this.#packets[direction] === MAX_PACKETS) return STREAM_DONE;
      } else return STREAM_DONE;
    }
    return next - at;
  }

  #say(message: RdpMessage, emit: Emit): void {
    message.index = this.#index++;
    emit.event(message);
  }
}

export const rdp = {
  name: 'rdp',
  about: 'Remote Desktop Protocol: who wants to log in, and how the session is protected.',
  tcpPorts: [3389],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    const there = end - at;
    if (there === 0) return 'more';
    if (bytes[at] !== 3) return 'no';
    if (there < TPKT + 2) return there < 2 || bytes[at + 1] === 0 ? 'more' : 'no';
    const length = u16(bytes, at + 2);
    if (bytes[at + 1] !== 0 || length < TPKT + X224_FIXED || bytes[at + 4] !== length - TPKT - 1) return 'no';
    if (bytes[at + 5] !== (direction === 0 ? CONNECTION_REQUEST : CONNECTION_CONFIRM)) return 'no';
    // Other protocols begin so too: what they put behind the fixed part is another.
    const variable = at + TPKT + X224_FIXED;
    if (length === TPKT + X224_FIXED) return direction === 0 ? 'yes' : 'no';
    if (there < length) return 'more';
    if (direction === 0) return isOwnVariable(bytes, variable, at + length) ? 'yes' : 'no';
    return length === TPKT + X224_FIXED + 8 && (bytes[variable] === 2 || bytes[variable] === 3)
      ? 'yes'
      : 'no';
  },
  open: () => new RdpStream(),
  fields: rdpFields,
  anomalies: { malformed_data: 'Bytes where a packet should begin are none.' },
} as const satisfies Protocol<RdpMessage>;
