// Bytes that come in pieces and in any order, put together: fragments of DTLS (RFC 6347 §4.2.3), and CRYPTO frames of QUIC
// (RFC 9000 §19.6), over which clients scatter a hello on purpose.
import { copy } from '../../bytes/copy.ts';

/** As Suricata has it; four times the largest hello that any program sends. */
const MAX_BYTES = 64 * 1024;
/** Pieces with holes between them. */
const MAX_PIECES = 64;
const FIRST_BYTES = 2048;

export class Pieces {
  bytes = new Uint8Array(FIRST_BYTES);
  /** Start and end of each piece, ascending; no two touch. */
  readonly #pieces: number[] = [];

  /** Bytes without a hole, from the beginning. */
  get length(): number {
    return this.#pieces[0] === 0 ? this.#pieces[1] : 0;
  }

  /** Takes `[at, end)` for what stands from `offset` on. What is there already stays. @returns false when it is too much */
  add(from: Uint8Array, at: number, end: number, offset: number): boolean {
    const last = offset + (end - at);
    if (last > MAX_BYTES) return false;
    if (last > this.bytes.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(last)));
      copy(this.bytes, 0, this.bytes.length, larger, 0);
      this.bytes = larger;
    }
    const pieces = this.#pieces;
    // The first piece that does not end before this one, and the first that begins behind it.
    let first = 0;
    while (first < pieces.length && pieces[first + 1] < offset) first += 2;
    let next = first;
    while (next < pieces.length && pieces[next] <= last) next += 2;
    if (first === next && pieces.length >= 2 * MAX_PIECES) return false;
    // Ends: each turn fills the hole before one piece.
    let done = offset;
    for (let i = first; i < next; i += 2) {
      if (pieces[i] > done) copy(from, at + (done - offset), at + (pieces[i] - offset), this.bytes, done);
      done = Math.max(done, pieces[i + 1]);
    }
    if (last > done) copy(from, at + (done - offset), end, this.bytes, done);
    const start = first < next ? Math.min(offset, pieces[first]) : offset;
    const stop = first < next ? Math.max(last, pieces[next - 1]) : last;
    pieces.splice(first, next - first, start, stop);
    return true;
  }
}
