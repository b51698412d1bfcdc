// A datagram of an exporter, told by its first bytes, into flow records and sampled frames.
import { u16, u32 } from '../../bytes/read.ts';
import type { CollectorCounters } from './counters.ts';
import { type Bounds, type Exporter, Exporters } from './exporter.ts';
import { readIpfix } from './ipfix.ts';
import { readV5, readV9 } from './netflow.ts';
import { type Clock, type ExportKind, FlowExport } from './record.ts';
import { readSflow, SampledFrame } from './sflow.ts';

/** Who is given what a datagram holds. Both objects are reused: valid during the call only. */
export interface ExportSink {
  flow(record: FlowExport): void;
  /** The beginning of a sampled packet; `about` has what the agent says of it. Answers false when it held no packet of a flow. */
  frame(frame: SampledFrame): unknown;
}

export const EXPORT_KINDS = ['netflow', 'ipfix', 'sflow'] as const satisfies readonly ExportKind[];
const SFLOW_VERSION = 5;

/** Whether these bytes begin as one of them does. */
export function isExport(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false;
  const version = u16(b, at);
  return version === 5 || version === 9 || version === 10 || u32(b, at) === SFLOW_VERSION;
}

export class ExportDecoder {
  readonly exporters: Exporters;
  readonly #sink: ExportSink;
  readonly #kinds: ReadonlySet<ExportKind>;
  readonly #record = new FlowExport();
  readonly #frame = new SampledFrame(new FlowExport());
  readonly #clock: Clock = { exported: Number.NaN, boot: Number.NaN };
  readonly #flow: (record: FlowExport) => void;
  readonly #sampled: (frame: SampledFrame) => boolean;

  constructor(sink: ExportSink, kinds: readonly ExportKind[] = EXPORT_KINDS, bounds?: Bounds) {
    this.#sink = sink;
    this.#kinds = new Set(kinds);
    this.exporters = new Exporters(bounds);
    this.#flow = (record) => this.#sink.flow(record);
    this.#sampled = (frame) => this.#sink.frame(frame) !== false;
  }

  get counters(): CollectorCounters {
    return this.exporters.counters;
  }

  /**
   * Reads the datagram `[at, end)`. Never throws; what cannot be read is counted.
   * @param address of the exporter; never its port, which it may change
   * @param received µs; NaN takes the time at which it was sent, where the protocol tells it
   * @param otherwise µs, where neither is known
   */
  take(b: Uint8Array, at: number, end: number, address: string, received: number, otherwise = 0): void {
    const exporter = this.exporters.seen(address, received);
    exporter.count('datagrams');
    if (end - at < 8) return exporter.fault('datagram_short');
    const version = u16(b, at);
    if (version === 0 && u32(b, at) === SFLOW_VERSION) {
      if (!this.#kinds.has('sflow')) return exporter.fault('kind_refused');
      const time = Number.isNaN(received) ? otherwise : received;
      this.#frame.about.exporter = address;
      this.#frame.about.received = time;
      return readSflow(
        { exporter, frame: this.#frame, received: time, flow: this.#flow, sampled: this.#sampled },
        b,
        at,
        end,
      );
    }
    if (version !== 5 && version !== 9 && version !== 10) return exporter.fault('version_unknown');
    if (!this.#kinds.has(version === 10 ? 'ipfix' : 'netflow')) return exporter.fault('kind_refused');
    this.#records(version, exporter, b, at, end, received);
  }

  #records(
    version: 5 | 9 | 10,
    exporter: Exporter,
    b: Uint8Array,
    at: number,
    end: number,
    received: number,
  ): void {
    const record = this.#record;
    record.exporter = exporter.address;
    // Seconds of the export stand at the same place in v5 and v9.
    const sentAt = at + (version === 10 ? 4 : 8);
    record.received = Number.isNaN(received) && end - at >= 12 ? u32(b, sentAt) * 1e6 : received;
    const part = { exporter, record, clock: this.#clock, flow: this.#flow };
    if (version === 5) readV5(part, b, at, end);
    else if (version === 9) readV9(part, b, at, end);
    else readIpfix(part, b, at, end);
  }
}
