// What a worker has in the place of detectors: it sends on what they must see.
import type { PacketWatch, Watch } from '../detectors/detector.ts';
import { copyOf } from '../detectors/flow-copy.ts';
import { TableFlowView } from '../flow/view.ts';
import type { Output } from '../outputs/output.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import { eventTypes } from '../protocols/index.ts';
import type { WireRecord } from '../wire/batch.ts';
import { TOLD } from './crew-sight.ts';
import type { Outlet } from './outlet.ts';
import { AT, FLAG, KIND, MAX_RECORD, ORDER, PHASE, REASONS, RecordBytes, SUMS_AT, TIME } from './record.ts';
import type { Sieve, Slotted } from './sieve.ts';
import { SIGNATURES, ValueWriter } from './values.ts';

const TYPES = new Map(eventTypes.map((type, index) => [type, index]));
const NO_FIELDS: readonly Slotted[] = [];

export interface SenderOptions {
  readonly outlet: Outlet;
  readonly sieve: Sieve;
  /** Where all records are put in order by: the place among all frames, or the time. */
  readonly order: () => number;
  /** Packet time, µs. */
  readonly now: () => number;
  /** Puts frames, and what was seen of them, into the columns of `CrewSight`. */
  readonly totals: (into: Float64Array) => void;
}

export class Sender implements Required<Watch>, PacketWatch, Output {
  readonly name = 'crew';
  sieve: Sieve;
  /** Values that had no room in their record. */
  cut = 0;
  readonly #options: SenderOptions;
  readonly #record = new RecordBytes(MAX_RECORD);
  readonly #values = new ValueWriter(this.#record);
  readonly #totals = new Float64Array(TOLD);
  #phase = 0;
  #order = Number.NaN;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.sieve = options.sieve;
  }

  opened(flow: FlowView): void {
    this.#notice(KIND.opened, flow);
  }
  answered(flow: FlowView): void {
    this.#notice(KIND.answered, flow);
  }
  refused(flow: FlowView): void {
    this.#notice(KIND.refused, flow);
  }
  /** What may be forgotten is not here. */
  relieve(): void {}

  tick(now: number): void {
    this.#begin(KIND.tick, PHASE.tick);
    this.#record.floats[TIME] = now;
    this.#sendTotals();
  }

  event(event: Event): void {
    const isMatched = this.sieve.matches(event);
    const fields = this.sieve.fieldsOf(event, isMatched);
    if (fields === undefined) return;
    const { type, flow, message } = event;
    // Also what a conversation says as its time is over: no packet told it.
    const isOver = flow.reason === 'timeout' || flow.reason === 'shutdown';
    this.#begin(KIND.event, isOver || type === 'flow_update' ? PHASE.lapse : PHASE.packet);
    const { bytes } = this.#record;
    bytes[AT.type] = TYPES.get(type) ?? 0;
    let end = this.#flow(flow);
    if (isMatched) bytes[AT.flags] |= FLAG.matched;
    const isFlow = message === flow;
    this.#values.begin(end);
    for (const { field, slot } of isFlow ? NO_FIELDS : fields)
      if (!this.#values.add(slot, field.read(message, event))) this.cut++;
    const { signatures } = this.sieve;
    if (isMatched && signatures !== undefined) this.#values.add(SIGNATURES, signatures);
    end = this.#values.end();
    this.#send(end, isMatched);
  }

  /** Only while rules ask for packets. */
  get packet(): PacketWatch['packet'] {
    return this.sieve.packets === undefined ? undefined : this.#packet;
  }
  readonly #packet: NonNullable<PacketWatch['packet']> = (p, flow, side) => {
    const hit = this.sieve.packets?.mayHoldFor(p, flow, side);
    if (hit === undefined) return;
    this.#begin(KIND.packet, PHASE.packet);
    this.#send(this.#text(this.#flow(flow), JSON.stringify(hit)), true);
  };

  /** Counts of a span of time: those of all workers are added up where they arrive. */
  record(record: WireRecord): void {
    this.#begin(KIND.series, PHASE.series);
    this.#send(this.#text(AT.sums, JSON.stringify(record)), true);
  }

  /** All up to here was said. */
  passed(): void {
    this.#begin(KIND.passed, PHASE.passed);
    this.#sendTotals();
  }

  async close(): Promise<void> {
    this.#begin(KIND.end, PHASE.packet);
    this.#record.floats[ORDER] = Number.POSITIVE_INFINITY;
    this.#send(AT.sums, true);
  }

  #notice(kind: number, flow: FlowView): void {
    this.#begin(kind, PHASE.packet);
    this.#send(this.#flow(flow), false);
  }

  #begin(kind: number, phase: number): void {
    const { floats, bytes } = this.#record;
    const order = this.#options.order();
    // One thread's records never go back: what it says after a later phase belongs to that.
    this.#phase = order === this.#order ? Math.max(this.#phase, phase) : phase;
    this.#order = order;
    floats[ORDER] = order;
    floats[TIME] = this.#options.now();
    bytes[AT.kind] = kind;
    bytes[AT.phase] = this.#phase;
    bytes[AT.flags] = bytes[AT.reason] = bytes[AT.type] = 0;
  }

  /** @returns where the flow ends */
  #flow(flow: FlowView): number {
    const { bytes } = this.#record;
    const { tunnel } = flow;
    const ends = tunnel && {
      src_ip: tunnel.src_ip,
      dest_ip: tunnel.dest_ip,
      src_port: tunnel.src_port,
      dest_port: tunnel.dest_port,
      proto: tunnel.proto,
      depth: tunnel.depth,
      type: tunnel.type,
      network: tunnel.network,
    };
    if (!(flow instanceof TableFlowView)) {
      bytes[AT.flags] |= FLAG.plain;
      return this.#text(AT.sums, JSON.stringify({ ...copyOf(flow), tunnel: ends }));
    }
    bytes[AT.reason] = REASONS.indexOf(flow.reason);
    this.#record.setRow(flow.sums, flow.words, flow.slot);
    if (ends === undefined) return AT.rest;
    bytes[AT.flags] |= FLAG.tunnel;
    return this.#text(AT.rest, JSON.stringify(ends));
  }

  #sendTotals(): void {
    this.#options.totals(this.#totals);
    this.#record.floats.set(this.#totals, SUMS_AT);
    this.#send(AT.words, true);
  }

  /** @returns where the text ends */
  #text(at: number, text: string): number {
    const length = this.#record.text.write(text, at + 4);
    this.#record.view.setUint32(at, length, true);
    return at + 4 + length;
  }

  #send(length: number, isNeeded: boolean): void {
    this.#options.outlet.send(this.#record.bytes, length, isNeeded);
  }
}
