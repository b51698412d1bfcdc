// A worker's end of its ring, and what is done when the ring is full: a reader of files waits, a live one sheds.
//
// What a live worker leaves out, in this order, each counted:
//   1. what detectors look at by themselves, when less than a quarter of the ring is free
//   2. what a rule or an indicator holds for, counts and seconds, when nothing is free
import { RingWriter } from './ring.ts';

/** ms between two looks whether it was told to stop while it waits. */
const LOOK_EVERY = 200;
const RESERVED = 0.25;
/** Part of the ring that may wait until the reader looks by itself. */
const WAKES = 0.25;

export interface Shed {
  lookedAt: number;
  matched: number;
}

export class Outlet {
  /** Records that found no room. */
  readonly shed: Shed = { lookedAt: 0, matched: 0 };
  readonly #ring: RingWriter;
  readonly #waits: boolean;
  readonly #bell: Bell;

  /** @param waits for room; else it sheds */
  constructor(memory: SharedArrayBuffer, bell: Bell, waits: boolean) {
    this.#ring = new RingWriter(memory);
    this.#bell = bell;
    this.#waits = waits;
  }

  send(record: Uint8Array, length: number, isNeeded: boolean): void {
    const ring = this.#ring;
    const isTight = !this.#waits && !isNeeded && ring.held > ring.capacity * (1 - RESERVED);
    if (!isTight && ring.write(record, length)) {
      // To wake somebody takes longer than to write: what can wait a moment wakes nobody, unless there is much of it.
      if (isNeeded || ring.held > ring.capacity * WAKES) this.#bell.ring();
      return;
    }
    if (!this.#waits) {
      this.shed[isNeeded ? 'matched' : 'lookedAt']++;
      return;
    }
    this.#bell.ring();
    // Ends: the reader takes what waits, or ends this thread.
    while (!ring.write(record, length)) ring.wait(LOOK_EVERY);
    this.#bell.ring();
  }
}

/** Wakes the thread that reads all rings. */
export class Bell {
  readonly #words: Int32Array;

  /** @param memory of two words: times it was rung, and whether somebody sleeps by it */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  ring(): void {
    if (Atomics.load(this.#words, 1) === 0) return;
    Atomics.add(this.#words, 0, 1);
    Atomics.notify(this.#words, 0);
  }

  /** Sleeps until it is rung, at most so long (ms). @param isIdle asked once the bell would be heard */
  async sleep(ms: number, isIdle: () => boolean): Promise<void> {
    const before = Atomics.load(this.#words, 0);
    Atomics.store(this.#words, 1, 1);
    if (isIdle()) await Atomics.waitAsync(this.#words, 0, before, ms).value;
    Atomics.store(this.#words, 1, 0);
  }
}

export const newBell = (): SharedArrayBuffer => new SharedArrayBuffer(8);
