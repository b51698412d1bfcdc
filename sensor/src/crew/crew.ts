// Several threads that share the packets, and what they hand to the one that detects. One that is lost may be replaced.
import { Worker } from 'node:worker_threads';
import { isErrorCode, SensorError } from '../errors.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { Inlet } from './inlet.ts';
import { Merge } from './merge.ts';
import { Bell, newBell } from './outlet.ts';
import { RING_BYTES } from './record.ts';
import { newRing } from './ring.ts';
import { newSignals, Signals } from './signals.ts';
import type { Member, Task, Work } from './work.ts';

/** Beside this file, as source or as built. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

export interface CrewOptions extends Task {
  /** For everybody who writes to the events. */
  readonly turnstile: SharedArrayBuffer;
  /** ms that a record waits for workers that may have an earlier one. */
  readonly patience: number;
  /** A worker ended before its work was done. @returns ms after which another begins in its place; undefined: none does */
  readonly lost: (number: number, why: SensorError) => number | undefined;
  /** What a worker says while it is at work. */
  readonly heard?: (number: number, message: object) => void;
  /** Another worker begins: from this one nothing more is read. */
  readonly replaced?: (inlet: Inlet) => void;
}

export class Crew {
  readonly merge: Merge;
  readonly signals: Signals;
  readonly bell: Bell;
  /** Resolves with what all came to, or is rejected as `broken` is. */
  readonly done: Promise<readonly Work[]>;
  /** Rejected with why one was lost whom no other replaces. */
  readonly broken: Promise<never>;
  readonly #options: CrewOptions;
  readonly #signalMemory: SharedArrayBuffer;
  readonly #bellMemory = newBell();
  readonly #inlets: (Inlet | undefined)[];
  readonly #workers: (Worker | undefined)[];
  readonly #works: (Work | undefined)[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #resolve!: (works: readonly Work[]) => void;
  #reject!: (error: Error) => void;
  #isEnding = false;

  constructor(options: CrewOptions) {
    const { workers, patience } = options;
    this.#options = options;
    this.#signalMemory = newSignals(workers);
    this.signals = new Signals(this.#signalMemory);
    this.bell = new Bell(this.#bellMemory);
    this.#inlets = new Array<Inlet | undefined>(workers).fill(undefined);
    this.#workers = new Array<Worker | undefined>(workers).fill(undefined);
    this.#works = new Array<Work | undefined>(workers).fill(undefined);
    this.merge = new Merge(this.#inlets, patience);
    this.broken = new Promise((_, reject) => {
      this.#reject = reject;
    });
    const all = new Promise<readonly Work[]>((resolve) => {
      this.#resolve = resolve;
    });
    this.done = Promise.race([all, this.broken]);
    // Whoever waits for it hears of it.
    for (const promise of [this.done, this.broken]) promise.catch(() => {});
  }

  start(): void {
    for (let number = 0; number < this.#options.workers; number++) this.#hire(number);
  }

  #hire(number: number): void {
    const { patience: _, lost: __, heard, replaced, ...task } = this.#options;
    const ring = newRing(RING_BYTES);
    const { workers } = task;
    const before = this.#inlets[number];
    // Far beyond what its forerunner may have numbered and nobody read.
    const firstFlow = before === undefined ? number + 1 : before.lastFlow + workers * AHEAD;
    if (before !== undefined) replaced?.(before);
    this.#inlets[number] = new Inlet(ring, firstFlow);
    const member: Member = {
      ...task,
      number,
      firstFlow,
      ring,
      signals: this.#signalMemory,
      bell: this.#bellMemory,
    };
    const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: member });
    this.#workers[number] = worker;
    const { threadId } = worker;
    let why: SensorError | undefined;
    worker.on('message', (message: object) => {
      if ('figures' in message && 'said' in message) this.#finished(number, message as Work);
      else heard?.(number, message);
    });
    worker.on('error', (error) => {
      why = asItWas(error);
    });
    worker.on('exit', (status) => {
      this.#workers[number] = undefined;
      Turnstile.free(task.turnstile, threadId);
      if (this.#works[number] === undefined && !this.#isEnding)
        this.#lost(number, why ?? lost(`it ended with ${status}`));
    });
  }

  #finished(number: number, work: Work): void {
    this.#works[number] = work;
    const all = this.#works.filter((one) => one !== undefined);
    if (all.length === this.#works.length) this.#resolve(all);
  }

  #lost(number: number, why: SensorError): void {
    const wait = this.#options.lost(number, why);
    if (wait === undefined) return this.#reject(why);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#hire(number);
    }, wait);
    this.#timers.add(timer);
  }

  /** Says something to all who are at work. */
  tell(message: object): void {
    for (const worker of this.#workers) worker?.postMessage(message);
  }

  /** Ends a worker at once, wherever it is: it hangs. */
  end(number: number): void {
    void this.#workers[number]?.terminate();
  }

  /** Ends all who are still there. */
  async close(): Promise<void> {
    this.#isEnding = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#workers.map((worker) => worker?.terminate()));
  }
}

/** Numbers of flows that a new worker leaves free behind those that its forerunner told. */
const AHEAD = 1 << 16;

const lost = (how: string): SensorError =>
  new SensorError('worker_lost', `a worker broke before its work was done (${how})`);

/** Between threads an error keeps its words and its code, and loses its class. */
function asItWas(error: unknown): SensorError {
  const { code, message } = error as { code?: unknown; message?: string };
  return isErrorCode(code) ? new SensorError(code, message ?? '') : lost(String(code ?? message));
}
