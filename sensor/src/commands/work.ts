// What a worker does: reads the capture as the others do, and keeps to the pairs of hosts that are its own.

import { SensorError } from '../errors.ts';
import { Packet } from '../layers/packet.ts';
import { hostPair } from '../layers/pair.ts';
import type { Shares } from '../memory.ts';
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { protocols } from '../protocols/index.ts';
import { Sensor } from '../sensor.ts';
import { scopeOf } from '../sight/scope.ts';
import { BATCH_FRAMES } from '../sources/capture.ts';
import { openCapture } from '../sources/index.ts';
import { FrameBatch, type Source } from '../sources/source.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { Part } from './job.ts';
import { openGate, type PrivacyOptions } from './privacy.ts';
import { Signals } from './signals.ts';

/** What all workers of a crew do. */
export interface Task {
  /** A worker's own, or those of all together. */
  readonly shares: Required<Shares>;
  readonly privacy: PrivacyOptions;
  readonly events: string | undefined;
  /** Name of the format of events. */
  readonly format: string;
}

/** What one of them is given. */
export interface Member extends Task {
  readonly workers: number;
  readonly number: number;
  readonly parts: readonly Part[];
  readonly turnstile: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
}

/** What a worker came to. */
export interface Work {
  readonly figures: Figures;
  /** What is wrong with the captures; every worker meets the same. */
  readonly said: readonly string[];
  /** A capture gave nothing. */
  readonly failed: boolean;
}

export async function work(member: Member): Promise<Work> {
  const { number, events, shares, privacy, workers, parts } = member;
  const gate = await openGate(privacy, () => {});
  const formats: readonly EventFormat[] = eventFormats;
  const format = formats.find(({ name }) => name === member.format) as EventFormat;
  const output =
    events === undefined ? undefined : format.open(events, gate, new Turnstile(member.turnstile));
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs: output === undefined ? [] : [output],
    profile: privacy.profile,
    gate,
    scope: scopeOf(privacy.scope),
    shares,
    // No two workers number a flow alike.
    numbering: { first: number + 1, step: workers },
  });
  const share = new Share(sensor, new Signals(member.signals), number, workers);
  for (const part of parts) await share.read(part);
  sensor.finish();
  await output?.close();
  return { figures: figuresOf(sensor), said: share.said, failed: share.failed };
}

class Share {
  readonly said: string[] = [];
  failed = false;
  readonly #sensor: Sensor;
  readonly #signals: Signals;
  readonly #number: number;
  readonly #workers: number;
  readonly #packet = new Packet();
  readonly #own = new FrameBatch(BATCH_FRAMES);

  constructor(sensor: Sensor, signals: Signals, number: number, workers: number) {
    this.#sensor = sensor;
    this.#signals = signals;
    this.#number = number;
    this.#workers = workers;
  }

  async read({ path, shift }: Part): Promise<void> {
    this.#sensor.shift = shift;
    let packets = 0;
    try {
      const source = openCapture(path);
      for await (const batch of source.batches()) {
        if (this.#signals.isStopped) break;
        packets += batch.count;
        this.#take(batch);
        // What is over by now is over for those who had no part in it.
        this.#sensor.advance(batch.time[batch.count - 1] + shift);
        this.#show(source, batch.count);
      }
    } catch (error) {
      if (!(error instanceof SensorError) || error.code === 'output_unwritable') throw error;
      this.failed ||= packets === 0;
      this.said.push(error.toString());
    }
  }

  #take(batch: FrameBatch): void {
    const own = this.#own;
    const p = this.#packet;
    own.bytes = p.bytes = batch.bytes;
    own.count = 0;
    for (let i = 0; i < batch.count; i++) {
      p.at = batch.start[i];
      p.end = p.at + batch.captured[i];
      p.wire = batch.wire[i];
      p.link = batch.link[i];
      if (hostPair(p) % this.#workers === this.#number) own.copy(batch, i);
    }
    this.#sensor.frames(own);
  }

  /** One of them speaks for all, which are about as far. */
  #show(source: Source, packets: number): void {
    if (this.#number === 0) this.#signals.report(packets, source.progress() ?? 0);
  }
}
