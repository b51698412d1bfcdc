// Exporters as a source at work: their records go into the sensor, and who of them fell silent is told.
import { once } from 'node:events';
import type { SourceConfig } from '../config/settings.ts';
import { Gaps } from '../sight/gaps.ts';
import { type Collector, type CollectorOptions, openCollector } from '../sources/exports/collector.ts';
import { shortOfRoom } from '../sources/mirror.ts';
import type { LiveStatistics } from '../sources/source.ts';
import { type Feed, type FeedParts, Loss, Silence } from './feed.ts';

/** Exporters that are told of one by one when they are silent; more at a time is one fault in front of them. */
const MOST_TOLD = 64;

export class ExportFeed implements Feed {
  readonly name: string;
  readonly isRecording = false;
  readonly failed = false;
  readonly #config: SourceConfig;
  readonly #options: Omit<CollectorOptions, 'on'>;
  readonly #parts: FeedParts;
  readonly #silence: Silence;
  readonly #loss: Loss;
  readonly #gaps: Gaps;
  /** Exporter → the cause that is told of it. */
  readonly #gone = new Map<string, string>();
  #collector!: Collector;
  #datagrams = 0;

  constructor(config: SourceConfig, options: Omit<CollectorOptions, 'on'>, parts: FeedParts) {
    this.name = config.name;
    this.#config = config;
    this.#options = options;
    this.#parts = parts;
    this.#silence = new Silence(config, parts.spans);
    this.#loss = new Loss(config.name, parts.spans);
    this.#gaps = new Gaps(config.name, parts.spans);
  }

  /** Records are dated by their arrival. */
  get isPresent(): boolean {
    return this.#datagrams > 0;
  }

  get statistics(): LiveStatistics {
    return this.#collector.statistics();
  }

  get refused(): number {
    return this.#collector.counters.refused;
  }

  get lost(): number {
    return this.#collector.counters.lost;
  }

  get details(): object {
    return { ...this.#collector.counters };
  }

  async open(): Promise<void> {
    const { sensor, say } = this.#parts;
    this.#collector = await openCollector({
      ...this.#options,
      on: { flow: (record) => sensor.report(record), frame: (frame) => sensor.sampled(frame) },
    });
    say(`${this.name}: listening at ${this.#options.address}:${this.#collector.port}`);
    for (const warning of shortOfRoom(this.#collector.receiveBytes, this.#options.receiveBytes))
      say(`${this.name}: ${warning}`);
  }

  async run(): Promise<void> {
    const { stop } = this.#parts;
    if (!stop.aborted) await once(stop, 'abort');
  }

  tick(wall: number, steady: number): void {
    const { statistics } = this;
    if (statistics.received > this.#datagrams) this.#silence.broken(wall);
    this.#datagrams = statistics.received;
    this.#loss.look(statistics, wall);
    this.#gaps.look(this.#collector.exporters(), this.lost, wall);
    this.#lookAtExporters(wall);
    // Nobody ever came; of those who did, each is told of.
    if (this.#gone.size === 0) this.#silence.look(wall, steady);
  }

  #lookAtExporters(wall: number): void {
    const { silent_seconds: seconds } = this.#config;
    if (seconds === 0) return;
    const silent = new Set<string>();
    // Those silent for longest come first.
    for (const { address, lastSeen } of this.#collector.exporters()) {
      if (lastSeen / 1000 > wall - seconds * 1000 || silent.size === MOST_TOLD) break;
      silent.add(address);
      if (this.#gone.has(address)) continue;
      const cause = `${this.name}: nothing of exporter ${address} for more than ${seconds} s`;
      this.#gone.set(address, cause);
      this.#parts.spans.dark(cause, 'silent', lastSeen / 1000, wall);
    }
    for (const [address, cause] of this.#gone) {
      if (silent.has(address)) continue;
      this.#gone.delete(address);
      this.#parts.spans.light(cause, wall);
    }
  }

  close(): void {
    this.#collector?.close();
  }
}
