// DTLS 1.0 to 1.3 (RFC 4347, 6347, 9147): the visible part of the handshake, as a `tls` record with the versions of DTLS.
import { u16, u24 } from '../../bytes/read.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  type Verdict,
} from '../protocol.ts';
import { anomalies, fields } from '../tls/fields.ts';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  HEARTBEAT,
  MAX_RECORD,
} from '../tls/records.ts';
import { CLIENT_HELLO, SERVER_HELLO, Session } from '../tls/session.ts';
import { Messages } from './messages.ts';

/** Type, version, epoch, sequence number, length. */
const RECORD_HEADER = 13;
/** Type, length, sequence number, offset and length of the fragment. */
export const HANDSHAKE_HEADER = 12;
const HELLO_VERIFY_REQUEST = 3;
const MAX_MESSAGE = 64 * 1024;
/** Records of one datagram that are looked at. */
const MAX_RECORDS = 32;
/** Datagrams without a handshake, in a row, after which none is expected. */
const MAX_SILENT = 16;

/** 1.0, 1.2, and what OpenSSL sent before the RFC was out; 1.3 has the number of 1.2 in its records. */
const isVersion = (version: number): boolean =>
  version === 0xfeff || version === 0xfefd || version === 0x0100;

class DtlsTalk implements DatagramParser {
  readonly #session = new Session('d');
  #fromClient: Messages | undefined;
  #fromServer: Messages | undefined;
  #silent = 0;

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const session = this.#session;
    this.#silent++;
    let next = at;
    // Ends: at most MAX_RECORDS turns.
    for (let i = 0; i < MAX_RECORDS && end - next >= RECORD_HEADER; i++) {
      const type = bytes[next];
      // What begins otherwise is a record of DTLS 1.3 behind its hellos, or none.
      if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || !isVersion(u16(bytes, next + 1))) break;
      const epoch = u16(bytes, next + 3);
      const from = next + RECORD_HEADER;
      next = from + u16(bytes, next + 11);
      if (next > end) break;
      if (epoch !== 0) {
        // The server's encrypted records come only behind its hello.
        if (!session.isClient(direction)) session.tell(emit);
      } else if (type === HANDSHAKE) this.#handshake(bytes, from, next, direction, emit);
      else if (type === CHANGE_CIPHER_SPEC) session.changeCipher(direction, emit);
      else if (type === ALERT && next - from === 2) {
        if (session.sayAlert(bytes[from], bytes[from + 1], emit)) session.tell(emit, true);
      } else if (type === APPLICATION_DATA) session.tell(emit);
    }
    if (session.isTold) return STREAM_DONE;
    session.keep();
    return this.#silent > MAX_SILENT ? STREAM_DONE : 0;
  }

  #handshake(bytes: Uint8Array, start: number, end: number, direction: Direction, emit: Emit): void {
    this.#silent = 0;
    let at = start;
    // Ends: each turn goes at least HANDSHAKE_HEADER bytes on.
    while (end - at >= HANDSHAKE_HEADER) {
      const length = u24(bytes, at + 1);
      const offset = u24(bytes, at + 6);
      const part = u24(bytes, at + 9);
      const from = at + HANDSHAKE_HEADER;
      if (offset + part > length || part > end - from) {
        emit.anomaly('invalid_record');
        return;
      }
      at = from + part;
      if (part === length) this.#session.message(bytes, bytes[from - 12], from, at, direction, emit);
      else if (length <= MAX_MESSAGE) this.#fragment(bytes, from - HANDSHAKE_HEADER, at, direction, emit);
      if (this.#session.isTold) return;
    }
  }

  #fragment(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const messages =
      direction === 0 ? (this.#fromClient ??= new Messages()) : (this.#fromServer ??= new Messages());
    const whole = messages.add(bytes, at, end);
    if (whole === undefined) return;
    this.#session.message(whole.bytes, whole.type, 0, whole.length, direction, emit);
    if (!this.#session.isTold) this.#session.keep();
  }

  end(emit: Emit): void {
    this.#session.tell(emit, true);
  }
}

export const dtls = {
  name: 'dtls',
  record: 'tls',
  about: 'Datagram TLS: what the handshake shows before encryption.',
  tcpPorts: [],
  udpPorts: [443, 853, 4433, 5684],
  probe(bytes, at, end, _, transport): Verdict {
    if (transport !== 'udp' || bytes[at] !== HANDSHAKE || end - at < RECORD_HEADER + HANDSHAKE_HEADER)
      return 'no';
    const length = u16(bytes, at + 11);
    if (!isVersion(u16(bytes, at + 1)) || u16(bytes, at + 3) !== 0) return 'no';
    if (length < HANDSHAKE_HEADER || length > MAX_RECORD || length > end - at - RECORD_HEADER) return 'no';
    const message = at + RECORD_HEADER;
    const type = bytes[message];
    if (type !== CLIENT_HELLO && type !== SERVER_HELLO && type !== HELLO_VERIFY_REQUEST) return 'no';
    const whole = u24(bytes, message + 1);
    return whole <= MAX_MESSAGE && u24(bytes, message + 6) + u24(bytes, message + 9) <= whole ? 'yes' : 'no';
  },
  openDatagrams: () => new DtlsTalk(),
  fields,
  anomalies,
} as const satisfies Protocol<Session>;
