// The contract of a source: where traffic comes from, as batches of frames over one buffer.

/** Link types by their registered numbers (LINKTYPE_*, the libpcap registry). */
export const LINK = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  sll: 113,
  ipv4: 228,
  ipv6: 229,
  sll2: 276,
  /** DLT_RAW as BSD and old libpcap write it into files. */
  rawBsd: 12,
  rawOpenbsd: 14,
} as const;

/**
 * Frames of one buffer as parallel columns. The source owns all of it: valid until the next batch is asked for.
 *
 *   bytes  ┌────────┬───────────┬────────┐
 *          │ frame 0│  frame 1  │ frame 2│ …
 *          └────────┴───────────┴────────┘
 *   start[i]    where the frame's first byte is
 *   captured[i] bytes that are here
 *   wire[i]     bytes that were on the wire (≥ captured, but hostile files may lie)
 *   time[i]     µs since 1970, whole
 *   link[i]     link type
 */
export class FrameBatch {
  bytes: Uint8Array = new Uint8Array(0);
  count = 0;
  readonly capacity: number;
  readonly start: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly time: Float64Array;
  readonly link: Uint16Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.start = new Uint32Array(capacity);
    this.captured = new Uint32Array(capacity);
    this.wire = new Uint32Array(capacity);
    this.time = new Float64Array(capacity);
    this.link = new Uint16Array(capacity);
  }
}

export interface Source {
  readonly name: string;
  /** Batches until the traffic ends. A damaged input gives what it holds, then throws a SensorError. */
  batches(): AsyncIterable<FrameBatch>;
  /** Share of the input that has been read, 0 … 1; undefined when the length is unknown. */
  progress(): number | undefined;
  /** Packets that the kernel dropped before the source saw them. */
  dropped(): number;
  /** Ends the batches, even while one is waited for. */
  close(): void;
}
