// One thread at a time: lines that several workers write to one file must not mingle.
import { threadId } from 'node:worker_threads';

/** Nobody holds it; else the number of the thread that does, counted from 1. */
const FREE = 0;

export class Turnstile {
  readonly #state: Int32Array;

  constructor(state: SharedArrayBuffer) {
    this.#state = new Int32Array(state);
  }

  pass(work: () => void): void {
    const own = threadId + 1;
    // Ends: whoever holds it lets it go when its write is done, or is let go of when it has died.
    for (;;) {
      const holder = Atomics.compareExchange(this.#state, 0, FREE, own);
      if (holder === FREE) break;
      Atomics.wait(this.#state, 0, holder);
    }
    try {
      work();
    } finally {
      Turnstile.free(this.#state.buffer, threadId);
    }
  }

  /** Lets it go for a thread that held it, if it did. */
  static free(state: ArrayBufferLike, thread: number): void {
    const words = new Int32Array(state);
    if (Atomics.compareExchange(words, 0, thread + 1, FREE) === thread + 1) Atomics.notify(words, 0, 1);
  }
}
