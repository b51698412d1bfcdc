// The detecting thread's end of a worker's ring: its next record, read as flows and events are read everywhere.

import type { PacketHit } from '../detectors/detector.ts';
import { SUMS, WORDS } from '../flow/row.ts';
import type { FlowTable } from '../flow/table.ts';
import type { TunnelView } from '../flow/tunnels.ts';
import { TableFlowView } from '../flow/view.ts';
import { type Event, type FlowView, ReusedEvent, type Value } from '../protocols/event.ts';
import { eventFields, eventTypes, protocols } from '../protocols/index.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { slotFields, type Told, toldFields } from '../protocols/told.ts';
import type { Series } from '../wire/series.ts';
import { AT, FLAG, KIND, ORDER, REASONS, RecordBytes, SUMS_AT, TIME, WORDS_AT } from './record.ts';
import { RingReader } from './ring.ts';
import { SIGNATURES, ValueReader } from './values.ts';

const NAMES = (protocols as readonly Protocol[]).map(({ name }) => name);

/** A flow whose row came over; its tunnel came beside it. */
class CarriedFlowView extends TableFlowView {
  told: TunnelView | undefined;

  override get tunnel(): TunnelView | undefined {
    return this.told;
  }
}

/** The values of an event, by slot; those of the one before are taken away. */
class CarriedValues implements Told {
  readonly values: Value[] = new Array<Value>(slotFields.length).fill(undefined);
  readonly #set: number[] = [];
  /** Suricata's rules that may hold, as the worker found; undefined when it was not asked. */
  signatures: readonly string[] | undefined;

  clear(): void {
    for (const slot of this.#set) this.values[slot] = undefined;
    this.#set.length = 0;
    this.signatures = undefined;
  }

  readonly take = (slot: number, value: Value): void => {
    if (slot === SIGNATURES) {
      this.signatures = value as readonly string[];
      return;
    }
    this.values[slot] = value;
    this.#set.push(slot);
  };
}

class CarriedEvent extends ReusedEvent {
  override isTold = true;
}

export class Inlet {
  /** All with an order up to this one has come. */
  passed = Number.NEGATIVE_INFINITY;
  /** It said that nothing more will come, or can say nothing more. */
  isOver = false;
  /** Number of the latest flow that it spoke of. */
  lastFlow: number;
  readonly words: Int32Array;
  readonly sums: Float64Array;
  readonly #ring: RingReader;
  readonly #record: RecordBytes;
  readonly #values: ValueReader;
  readonly #held = new CarriedValues();
  readonly #event = new CarriedEvent();
  readonly #view: CarriedFlowView;
  /** A record is at hand. */
  isLoaded = false;

  constructor(memory: SharedArrayBuffer, firstFlow: number) {
    this.lastFlow = firstFlow;
    this.#ring = new RingReader(memory);
    this.#record = new RecordBytes(this.#ring.capacity);
    this.#values = new ValueReader(this.#record);
    this.words = this.#record.ints.subarray(WORDS_AT, WORDS_AT + WORDS);
    this.sums = this.#record.floats.subarray(SUMS_AT, SUMS_AT + SUMS);
    // A table of one row: the one that came.
    this.#view = new CarriedFlowView(this as unknown as FlowTable, NAMES);
  }

  /** Has the next record at hand, if there is one. */
  load(): boolean {
    // Ends: each turn takes one record out of the ring.
    while (!this.isLoaded && this.#ring.read(this.#record.bytes) >= 0) {
      if (this.kind === KIND.passed) this.passed = this.order;
      if (this.kind === KIND.end) this.isOver = true;
      else this.isLoaded = true;
    }
    return this.isLoaded;
  }

  /** The record at hand is done with. */
  take(): void {
    this.isLoaded = false;
  }

  get order(): number {
    return this.#record.floats[ORDER];
  }
  get time(): number {
    return this.#record.floats[TIME];
  }
  get kind(): number {
    return this.#record.bytes[AT.kind];
  }
  get phase(): number {
    return this.#record.bytes[AT.phase];
  }
  get isMatched(): boolean {
    return (this.#record.bytes[AT.flags] & FLAG.matched) !== 0;
  }
  /** A row stands in it, to be compared by. */
  get hasRow(): boolean {
    const { kind } = this;
    return kind <= KIND.event && (this.#record.bytes[AT.flags] & FLAG.plain) === 0;
  }

  /** What the worker saw so far, of a tick or of `passed`. */
  totals(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.#record.floats[SUMS_AT + i];
  }

  get series(): Series {
    return JSON.parse(this.#text(AT.sums)) as Series;
  }

  get flow(): FlowView {
    const flags = this.#record.bytes[AT.flags];
    if ((flags & FLAG.plain) !== 0) return JSON.parse(this.#text(AT.sums)) as FlowView;
    const view = this.#view.at(0, REASONS[this.#record.bytes[AT.reason]]);
    view.told = (flags & FLAG.tunnel) === 0 ? undefined : (JSON.parse(this.#text(AT.rest)) as TunnelView);
    this.lastFlow = Math.max(this.lastFlow, view.id);
    return view;
  }

  /** @param time that it is told at */
  eventAt(time: number): Event {
    const { bytes } = this.#record;
    const event = this.#event;
    const type = eventTypes[bytes[AT.type]];
    const flow = this.flow;
    event.type = type;
    event.time = time;
    event.flow = flow;
    this.#held.clear();
    event.isTold = type !== 'flow' && type !== 'flow_update';
    if (event.isTold) {
      this.#values.read(this.#behindFlow(), this.#held.take);
      event.message = this.#held;
      event.fields = toldFields[type];
    } else {
      event.message = flow;
      event.fields = eventFields[type];
    }
    return event;
  }

  /** What rules about packets found. After `flow` was asked. */
  get packetHit(): PacketHit {
    return JSON.parse(this.#text(this.#behindFlow())) as PacketHit;
  }

  #behindFlow(): number {
    const flags = this.#record.bytes[AT.flags];
    if ((flags & FLAG.plain) !== 0) return AT.sums + 4 + this.#record.view.getUint32(AT.sums, true);
    if ((flags & FLAG.tunnel) === 0) return AT.rest;
    return AT.rest + 4 + this.#record.view.getUint32(AT.rest, true);
  }

  #text(at: number): string {
    const from = at + 4;
    return this.#record.text.toString('utf8', from, from + this.#record.view.getUint32(at, true));
  }
}
