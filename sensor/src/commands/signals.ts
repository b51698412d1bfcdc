// The few numbers that a crew and its workers share: whether to stop, and how far they are.

const STOPPED = 0;
const PACKETS = 1;
/** Of the capture at hand, in millionths. */
const PROGRESS = 2;
const WORDS = 3;

export const newSignals = (): SharedArrayBuffer => new SharedArrayBuffer(WORDS * 4);

export class Signals {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
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
}
