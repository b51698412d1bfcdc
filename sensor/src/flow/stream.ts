// One TCP connection's bytes in order, for a parser, while they do not come in order or whole. A flow whose segments
// come in order and are taken whole needs none of this (protocols/dissect.ts). Bounded: what comes too early waits in a
// small queue, what the parser did not take yet waits in a small buffer, and both give up rather than grow (RFC 9293
// §3.4 for the arithmetic).
//
//   next ──► in order, offered to the parser     held: bytes offered before and not taken
//   gap  ──► segments wait, sorted by sequence    beyond MAX_WAITING the hole is declared lost
import { copy } from '../bytes/copy.ts';
import type { Buffers } from './buffers.ts';
import { type Direction, type Emit, STREAM_DONE, STREAM_LOST, type StreamParser } from './parser.ts';

/** Waiting segments of one direction: as many as a window's worth of reordering needs. */
const MAX_WAITING_SEGMENTS = 64;
const MAX_WAITING_BYTES = 256 * 1024;
/** Bytes a parser may leave untaken: above the largest TLS record (16 KiB + 2 KiB) and any sane header block. */
const MAX_HELD_BYTES = 64 * 1024;

interface Waiting {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Counters over all streams. */
export interface StreamCounters {
  retransmitted: number;
  outOfOrder: number;
  gaps: number;
  gapBytes: number;
  givenUp: number;
}

class Half {
  /** Next expected sequence number (32 bits, signed); undefined until the first segment. */
  next: number | undefined;
  done = false;
  held: Uint8Array | undefined;
  heldLength = 0;
  waiting: Waiting[] | undefined;
  waitingBytes = 0;
}

/** A flow whose parser is replaced more often within one segment is at odds with us. */
export const MAX_UPGRADES = 8;

export class TcpStream {
  /** Replaced once the protocol is known, and when the two sides go over to another. */
  parser: StreamParser;
  readonly #halves = [new Half(), new Half()] as const;
  readonly #counters: StreamCounters;
  readonly #buffers: Buffers;

  constructor(parser: StreamParser, counters: StreamCounters, buffers: Buffers) {
    this.parser = parser;
    this.#counters = counters;
    this.#buffers = buffers;
  }

  /** True when no direction is of interest any more. */
  get done(): boolean {
    return this.#halves[0].done && this.#halves[1].done;
  }

  isDone(direction: Direction): boolean {
    return this.#halves[direction].done;
  }

  /** True when nothing waits: the segments to come may do without the stream. */
  get idle(): boolean {
    const [a, b] = this.#halves;
    return a.heldLength === 0 && b.heldLength === 0 && a.waiting === undefined && b.waiting === undefined;
  }

  /** A SYN, or what was read without the stream, tells where the direction's bytes go on. */
  synchronise(direction: Direction, sequence: number): void {
    const half = this.#halves[direction];
    if (half.next === undefined) half.next = sequence | 0;
  }

  /** The direction is of no interest any more. */
  finish(direction: Direction): void {
    this.#stop(this.#halves[direction], STREAM_DONE);
  }

  /** Bytes that were offered in order and not taken. */
  hold(direction: Direction, bytes: Uint8Array, at: number, end: number): void {
    const half = this.#halves[direction];
    const held = this.#room(half, end - at);
    if (held === undefined) return;
    copy(bytes, at, end, held, 0);
    half.heldLength = end - at;
  }

  /** A segment's payload `[at, end)` whose first byte has this sequence number. `missing`: bytes cut off by the snap length. */
  segment(
    direction: Direction,
    sequence: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    missing: number,
    emit: Emit,
  ): void {
    const half = this.#halves[direction];
    if (half.done) return;
    if (half.next === undefined) half.next = sequence | 0;
    const ahead = (sequence - half.next) | 0;
    if (ahead > 0) this.#wait(half, direction, sequence, bytes, at, end, emit);
    else {
      const known = -ahead;
      if (known >= end - at + missing) {
        this.#counters.retransmitted++;
        return;
      }
      const captured = end - at;
      if (known < captured) this.#inOrder(half, direction, bytes, at + known, end, emit);
      // Of the part that was not captured, some may have been here before.
      const lost = missing - Math.max(0, known - captured);
      if (lost > 0 && !half.done) this.#lose(half, direction, lost);
      if (half.waiting !== undefined) this.#release(half, direction, emit);
    }
  }

  /** The other side has acknowledged up to here: what it took and we never saw will not come again. */
  acknowledged(direction: Direction, acknowledged: number, emit: Emit): void {
    const half = this.#halves[direction];
    if (half.done || half.waiting === undefined || half.next === undefined) return;
    const first = half.waiting[0];
    if (((acknowledged - first.sequence) | 0) > 0) this.#skip(half, direction, emit);
  }

  end(emit: Emit): void {
    for (const direction of [0, 1] as const) {
      const half = this.#halves[direction];
      // Ends: each turn releases at least one waiting segment, or gives the direction up.
      while (!half.done && half.waiting !== undefined) this.#skip(half, direction, emit);
    }
    this.parser.end?.(emit);
    this.release();
  }

  /** Gives its buffers back. */
  release(): void {
    for (const half of this.#halves) this.#empty(half);
  }

  #inOrder(half: Half, direction: Direction, bytes: Uint8Array, at: number, end: number, emit: Emit): void {
    half.next = ((half.next as number) + (end - at)) | 0;
    if (half.heldLength > 0) {
      const length = half.heldLength + (end - at);
      const held = this.#room(half, length);
      if (held === undefined) return;
      copy(bytes, at, end, held, half.heldLength);
      half.heldLength = length;
      const taken = this.#offer(held, 0, length, direction, emit);
      if (taken < 0) {
        this.#stop(half, taken);
        return;
      }
      if (half.done) return;
      if (taken > 0) held.copyWithin(0, taken, length);
      half.heldLength = length - taken;
      return;
    }
    const taken = this.#offer(bytes, at, end, direction, emit);
    if (taken < 0) this.#stop(half, taken);
    else if (taken < end - at && !half.done) this.hold(direction, bytes, at + taken, end);
  }

  /** Gives bytes to the parser; when that hands over to another, the rest to that one. */
  #offer(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let from = at;
    for (let i = 0; i < MAX_UPGRADES; i++) {
      const before = this.parser;
      const taken = before.stream(bytes, from, end, direction, emit);
      if (taken < 0) return taken;
      from += taken;
      if (this.parser === before) break;
      this.#replay(direction === 0 ? 1 : 0, emit);
    }
    return from - at;
  }

  /** What the other side had said, and the parser before had not taken, is the new one's. */
  #replay(direction: Direction, emit: Emit): void {
    const half = this.#halves[direction];
    if (half.heldLength === 0 || half.held === undefined) return;
    const taken = this.parser.stream(half.held, 0, half.heldLength, direction, emit);
    if (taken < 0) {
      this.#stop(half, taken);
      return;
    }
    half.held.copyWithin(0, taken, half.heldLength);
    half.heldLength -= taken;
  }

  #wait(
    half: Half,
    direction: Direction,
    sequence: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    emit: Emit,
  ): void {
    this.#counters.outOfOrder++;
    const length = end - at;
    const buffer = this.#buffers.take(length);
    if (buffer === undefined) {
      this.#giveUp(half);
      return;
    }
    copy(bytes, at, end, buffer, 0);
    const waiting = (half.waiting ??= []);
    let i = waiting.length;
    while (i > 0 && ((waiting[i - 1].sequence - sequence) | 0) > 0) i--;
    waiting.splice(i, 0, { sequence, bytes: buffer, length });
    half.waitingBytes += length;
    // Ends: each turn releases a waiting segment, or gives the direction up.
    while (
      half.waiting !== undefined &&
      (half.waiting.length > MAX_WAITING_SEGMENTS || half.waitingBytes > MAX_WAITING_BYTES)
    )
      this.#skip(half, direction, emit);
  }

  /** Declares the hole before the first waiting segment lost and goes on behind it. */
  #skip(half: Half, direction: Direction, emit: Emit): void {
    const first = half.waiting?.[0];
    if (first === undefined) return;
    this.#lose(half, direction, (first.sequence - (half.next as number)) | 0);
    if (!half.done) this.#release(half, direction, emit);
  }

  #lose(half: Half, direction: Direction, count: number): void {
    this.#counters.gaps++;
    this.#counters.gapBytes += count;
    half.next = ((half.next as number) + count) | 0;
    // What was held stands before the hole: the parser cannot join it to what follows.
    half.heldLength = 0;
    if (!this.parser.gap?.(direction, count)) this.#stop(half, STREAM_DONE);
  }

  #release(half: Half, direction: Direction, emit: Emit): void {
    const { waiting } = half;
    // Ends: each turn takes one off the list.
    while (waiting !== undefined && waiting.length > 0 && !half.done) {
      const ahead = (waiting[0].sequence - (half.next as number)) | 0;
      if (ahead > 0) return;
      const { bytes, length } = waiting.shift() as Waiting;
      half.waitingBytes -= length;
      if (-ahead < length) this.#inOrder(half, direction, bytes, -ahead, length, emit);
      this.#buffers.give(bytes);
    }
    if (!half.done) half.waiting = undefined;
  }

  #giveUp(half: Half): void {
    this.#counters.givenUp++;
    this.#stop(half, STREAM_DONE);
  }

  #stop(half: Half, why: number): void {
    half.done = true;
    this.#empty(half);
    if (why !== STREAM_LOST) return;
    const other = this.#halves[half === this.#halves[0] ? 1 : 0];
    other.done = true;
    this.#empty(other);
  }

  #empty(half: Half): void {
    if (half.held !== undefined) this.#buffers.give(half.held);
    half.held = undefined;
    for (const { bytes } of half.waiting ?? []) this.#buffers.give(bytes);
    half.waiting = undefined;
    half.heldLength = half.waitingBytes = 0;
  }

  /** The half's buffer, at least this long; keeps what is in it. Undefined when that is too much: it then gives up. */
  #room(half: Half, length: number): Uint8Array | undefined {
    if (half.held !== undefined && half.held.length >= length && length <= MAX_HELD_BYTES) return half.held;
    const larger = length <= MAX_HELD_BYTES ? this.#buffers.take(length) : undefined;
    if (larger === undefined) {
      this.#giveUp(half);
      return undefined;
    }
    if (half.held !== undefined) {
      copy(half.held, 0, half.heldLength, larger, 0);
      this.#buffers.give(half.held);
    }
    half.held = larger;
    return larger;
  }
}
