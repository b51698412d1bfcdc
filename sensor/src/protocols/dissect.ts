// From a packet of a known flow to application events: finds the flow's protocol and feeds its parser.
import type { Direction, Emit, StreamParser } from '../flow/parser.ts';
import { STREAM_DONE } from '../flow/parser.ts';
import { type StreamCounters, TcpStream } from '../flow/stream.ts';
import type { Packet } from '../layers/packet.ts';
import { ACK, RST, SYN } from '../layers/tcp.ts';
import type { Protocol } from './protocol.ts';

/** Low bits of a flow's mark: 1 + index of its protocol; 0 while unknown. */
const INDEX = 0x03ff;
/** Nothing more is read of this flow. */
const FINISHED = 0x8000;
/** A direction's first datagram was of no protocol we know. */
const REFUSED_TO_SERVER = 0x4000;
const REFUSED_TO_CLIENT = 0x2000;

/** Where events go: the slot says which flow they belong to. */
export interface DissectSink {
  event(slot: number, protocol: Protocol, message: unknown): void;
  anomaly(slot: number, protocol: Protocol, name: string): void;
}

/** What a flow's stream is fed to until its protocol is known. Bytes that could still become one are left untaken. */
class Probing implements StreamParser {
  readonly #owner: Dissector;
  readonly #slot: number;
  readonly #port: number;

  constructor(owner: Dissector, slot: number, port: number) {
    this.#owner = owner;
    this.#slot = slot;
    this.#port = port;
  }

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const { candidates } = this.#owner;
    let undecided = false;
    for (let i = -1; i < candidates.length; i++) {
      // The port only says whom to ask first.
      const protocol = i < 0 ? candidates.find((p) => p.tcpPorts.includes(this.#port)) : candidates[i];
      if (protocol?.open === undefined) continue;
      const verdict = protocol.probe(bytes, at, end, direction, 'tcp');
      if (verdict === 'yes')
        return this.#owner.settle(this.#slot, protocol).stream(bytes, at, end, direction, emit);
      if (verdict === 'more') undecided = true;
    }
    return undecided ? 0 : STREAM_DONE;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

export class Dissector {
  readonly candidates: readonly Protocol[];
  readonly counters: StreamCounters = { retransmitted: 0, outOfOrder: 0, gaps: 0, gapBytes: 0, givenUp: 0 };
  readonly #emit: Emit;
  #slot = -1;
  #marks = new Uint16Array(1 << 12);
  /** First sequence number of each direction, as its SYN told; valid where `#synchronised` has the direction's bit. */
  #initial = new Int32Array(1 << 13);
  #synchronised = new Uint8Array(1 << 12);
  readonly #streams: (TcpStream | undefined)[] = [];

  constructor(protocols: readonly Protocol[], sink: DissectSink) {
    this.candidates = protocols;
    this.#emit = {
      event: (message) => {
        const protocol = this.protocol(this.#slot);
        if (protocol !== undefined) sink.event(this.#slot, protocol, message);
      },
      anomaly: (name) => {
        const protocol = this.protocol(this.#slot);
        if (protocol !== undefined) sink.anomaly(this.#slot, protocol, name);
      },
    };
  }

  /** The flow's protocol, once known. */
  protocol(slot: number): Protocol | undefined {
    return this.candidates[(this.#marks[slot] & INDEX) - 1];
  }

  /** A new flow took this slot. */
  open(slot: number): void {
    if (slot >= this.#marks.length) this.#grow(slot + 1);
    this.#marks[slot] = 0;
    this.#synchronised[slot] = 0;
    this.#streams[slot] = undefined;
  }

  /** The flow of this slot ends. */
  close(slot: number): void {
    const stream = this.#streams[slot];
    if (stream === undefined) return;
    this.#slot = slot;
    stream.end(this.#emit);
    this.#streams[slot] = undefined;
  }

  settle(slot: number, protocol: Protocol): StreamParser {
    const stream = this.#streams[slot] as TcpStream;
    this.#marks[slot] |= this.candidates.indexOf(protocol) + 1;
    stream.parser = (protocol.open as () => StreamParser)();
    return stream.parser;
  }

  tcp(slot: number, direction: Direction, p: Packet, serverPort: number): void {
    const mark = this.#marks[slot];
    if ((mark & FINISHED) !== 0) return;
    let stream = this.#streams[slot];
    if ((p.tcpFlags & SYN) !== 0) {
      this.#initial[slot * 2 + direction] = p.sequence;
      this.#synchronised[slot] |= 1 << direction;
      stream?.synchronise(direction, p.sequence);
    }
    this.#slot = slot;
    if (p.payloadLength > 0 && (p.tcpFlags & RST) === 0) {
      if (stream === undefined) {
        stream = new TcpStream(new Probing(this, slot, serverPort), this.counters);
        this.#streams[slot] = stream;
        for (const side of [0, 1] as const)
          if (this.#synchronised[slot] & (1 << side))
            stream.synchronise(side, this.#initial[slot * 2 + side]);
      }
      // The first byte of data stands one behind the SYN's own number (TCP Fast Open).
      const sequence = (p.tcpFlags & SYN) !== 0 ? (p.sequence + 1) | 0 : p.sequence;
      const missing = p.payloadLength - (p.payloadEnd - p.payload);
      stream.segment(direction, sequence, p.bytes, p.payload, p.payloadEnd, missing, this.#emit);
    }
    if (stream === undefined) return;
    if ((p.tcpFlags & ACK) !== 0) stream.acknowledged(direction === 0 ? 1 : 0, p.acknowledged, this.#emit);
    if (stream.done) {
      this.#marks[slot] |= FINISHED;
      this.close(slot);
    }
  }

  udp(slot: number, direction: Direction, p: Packet, serverPort: number): void {
    const mark = this.#marks[slot];
    if ((mark & FINISHED) !== 0 || p.payloadEnd === p.payload) return;
    this.#slot = slot;
    let protocol = this.candidates[(mark & INDEX) - 1];
    if (protocol === undefined) {
      protocol = this.#probeDatagram(p, direction, serverPort) as Protocol;
      if (protocol === undefined) {
        const marks = mark | (direction === 0 ? REFUSED_TO_SERVER : REFUSED_TO_CLIENT);
        const both = REFUSED_TO_SERVER | REFUSED_TO_CLIENT;
        this.#marks[slot] = (marks & both) === both ? marks | FINISHED : marks;
        return;
      }
      this.#marks[slot] |= this.candidates.indexOf(protocol) + 1;
    }
    protocol.datagram?.(p.bytes, p.payload, p.payloadEnd, direction, this.#emit);
  }

  #probeDatagram(p: Packet, direction: Direction, port: number): Protocol | undefined {
    for (const protocol of this.candidates)
      if (
        protocol.datagram !== undefined &&
        (protocol.udpPorts.includes(port) ||
          protocol.probe(p.bytes, p.payload, p.payloadEnd, direction, 'udp') === 'yes')
      )
        return protocol;
    return undefined;
  }

  #grow(atLeast: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(atLeast));
    const marks = new Uint16Array(capacity);
    marks.set(this.#marks);
    const initial = new Int32Array(capacity * 2);
    initial.set(this.#initial);
    const synchronised = new Uint8Array(capacity);
    synchronised.set(this.#synchronised);
    this.#marks = marks;
    this.#initial = initial;
    this.#synchronised = synchronised;
  }
}
