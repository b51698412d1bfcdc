// LDAP 3 (RFC 4511) over TCP, and over UDP as Windows uses it: each request with its responses, as EVE `ldap` records.
import { elementLength } from '../../bytes/ber.ts';
import type { Login } from '../gssapi.ts';
import { Pairs } from '../pairs.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { ldapFields } from './fields.ts';
import {
  ABANDON,
  BIND,
  EXTENDED,
  type Exchange,
  type Frame,
  INTERMEDIATE,
  isRequestTag,
  isSimple,
  readFrame,
  readRequest,
  readResponse,
  SEARCH_ENTRY,
  SEARCH_REFERENCE,
  UNBIND,
} from './message.ts';

const SEQUENCE = 0x30;
/** Of a message only this much is waited for: entries may be of any size. */
const WINDOW = 16_384;
const MAX_MESSAGE = 64 * 1024 * 1024;
const MAX_WAITING = 64;
/** Responses to one request that are told; the others are counted. */
const MAX_RESPONSES = 32;
const START_TLS = '1.3.6.1.4.1.1466.20037';
const SUCCESS = 0;

class Side {
  /** Bytes of a message that are passed over. */
  skip = 0;
  /** Behind a hole: what comes next must begin with a message, or is passed over. */
  isLost = false;
}

class Exchanges implements StreamParser, DatagramParser {
  readonly #sides = [new Side(), new Side()] as const;
  readonly #waiting = new Pairs<Exchange>(MAX_WAITING);
  /** Of the log-in that is going on. */
  #login: Login = {};
  /** A log-in by SASL was asked for. */
  #isBound = false;
  readonly #frame: Frame = { id: 0, tag: 0, from: 0, to: 0 };

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const side = this.#sides[direction];
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (side.skip > 0) {
        const taken = Math.min(side.skip, end - next);
        side.skip -= taken;
        next += taken;
        continue;
      }
      const length = b[next] === SEQUENCE ? elementLength(b, next, end) : -1;
      if (length === 0) break;
      if (length < 0 || length > MAX_MESSAGE) {
        if (side.isLost) return end - at;
        // Behind a log-in by SASL messages may be wrapped, and mostly are encrypted.
        if (this.#isBound) return STREAM_DONE;
        emit.anomaly('malformed_data');
        return STREAM_LOST;
      }
      const wanted = Math.min(length, WINDOW);
      if (end - next < wanted) break;
      if (!readFrame(b, next, next + wanted, this.#frame)) {
        if (side.isLost) return end - at;
        emit.anomaly('malformed_data');
        return STREAM_LOST;
      }
      side.isLost = false;
      next += wanted;
      side.skip = length - wanted;
      if (this.#message(b, emit)) return next - at;
    }
    return next - at;
  }

  datagram(b: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a message of two bytes at least.
    while (end - next >= 2 && b[next] === SEQUENCE) {
      const length = elementLength(b, next, end);
      if (length <= 0 || !readFrame(b, next, Math.min(end, next + length), this.#frame)) break;
      this.#message(b, emit);
      next += length;
    }
    if (next < end) emit.anomaly('malformed_data');
    return 0;
  }

  /** @returns true when both sides go over to TLS */
  #message(b: Uint8Array, emit: Emit): boolean {
    const frame = this.#frame;
    if (isRequestTag(frame.tag)) {
      this.#request(b, emit);
      return false;
    }
    const waiting = this.#waiting.look(frame.id);
    const response = readResponse(b, frame, waiting?.login);
    const exchange = waiting ?? { request: undefined, responses: [], entries: 0, login: undefined };
    if (exchange.responses.length < MAX_RESPONSES) exchange.responses.push(response);
    else if (response.result !== undefined) exchange.responses[MAX_RESPONSES - 1] = response;
    const { operation } = response;
    if (operation === SEARCH_ENTRY) exchange.entries++;
    const isLast = operation !== SEARCH_ENTRY && operation !== SEARCH_REFERENCE && operation !== INTERMEDIATE;
    if (!isLast && waiting !== undefined) return false;
    this.#waiting.take(frame.id);
    emit.event(exchange);
    const { request } = exchange;
    if (request === undefined || response.result !== SUCCESS) return false;
    if (request.operation === BIND) {
      // Sicily calls each step a success; the last one names the user.
      if (request.mechanism !== 'sicily' || this.#login.ntlm?.user !== undefined) this.#login = {};
    }
    if (request.operation !== EXTENDED || request.name !== START_TLS) return false;
    emit.upgrade('tls');
    return true;
  }

  #request(b: Uint8Array, emit: Emit): void {
    const request = readRequest(b, this.#frame, this.#login);
    this.#isBound ||= request.operation === BIND && !isSimple(request.mechanism);
    const isLogin = request.operation === BIND && this.#login.mechanism !== undefined;
    const exchange: Exchange = {
      request,
      responses: [],
      entries: 0,
      login: isLogin ? this.#login : undefined,
    };
    if (request.operation === UNBIND || request.operation === ABANDON) emit.event(exchange);
    else {
      const dropped = this.#waiting.add(request.id, exchange);
      if (dropped !== undefined) emit.event(dropped);
    }
  }

  gap(direction: Direction, count: number): boolean {
    const side = this.#sides[direction];
    side.isLost ||= count > side.skip;
    side.skip = Math.max(0, side.skip - count);
    return true;
  }

  end(emit: Emit): void {
    this.#waiting.drain((exchange) => emit.event(exchange));
  }
}

/** Sequence, number and operation with their lengths: no message needs more to be told by. */
const OPENING = 20;
const probing: Frame = { id: 0, tag: 0, from: 0, to: 0 };

export const ldap = {
  name: 'ldap',
  about: 'Lightweight Directory Access Protocol: who logs in to a directory and what is asked of it.',
  tcpPorts: [389, 3268],
  udpPorts: [389],
  probe(bytes, at, end, direction, transport): Verdict {
    if (at === end) return transport === 'tcp' ? 'more' : 'no';
    if (bytes[at] !== SEQUENCE) return 'no';
    const length = elementLength(bytes, at, end);
    if (transport === 'udp' && (length < 0 || length > end - at)) return 'no';
    if (length < 0 || length > MAX_MESSAGE) return 'no';
    if (length > 0 && readFrame(bytes, at, end, probing))
      return isRequestTag(probing.tag) === (direction === 0) ? 'yes' : 'no';
    return transport === 'tcp' && end - at < OPENING ? 'more' : 'no';
  },
  open: () => new Exchanges(),
  openDatagrams: () => new Exchanges(),
  fields: ldapFields,
  anomalies: { malformed_data: 'Bytes where a message should begin are none.' },
} as const satisfies Protocol<Exchange>;
