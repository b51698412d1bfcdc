// Remote procedure calls (C706 §12, MS-RPCE) read off one association: binds and calls, each request with its response.
import { u16, u16le, u32, u32le } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import { guid } from '../../bytes/windows.ts';
import { type Login, readToken } from '../gssapi.ts';

export const HEADER = 16;
export const REQUEST = 0;
export const RESPONSE = 2;
export const FAULT = 3;
export const BIND = 11;
export const BIND_ACK = 12;
export const BIND_NAK = 13;
export const ALTER = 14;
export const ALTER_RESPONSE = 15;
export const AUTH3 = 16;
/** Highest type of a PDU. */
export const LAST_TYPE = 20;

const FIRST_FRAGMENT = 0x01;
const LAST_FRAGMENT = 0x02;
const OBJECT_UUID = 0x80;
const LITTLE_ENDIAN = 0x10;

const BODY = 24;
const CONTEXT_HEAD = 24;
const SYNTAX = 20;
const AUTH_HEAD = 8;

/** Whole fragments up to here are waited for: binds with their tokens, answers of the endpoint mapper. */
const MAX_WHOLE = 16_384;
/** Contexts that one association binds. */
const MAX_CONTEXTS = 64;
/** Calls that wait for their response. */
const MAX_CALLS = 64;
const MAX_CONTEXTS_A_BIND = 16;

/** An interface as a context of the association. */
export interface Context {
  readonly id: number;
  readonly uuid: string;
  readonly version: string;
  result?: number;
  reason?: number;
}

/** A request with its response. */
export class Call {
  /** PDU types; -1 when it was not seen. */
  request = -1;
  response = -1;
  id = 0;
  minor = 0;
  contextId = 0;
  operation = 0;
  requestFragments = 0;
  requestBytes = 0;
  responseFragments = 0;
  responseBytes = 0;
  /** Of a fault. */
  status: number | undefined;
  authType: number | undefined;
  authLevel: number | undefined;
  login: Login | undefined;
  contexts: readonly Context[] = [];
}

/** Where calls and announced ports go. */
export interface CallSink {
  call(call: Call): void;
  /** A service of the server waits on this TCP port. */
  endpoint(port: number): void;
}

/** True when a PDU's header may stand at `at`: its length is at least HEADER. */
export function isHeader(b: Uint8Array, at: number): boolean {
  return (
    b[at] === 5 &&
    b[at + 1] <= 1 &&
    b[at + 2] <= LAST_TYPE &&
    (b[at + 4] & 0xef) === 0 &&
    b[at + 5] <= 3 &&
    lengthOf(b, at) >= HEADER
  );
}

const lengthOf = (b: Uint8Array, at: number): number =>
  (b[at + 4] & LITTLE_ENDIAN) !== 0 ? u16le(b, at + 8) : u16(b, at + 8);

const EPMAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
const EPT_MAP = 3;
/** In a tower: floor of TCP with two bytes of port, then floor of IP (C706 appendix L). */
const TOWER = 14;
const MAX_TOWERS = 8;

/** One association: a TCP connection, or one open pipe. */
export class Association {
  readonly #contexts: Context[] = [];
  readonly #waiting: Call[] = [];
  /** Of each direction, bytes of a fragment that are passed over. */
  readonly #skip: [number, number] = [0, 0];
  readonly #patient: boolean;
  #little = true;

  /** @param patient what is not taken is offered again with what follows; else a fragment's beginning must do */
  constructor(patient: boolean) {
    this.#patient = patient;
  }

  /** Bytes that are passed over next. */
  skipping(direction: 0 | 1): number {
    return this.#skip[direction];
  }

  /** `count` bytes were lost. @returns false when they were more than a fragment's rest */
  lose(direction: 0 | 1, count: number): boolean {
    if (count > this.#skip[direction]) return false;
    this.#skip[direction] -= count;
    return true;
  }

  /**
   * Bytes of one direction in their order.
   * @returns bytes taken; -1 when there is no PDU where one should be
   */
  take(b: Uint8Array, at: number, end: number, direction: 0 | 1, sink: CallSink): number {
    let next = at;
    // Ends: each turn takes bytes, or returns.
    while (next < end) {
      const skip = Math.min(this.#skip[direction], end - next);
      if (skip > 0) {
        next += skip;
        this.#skip[direction] -= skip;
        continue;
      }
      if (end - next < HEADER) break;
      if (!isHeader(b, next)) return -1;
      const length = lengthOf(b, next);
      let wanted = length <= MAX_WHOLE ? length : BODY + 4;
      if (!this.#patient && end - next >= BODY) wanted = Math.min(wanted, end - next);
      if (end - next < wanted) break;
      this.#pdu(b, next, next + wanted, length, sink);
      next += wanted;
      this.#skip[direction] = length - wanted;
    }
    return next - at;
  }

  #u16(b: Uint8Array, at: number): number {
    return this.#little ? u16le(b, at) : u16(b, at);
  }

  #u32(b: Uint8Array, at: number): number {
    return this.#little ? u32le(b, at) : u32(b, at);
  }

  /** `[at, end)` holds the fragment or its beginning; `length` is the whole fragment's. */
  #pdu(b: Uint8Array, at: number, end: number, length: number, sink: CallSink): void {
    this.#little = (b[at + 4] & LITTLE_ENDIAN) !== 0;
    const type = b[at + 2];
    const id = this.#u32(b, at + 12);
    switch (type) {
      case REQUEST:
        if (end - at >= BODY) this.#request(b, at, end, length, id, sink);
        return;
      case RESPONSE:
      case FAULT:
        if (end - at >= BODY) this.#response(b, at, end, length, id, sink);
        return;
      case BIND:
      case ALTER: {
        const call = this.#open(type, id, b[at + 1], sink);
        call.contexts = this.#bind(b, at, end);
        this.#authentication(b, at, end, length, call);
        return;
      }
      case BIND_ACK:
      case BIND_NAK:
      case ALTER_RESPONSE: {
        const call = this.#close(type, id, b[at + 1]);
        if (type !== BIND_NAK) this.#results(b, at, end, call.contexts);
        this.#authentication(b, at, end, length, call);
        sink.call(call);
        return;
      }
      case AUTH3: {
        // The last leg of a log-in has no answer.
        const call = new Call();
        call.request = type;
        call.id = id;
        call.minor = b[at + 1];
        this.#authentication(b, at, end, length, call);
        sink.call(call);
        return;
      }
      default:
    }
  }

  #open(type: number, id: number, minor: number, sink: CallSink): Call {
    const call = new Call();
    call.request = type;
    call.id = id;
    call.minor = minor;
    if (this.#waiting.length === MAX_CALLS) sink.call(this.#waiting.shift() as Call);
    this.#waiting.push(call);
    return call;
  }

  /** The call that this answers; one without request when none is known. */
  #close(type: number, id: number, minor: number): Call {
    const i = this.#waiting.findIndex((call) => call.id === id);
    const call = i < 0 ? new Call() : this.#waiting.splice(i, 1)[0];
    call.response = type;
    call.id = id;
    call.minor = minor;
    return call;
  }

  #request(b: Uint8Array, at: number, end: number, length: number, id: number, sink: CallSink): void {
    const flags = b[at + 3];
    let call: Call | undefined;
    if ((flags & FIRST_FRAGMENT) === 0)
      call = this.#waiting.find((c) => c.id === id && c.request === REQUEST);
    if (call === undefined) {
      call = this.#open(REQUEST, id, b[at + 1], sink);
      call.contextId = this.#u16(b, at + 20);
      call.operation = this.#u16(b, at + 22);
      const { contextId } = call;
      // A context may be bound anew: the last one counts.
      const context = this.#contexts.findLast((c) => c.id === contextId);
      call.contexts = context === undefined ? [] : [context];
      this.#authentication(b, at, end, length, call);
    }
    const object = (flags & OBJECT_UUID) !== 0 ? 16 : 0;
    call.requestFragments++;
    call.requestBytes += Math.max(0, length - BODY - object - trailer(this.#u16(b, at + 10)));
  }

  #response(b: Uint8Array, at: number, end: number, length: number, id: number, sink: CallSink): void {
    const flags = b[at + 3];
    let call = this.#waiting.find((c) => c.id === id);
    if (call === undefined) {
      if ((flags & FIRST_FRAGMENT) === 0) return;
      call = new Call();
      call.id = id;
      call.minor = b[at + 1];
    }
    call.response = b[at + 2];
    call.responseFragments++;
    call.responseBytes += Math.max(0, length - BODY - trailer(this.#u16(b, at + 10)));
    if (call.response === FAULT && end - at >= BODY + 4) call.status = this.#u32(b, at + BODY);
    const isMap = call.operation === EPT_MAP && call.contexts[0]?.uuid === EPMAPPER;
    if (isMap && call.response === RESPONSE) towers(b, at + BODY, end, sink);
    if ((flags & LAST_FRAGMENT) === 0) return;
    const i = this.#waiting.indexOf(call);
    if (i >= 0) this.#waiting.splice(i, 1);
    sink.call(call);
  }

  #bind(b: Uint8Array, at: number, end: number): Context[] {
    const bound: Context[] = [];
    if (end - at < CONTEXT_HEAD + 4) return bound;
    const count = Math.min(b[at + CONTEXT_HEAD], MAX_CONTEXTS_A_BIND);
    let next = at + CONTEXT_HEAD + 4;
    for (let n = 0; n < count && next + 4 + SYNTAX <= end; n++) {
      const uuid = this.#little ? guid(b, next + 4) : plainGuid(b, next + 4);
      const version = `${this.#u16(b, next + 20)}.${this.#u16(b, next + 22)}`;
      const context: Context = { id: this.#u16(b, next), uuid, version };
      bound.push(context);
      if (this.#contexts.length === MAX_CONTEXTS) this.#contexts.shift();
      this.#contexts.push(context);
      next += 4 + SYNTAX + b[next + 2] * SYNTAX;
    }
    return bound;
  }

  #results(b: Uint8Array, at: number, end: number, bound: readonly Context[]): void {
    if (end - at < CONTEXT_HEAD + 2) return;
    // Behind the secondary address, padded to four bytes.
    const address = CONTEXT_HEAD + 2 + this.#u16(b, at + CONTEXT_HEAD);
    let next = at + ((address + 3) & ~3);
    if (next + 4 > end) return;
    const count = Math.min(b[next], bound.length);
    next += 4;
    for (let n = 0; n < count && next + 4 + SYNTAX <= end; n++, next += 4 + SYNTAX) {
      bound[n].result = this.#u16(b, next);
      bound[n].reason = this.#u16(b, next + 2);
    }
  }

  /** The verifier at the fragment's end (MS-RPCE §2.2.2.11), when the whole of it is here. */
  #authentication(b: Uint8Array, at: number, end: number, length: number, call: Call): void {
    const size = this.#u16(b, at + 10);
    const from = at + length - size - AUTH_HEAD;
    if (size === 0 || at + length > end || from < at + HEADER) return;
    call.authType = b[from];
    call.authLevel = b[from + 1];
    if (call.request === REQUEST) return;
    const login = call.login ?? {};
    if (readToken(b, from + AUTH_HEAD, at + length, login)) call.login = login;
  }

  /** What has no response by now. */
  end(sink: CallSink): void {
    for (const call of this.#waiting) sink.call(call);
    this.#waiting.length = 0;
  }
}

const trailer = (authentication: number): number => (authentication === 0 ? 0 : authentication + AUTH_HEAD);

/** In big-endian PDUs the groups of a UUID stand as they are written. */
function plainGuid(b: Uint8Array, at: number): string {
  const text = hex(b, at, at + 16);
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts.flatMap((cut, i) => (i === 0 ? [] : [text.substring(cuts[i - 1], cut)])).join('-');
}

/** Ports of TCP in the towers of the endpoint mapper's answer. */
function towers(b: Uint8Array, at: number, end: number, sink: CallSink): void {
  let found = 0;
  for (let i = at; i + TOWER <= end && found < MAX_TOWERS; i++) {
    if (b[i] !== 1 || b[i + 1] !== 0 || b[i + 2] !== 7 || b[i + 3] !== 2 || b[i + 4] !== 0) continue;
    if (b[i + 7] !== 1 || b[i + 8] !== 0 || b[i + 9] !== 9 || b[i + 10] !== 4) continue;
    const port = u16(b, i + 5);
    if (port > 0) sink.endpoint(port);
    found++;
  }
}
