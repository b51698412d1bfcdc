// The TLS record layer (RFC 8446 §5.1) up to where it is encrypted, and the hello of SSL 2.0 before it.
import { Gathered } from '../../bytes/gather.ts';
import { u16, u24 } from '../../bytes/read.ts';
import { type Direction, type Emit, STREAM_DONE, STREAM_LOST, type StreamParser } from '../protocol.ts';
import { Session } from './session.ts';
import { isSsl2ClientHello, readSsl2ClientHello, readSsl2ServerHello, ssl2Length } from './ssl2.ts';

export const RECORD_HEADER = 5;
/** 2^14 and what encryption may add (RFC 5246 §6.2.3). */
export const MAX_RECORD = 16_384 + 2_048;
export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
export const HEARTBEAT = 24;

const HANDSHAKE_HEADER = 4;
/** A handshake message may span records; a chain of certificates is the largest one. */
const MAX_HANDSHAKE = 64 * 1024;
const HEARTBEAT_REQUEST = 1;
/** Type and length of a heartbeat, and its least padding (RFC 6520 §4). */
const HEARTBEAT_OVERHEAD = 3 + 16;

export class TlsStream implements StreamParser {
  readonly #session = new Session('t');
  /** Of each direction, a message that spans records. */
  #fromClient: Gathered | undefined;
  #fromServer: Gathered | undefined;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const session = this.#session;
    const taken = this.#records(bytes, at, end, direction, emit);
    if (taken < 0) session.over(direction, emit);
    if (!session.isTold) session.keep();
    return taken;
  }

  #records(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const session = this.#session;
    let next = at;
    // Ends: each turn takes a whole record of at least RECORD_HEADER bytes.
    while (end - next >= RECORD_HEADER) {
      const type = bytes[next];
      const length = u16(bytes, next + 3);
      if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || bytes[next + 1] !== 3 || length > MAX_RECORD) {
        const old = this.#ssl2(bytes, next, end, direction, emit);
        if (old === 0) break;
        if (old < 0) return old;
        next += old;
        continue;
      }
      if (end - next - RECORD_HEADER < length) break;
      const from = next + RECORD_HEADER;
      next = from + length;
      if (type === HANDSHAKE) {
        if (this.#handshake(bytes, from, next, direction, emit)) return STREAM_DONE;
      } else if (type === CHANGE_CIPHER_SPEC) {
        if (session.isClient(direction)) return STREAM_DONE;
        // Behind a request to try again it is for middle boxes only (RFC 8446 §D.4): the server's answer is yet to come.
        if (session.server === undefined && !session.isTold) continue;
        session.changeCipher(direction, emit);
        return STREAM_DONE;
      } else if (type === APPLICATION_DATA) {
        if (!session.isClient(direction)) session.tell(emit);
        return STREAM_DONE;
      } else if (type === ALERT) {
        if (length !== 2) return STREAM_DONE;
        if (session.sayAlert(bytes[from], bytes[from + 1], emit)) {
          session.tell(emit, true);
          return STREAM_DONE;
        }
      } else if (bytes[from] === HEARTBEAT_REQUEST && length >= 3) {
        if (u16(bytes, from + 1) + HEARTBEAT_OVERHEAD > length) emit.anomaly('heartbeat_overread');
      }
    }
    return next - at;
  }

  /** @returns bytes taken; 0 when more are needed; STREAM_LOST when it is not SSL 2.0 either */
  #ssl2(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const session = this.#session;
    const whole = ssl2Length(bytes, at);
    if (whole > 0 && !session.isTold && session.server === undefined) {
      const isAnswer = session.client?.isSsl2 === true && direction === 1;
      if (isAnswer || isSsl2ClientHello(bytes, at, end)) {
        if (end - at < whole) return 0;
        const hello = isAnswer
          ? readSsl2ServerHello(bytes, at, at + whole)
          : readSsl2ClientHello(bytes, at, at + whole);
        if (hello !== undefined && isAnswer) {
          session.server = hello;
          session.tell(emit, true);
          return STREAM_DONE;
        }
        if (hello !== undefined) {
          session.sayClient(hello, direction, emit);
          return whole;
        }
      }
    }
    emit.anomaly('invalid_record');
    session.tell(emit, true);
    return STREAM_LOST;
  }

  /** @returns true when the direction has nothing more to say */
  #handshake(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): boolean {
    const partial = direction === 0 ? this.#fromClient : this.#fromServer;
    if (partial === undefined) {
      const taken = this.#messages(bytes, at, end, direction, emit);
      if (taken < 0) return true;
      if (taken < end - at) this.#setPartial(direction, bytes, at + taken, end);
      return false;
    }
    partial.append(bytes, at, end);
    const taken = this.#messages(partial.bytes, 0, partial.length, direction, emit);
    if (taken < 0) return true;
    if (taken > 0) {
      // What was read of it is kept before its bytes move.
      if (!this.#session.isTold) this.#session.keep();
      if (taken < partial.length) partial.drop(taken);
      else if (direction === 0) this.#fromClient = undefined;
      else this.#fromServer = undefined;
    }
    return false;
  }

  #setPartial(direction: Direction, bytes: Uint8Array, at: number, end: number): void {
    const rest = new Gathered();
    rest.append(bytes, at, end);
    if (direction === 0) this.#fromClient = rest;
    else this.#fromServer = rest;
  }

  /** @returns bytes of the whole messages; STREAM_DONE when the direction has nothing more to say */
  #messages(bytes: Uint8Array, start: number, end: number, direction: Direction, emit: Emit): number {
    let at = start;
    // Ends: each turn takes a whole message of at least HANDSHAKE_HEADER bytes.
    while (end - at >= HANDSHAKE_HEADER) {
      const type = bytes[at];
      const length = u24(bytes, at + 1);
      if (length > MAX_HANDSHAKE) return STREAM_DONE;
      const from = at + HANDSHAKE_HEADER;
      if (end - from < length) break;
      at = from + length;
      if (this.#session.message(bytes, type, from, at, direction, emit)) return STREAM_DONE;
    }
    return at - start;
  }

  gap(): boolean {
    return false;
  }

  end(emit: Emit): void {
    this.#session.tell(emit, true);
  }
}
