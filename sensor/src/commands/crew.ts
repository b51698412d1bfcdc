// Several threads at one capture: the reader finds each frame's pair of hosts, and every pair has its worker.
import { setImmediate as immediately } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { isErrorCode, SensorError } from '../errors.ts';
import { Packet } from '../layers/packet.ts';
import { hostPair } from '../layers/pair.ts';
import { type Shares, shareOf } from '../memory.ts';
import { Gate } from '../outputs/gate.ts';
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { BATCH_FRAMES, PIECE_MEMORY } from '../sources/capture.ts';
import { openCapture } from '../sources/index.ts';
import type { FrameBatch } from '../sources/source.ts';
import { Board, type BoardParts, JOBS, newParts, PIECES } from './board.ts';
import type { Terminal } from './command.ts';
import { type Figures, together } from './figures.ts';
import type { Part } from './job.ts';
import type { PrivacyOptions } from './privacy.ts';
import { Progress } from './progress.ts';
import { statsRecord } from './stats.ts';

/** Beside this file, as source or as built. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

export interface CrewOptions {
  readonly workers: number;
  /** Of all of them together. */
  readonly shares: Required<Shares>;
  readonly privacy: PrivacyOptions;
  readonly events: string | undefined;
  /** Name of the format of events. */
  readonly format: string;
  readonly terminal: Terminal;
}

/** What a worker is given. */
export interface CrewMember extends Omit<CrewOptions, 'terminal'> {
  readonly number: number;
  readonly board: BoardParts;
  readonly turnstile: SharedArrayBuffer;
}

export interface CrewResult {
  readonly figures: Figures;
  readonly seconds: number;
  readonly failed: boolean;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #parts: BoardParts;
  readonly #board: Board;
  readonly #turnstile = new SharedArrayBuffer(4);
  readonly #packet = new Packet();
  /** Next job; the last one that lies in each piece. */
  #job = 0;
  readonly #lastOf = new Array<number>(PIECES).fill(-1);
  #piece = -1;
  #packets = 0;
  #failed = false;
  #broken: SensorError | undefined;
  readonly #workers: Worker[] = [];

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#parts = newParts(options.workers, BATCH_FRAMES, PIECE_MEMORY);
    this.#board = new Board(this.#parts);
  }

  /** @throws SensorError what a worker broke on, or worker_lost */
  async read(parts: readonly Part[]): Promise<CrewResult> {
    try {
      return await this.#read(parts);
    } finally {
      // Where one broke, the others wait for each other.
      for (const worker of this.#workers) await worker.terminate();
    }
  }

  async #read(parts: readonly Part[]): Promise<CrewResult> {
    const { events, terminal } = this.#options;
    const started = performance.now();
    // Begins the file anew, and says at the end what all of them counted.
    this.#output()?.close();
    const results = Promise.all(this.#start());
    // A worker may break while nobody waits for its result.
    results.catch(() => {});
    const progress = new Progress(terminal, () => this.#packets);
    for (const part of parts) await this.#readPart(part, progress);
    await this.#untilFinished(this.#job - JOBS);
    this.#board.begin(this.#job);
    this.#board.publish(this.#job, -1, Number.NaN);
    const figures = together(await results);
    progress.end();
    const seconds = (performance.now() - started) / 1000;
    if (events !== undefined) {
      const closing = this.#output(new Turnstile(this.#turnstile));
      closing?.stats(figures.now, statsRecord(figures, seconds));
      await closing?.close();
    }
    return { figures, seconds, failed: this.#failed && this.#packets === 0 };
  }

  #output(turnstile?: Turnstile): ReturnType<EventFormat['open']> | undefined {
    const { events, format, privacy } = this.#options;
    const formats: readonly EventFormat[] = eventFormats;
    const found = formats.find(({ name }) => name === format);
    if (events === undefined || found === undefined) return undefined;
    return found.open(events, new Gate({ profile: privacy.profile }), turnstile);
  }

  #start(): Promise<Figures>[] {
    const { terminal: _, ...options } = this.#options;
    const { workers, shares } = options;
    return Array.from({ length: workers }, (_none, number) => {
      const member: CrewMember = {
        ...options,
        shares: shareOf(shares, workers),
        number,
        board: this.#parts,
        turnstile: this.#turnstile,
      };
      const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: member });
      this.#workers.push(worker);
      return new Promise<Figures>((resolve, reject) => {
        const lose = (error: SensorError): void => {
          this.#broken ??= error;
          reject(error);
        };
        worker.once('message', (figures: Figures) => {
          worker.removeAllListeners('exit');
          resolve(figures);
        });
        worker.once('error', (error) => lose(asItWas(error)));
        worker.once('exit', (status) => lose(lost(`it ended with ${status}`)));
      });
    });
  }

  async #readPart(part: Part, progress: Progress): Promise<void> {
    const { terminal } = this.#options;
    if (terminal.stop.aborted) return;
    const before = this.#packets;
    try {
      const source = openCapture(part.path);
      for await (const batch of source.batches(() => this.#nextPiece())) {
        await this.#handOut(batch, part.shift);
        progress.show(source);
        if (terminal.stop.aborted) return;
      }
    } catch (error) {
      if (!(error instanceof SensorError) || error === this.#broken || error.code === 'output_unwritable')
        throw error;
      if (this.#packets === before) this.#failed = true;
      terminal.say(error.toString());
    }
  }

  /** Memory that no job under way lies in. */
  async #nextPiece(): Promise<Uint8Array> {
    this.#piece = (this.#piece + 1) % PIECES;
    await this.#untilFinished(this.#lastOf[this.#piece]);
    return this.#board.pieces[this.#piece];
  }

  async #handOut(batch: FrameBatch, shift: number): Promise<void> {
    const { workers } = this.#options;
    const job = this.#job++;
    await this.#untilFinished(job - JOBS);
    this.#board.begin(job);
    const p = this.#packet;
    p.bytes = batch.bytes;
    const batches = Array.from({ length: workers }, (_, worker) => this.#board.batch(job, worker));
    for (let i = 0; i < batch.count; i++) {
      p.at = batch.start[i];
      p.end = p.at + batch.captured[i];
      p.wire = batch.wire[i];
      p.link = batch.link[i];
      if (shift !== 0) batch.time[i] += shift;
      batches[hostPair(p) % workers].copy(batch, i);
    }
    this.#packets += batch.count;
    this.#lastOf[this.#piece] = job;
    this.#board.publish(job, this.#piece, batch.time[batch.count - 1]);
  }

  async #untilFinished(job: number): Promise<void> {
    // Ends: workers finish what they are given; one that cannot has broken, and says so.
    while (!this.#board.isFinished(job)) {
      await immediately();
      if (this.#broken !== undefined) throw this.#broken;
    }
  }
}

const lost = (how: string): SensorError =>
  new SensorError('worker_lost', `a worker broke before its work was done (${how})`);

/** Between threads an error keeps its words and its code, and loses its class. */
function asItWas(error: unknown): SensorError {
  const { code, message } = error as { code?: unknown; message?: string };
  return isErrorCode(code) ? new SensorError(code, message ?? '') : lost(String(code ?? message));
}
