// Digests of rows of numbers, remembered: hellos of one program differ in nothing that JA4 reads, once it is put in order.

/** Places for rows; two that want the same one drive each other out. A network has a few hundred kinds of hellos. */
const PLACES = 1024;
/** Numbers of the longest row that is remembered: far more than any program's hello holds. */
const MOST = 121;
/** Digits of a digest, behind the length and the row: 256 bytes in all. */
export const DIGEST_LENGTH = 12;
const PLACE = 1 + MOST + DIGEST_LENGTH / 2;

/** Numbers of 16 bits; of a row that is too long only the length is right. */
export class Row {
  length = 0;
  readonly codes = new Uint16Array(MOST);

  add(code: number): void {
    if (this.length < MOST) this.codes[this.length] = code;
    this.length++;
  }

  /** Puts a number in its place among those behind `from`, which ascend. */
  insert(code: number, from: number): void {
    const { codes } = this;
    let to = this.length++;
    if (to >= MOST) return;
    for (; to > from && codes[to - 1] > code; to--) codes[to] = codes[to - 1];
    codes[to] = code;
  }

  get place(): number {
    const { codes, length } = this;
    let mixed = length;
    for (let i = 0; i < length && i < MOST; i++) mixed = (Math.imul(mixed, 31) + codes[i]) | 0;
    return (Math.imul(mixed, 0x9e3779b1) >>> 16) & (PLACES - 1);
  }
}

export class Digests<From> {
  readonly #make: (from: From) => string;
  readonly #codes = new Uint16Array(PLACES * PLACE);
  readonly #digits = new Uint8Array(this.#codes.buffer);

  /** @param make the digest of what `from` is, which is the same for equal rows */
  constructor(make: (from: From) => string) {
    this.#make = make;
  }

  /** Writes the digest that belongs to the row into `out` from `into` on. */
  write(row: Row, from: From, out: Uint8Array, into: number): void {
    const at = row.place * PLACE;
    if (row.length > MOST) this.#new(from, out, into);
    else if (this.#isAt(at, row)) {
      const digits = 2 * (at + 1 + MOST);
      for (let i = 0; i < DIGEST_LENGTH; i++) out[into + i] = this.#digits[digits + i];
    } else {
      this.#new(from, out, into);
      this.#remember(at, row, out, into);
    }
  }

  #new(from: From, out: Uint8Array, into: number): void {
    const digest = this.#make(from);
    for (let i = 0; i < DIGEST_LENGTH; i++) out[into + i] = digest.charCodeAt(i);
  }

  #remember(at: number, row: Row, out: Uint8Array, into: number): void {
    const digits = 2 * (at + 1 + MOST);
    this.#codes[at] = 1 + row.length;
    for (let i = 0; i < row.length; i++) this.#codes[at + 1 + i] = row.codes[i];
    for (let i = 0; i < DIGEST_LENGTH; i++) this.#digits[digits + i] = out[into + i];
  }

  /** A place holds the length of its row plus one: 0 where there is none. */
  #isAt(at: number, row: Row): boolean {
    const known = this.#codes;
    const { codes, length } = row;
    if (known[at] !== 1 + length) return false;
    for (let i = 0; i < length; i++) if (known[at + 1 + i] !== codes[i]) return false;
    return true;
  }
}
