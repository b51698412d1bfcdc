// Bytes that come in pieces, as whole lines: the last part of a line waits for the rest, and one that never ends is left out.

/** Bytes of the longest line that is read. Suricata's are some hundred; those with whole files in them are not wanted. */
export const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** Takes the line `bytes[at, end)` without its newline; valid during the call. @param start offset of its first byte @param next that of the line behind it */
export type TakeLine = (bytes: Uint8Array, at: number, end: number, start: number, next: number) => void;

export class Lines {
  /** Lines that were longer than is read. */
  long = 0;
  /** Where the line that is not whole yet began; the offset of what comes next when there is none. */
  start: number;
  #offset: number;
  readonly #take: TakeLine;
  readonly #most: number;
  /** The part of a line that is here; as large as it had to be. */
  #held = new Uint8Array(4096);
  #length = 0;
  /** The line that is under way is too long: its bytes are passed over. */
  #isLong = false;

  /** @param offset of the first byte that will come */
  constructor(take: TakeLine, offset = 0, most = MAX_LINE_BYTES) {
    this.#take = take;
    this.#offset = this.start = offset;
    this.#most = most;
  }

  /** Offset of the byte that comes next. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of a line that is not whole. */
  get isPartial(): boolean {
    return this.#offset > this.start;
  }

  push(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    // Ends: every turn takes a line, or the rest.
    while (at < to) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 || newline >= to ? -1 : newline;
      if (end < 0) return this.#hold(bytes, at, to);
      this.#line(bytes, at, end);
      at = end + 1;
    }
  }

  #line(bytes: Uint8Array, at: number, end: number): void {
    const { start } = this;
    const next = this.#offset + end + 1 - at;
    this.#offset = this.start = next;
    const length = this.#length;
    this.#length = 0;
    if (this.#isLong || length + end - at > this.#most) {
      this.#isLong = false;
      this.long++;
    } else if (length === 0) {
      if (end > at) this.#take(bytes, at, end, start, next);
    } else {
      this.#add(bytes, at, end, length);
      this.#take(this.#held, 0, length + end - at, start, next);
    }
  }

  #hold(bytes: Uint8Array, at: number, to: number): void {
    this.#offset += to - at;
    if (this.#isLong) return;
    if (this.#length + to - at > this.#most) {
      this.#isLong = true;
      this.#length = 0;
      return;
    }
    this.#add(bytes, at, to, this.#length);
    this.#length += to - at;
  }

  #add(bytes: Uint8Array, at: number, to: number, behind: number): void {
    const length = behind + to - at;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.min(this.#most, Math.max(length, 2 * this.#held.length)));
      larger.set(this.#held.subarray(0, behind));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(at, to), behind);
  }

  /** What comes next is of another file: what was not whole is given up. */
  restart(offset: number): void {
    this.#offset = this.start = offset;
    this.#length = 0;
    this.#isLong = false;
  }
}
