// Bytes that come in pieces, gathered in one buffer that doubles: each piece is copied once.
import { copy } from './copy.ts';

const FIRST_BYTES = 1024;

export class Gathered {
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  length = 0;

  append(from: Uint8Array, at: number, end: number): void {
    const length = this.length + (end - at);
    if (length > this.bytes.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      copy(this.bytes, 0, this.length, larger, 0);
      this.bytes = larger;
    }
    copy(from, at, end, this.bytes, this.length);
    this.length = length;
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    if (count > 0) this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }
}
