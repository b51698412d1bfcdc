// Several threads at one capture: every one reads it, and takes up the pairs of hosts that are its own. Reading twice costs
// less than handing frames from one thread's cache to another's.
import { Worker } from 'node:worker_threads';
import { isErrorCode, SensorError } from '../errors.ts';
import { shareOf } from '../memory.ts';
import { Gate } from '../outputs/gate.ts';
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import type { Terminal } from './command.ts';
import { type Figures, together } from './figures.ts';
import type { Part } from './job.ts';
import { Progress } from './progress.ts';
import { newSignals, Signals } from './signals.ts';
import { statsRecord } from './stats.ts';
import type { Member, Task, Work } from './work.ts';

/** Beside this file, as source or as built. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

export interface CrewOptions extends Task {
  readonly workers: number;
  readonly terminal: Terminal;
}

export interface CrewResult {
  readonly figures: Figures;
  readonly seconds: number;
  readonly failed: boolean;
}

/** ms between two looks at how far they are. */
const SHOWN_EVERY = 200;

export class Crew {
  readonly #options: CrewOptions;
  readonly #turnstile = new SharedArrayBuffer(4);
  readonly #memory = newSignals();
  readonly #signals = new Signals(this.#memory);
  readonly #workers: Worker[] = [];

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** @throws SensorError what a worker broke on, or worker_lost */
  async read(parts: readonly Part[]): Promise<CrewResult> {
    const { stop } = this.#options.terminal;
    const stopped = (): void => this.#signals.stop();
    stop.addEventListener('abort', stopped, { once: true });
    const progress = new Progress(this.#options.terminal, () => this.#signals.packets);
    const shown = setInterval(() => progress.show(this.#signals.progress), SHOWN_EVERY);
    try {
      return await this.#read(parts);
    } finally {
      clearInterval(shown);
      progress.end();
      stop.removeEventListener('abort', stopped);
      // Where one broke, the others go on.
      for (const worker of this.#workers) await worker.terminate();
    }
  }

  async #read(parts: readonly Part[]): Promise<CrewResult> {
    const { events, terminal } = this.#options;
    const started = performance.now();
    // Begins the file anew, and says at the end what all of them counted.
    this.#output()?.close();
    const all = await Promise.all(this.#start(parts));
    const figures = together(all.map((one) => one.figures));
    for (const line of all[0].said) terminal.say(line);
    const seconds = (performance.now() - started) / 1000;
    if (events !== undefined) {
      const closing = this.#output(new Turnstile(this.#turnstile));
      closing?.stats(figures.now, statsRecord(figures, seconds));
      await closing?.close();
    }
    return { figures, seconds, failed: all[0].failed };
  }

  #output(turnstile?: Turnstile): ReturnType<EventFormat['open']> | undefined {
    const { events, format, privacy } = this.#options;
    const formats: readonly EventFormat[] = eventFormats;
    const found = formats.find(({ name }) => name === format);
    if (events === undefined || found === undefined) return undefined;
    return found.open(events, new Gate({ profile: privacy.profile }), turnstile);
  }

  #start(parts: readonly Part[]): Promise<Work>[] {
    const { terminal: _, ...options } = this.#options;
    const { workers, shares } = options;
    return Array.from({ length: workers }, (_none, number) => {
      const member: Member = {
        ...options,
        shares: shareOf(shares, workers),
        number,
        parts,
        turnstile: this.#turnstile,
        signals: this.#memory,
      };
      const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: member });
      this.#workers.push(worker);
      return new Promise<Work>((resolve, reject) => {
        worker.once('message', (done: Work) => {
          worker.removeAllListeners('exit');
          resolve(done);
        });
        worker.once('error', (error) => reject(asItWas(error)));
        worker.once('exit', (status) => reject(lost(`it ended with ${status}`)));
      });
    });
  }
}

const lost = (how: string): SensorError =>
  new SensorError('worker_lost', `a worker broke before its work was done (${how})`);

/** Between threads an error keeps its words and its code, and loses its class. */
function asItWas(error: unknown): SensorError {
  const { code, message } = error as { code?: unknown; message?: string };
  return isErrorCode(code) ? new SensorError(code, message ?? '') : lost(String(code ?? message));
}
