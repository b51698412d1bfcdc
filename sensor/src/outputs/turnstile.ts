// One thread at a time: lines that several workers write to one file must not mingle.

export class Turnstile {
  readonly #state: Int32Array;

  constructor(state: SharedArrayBuffer) {
    this.#state = new Int32Array(state);
  }

  pass(work: () => void): void {
    // Ends: whoever holds it lets it go when its write is done.
    while (Atomics.compareExchange(this.#state, 0, 0, 1) !== 0) Atomics.wait(this.#state, 0, 1);
    try {
      work();
    } finally {
      Atomics.store(this.#state, 0, 0);
      Atomics.notify(this.#state, 0, 1);
    }
  }
}
