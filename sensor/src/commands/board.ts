// What a reader and its workers share: pieces of a capture, and for each worker the frames in them that are its own.
//
//   pieces   ┌─────────┬─────────┬─ … PIECES of them, each read into while older ones are worked on
//   jobs     ┌── worker 0: start, captured, wire, time, link, count ──┬── worker 1: … ─┐  JOBS of them, used in turn
//   progress   published │ done by worker 0 │ done by worker 1 …         counters that are waited on
import { FRAME_COLUMNS, FrameBatch } from '../sources/source.ts';

export const JOBS = 8;
export const PIECES = JOBS + 2;
/** ms that the reader waits before it looks after other things. */
const A_MOMENT = 20;
const PUBLISHED = 0;
const FIRST_DONE = 1;

export interface BoardParts {
  readonly workers: number;
  readonly frames: number;
  readonly pieces: readonly SharedArrayBuffer[];
  readonly columns: readonly SharedArrayBuffer[];
  readonly counts: SharedArrayBuffer;
  readonly progress: SharedArrayBuffer;
  readonly times: SharedArrayBuffer;
}

export const newParts = (workers: number, frames: number, pieceBytes: number): BoardParts => ({
  workers,
  frames,
  pieces: Array.from({ length: PIECES }, () => new SharedArrayBuffer(pieceBytes)),
  columns: Array.from({ length: JOBS * workers }, () => new SharedArrayBuffer(frames * FRAME_COLUMNS)),
  counts: new SharedArrayBuffer(JOBS * workers * 4),
  progress: new SharedArrayBuffer((FIRST_DONE + workers) * 4 + JOBS * 4),
  times: new SharedArrayBuffer(JOBS * 8),
});

/** Both sides' view of it. */
export class Board {
  readonly pieces: readonly Uint8Array[];
  /** By job and worker. */
  readonly #batches: readonly FrameBatch[];
  readonly #counts: Int32Array;
  readonly #progress: Int32Array;
  /** By job: packet time of its last frame, whoever's it is. */
  readonly #times: Float64Array;
  readonly #workers: number;

  constructor(parts: BoardParts) {
    const { workers, frames, pieces, columns, counts, progress, times } = parts;
    this.#workers = workers;
    this.pieces = pieces.map((piece) => new Uint8Array(piece));
    this.#batches = columns.map((buffer) => new FrameBatch(frames, buffer));
    this.#counts = new Int32Array(counts);
    this.#progress = new Int32Array(progress);
    this.#times = new Float64Array(times);
  }

  /** The frames of one worker in one job; jobs are numbered from 0 on, without end. */
  batch(job: number, worker: number): FrameBatch {
    return this.#batches[(job % JOBS) * this.#workers + worker];
  }

  /** Begins a job whose place is free: the one that had it before is finished. */
  begin(job: number): void {
    for (let worker = 0; worker < this.#workers; worker++) this.batch(job, worker).count = 0;
  }

  /** Waits a moment for every worker to have done this job. @returns whether they have */
  isFinished(job: number): boolean {
    for (let worker = 0; worker < this.#workers; worker++) {
      const now = Atomics.load(this.#progress, FIRST_DONE + worker);
      if (now > job) continue;
      Atomics.wait(this.#progress, FIRST_DONE + worker, now, A_MOMENT);
      if (Atomics.load(this.#progress, FIRST_DONE + worker) <= job) return false;
    }
    return true;
  }

  /**
   * Hands a job to the workers.
   * @param piece which of `pieces` its frames lie in; -1 when it is the last: there are none
   * @param until packet time of its last frame, µs
   */
  publish(job: number, piece: number, until: number): void {
    this.#times[job % JOBS] = until;
    for (let worker = 0; worker < this.#workers; worker++)
      this.#counts[(job % JOBS) * this.#workers + worker] = this.batch(job, worker).count;
    this.#progress[FIRST_DONE + this.#workers + (job % JOBS)] = piece;
    this.#advance(PUBLISHED, job + 1);
  }

  /** Waits for a job. @returns its frames; undefined after the last */
  take(job: number, worker: number): FrameBatch | undefined {
    // Ends: the reader publishes a last job, or ends the process.
    for (;;) {
      const now = Atomics.load(this.#progress, PUBLISHED);
      if (now > job) break;
      Atomics.wait(this.#progress, PUBLISHED, now);
    }
    const piece = this.#progress[FIRST_DONE + this.#workers + (job % JOBS)];
    if (piece < 0) return undefined;
    const batch = this.batch(job, worker);
    batch.bytes = this.pieces[piece];
    batch.count = this.#counts[(job % JOBS) * this.#workers + worker];
    return batch;
  }

  /** Packet time of the job's last frame, µs: what is over by then is over for those who had no part in it. */
  until(job: number): number {
    return this.#times[job % JOBS];
  }

  done(job: number, worker: number): void {
    this.#advance(FIRST_DONE + worker, job + 1);
  }

  #advance(counter: number, to: number): void {
    Atomics.store(this.#progress, counter, to);
    Atomics.notify(this.#progress, counter);
  }
}
