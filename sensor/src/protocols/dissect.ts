// From a packet of a known flow to application events: finds the flow's protocol and feeds its parser.
import type { DatagramParser, Direction, Emit, StreamParser } from '../flow/parser.ts';
import { STREAM_DONE } from '../flow/parser.ts';
import { type StreamCounters, TcpStream } from '../flow/stream.ts';
import type { Packet } from '../layers/packet.ts';
import { ACK, RST, SYN } from '../layers/tcp.ts';
import { Expectations } from './expectations.ts';
import type { Protocol } from './protocol.ts';

/** A flow's mark: 1 + index of its protocol; the same of the one it spoke before; 0 while unknown. */
const INDEX = 0x03ff;
const ORIGINAL_SHIFT = 10;
/** Nothing more is read of this flow. */
const FINISHED = 1 << 20;
/** A direction's first datagram was of no protocol we know. */
const REFUSED_TO_SERVER = 1 << 21;
const REFUSED_TO_CLIENT = 1 << 22;
/** Bytes of one direction in which a stream's protocol must show. */
const MAX_PROBED = 2048;

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

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction): number {
    const { candidates } = this.#owner;
    const preferred = this.#owner.preferred('tcp', this.#port);
    let undecided = false;
    // The port only says whom to ask first.
    for (let i = 0; i < preferred.length + candidates.length; i++) {
      const protocol = i < preferred.length ? preferred[i] : candidates[i - preferred.length];
      if (protocol.open === undefined || (i >= preferred.length && preferred.includes(protocol))) continue;
      const verdict = protocol.probe(bytes, at, end, direction, 'tcp');
      if (verdict === 'yes') {
        this.#owner.settle(this.#slot, protocol);
        return 0;
      }
      if (verdict === 'more') undecided = true;
    }
    return undecided && end - at < MAX_PROBED ? 0 : STREAM_DONE;
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
  readonly #byPort = { tcp: new Map<number, Protocol[]>(), udp: new Map<number, Protocol[]>() };
  readonly #expected = new Expectations();
  /** Whose ends an announced port belongs to, while a packet is being read. */
  #packet: Packet | undefined;
  #direction: Direction = 0;
  #slot = -1;
  #marks = new Uint32Array(1 << 12);
  /** First sequence number of each direction, as its SYN told; valid where `#synchronised` has the direction's bit. */
  #initial = new Int32Array(1 << 13);
  #synchronised = new Uint8Array(1 << 12);
  readonly #streams: (TcpStream | undefined)[] = [];
  readonly #talks: (DatagramParser | undefined)[] = [];

  constructor(protocols: readonly Protocol[], sink: DissectSink) {
    this.candidates = protocols;
    for (const protocol of protocols) {
      for (const port of protocol.tcpPorts) listed(this.#byPort.tcp, port).push(protocol);
      for (const port of protocol.udpPorts) listed(this.#byPort.udp, port).push(protocol);
    }
    this.#emit = {
      event: (message) => {
        const protocol = this.protocol(this.#slot);
        if (protocol !== undefined) sink.event(this.#slot, protocol, message);
      },
      anomaly: (name) => {
        const protocol = this.protocol(this.#slot);
        if (protocol !== undefined) sink.anomaly(this.#slot, protocol, name);
      },
      upgrade: (name) => this.#upgrade(name),
      expect: (side, port, name, about) => {
        const p = this.#packet;
        if (p !== undefined) this.#expected.add(p, side !== this.#direction, port, name, about);
      },
    };
  }

  /** Protocols that name this port. */
  preferred(transport: 'tcp' | 'udp', port: number): readonly Protocol[] {
    return this.#byPort[transport].get(port) ?? NONE;
  }

  /** The flow's protocol, once known. */
  protocol(slot: number): Protocol | undefined {
    return this.candidates[(this.#marks[slot] & INDEX) - 1];
  }

  /** What the flow spoke before it was upgraded. */
  original(slot: number): Protocol | undefined {
    return this.candidates[((this.#marks[slot] >> ORIGINAL_SHIFT) & INDEX) - 1];
  }

  /** A new flow took this slot. */
  open(slot: number): void {
    if (slot >= this.#marks.length) this.#grow(slot + 1);
    this.#marks[slot] = 0;
    this.#synchronised[slot] = 0;
    this.#streams[slot] = undefined;
    this.#talks[slot] = undefined;
  }

  /** The flow of this slot ends. */
  close(slot: number): void {
    const stream = this.#streams[slot];
    const talk = this.#talks[slot];
    this.#slot = slot;
    this.#packet = undefined;
    stream?.end(this.#emit);
    talk?.end(this.#emit);
    this.#streams[slot] = this.#talks[slot] = undefined;
  }

  /** The flow's stream speaks this protocol from here on. */
  settle(slot: number, protocol: Protocol, about?: unknown): void {
    const stream = this.#streams[slot];
    if (stream === undefined || protocol.open === undefined) return;
    this.#mark(slot, protocol);
    stream.parser = protocol.open(about);
  }

  #mark(slot: number, protocol: Protocol): void {
    const before = this.#marks[slot] & INDEX;
    const original = before === 0 ? this.#marks[slot] & (INDEX << ORIGINAL_SHIFT) : before << ORIGINAL_SHIFT;
    this.#marks[slot] = original | (this.candidates.indexOf(protocol) + 1);
  }

  #upgrade(name: string | undefined): void {
    const slot = this.#slot;
    const stream = this.#streams[slot];
    if (stream === undefined) return;
    const protocol = name === undefined ? undefined : this.candidates.find((p) => p.name === name);
    if (protocol === undefined) stream.parser = new Probing(this, slot, 0);
    else this.settle(slot, protocol);
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
    this.#packet = p;
    this.#direction = direction;
    if (p.payloadLength > 0 && (p.tcpFlags & RST) === 0) {
      if (stream === undefined) stream = this.#newStream(slot, p, serverPort);
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

  #newStream(slot: number, p: Packet, serverPort: number): TcpStream {
    const stream = new TcpStream(new Probing(this, slot, serverPort), this.counters);
    this.#streams[slot] = stream;
    for (const side of [0, 1] as const)
      if (this.#synchronised[slot] & (1 << side)) stream.synchronise(side, this.#initial[slot * 2 + side]);
    const expected = this.#expected.take(p);
    const protocol = expected && this.candidates.find((one) => one.name === expected.protocol);
    if (protocol !== undefined) this.settle(slot, protocol, expected?.about);
    return stream;
  }

  udp(slot: number, direction: Direction, p: Packet, serverPort: number): void {
    const mark = this.#marks[slot];
    if ((mark & FINISHED) !== 0 || p.payloadEnd === p.payload) return;
    this.#slot = slot;
    this.#packet = p;
    this.#direction = direction;
    let protocol = this.candidates[(mark & INDEX) - 1];
    if (protocol === undefined) {
      protocol = this.#probeDatagram(p, direction, serverPort) as Protocol;
      if (protocol === undefined) {
        const marks = mark | (direction === 0 ? REFUSED_TO_SERVER : REFUSED_TO_CLIENT);
        const both = REFUSED_TO_SERVER | REFUSED_TO_CLIENT;
        this.#marks[slot] = (marks & both) === both ? marks | FINISHED : marks;
        return;
      }
      this.#mark(slot, protocol);
      this.#talks[slot] = protocol.openDatagrams?.();
    }
    const talk = this.#talks[slot];
    if (talk === undefined) protocol.datagram?.(p.bytes, p.payload, p.payloadEnd, direction, this.#emit);
    else if (talk.datagram(p.bytes, p.payload, p.payloadEnd, direction, this.#emit) < 0) {
      this.#marks[slot] |= FINISHED;
      this.close(slot);
    }
  }

  #probeDatagram(p: Packet, direction: Direction, port: number): Protocol | undefined {
    const expected = this.#expected.take(p)?.protocol;
    if (expected !== undefined) return this.candidates.find((protocol) => protocol.name === expected);
    const preferred = this.preferred('udp', port);
    for (const protocol of preferred)
      if (
        isDatagrams(protocol) &&
        protocol.probe(p.bytes, p.payload, p.payloadEnd, direction, 'udp') !== 'no'
      )
        return protocol;
    for (const protocol of this.candidates)
      if (
        isDatagrams(protocol) &&
        protocol.probe(p.bytes, p.payload, p.payloadEnd, direction, 'udp') === 'yes'
      )
        return protocol;
    return undefined;
  }

  #grow(atLeast: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(atLeast));
    const marks = new Uint32Array(capacity);
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

const NONE: readonly Protocol[] = [];
const isDatagrams = (protocol: Protocol): boolean =>
  protocol.datagram !== undefined || protocol.openDatagrams !== undefined;

function listed(map: Map<number, Protocol[]>, port: number): Protocol[] {
  let list = map.get(port);
  if (list === undefined) map.set(port, (list = []));
  return list;
}
