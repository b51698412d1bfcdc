// HTTP/2 in clear (RFC 9113), known by its preface or told by an upgrade: each stream's request with its response.
import { Gathered } from '../../bytes/gather.ts';
import { u16, u24, u32 } from '../../bytes/read.ts';
import { httpFields, type Transaction } from '../http/fields.ts';
import { Head } from '../http/head.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { Http2Facts, type SideFacts } from './facts.ts';
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  FRAME_HEADER,
  GOAWAY,
  HAS_PRIORITY,
  HEADERS,
  isPreface,
  isServerPreface,
  MAX_SETTINGS,
  PADDED,
  PREFACE,
  PRIORITY,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
} from './frames.ts';
import { HeaderBlock } from './headers.ts';
import { Hpack } from './hpack.ts';
import { Connection, newStream, type Stream } from './stream.ts';

/** Streams that are open at a time: the oldest is told as it is when another begins. */
const MAX_STREAMS = 128;
/** A header block, its continuations included. */
const MAX_BLOCK = 32 * 1024;

class Side {
  hasBegun = false;
  readonly hpack = new Hpack();
  /** Bytes of a body that are still to come, and of what is passed over behind them. */
  body = 0;
  skip = 0;
  /** Whose body it is. */
  stream = 0;
  /** The body's frame is its stream's last. */
  isLast = false;
  /** A header block whose continuation must follow. */
  block: Gathered | undefined;
  blockFlags = 0;
  /** The stream that a block in pieces promises; 0 for none. */
  promised = 0;
}

class Http2Stream implements StreamParser {
  readonly #sides = [new Side(), new Side()] as const;
  readonly #streams = new Map<number, Stream>();
  /** Highest number of a stream that the server opened, and that the client did. */
  readonly #newest = [0, 0];

  /** @param upgraded the request of HTTP/1 that asked for the upgrade: stream 1 answers it (RFC 7540 §3.2) */
  constructor(upgraded: Head | undefined) {
    if (upgraded === undefined) return;
    this.#newest[1] = 1;
    this.#streams.set(1, { ...newStream(1), request: upgraded, ended: 1 });
  }

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const side = this.#sides[direction];
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      const taken = this.#step(side, b, next, end, direction, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  #step(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (side.body > 0) {
      const taken = Math.min(side.body, end - at);
      this.#body(side, direction, taken);
      side.body -= taken;
      if (side.body + side.skip === 0) this.#dataEnd(side, direction, emit);
      return taken;
    }
    if (side.skip > 0) {
      const taken = Math.min(side.skip, end - at);
      side.skip -= taken;
      if (side.skip === 0) this.#dataEnd(side, direction, emit);
      return taken;
    }
    if (direction === 0 && !side.hasBegun) {
      const verdict = isPreface(b, at, end);
      if (verdict !== 'yes') return verdict === 'more' ? 0 : STREAM_LOST;
      side.hasBegun = true;
      return PREFACE.length;
    }
    return end - at < FRAME_HEADER ? 0 : this.#frame(side, b, at, end, direction, emit);
  }

  #frame(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const length = u24(b, at);
    const type = b[at + 3];
    const flags = b[at + 4];
    const id = u32(b, at + 5) & 0x7fffffff;
    const from = at + FRAME_HEADER;
    if (side.block !== undefined && (type !== CONTINUATION || id !== side.stream))
      return broken('invalid_frame_data', emit);
    if (type === DATA) return this.#data(side, b, at, end, length, flags, id, direction, emit);
    if (type > CONTINUATION || length > MAX_BLOCK) {
      if (type === HEADERS || type === PUSH_PROMISE || type === CONTINUATION)
        return broken('header_block_too_long', emit);
      // Unknown frames are passed over (§4.1), and so is what says nothing of interest.
      side.skip = length;
      side.stream = 0;
      side.isLast = false;
      return FRAME_HEADER;
    }
    const to = from + length;
    if (end < to) return 0;
    const isWhole = this.#whole(side, b, from, to, type, flags, id, direction, emit);
    return isWhole ? FRAME_HEADER + length : STREAM_LOST;
  }

  /** A body goes by without being gathered. */
  #data(
    side: Side,
    b: Uint8Array,
    at: number,
    end: number,
    length: number,
    flags: number,
    id: number,
    direction: Direction,
    emit: Emit,
  ): number {
    const isPadded = (flags & PADDED) !== 0;
    if (isPadded && end - at <= FRAME_HEADER) return 0;
    const padding = isPadded ? b[at + FRAME_HEADER] + 1 : 0;
    if (padding > length || id === 0) return broken('invalid_frame_data', emit);
    side.body = length - padding;
    side.skip = Math.max(0, padding - 1);
    side.stream = id;
    side.isLast = (flags & END_STREAM) !== 0;
    if (side.body + side.skip === 0) this.#dataEnd(side, direction, emit);
    return isPadded ? FRAME_HEADER + 1 : FRAME_HEADER;
  }

  /** @returns false when the frame is none */
  #whole(
    side: Side,
    b: Uint8Array,
    at: number,
    end: number,
    type: number,
    flags: number,
    id: number,
    direction: Direction,
    emit: Emit,
  ): boolean {
    switch (type) {
      case HEADERS:
      case PUSH_PROMISE:
        return this.#headers(side, b, at, end, type, flags, id, direction, emit);
      case CONTINUATION:
        return this.#continuation(side, b, at, end, flags, direction, emit);
      case SETTINGS:
        if ((flags & ACK) === 0) this.#settings(b, at, end, direction, emit);
        return (end - at) % 6 === 0 || fault('invalid_frame_length', emit);
      case PRIORITY:
        if (end - at !== 5) return fault('invalid_frame_length', emit);
        this.#of(id, emit, (facts) => (facts.priority ??= b[at + 4]), direction);
        return true;
      case RST_STREAM: {
        if (end - at !== 4) return fault('invalid_frame_length', emit);
        this.#of(id, emit, (facts) => (facts.errorCode ??= u32(b, at)), direction);
        const stream = this.#streams.get(id);
        if (stream !== undefined) this.#tell(id, stream, emit);
        return true;
      }
      case GOAWAY: {
        if (end - at < 8) return fault('invalid_frame_length', emit);
        const facts = new Http2Facts(0);
        facts[direction === 0 ? 'request' : 'response'].errorCode = u32(b, at + 4);
        emit.event(new Connection(facts));
        return true;
      }
      default:
        return true;
    }
  }

  #of(id: number, emit: Emit, say: (facts: SideFacts) => void, direction: Direction): void {
    const stream = this.#streams.get(id);
    if (stream !== undefined) say(direction === 0 ? stream.http2.request : stream.http2.response);
    else if (id === 0) emit.anomaly('invalid_frame_data');
  }

  #settings(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): void {
    const settings: [number, number][] = [];
    for (let i = at; end - i >= 6 && settings.length < MAX_SETTINGS; i += 6)
      settings.push([u16(b, i), u32(b, i + 2)]);
    const facts = new Http2Facts(0);
    facts[direction === 0 ? 'request' : 'response'].settings = settings;
    emit.event(new Connection(facts));
  }

  #headers(
    side: Side,
    b: Uint8Array,
    at: number,
    end: number,
    type: number,
    flags: number,
    id: number,
    direction: Direction,
    emit: Emit,
  ): boolean {
    let from = at;
    let to = end;
    if ((flags & PADDED) !== 0) {
      if (from >= to || to - from - 1 < b[from]) return fault('invalid_frame_data', emit);
      to -= b[from];
      from++;
    }
    if (id === 0) return fault('invalid_frame_data', emit);
    side.stream = id;
    side.promised = 0;
    let priority: number | undefined;
    if (type === PUSH_PROMISE) {
      if (to - from < 4) return fault('invalid_frame_data', emit);
      side.promised = u32(b, from) & 0x7fffffff;
      from += 4;
    } else if ((flags & HAS_PRIORITY) !== 0) {
      if (to - from < 5) return fault('invalid_frame_data', emit);
      priority = b[from + 4];
      from += 5;
    }
    const stream = this.#open(side.promised || id, emit);
    if (stream !== undefined)
      (direction === 0 ? stream.http2.request : stream.http2.response).priority ??= priority;
    side.blockFlags = type === HEADERS ? flags : flags & ~END_STREAM;
    if ((flags & END_HEADERS) !== 0) return this.#block(side, b, from, to, direction, emit);
    side.block = new Gathered();
    side.block.append(b, from, to);
    return true;
  }

  #continuation(
    side: Side,
    b: Uint8Array,
    at: number,
    end: number,
    flags: number,
    direction: Direction,
    emit: Emit,
  ): boolean {
    const { block } = side;
    if (block === undefined) return fault('invalid_frame_data', emit);
    if (block.length + (end - at) > MAX_BLOCK) return fault('header_block_too_long', emit);
    block.append(b, at, end);
    if ((flags & END_HEADERS) === 0) return true;
    side.block = undefined;
    return this.#block(side, block.bytes, 0, block.length, direction, emit);
  }

  /** A whole header block: of a request, a response, a trailer, or of the request that a server foresees. */
  #block(side: Side, b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): boolean {
    const isRequest = direction === 0 || side.promised !== 0;
    const block = new HeaderBlock(isRequest);
    if (!side.hpack.read(b, at, end, block)) return fault('invalid_header', emit);
    const id = side.promised || side.stream;
    const stream = this.#open(id, emit);
    // What is said of a stream that is over only keeps the table right.
    if (stream === undefined) return true;
    stream.http2.grpcStatus ??= block.grpcStatus;
    if (isRequest) stream.request ??= block.head;
    else if (!block.isInterim) stream.response ??= block.head;
    if (side.promised !== 0) stream.ended |= 1;
    if ((side.blockFlags & END_STREAM) !== 0) this.#ended(id, direction, emit);
    return true;
  }

  /** The stream of this number, a new one when it is the highest yet: numbers only grow (§5.1.1). */
  #open(id: number, emit: Emit): Stream | undefined {
    const known = this.#streams.get(id);
    if (known !== undefined || id <= this.#newest[id & 1]) return known;
    this.#newest[id & 1] = id;
    if (this.#streams.size >= MAX_STREAMS) {
      emit.anomaly('too_many_streams');
      for (const [oldest, one] of this.#streams) {
        this.#tell(oldest, one, emit);
        break;
      }
    }
    const stream = newStream(id);
    this.#streams.set(id, stream);
    return stream;
  }

  #body(side: Side, direction: Direction, bytes: number): void {
    const stream = this.#streams.get(side.stream);
    if (stream === undefined) return;
    if (direction === 0) stream.requestLength += bytes;
    else stream.responseLength += bytes;
  }

  #dataEnd(side: Side, direction: Direction, emit: Emit): void {
    if (side.isLast) this.#ended(side.stream, direction, emit);
    side.isLast = false;
  }

  #ended(id: number, direction: Direction, emit: Emit): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.ended |= 1 << direction;
    // What an upgrade began has no request here: HTTP/1 told it.
    if (stream.ended === 3 || (direction === 1 && stream.request === undefined)) this.#tell(id, stream, emit);
  }

  #tell(id: number, stream: Stream, emit: Emit): void {
    this.#streams.delete(id);
    emit.event(stream);
  }

  gap(direction: Direction, count: number): boolean {
    const side = this.#sides[direction];
    if (side.body <= count) return false;
    side.body -= count;
    this.#body(side, direction, count);
    return true;
  }

  end(emit: Emit): void {
    for (const [id, stream] of this.#streams) this.#tell(id, stream, emit);
  }
}

function fault(name: string, emit: Emit): false {
  emit.anomaly(name);
  return false;
}

function broken(name: string, emit: Emit): number {
  emit.anomaly(name);
  return STREAM_LOST;
}

export const http2 = {
  name: 'http2',
  record: 'http',
  about: 'Hypertext Transfer Protocol, version 2, in clear: requests and responses, settings, gRPC.',
  tcpPorts: [],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    return direction === 1 ? isServerPreface(bytes, at, end) : isPreface(bytes, at, end);
  },
  open: (about) => new Http2Stream(about instanceof Head ? about : undefined),
  fields: httpFields,
  anomalies: {
    invalid_frame_data: 'A frame stands where it must not, or its parts do not fit.',
    invalid_frame_length: 'A frame is longer or shorter than its type allows.',
    invalid_header: 'A header block breaks the rules of its compression.',
    header_block_too_long: 'A header block is longer than any honest one.',
    too_many_streams: 'More streams are open at a time than any honest client opens.',
  },
} as const satisfies Protocol<Transaction>;
