// One source at work: opened, read into the sensor, watched for silence and loss, and opened again when it goes.
import { statSync } from 'node:fs';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import type { SourceConfig } from '../config/settings.ts';
import { SensorError } from '../errors.ts';
import type { Uplink } from '../outputs/aggregator.ts';
import type { Output } from '../outputs/output.ts';
import type { Sensor } from '../sensor.ts';
import type { BlindSpans } from '../sight/blind-spans.ts';
import type { LiveSource, LiveStatistics, Source } from '../sources/source.ts';

export interface FeedParts {
  readonly sensor: Sensor;
  readonly spans: BlindSpans;
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
  /** What the sensor writes to; a feed may stand before them. */
  readonly outputs: Output[];
  readonly uplink: Pick<Uplink, 'appended' | 'appendedIn'> | undefined;
  /** Folder of the sensor's state; undefined when it has none. */
  readonly state: string | undefined;
}

/** What a source of any kind shows of itself. */
export interface Feed {
  readonly name: string;
  /** A file, which has a time of its own and an end. */
  readonly isRecording: boolean;
  /** It ended, and gave nothing. */
  readonly failed: boolean;
  readonly statistics: LiveStatistics;
  /** What came and was not taken: of strangers, or no traffic at all. */
  readonly refused: number;
  /** What was sent and never came, as its numbers say. */
  readonly lost?: number;
  /** More counts, for `stats`. */
  readonly details?: object;
  /** Packet time of what came last is that of the wall clock, near enough: time may go on without packets. */
  readonly isPresent: boolean;
  /** Opens it for the first time. @throws SensorError */
  open(): Promise<void>;
  /** Resolves when nothing more will come. */
  run(): Promise<void>;
  /** Looks for silence and loss; once a second. ms since 1970, and of the steady clock */
  tick(wall: number, steady: number): void;
  close(): void;
}

/** ms between packet time and the wall clock that are no recording. */
const PRESENT = 10_000;
/** ms before a source that went is opened again; twice as long each time, up to the most. */
const AGAIN = { first: 250, most: 30_000 };

const isLiveSource = (source: Source): source is LiveSource => 'statistics' in source;

export class FrameFeed implements Feed {
  readonly name: string;
  readonly isRecording: boolean;
  failed = false;
  isPresent = false;
  readonly #config: SourceConfig;
  readonly #comesBack: boolean;
  readonly #openSource: () => Promise<Source>;
  readonly #parts: FeedParts;
  readonly #silent: Silence;
  readonly #loss: Loss;
  #source: Source | undefined;
  /** Of sources that were opened before this one. */
  #before: LiveStatistics = { received: 0, dropped: 0, freezes: 0 };
  #taken = 0;
  #isGone = false;
  #wait = AGAIN.first;

  constructor(config: SourceConfig, open: () => Promise<Source>, parts: FeedParts) {
    this.name = config.name;
    this.#config = config;
    this.#openSource = open;
    this.#parts = parts;
    this.isRecording = config.kind === 'capture' && isFile(config.place);
    // Standard input is closed for good.
    this.#comesBack = !this.isRecording && config.place !== '-';
    this.#silent = new Silence(config, parts.spans);
    this.#loss = new Loss(config.name, parts.spans);
  }

  get statistics(): LiveStatistics {
    const { received, dropped, freezes } = this.#before;
    const source = this.#source;
    if (source === undefined || !isLiveSource(source))
      return { received: this.#taken, dropped: dropped + (source?.dropped() ?? 0), freezes };
    const now = source.statistics();
    return {
      received: received + now.received,
      dropped: dropped + now.dropped,
      freezes: freezes + now.freezes,
    };
  }

  get refused(): number {
    return (this.#source as { readonly refused?: number } | undefined)?.refused ?? 0;
  }

  async open(): Promise<void> {
    this.#source = await this.#openSource();
    const { warnings = [] } = this.#source as Partial<LiveSource>;
    for (const warning of warnings) this.#parts.say(`${this.name}: ${warning}`);
  }

  async run(): Promise<void> {
    const { stop, spans, say } = this.#parts;
    const gone = `${this.name}: its ${this.#config.kind === 'capture' ? 'recorder' : 'source'} has gone`;
    // Ends: with the file, or when it is stopped.
    while (!stop.aborted) {
      try {
        if (this.#source === undefined) await this.open();
        await this.#read(this.#source as Source, gone);
      } catch (error) {
        if (!(error instanceof SensorError) || error.code === 'output_unwritable') throw error;
        if (stop.aborted) return;
        say(`${this.name}: ${error}`);
        // A cut or damaged recording gave what it held; one that gave nothing is a failure.
        this.failed = !this.#comesBack && this.#taken === 0;
      }
      this.#leave();
      if (stop.aborted || !this.#comesBack) return;
      const now = Date.now();
      spans.dark(gone, 'silent', now, now);
      this.#isGone = true;
      await sleep(this.#wait, undefined, { signal: stop }).catch(() => {});
      this.#wait = Math.min(this.#wait * 2, AGAIN.most);
    }
  }

  async #read(source: Source, gone: string): Promise<void> {
    const { sensor, spans, stop } = this.#parts;
    for await (const batch of source.batches()) {
      if (batch.count > 0) {
        this.#feel(source);
        sensor.frames(batch);
        this.#taken += batch.count;
        this.#wait = AGAIN.first;
        const now = Date.now();
        this.isPresent = Math.abs(now - batch.time[batch.count - 1] / 1000) < PRESENT;
        spans.light(gone, now);
        this.#isGone = false;
        this.#silent.broken(now);
      }
      // What is always there would leave the uplink, the metrics and the other sources no turn.
      await immediately();
      if (stop.aborted) return;
    }
  }

  /** What waits behind what is at hand decides how much of that is read. */
  #feel(source: Source | undefined): void {
    const pressure = (source as Partial<LiveSource> | undefined)?.pressure?.() ?? 0;
    this.#parts.sensor.overload.feel(this.name, pressure, performance.now());
  }

  #leave(): void {
    this.#before = this.statistics;
    this.#source?.close();
    this.#source = undefined;
    this.#feel(undefined);
  }

  tick(wall: number, steady: number): void {
    this.#loss.look(this.statistics, wall);
    this.#feel(this.#source);
    const state = (this.#source as Partial<LiveSource> | undefined)?.state?.();
    const down = `${this.name}: the interface is down`;
    if (state === 'down' || state === 'gone') this.#parts.spans.dark(down, 'silent', wall, wall);
    else {
      this.#parts.spans.light(down, wall);
      // Why it is silent is known where it has gone: once is enough.
      if (!this.#isGone && this.#source !== undefined && !this.isRecording) this.#silent.look(wall, steady);
    }
  }

  close(): void {
    this.#source?.close();
  }
}

/** What is not there yet may become a pipe. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** No packets for so long: the tap is unplugged, the mirror is off, or the night is quiet. Nobody here can tell. */
export class Silence {
  readonly #cause: string;
  readonly #after: number;
  readonly #spans: BlindSpans;
  #heard = performance.now();

  constructor(config: Pick<SourceConfig, 'name' | 'silent_seconds'>, spans: BlindSpans) {
    this.#cause = `${config.name}: nothing for more than ${config.silent_seconds} s`;
    this.#after = config.silent_seconds > 0 ? config.silent_seconds * 1000 : Number.POSITIVE_INFINITY;
    this.#spans = spans;
  }

  broken(wall: number): void {
    this.#heard = performance.now();
    this.#spans.light(this.#cause, wall);
  }

  look(wall: number, steady: number): void {
    const since = steady - this.#heard;
    if (since >= this.#after) this.#spans.dark(this.#cause, 'silent', wall - since, wall);
  }
}

/** Packets for which there was no room. A second without ends the span. */
export class Loss {
  readonly #cause: string;
  readonly #spans: BlindSpans;
  #last: LiveStatistics = { received: 0, dropped: 0, freezes: 0 };
  #looked = Date.now();

  constructor(name: string, spans: BlindSpans) {
    this.#cause = `${name}: packets dropped for want of room`;
    this.#spans = spans;
  }

  look(now: LiveStatistics, wall: number): void {
    const dropped = now.dropped - this.#last.dropped;
    if (dropped > 0 || now.freezes > this.#last.freezes)
      this.#spans.dark(this.#cause, 'dropped', Math.min(this.#looked, wall), wall, Math.max(0, dropped));
    else this.#spans.light(this.#cause, this.#looked);
    this.#last = now;
    this.#looked = wall;
  }
}
