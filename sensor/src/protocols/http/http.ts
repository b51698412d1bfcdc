// HTTP/1 (RFC 9112) over TCP: each request with its response, as EVE `http` records. Bodies are counted, never kept.
import { find, word } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { httpBlock } from './block.ts';
import { httpFields } from './fields.ts';
import { headEnd, lineEnd } from './head.ts';
import { isKnownMethod, isRequest, isRequestLine, isResponse } from './start.ts';
import { giveBack, type Transaction, takeTransaction, type WireTransaction } from './transaction.ts';
import type { WireHead } from './wire-head.ts';

/** Requests that wait for their response; a client that pipelines more is not one we know. */
const MAX_PIPELINED = 64;
const MAX_CHUNK_LINE = 1024;
/** Pieces in which a message's start is looked for again, after a hole or where something else stood. */
const MAX_LOST_PIECES = 64;
const LF = 0x0a;
const HEAD = word('HEAD');
const CONNECT = word('CONNECT');

/** What the next bytes of a direction are. */
type Phase = 'head' | 'body' | 'until_close' | 'chunk_line' | 'chunk' | 'chunk_end' | 'trailer';

class Side {
  phase: Phase = 'head';
  /** Bytes of the body or chunk that are still to come. */
  left = 0;
  /** Bytes of an unfinished head in which its end was already looked for. */
  searched = 0;
  /** Pieces passed over since the thread was lost; -1 while it is held. */
  lost = -1;
  /** Something that is no message was told. */
  wasOdd = false;
  transaction: WireTransaction | undefined;
  /** Of the message whose head has begun, or of an interim response: told as it is if nothing more comes. */
  begun: WireTransaction | undefined;
  /** A request was answered before its head was whole: the head is not told again when it is. */
  isAnswered = false;
}

/** Requests without their responses, the oldest first: seldom more than one. */
class Waiting {
  oldest: WireTransaction | undefined;
  #newest: WireTransaction | undefined;
  #count = 0;

  get isFull(): boolean {
    return this.#count === MAX_PIPELINED;
  }

  push(t: WireTransaction): void {
    if (this.#newest === undefined) this.oldest = t;
    else this.#newest.next = t;
    this.#newest = t;
    this.#count++;
  }

  shift(): WireTransaction | undefined {
    const t = this.oldest;
    if (t === undefined) return undefined;
    this.oldest = t.next;
    if (this.oldest === undefined) this.#newest = undefined;
    t.next = undefined;
    this.#count--;
    return t;
  }
}

class HttpStream implements StreamParser {
  readonly #sides = [new Side(), new Side()] as const;
  readonly #waiting = new Waiting();
  /** 1 when the flow's first packet came from the server: its directions are the other way round. */
  #turned: Direction | undefined;
  /** Another parser reads what follows. */
  #left = false;

  stream(bytes: Uint8Array, at: number, end: number, way: Direction, emit: Emit): number {
    if (this.#turned === undefined && at < end) {
      const answers = isResponse(bytes, at, end);
      if (!answers && end - at < 8) return 0;
      this.#turned = answers === (way === 0) && (answers || isKnownMethod(bytes, at, end)) ? 1 : 0;
    }
    const direction: Direction = this.#turned === 1 ? (way === 0 ? 1 : 0) : way;
    const side = this.#sides[direction];
    if (side.lost >= 0 && !this.#found(side, bytes, at, end, direction, emit))
      return ++side.lost > MAX_LOST_PIECES ? STREAM_DONE : end - at;
    const taken = this.#steps(side, bytes, at, end, direction, emit);
    // A response whose body is not all here outlives the packet.
    side.transaction?.responseHead.keep();
    return taken;
  }

  #steps(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end && !this.#left) {
      const taken = this.#step(side, b, next, end, direction, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  /** A message begins here, behind a hole. */
  #found(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): boolean {
    if (side.transaction !== undefined) this.#messageEnd(side, direction, emit);
    side.phase = 'head';
    if (
      direction === 0
        ? !isKnownMethod(b, at, end) || isRequestLine(b, at, end) === 'no'
        : !isResponse(b, at, end)
    )
      return false;
    if (direction === 1 && side.begun?.isInterim === false) this.#cutResponse(emit);
    side.lost = -1;
    return true;
  }

  #step(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    switch (side.phase) {
      case 'head':
        return this.#head(side, b, at, end, direction, emit);
      case 'until_close':
        this.#count(side, direction, end - at);
        return end - at;
      case 'body':
      case 'chunk': {
        const taken = Math.min(side.left, end - at);
        this.#count(side, direction, taken);
        side.left -= taken;
        if (side.left === 0) {
          if (side.phase === 'chunk') side.phase = 'chunk_end';
          else this.#messageEnd(side, direction, emit);
        }
        return taken;
      }
      default:
        return this.#chunkLine(side, b, at, end, direction, emit);
    }
  }

  /** Lines around chunks: size line, empty line behind a chunk, trailer (RFC 9112 §7.1). */
  #chunkLine(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const lf = find(b, LF, at, end);
    if (lf < 0) return end - at > MAX_CHUNK_LINE ? STREAM_LOST : 0;
    const stop = lineEnd(b, at, end);
    const taken = lf + 1 - at;
    if (side.phase === 'chunk_end') side.phase = 'chunk_line';
    else if (side.phase === 'trailer') {
      if (stop === at) this.#messageEnd(side, direction, emit);
    } else {
      const size = chunkSize(b, at, stop);
      if (size < 0) {
        emit.anomaly('invalid_chunk');
        return STREAM_LOST;
      }
      side.left = size;
      side.phase = size === 0 ? 'trailer' : 'chunk';
    }
    return taken;
  }

  #head(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (b[at] === 0x0d || b[at] === 0x0a) return 1; // empty lines before a start line are allowed (RFC 9112 §2.2)
    if (direction === 0 ? !isRequest(b, at, end) : !isResponse(b, at, end)) {
      if (end - at < 16) return 0;
      if (!side.wasOdd) emit.anomaly(direction === 0 ? 'invalid_request' : 'invalid_response');
      side.wasOdd = true;
      // A flow that is picked up in its middle begins with the rest of a body.
      side.lost = 0;
      return end - at;
    }
    if (side.searched > 0 && headEnd(b, Math.max(at, at + side.searched - 3), end) < 0) {
      side.searched = end - at;
      return 0;
    }
    if (direction === 1 && this.#waiting.oldest === undefined && this.#sides[0].begun !== undefined) {
      this.#cutRequest();
      this.#sides[0].isAnswered = true;
    }
    const t = direction === 0 ? (side.begun ?? takeTransaction()) : this.#asked(side);
    const head = direction === 0 ? t.requestHead : t.responseHead;
    const taken = head.take(b, at, end, direction === 1);
    if (taken === 0) {
      head.keep();
      side.searched = end - at;
      side.begun = t;
      return 0;
    }
    side.searched = 0;
    side.begun = undefined;
    if (direction === 0) this.#request(side, t, emit);
    else this.#response(side, t, emit);
    return taken;
  }

  /** The transaction that a response belongs to: the oldest request's, which stays where it is until the head is whole. */
  #asked(side: Side): WireTransaction {
    return this.#waiting.oldest ?? side.begun ?? takeTransaction();
  }

  #request(side: Side, t: WireTransaction, emit: Emit): void {
    if (side.isAnswered) {
      side.isAnswered = false;
      this.#bodyOf(side, t.requestHead, false, false, emit);
      return giveBack(t);
    }
    t.requestHead.keep();
    t.hasRequest = true;
    t.turned = this.#turned === 1;
    if (this.#waiting.isFull) this.#tellOldest(emit);
    this.#waiting.push(t);
    side.transaction = t;
    this.#bodyOf(side, t.requestHead, false, false, emit);
  }

  #response(side: Side, t: WireTransaction, emit: Emit): void {
    const head = t.responseHead;
    const { status } = head;
    const isAnswer = t.hasRequest;
    if (status >= 100 && status < 200 && status !== 101) {
      t.isInterim = true;
      head.keep();
      side.begun = t;
      return; // interim: the real one follows
    }
    if (isAnswer) this.#waiting.shift();
    t.hasResponse = true;
    t.turned = this.#turned === 1;
    side.transaction = t;
    const isTunnel = isAnswer && t.requestHead.begins(CONNECT) && status >= 200 && status < 300;
    if (status === 101 || isTunnel) {
      this.#left = true;
      this.#upgrade(t, status === 101, emit);
      return;
    }
    const isEmpty = (isAnswer && t.requestHead.begins(HEAD)) || status === 204 || status === 304;
    this.#bodyOf(side, head, true, isEmpty, emit);
  }

  /** Another protocol follows: the one that both agreed upon, or whatever goes through a tunnel. */
  #upgrade(t: WireTransaction, isSwitch: boolean, emit: Emit): void {
    const to = isSwitch ? t.responseHead.headers.upgrade?.toLowerCase() : undefined;
    const heads =
      to === undefined ? undefined : { request: t.request?.copied(), response: t.responseHead.copied() };
    // Told in the name of HTTP, so before the flow changes its name.
    const request = this.#sides[0].transaction === t ? this.#sides[0] : undefined;
    if (request !== undefined) request.transaction = undefined;
    this.#sides[1].transaction = undefined;
    this.#tell(t, emit);
    if (to === 'websocket') emit.upgrade('websocket', heads);
    else if (to === 'h2c') emit.upgrade('http2', heads?.request);
    else emit.upgrade();
  }

  /** How long the body is (RFC 9112 §6.3). @param isEmpty none, whatever the fields say */
  #bodyOf(side: Side, head: WireHead, isAnswer: boolean, isEmpty: boolean, emit: Emit): void {
    const length = isEmpty ? 0 : head.contentLength;
    if (!isEmpty && head.isChunked) side.phase = 'chunk_line';
    else if (length > 0) {
      side.phase = 'body';
      side.left = length;
    } else if (isAnswer && length < 0) side.phase = 'until_close';
    else this.#messageEnd(side, isAnswer ? 1 : 0, emit);
  }

  #count(side: Side, direction: Direction, bytes: number): void {
    if (side.transaction === undefined) return;
    if (direction === 0) side.transaction.requestLength += bytes;
    else side.transaction.responseLength += bytes;
  }

  #messageEnd(side: Side, direction: Direction, emit: Emit): void {
    side.phase = 'head';
    const t = side.transaction;
    side.transaction = undefined;
    if (direction === 1 && t !== undefined) this.#tell(t, emit);
  }

  #tell(t: WireTransaction, emit: Emit): void {
    emit.event(t);
    // A request whose body is still on its way is counted in a transaction that was told.
    const [asking, answering] = this.#sides;
    if (asking.transaction === t) asking.transaction = undefined;
    if (answering.transaction === t) answering.transaction = undefined;
    if (answering.begun === t) answering.begun = undefined;
    giveBack(t);
  }

  #tellOldest(emit: Emit): boolean {
    const t = this.#waiting.shift();
    if (t !== undefined) this.#tell(t, emit);
    return t !== undefined;
  }

  /** A hole inside a body does not matter; behind any other the next message's start is looked for. */
  gap(way: Direction, count: number): boolean {
    const direction = this.#turned === 1 ? 1 - way : way;
    const side = this.#sides[direction];
    if (side.phase === 'until_close') return true;
    side.searched = 0;
    if (direction === 0) {
      this.#cutRequest();
      side.isAnswered = false;
    }
    if ((side.phase === 'body' || side.phase === 'chunk') && side.left > count) {
      side.left -= count;
      this.#count(side, direction as Direction, count);
    } else if (side.lost < 0) side.lost = 0;
    return true;
  }

  /** Nothing more comes of a request's head: what there is of it counts. */
  #cutRequest(): void {
    const side = this.#sides[0];
    const t = side.begun;
    side.begun = undefined;
    if (t === undefined) return;
    if (this.#sides[0].isAnswered || !t.requestHead.isBegun || this.#waiting.isFull) return giveBack(t);
    t.hasRequest = true;
    t.turned = this.#turned === 1;
    this.#waiting.push(t);
  }

  /** The same of a response's. */
  #cutResponse(emit: Emit): void {
    const side = this.#sides[1];
    const t = side.begun;
    side.begun = undefined;
    if (t === undefined || !(t.responseHead.isBegun || t.isInterim)) return;
    t.hasResponse = true;
    t.turned = this.#turned === 1;
    if (t === this.#waiting.oldest) this.#waiting.shift();
    this.#tell(t, emit);
  }

  end(emit: Emit): void {
    this.#cutRequest();
    this.#cutResponse(emit);
    const side = this.#sides[1];
    if (side.transaction !== undefined) this.#messageEnd(side, 1, emit);
    this.#sides[0].transaction = undefined;
    // Ends: each turn takes one out.
    while (this.#tellOldest(emit)) {}
  }
}

/** Hex digits before an extension or the line's end; -1 when there are none or more than a length needs. */
function chunkSize(b: Uint8Array, at: number, end: number): number {
  let size = 0;
  let i = at;
  for (; i < end && i - at < 12; i++) {
    const digit = hexDigit(b[i]);
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  return i === at || size > Number.MAX_SAFE_INTEGER ? -1 : size;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

export const http = {
  name: 'http',
  about: 'Hypertext Transfer Protocol, version 1: requests and responses.',
  tcpPorts: [80, 3128, 8000, 8080, 8081, 8888],
  udpPorts: [],
  /** Either side may say either: a flow that is picked up in its middle begins with whoever spoke. */
  probe(bytes, at, end): Verdict {
    if (end - at < 8) return 'more';
    if (isResponse(bytes, at, end)) return 'yes';
    return isKnownMethod(bytes, at, end) ? isRequestLine(bytes, at, end) : 'no';
  },
  open: () => new HttpStream(),
  fromServer: (t) => t.turned === true,
  fields: httpFields,
  block: httpBlock,
  anomalies: {
    invalid_request: 'Bytes where a request should start are none.',
    invalid_response: 'Bytes where a response should start are none.',
    invalid_chunk: 'A chunk has no length.',
  },
} as const satisfies Protocol<Transaction>;
