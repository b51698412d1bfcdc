// Buffers for bytes that must wait, handed out and taken back: a stream that stalls makes no garbage. Bounded in total.

const SMALLEST = 10; // 1 KiB
const LARGEST = 18; // 256 KiB
/** Idle buffers kept of each size. */
const KEPT = 64;

export class Buffers {
  /** Bytes handed out. */
  used = 0;
  /** Times that a buffer was refused. */
  refused = 0;
  /** Bytes of idle buffers. */
  #kept = 0;
  readonly #budget: number;
  readonly #idle: Uint8Array[][] = Array.from({ length: LARGEST + 1 }, () => []);

  /** @param budget most bytes handed out at a time */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** A buffer of at least this length, its content arbitrary; undefined when the budget or the largest size is exceeded. */
  take(length: number): Uint8Array | undefined {
    const size = Math.max(SMALLEST, 32 - Math.clz32(Math.max(1, length - 1)));
    if (size > LARGEST || this.used + 2 ** size > this.#budget) {
      this.refused++;
      return undefined;
    }
    this.used += 2 ** size;
    const idle = this.#idle[size].pop();
    if (idle !== undefined) {
      this.#kept -= idle.length;
      return idle;
    }
    // Idle ones of other sizes are not to take the room of those in use.
    if (this.used + this.#kept > this.#budget) this.forget();
    return new Uint8Array(2 ** size);
  }

  /** Takes back what `take` gave. */
  give(buffer: Uint8Array): void {
    this.used -= buffer.length;
    const idle = this.#idle[31 - Math.clz32(buffer.length)];
    if (idle.length === KEPT) return;
    idle.push(buffer);
    this.#kept += buffer.length;
  }

  /** Lets go of all that are idle. */
  forget(): void {
    this.#kept = 0;
    for (const idle of this.#idle) idle.length = 0;
  }
}
