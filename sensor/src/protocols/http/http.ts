// HTTP/1 (RFC 9112) over TCP: each request with its response, as EVE `http` records. Bodies are counted, never kept.
import { find, startsWith, word } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { httpFields, type Transaction } from './fields.ts';
import { type Head, headEnd, lineEnd, readHead } from './head.ts';

/** Requests that wait for their response; a client that pipelines more is not one we know. */
const MAX_PIPELINED = 64;
const MAX_CHUNK_LINE = 1024;
const LF = 0x0a;

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'DEBUG',
  'TRACK',
  'RPC_IN_DATA',
  'RPC_OUT_DATA',
  'M-SEARCH',
  'NOTIFY',
  'SUBSCRIBE',
  'BIND',
] as const;
const METHOD_WORDS = METHODS.map((m) => word(m + ' '));
const RESPONSE_WORD = word('HTTP/1.');

/** What the next bytes of a direction are. */
type Phase = 'head' | 'body' | 'until_close' | 'chunk_line' | 'chunk' | 'chunk_end' | 'trailer';

class Side {
  phase: Phase = 'head';
  /** Bytes of the body or chunk that are still to come. */
  left = 0;
  /** Bytes of an unfinished head in which its end was already looked for. */
  searched = 0;
  transaction: Transaction | undefined;
}

class HttpStream implements StreamParser {
  readonly #sides = [new Side(), new Side()] as const;
  readonly #waiting: Transaction[] = [];
  #opaque = false;
  #isHandedOver = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const side = this.#sides[direction];
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.#opaque) return STREAM_DONE;
      const taken = this.#step(side, bytes, next, end, direction, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
      if (this.#isHandedOver) break;
    }
    return next - at;
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
    const isResponse = startsWith(b, at, end, RESPONSE_WORD);
    if (direction === 0 ? !isMethod(b, at, end) : !isResponse) {
      if (end - at < 16) return 0;
      emit.anomaly(direction === 0 ? 'invalid_request' : 'invalid_response');
      return STREAM_LOST;
    }
    const stop = headEnd(b, Math.max(at, at + side.searched - 3), end);
    if (stop < 0) {
      side.searched = end - at;
      return 0;
    }
    side.searched = 0;
    const head = readHead(b, at, stop, direction === 1);
    if (direction === 0) this.#request(side, head, emit);
    else this.#response(side, head, emit);
    return stop - at;
  }

  #request(side: Side, head: Head, emit: Emit): void {
    const transaction: Transaction = {
      request: head,
      response: undefined,
      requestLength: 0,
      responseLength: 0,
    };
    if (this.#waiting.length === MAX_PIPELINED) emit.event(this.#waiting.shift());
    this.#waiting.push(transaction);
    side.transaction = transaction;
    this.#bodyOf(side, head, false, 0, emit);
  }

  #response(side: Side, head: Head, emit: Emit): void {
    const status = Number(head.second);
    if (status >= 100 && status < 200 && status !== 101) return; // interim: the real one follows
    const transaction = this.#waiting.shift() ?? {
      request: undefined,
      response: undefined,
      requestLength: 0,
      responseLength: 0,
    };
    transaction.response = head;
    side.transaction = transaction;
    const method = transaction.request?.first;
    if (status === 101 && /(^|[\s,])h2c($|[\s,])/i.test(head.headers.upgrade ?? '')) {
      this.#messageEnd(side, 1, emit);
      this.#isHandedOver = true;
      emit.upgrade('http2', transaction.request);
      return;
    }
    if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) {
      this.#opaque = true; // another protocol follows
      this.#messageEnd(side, 1, emit);
      return;
    }
    const empty = method === 'HEAD' || status === 204 || status === 304;
    this.#bodyOf(side, head, true, empty ? 0 : -1, emit);
  }

  /** How long the body is (RFC 9112 §6.3). @param known 0 for no body whatever the fields say; -1 to ask them */
  #bodyOf(side: Side, head: Head, isResponse: boolean, known: number, emit: Emit): void {
    const { headers } = head;
    const length = contentLength(headers['content-length']);
    const forced = isResponse && known === 0;
    if (!forced && headers['transfer-encoding']?.toLowerCase().includes('chunked')) side.phase = 'chunk_line';
    else if (!forced && Number.isSafeInteger(length) && length > 0) {
      side.phase = 'body';
      side.left = length;
    } else if (!forced && isResponse && !Number.isSafeInteger(length)) side.phase = 'until_close';
    else this.#messageEnd(side, isResponse ? 1 : 0, emit);
  }

  #count(side: Side, direction: Direction, bytes: number): void {
    if (side.transaction === undefined) return;
    if (direction === 0) side.transaction.requestLength = (side.transaction.requestLength ?? 0) + bytes;
    else side.transaction.responseLength = (side.transaction.responseLength ?? 0) + bytes;
  }

  #messageEnd(side: Side, direction: Direction, emit: Emit): void {
    side.phase = 'head';
    if (direction === 1 && side.transaction !== undefined) emit.event(side.transaction);
    side.transaction = undefined;
  }

  gap(direction: Direction, count: number): boolean {
    const side = this.#sides[direction];
    if (side.phase === 'until_close') return true;
    if ((side.phase !== 'body' && side.phase !== 'chunk') || side.left <= count) return false;
    side.left -= count;
    this.#count(side, direction, count);
    return true;
  }

  end(emit: Emit): void {
    const side = this.#sides[1];
    if (side.transaction !== undefined) this.#messageEnd(side, 1, emit);
    for (const transaction of this.#waiting) emit.event(transaction);
    this.#waiting.length = 0;
  }
}

function isMethod(b: Uint8Array, at: number, end: number): boolean {
  for (const method of METHOD_WORDS) if (startsWith(b, at, end, method)) return true;
  // An unknown method is a token of capitals and a blank (RFC 9110 §9.1), on a line that ends with a version.
  let i = at;
  while (i < end && i - at < 24 && ((b[i] >= 0x41 && b[i] <= 0x5a) || b[i] === 0x2d || b[i] === 0x5f)) i++;
  return i - at >= 3 && i < end && b[i] === 0x20 && isRequestLine(b, at, end) !== 'no';
}

/** NaN when the value is no plain number. */
const contentLength = (text: string | undefined): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;

/** Hex digits before an extension or the line's end; -1 when there are none or more than a length needs. */
function chunkSize(b: Uint8Array, at: number, end: number): number {
  let size = 0;
  let i = at;
  for (; i < end && i - at < 12; i++) {
    const digit = Number.parseInt(String.fromCharCode(b[i]), 16);
    if (Number.isNaN(digit)) break;
    size = size * 16 + digit;
  }
  return i === at || size > Number.MAX_SAFE_INTEGER ? -1 : size;
}

export const http = {
  name: 'http',
  about: 'Hypertext Transfer Protocol, version 1: requests and responses.',
  tcpPorts: [80, 3128, 8000, 8080, 8081, 8888],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    if (end - at < 8) return 'more';
    if (direction === 1) return startsWith(bytes, at, end, RESPONSE_WORD) ? 'yes' : 'no';
    for (const method of METHOD_WORDS)
      if (startsWith(bytes, at, end, method)) return isRequestLine(bytes, at, end);
    return 'no';
  },
  open: () => new HttpStream(),
  fields: httpFields,
  anomalies: {
    invalid_request: 'Bytes where a request should start are none.',
    invalid_response: 'Bytes where a response should start are none.',
    invalid_chunk: 'A chunk has no length.',
  },
} as const satisfies Protocol<Transaction>;

const VERSION_WORD = word(' HTTP/');
/** Bytes of a request line that has not ended yet; SIP and RTSP begin alike. */
const MAX_UNDECIDED = 1024;
const SLASH = 0x2f;
const SPACE = 0x20;

/** The target begins with a slash. */
function namesPath(b: Uint8Array, at: number, end: number): boolean {
  const space = find(b, SPACE, at, end);
  return space > 0 && space + 1 < end && b[space + 1] === SLASH;
}

/** A request line names a version, or is not all there yet. */
function isRequestLine(b: Uint8Array, at: number, end: number): Verdict {
  const lf = find(b, LF, at, end);
  if (lf < 0) return end - at > 16 && (namesPath(b, at, end) || end - at > MAX_UNDECIDED) ? 'yes' : 'more';
  const stop = lineEnd(b, at, end);
  return stop - at >= 14 && startsWith(b, stop - 9, stop, VERSION_WORD) ? 'yes' : 'no';
}
