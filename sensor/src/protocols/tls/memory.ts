// What was made of a row of numbers, remembered: two hellos of one program differ in nothing that a fingerprint reads.

/** Things of each kind that are remembered; then all are forgotten at once. */
const REMEMBERED = 4096;

export class Memory<T> {
  readonly #known = new Map<string, T>();

  /** What `make` makes of what the key stands for, made once. */
  of(key: string | undefined, make: () => T): T {
    if (key === undefined) return make();
    let found = this.#known.get(key);
    if (found === undefined) {
      if (this.#known.size === REMEMBERED) this.#known.clear();
      found = make();
      this.#known.set(key, found);
    }
    return found;
  }
}

/** Far more than any program's hello holds. */
const MOST = 2048;

/** Numbers of 16 bits in a row, and the text that is equal when the rows are. */
export class Codes {
  length = 0;
  readonly #bytes = Buffer.alloc(2 * MOST);
  readonly #codes = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, MOST);

  add(code: number): void {
    if (this.length < MOST) this.#codes[this.length] = code;
    this.length++;
  }

  /** undefined when the row is too long to be remembered. */
  key(): string | undefined {
    return this.length <= MOST ? this.#bytes.toString('utf16le', 0, 2 * this.length) : undefined;
  }
}
