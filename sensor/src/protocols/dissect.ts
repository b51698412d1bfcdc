// From a packet of a known flow to application events: finds the flow's protocol and feeds its parser.
import { Buffers } from '../flow/buffers.ts';
import {
  BOTH_DONE,
  BOTH_REFUSED,
  DONE,
  FINISHED,
  INDEX,
  marked,
  REFUSED_DATAGRAM,
  SHED,
  unsettled,
} from '../flow/mark.ts';
import type { DatagramParser, Direction, Emit, StreamParser } from '../flow/parser.ts';
import { STREAM_LOST } from '../flow/parser.ts';
import { FLAGS, MARK, NEXT, SYNCHRONISED, WORDS } from '../flow/row.ts';
import { MAX_UPGRADES, type StreamCounters, TcpStream } from '../flow/stream.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Packet } from '../layers/packet.ts';
import { ACK, RST, SYN } from '../layers/tcp.ts';
import { Expectations } from './expectations.ts';
import { Probes } from './probes.ts';
import type { Protocol } from './protocol.ts';

/** Where events go: the slot says which flow they belong to, `protocol` the place of its protocol among the candidates. */
export interface DissectSink {
  event(slot: number, protocol: number, message: unknown): void;
  anomaly(slot: number, protocol: number, name: string): void;
}

/** What is given up when there is too much: bytes that wait, and conversations that are read. */
export interface DissectBounds {
  /** Bytes of all streams that wait for others or for their parser. */
  readonly bufferBytes: number;
  /** Conversations that are read at a time; above it, the next in the table's order is only counted from there on. */
  readonly parsers: number;
}

export class Dissector {
  readonly candidates: readonly Protocol[];
  readonly counters: StreamCounters & { shed: number } = {
    retransmitted: 0,
    outOfOrder: 0,
    gaps: 0,
    gapBytes: 0,
    givenUp: 0,
    shed: 0,
  };
  /** By what a mark says; the first is none: an index of -1 would cost every packet a slow look. */
  readonly #byMark: readonly (Protocol | undefined)[];
  readonly #flows: FlowTable;
  readonly #buffers: Buffers;
  readonly #bounds: DissectBounds;
  readonly #probes: Probes;
  readonly #probing: StreamParser;
  readonly #emit: Emit;
  readonly #expected = new Expectations();
  /** By slot: who reads the flow's stream, once that is known; who reads its datagrams. */
  readonly #parsers: (StreamParser | undefined)[] = [];
  readonly #talks: (DatagramParser | undefined)[] = [];
  /** By slot: the stream of a flow whose bytes do not come whole and in order. */
  readonly #streams: (TcpStream | undefined)[] = [];
  /** Slots for which a parser, a talk or a stream is kept; where shedding goes on. */
  #live = 0;
  #hand = 0;
  // The packet at hand.
  #slot = -1;
  #packet: Packet | undefined;
  #direction: Direction = 0;
  #port = 0;

  constructor(protocols: readonly Protocol[], flows: FlowTable, sink: DissectSink, bounds: DissectBounds) {
    this.candidates = protocols;
    this.#byMark = [undefined, ...protocols];
    this.#flows = flows;
    this.#bounds = bounds;
    this.#buffers = new Buffers(bounds.bufferBytes);
    this.#probes = new Probes(protocols);
    this.#probing = { stream: (bytes, at, end, direction) => this.#probe(bytes, at, end, direction) };
    this.#emit = {
      event: (message) => {
        const place = (this.#markOf(this.#slot) & INDEX) - 1;
        if (place >= 0) sink.event(this.#slot, place, message);
      },
      anomaly: (name) => {
        const place = (this.#markOf(this.#slot) & INDEX) - 1;
        if (place >= 0) sink.anomaly(this.#slot, place, name);
      },
      upgrade: (name, about) => this.#upgrade(name, about),
      expect: (side, port, name, about) => {
        const p = this.#packet;
        if (p === undefined) return;
        const there = side !== this.#direction;
        const own = there ? p.destinationPort : p.sourcePort;
        this.#expected.add(p, there, port === 0 ? own : port, name, about);
      },
    };
  }

  #markOf(slot: number): number {
    return this.#flows.words[slot * WORDS + MARK];
  }

  #setMark(slot: number, mark: number): void {
    this.#flows.words[slot * WORDS + MARK] = mark;
  }

  /** The flow's protocol, once known. */
  protocol(slot: number): Protocol | undefined {
    return this.#byMark[this.#markOf(slot) & INDEX];
  }

  /** Bytes that streams hold. */
  get heldBytes(): number {
    return this.#buffers.used;
  }

  /** The flow of this slot ends. */
  close(slot: number): void {
    const parser = this.#parsers[slot];
    const talk = this.#talks[slot];
    const stream = this.#streams[slot];
    if (parser === undefined && talk === undefined && stream === undefined) return;
    this.#slot = slot;
    this.#packet = undefined;
    if (stream !== undefined) stream.end(this.#emit);
    else parser?.end?.(this.#emit);
    talk?.end?.(this.#emit);
    this.#forget(slot);
  }

  /** Something is kept for the flow of this slot. */
  #lives(slot: number): boolean {
    return (this.#parsers[slot] ?? this.#talks[slot] ?? this.#streams[slot]) !== undefined;
  }

  #forget(slot: number): void {
    if (this.#lives(slot)) this.#live--;
    this.#parsers[slot] = this.#talks[slot] = this.#streams[slot] = undefined;
  }

  #finish(slot: number): void {
    this.#setMark(slot, this.#markOf(slot) | FINISHED);
    this.close(slot);
  }

  /** One more conversation is read; beyond the bound another is only counted from here on. */
  #count(): void {
    if (++this.#live > this.#bounds.parsers) this.#shedNext();
  }

  #shedNext(): void {
    const slots = Math.max(this.#parsers.length, this.#talks.length, this.#streams.length);
    // Ends: one of them lives, and it is not the one at hand.
    for (let i = 0; i < slots; i++) {
      this.#hand = this.#hand + 1 < slots ? this.#hand + 1 : 0;
      const slot = this.#hand;
      if (slot === this.#slot || !this.#lives(slot)) continue;
      this.counters.shed++;
      this.leave(slot);
      return;
    }
  }

  /** Whether payload of this flow, this way, would be read. */
  wants(slot: number, direction: Direction): boolean {
    const mark = this.#markOf(slot);
    if ((mark & FINISHED) !== 0) return false;
    return (mark & (DONE << direction)) === 0 || this.#streams[slot] !== undefined;
  }

  /** The flow is only counted from here on: nobody says what its conversation came to. */
  leave(slot: number): void {
    this.#streams[slot]?.release();
    this.#setMark(slot, this.#markOf(slot) | FINISHED | SHED);
    this.#forget(slot);
  }

  /** Memory is short: every second conversation is only counted from here on. */
  relieve(): void {
    this.#slot = -1;
    // Ends: each turn sheds one.
    for (let n = this.#live >> 1; n > 0; n--) this.#shedNext();
    this.#buffers.forget();
  }

  /** The flow's stream speaks this protocol from here on. */
  #settle(protocol: Protocol, about?: unknown): void {
    if (protocol.open === undefined) return;
    const slot = this.#slot;
    this.#setMark(slot, marked(this.#markOf(slot), this.candidates.indexOf(protocol)));
    const before = this.#parsers[slot];
    const parser = protocol.open(about);
    this.#parsers[slot] = parser;
    const stream = this.#streams[slot];
    if (stream !== undefined) stream.parser = parser;
    if (before === undefined && stream === undefined) this.#count();
  }

  #upgrade(name: string | undefined, about?: unknown): void {
    const slot = this.#slot;
    if (this.#parsers[slot] === undefined) return;
    const protocol = name === undefined ? undefined : this.candidates.find((p) => p.name === name);
    if (protocol !== undefined) {
      this.#settle(protocol, about);
      return;
    }
    this.#setMark(slot, unsettled(this.#markOf(slot)));
    this.#parsers[slot] = undefined;
    this.#port = 0;
    const stream = this.#streams[slot];
    if (stream !== undefined) stream.parser = this.#probing;
    else this.#live--;
  }

  /** Reads a stream whose protocol is not known. Bytes that could still become one are left untaken. */
  #probe(bytes: Uint8Array, at: number, end: number, direction: Direction): number {
    const found = this.#probes.stream(bytes, at, end, direction, this.#port);
    if (typeof found === 'number') return found;
    this.#settle(found);
    return 0;
  }

  tcp(slot: number, direction: Direction, p: Packet, serverPort: number): void {
    const mark = this.#markOf(slot);
    if ((mark & FINISHED) !== 0) return;
    this.#slot = slot;
    this.#packet = p;
    this.#direction = direction;
    this.#port = serverPort;
    let stream = this.#streams[slot];
    if (p.payloadLength > 0 && (p.tcpFlags & RST) === 0) {
      const captured = p.payloadEnd - p.payload;
      if (stream === undefined) {
        if ((mark & (DONE << direction)) !== 0) return;
        const { ahead } = this.#flows;
        if (ahead === 0 && captured === p.payloadLength) {
          this.#inOrder(slot, direction, p);
          return;
        }
        if (ahead < 0 && ahead + p.payloadLength <= 0) {
          this.counters.retransmitted++;
          return;
        }
        stream = this.#newStream(slot, direction, p);
      }
      const sequence = firstByte(p);
      const missing = p.payloadLength - captured;
      stream.segment(direction, sequence, p.bytes, p.payload, p.payloadEnd, missing, this.#emit);
    }
    if (stream === undefined) return;
    if ((p.tcpFlags & ACK) !== 0) stream.acknowledged(direction === 0 ? 1 : 0, p.acknowledged, this.#emit);
    this.#settleStream(slot, stream);
  }

  /** A whole segment, the next of its direction, with nothing waiting: what nearly every one is. */
  #inOrder(slot: number, direction: Direction, p: Packet): void {
    if (this.#parsers[slot] === undefined && (this.#markOf(slot) & INDEX) === 0) this.#announced(p);
    let from = p.payload;
    for (let i = 0; i < MAX_UPGRADES; i++) {
      const before = this.#parsers[slot] ?? this.#probing;
      const taken = before.stream(p.bytes, from, p.payloadEnd, direction, this.#emit);
      if (taken < 0) {
        const done = taken === STREAM_LOST ? BOTH_DONE : DONE << direction;
        const mark = this.#markOf(slot) | done;
        this.#setMark(slot, mark);
        if ((mark & BOTH_DONE) === BOTH_DONE) this.#finish(slot);
        return;
      }
      from += taken;
      if (from === p.payloadEnd || (this.#parsers[slot] ?? this.#probing) === before) break;
    }
    if (from === p.payloadEnd) return;
    const stream = this.#newStream(slot, direction, p);
    stream.synchronise(direction, firstByte(p) + p.payloadLength);
    stream.hold(direction, p.bytes, from, p.payloadEnd);
    this.#settleStream(slot, stream);
  }

  /** A flow that another one announced is of a known protocol from its first byte. */
  #announced(p: Packet): void {
    const expected = this.#expected.take(p);
    const protocol = expected && this.candidates.find((one) => one.name === expected.protocol);
    if (protocol !== undefined) this.#settle(protocol, expected?.about);
  }

  /** From here on the flow's bytes need to be put in order. Its numbers stand in the row, which this packet is part of. */
  #newStream(slot: number, direction: Direction, p: Packet): TcpStream {
    const { words, ahead } = this.#flows;
    const at = slot * WORDS;
    const mark = words[at + MARK];
    if (this.#parsers[slot] === undefined && (mark & INDEX) === 0) this.#announced(p);
    const stream = new TcpStream(this.#parsers[slot] ?? this.#probing, this.counters, this.#buffers);
    this.#streams[slot] = stream;
    if (this.#parsers[slot] === undefined) this.#count();
    const other = direction === 0 ? 1 : 0;
    if ((words[at + FLAGS] & (SYNCHRONISED << other)) !== 0)
      stream.synchronise(other, words[at + NEXT + other]);
    if (ahead !== 0) stream.synchronise(direction, firstByte(p) - ahead);
    for (const side of [0, 1] as const) if ((mark & (DONE << side)) !== 0) stream.finish(side);
    return stream;
  }

  /** What the stream came to: over, in need of nothing, or waiting. */
  #settleStream(slot: number, stream: TcpStream): void {
    if (stream.done) {
      this.#finish(slot);
      return;
    }
    if (!stream.idle) return;
    let mark = this.#markOf(slot);
    for (const side of [0, 1] as const) if (stream.isDone(side)) mark |= DONE << side;
    this.#setMark(slot, mark);
    stream.release();
    this.#streams[slot] = undefined;
    if (this.#parsers[slot] === undefined) this.#live--;
  }

  #probeDatagram(p: Packet, direction: Direction, serverPort: number): Protocol | undefined {
    const clientPort = p.sourcePort + p.destinationPort - serverPort;
    return this.#probes.datagram(p.bytes, p.payload, p.payloadEnd, direction, serverPort, clientPort);
  }

  udp(slot: number, direction: Direction, p: Packet, serverPort: number): void {
    const mark = this.#markOf(slot);
    if ((mark & FINISHED) !== 0 || p.payloadEnd === p.payload) return;
    this.#slot = slot;
    this.#packet = p;
    this.#direction = direction;
    let protocol = this.#byMark[mark & INDEX];
    if (protocol === undefined) {
      const announced = this.#expected.take(p)?.protocol;
      protocol = (
        announced === undefined
          ? this.#probeDatagram(p, direction, serverPort)
          : this.candidates.find((one) => one.name === announced)
      ) as Protocol;
      if (protocol === undefined) {
        const refused = mark | (REFUSED_DATAGRAM << direction);
        this.#setMark(slot, (refused & BOTH_REFUSED) === BOTH_REFUSED ? refused | FINISHED : refused);
        return;
      }
      this.#setMark(slot, marked(mark, this.candidates.indexOf(protocol)));
      const talk = protocol.openDatagrams?.();
      if (talk !== undefined) {
        this.#talks[slot] = talk;
        this.#count();
      }
    }
    if (protocol.openDatagrams === undefined) {
      protocol.datagram?.(p.bytes, p.payload, p.payloadEnd, direction, this.#emit);
      return;
    }
    const talk = this.#talks[slot];
    if (talk !== undefined && talk.datagram(p.bytes, p.payload, p.payloadEnd, direction, this.#emit) < 0)
      this.#finish(slot);
  }
}

/** The first byte of data stands one behind the SYN's own number (TCP Fast Open). */
const firstByte = (p: Packet): number => ((p.tcpFlags & SYN) !== 0 ? p.sequence + 1 : p.sequence) | 0;
