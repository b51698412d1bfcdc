// A ring of bytes between two threads: one writes records, one reads them in that order. A record is there whole or not at all.
//
//   memory  │ written(4) │ read(4) │ waiting(4) │ 0 │ bytes …                    a power of two of them
//   bytes   … ┌──────────┬────────┬──────────┬────────┐ …                        records wrap around the end
//             │ length(4)│ record │ length(4)│ record │
//
// `written` and `read` count bytes for ever, modulo 2³²: their difference is what waits. A writer that dies in the middle
// of a record has not moved `written`; what it had put behind it is never seen.

const WRITTEN = 0;
const READ = 1;
/** The writer sleeps until something was read. */
const WAITING = 2;
const HEADER = 16;
const LENGTH = 4;

/** @param bytes a power of two; no record may be longer than that less its length */
export const newRing = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(HEADER + bytes);

abstract class End {
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, HEADER / 4);
    this.bytes = new Uint8Array(memory, HEADER);
    this.mask = this.bytes.length - 1;
  }

  get capacity(): number {
    return this.bytes.length;
  }

  /** Bytes that wait. */
  get held(): number {
    return (Atomics.load(this.words, WRITTEN) - Atomics.load(this.words, READ)) >>> 0;
  }
}

export class RingWriter extends End {
  readonly #length = new Uint8Array(LENGTH);
  readonly #lengthView = new DataView(this.#length.buffer);

  /** @returns false when there is no room now, or never: nothing was written then */
  write(record: Uint8Array, length: number): boolean {
    if (length + LENGTH > this.capacity - this.held) return false;
    const at = Atomics.load(this.words, WRITTEN);
    this.#lengthView.setUint32(0, length, true);
    this.#put(at, this.#length, LENGTH);
    this.#put(at + LENGTH, record, length);
    Atomics.store(this.words, WRITTEN, (at + LENGTH + length) | 0);
    return true;
  }

  /** Sleeps until the reader took something, at most so long (ms). */
  wait(ms: number): void {
    const before = Atomics.load(this.words, READ);
    Atomics.store(this.words, WAITING, 1);
    if (Atomics.load(this.words, WRITTEN) !== before) Atomics.wait(this.words, READ, before, ms);
    Atomics.store(this.words, WAITING, 0);
  }

  #put(position: number, from: Uint8Array, length: number): void {
    const at = position & this.mask;
    const first = Math.min(length, this.capacity - at);
    this.bytes.set(from.subarray(0, first), at);
    if (first < length) this.bytes.set(from.subarray(first, length), 0);
  }
}

export class RingReader extends End {
  readonly #length = new Uint8Array(LENGTH);
  readonly #lengthView = new DataView(this.#length.buffer);

  /** Takes the next record. @param into of the ring's capacity @returns its length; -1 when none waits */
  read(into: Uint8Array): number {
    if (this.held < LENGTH) return -1;
    const at = Atomics.load(this.words, READ);
    this.#get(at, this.#length, LENGTH);
    const length = this.#lengthView.getUint32(0, true);
    this.#get(at + LENGTH, into, length);
    Atomics.store(this.words, READ, (at + LENGTH + length) | 0);
    if (Atomics.load(this.words, WAITING) !== 0) Atomics.notify(this.words, READ, 1);
    return length;
  }

  #get(position: number, into: Uint8Array, length: number): void {
    const at = position & this.mask;
    const first = Math.min(length, this.capacity - at);
    into.set(this.bytes.subarray(at, at + first));
    if (first < length) into.set(this.bytes.subarray(0, length - first), first);
  }
}
