// The few numbers that a crew and its workers share: whether to stop, how far they are, and when each was last alive.

const STOPPED = 0;
const PACKETS = 1;
/** Of the capture at hand, in millionths. */
const PROGRESS = 2;
const HEAD = 4;
/** ms since 1970, and packets taken out of each interface's ring. */
const COLUMNS = 2;

/** @param workers how many have a pulse */
export const newSignals = (workers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(HEAD * 4 + workers * COLUMNS * 8);

export class Signals {
  readonly #words: Int32Array;
  readonly #pulses: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, HEAD);
    this.#pulses = new Float64Array(memory, HEAD * 4);
  }

  stop(): void {
    Atomics.store(this.#words, STOPPED, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#words, STOPPED) !== 0;
  }

  /** @param packets read since the last report @param progress 0 … 1 */
  report(packets: number, progress: number): void {
    Atomics.add(this.#words, PACKETS, packets);
    Atomics.store(this.#words, PROGRESS, Math.round(progress * 1e6));
  }

  get packets(): number {
    return Atomics.load(this.#words, PACKETS);
  }

  get progress(): number {
    return Atomics.load(this.#words, PROGRESS) / 1e6;
  }

  /** Worker `number` is at work. ms since 1970 */
  beat(number: number, now: number): void {
    this.#pulses[number * COLUMNS] = now;
  }

  lastBeat(number: number): number {
    return this.#pulses[number * COLUMNS];
  }
}
