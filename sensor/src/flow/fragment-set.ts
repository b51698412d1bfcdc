// The fragments of one packet: which bytes of it have come, and the bytes themselves behind room for a header.
import { copy } from '../bytes/copy.ts';

/** Room in front of the data: the longest IPv4 header. */
export const HEADER_ROOM = 60;
/** Words of the key: addresses, identification, protocol and version, VLANs, tunnel. */
export const KEY_WORDS = 12;
const FIRST_BYTES = 4096;
const FIRST_PIECES = 16;
/** Pieces of one packet. The smallest network there was cuts the largest packet into a thousand. */
const MAX_PIECES = 1024;
/** Largest IP packet. */
export const MAX_PACKET = 0xffff;

/** What a piece meant for its packet. */
export const PIECE = { taken: 0, repeated: 1, overlaps: 2, beyond: 3, tooMany: 4 } as const;

export class FragmentSet {
  readonly key = new Int32Array(KEY_WORDS);
  hash = 0;
  /** Next set with the same hash; the sets before and behind in the order of their first fragments. */
  chain: FragmentSet | undefined = undefined;
  older: FragmentSet | undefined = undefined;
  newer: FragmentSet | undefined = undefined;

  bytes: Uint8Array = new Uint8Array(0);
  /** Arrival of the first fragment, µs. */
  since = 0;
  /** Bytes of the header that stands in front of the data; 0 while the first fragment is missing. */
  header = 0;
  /** Bytes in front of the IP header in the frame of the first fragment. */
  before = 0;
  /** Bytes of data as the last fragment says; -1 while it is missing. */
  total = -1;
  /** Bytes of data up to which all was captured. */
  captured = MAX_PACKET;
  /** Pieces `[starts[i], ends[i])`, in order and apart from each other. */
  #starts = new Int32Array(FIRST_PIECES);
  #ends = new Int32Array(FIRST_PIECES);
  #pieces = 0;

  begin(time: number): void {
    this.since = time;
    this.header = this.before = this.#pieces = 0;
    this.total = -1;
    this.captured = MAX_PACKET;
    if (this.bytes.length === 0) this.bytes = new Uint8Array(FIRST_BYTES);
  }

  /**
   * Takes the piece `[start, start + length)` of the data. Where it overlaps, BSD's rule holds, which is Suricata's
   * default: a piece that begins no later keeps its bytes, one that begins later loses them to the new one.
   * @param from where its bytes stand, @param end of what was captured of them
   */
  take(
    source: Uint8Array,
    from: number,
    end: number,
    start: number,
    length: number,
    isLast: boolean,
  ): number {
    const stop = start + length;
    if (
      (this.total >= 0 && (stop > this.total || (isLast && stop !== this.total))) ||
      (isLast && stop < this.#reached)
    )
      return PIECE.beyond;
    if (this.#pieces === MAX_PIECES) return PIECE.tooMany;
    if (isLast) this.total = stop;
    if (length === 0) return PIECE.taken;
    const starts = this.#starts;
    const ends = this.#ends;
    let i = this.#pieces;
    while (i > 0 && starts[i - 1] > start) i--;
    if (i > 0 && starts[i - 1] === start && ends[i - 1] === stop) return PIECE.repeated;
    let overlaps = false;
    let at = start;
    if (i > 0 && ends[i - 1] > start) {
      overlaps = true;
      at = ends[i - 1];
      if (at >= stop) return PIECE.overlaps;
    }
    let gone = i;
    while (gone < this.#pieces && starts[gone] < stop) {
      overlaps = true;
      if (ends[gone] > stop) {
        starts[gone] = stop;
        break;
      }
      gone++;
    }
    this.#replace(i, gone, at, stop);
    this.#write(source, from + (at - start), Math.min(end, from + length), at, stop);
    return overlaps ? PIECE.overlaps : PIECE.taken;
  }

  get #reached(): number {
    return this.#pieces === 0 ? 0 : this.#ends[this.#pieces - 1];
  }

  /** Puts `[start, stop)` in the place of the pieces `[from, to)`. */
  #replace(from: number, to: number, start: number, stop: number): void {
    if (this.#pieces === this.#starts.length) {
      const starts = new Int32Array(this.#pieces * 2);
      starts.set(this.#starts);
      const ends = new Int32Array(this.#pieces * 2);
      ends.set(this.#ends);
      this.#starts = starts;
      this.#ends = ends;
    }
    this.#starts.copyWithin(from + 1, to, this.#pieces);
    this.#ends.copyWithin(from + 1, to, this.#pieces);
    this.#starts[from] = start;
    this.#ends[from] = stop;
    this.#pieces += 1 - (to - from);
  }

  #write(source: Uint8Array, from: number, end: number, at: number, stop: number): void {
    const need = HEADER_ROOM + stop;
    if (need > this.bytes.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(need)));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    const here = Math.max(0, end - from);
    if (here < stop - at) this.captured = Math.min(this.captured, at + here);
    if (here > 0) copy(source, from, from + here, this.bytes, HEADER_ROOM + at);
  }

  /** Bytes of data without a gap from the beginning. */
  get contiguous(): number {
    let end = 0;
    // Ends: after the pieces.
    for (let i = 0; i < this.#pieces && this.#starts[i] <= end; i++) end = this.#ends[i];
    return end;
  }

  get isWhole(): boolean {
    return this.header > 0 && this.total >= 0 && this.contiguous === this.total;
  }
}
