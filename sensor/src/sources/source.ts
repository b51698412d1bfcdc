// The contract of a source: where traffic comes from, as batches of frames over one buffer.

/** Link types by their registered numbers (LINKTYPE_*, the libpcap registry). */
export const LINK = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  fddi: 10,
  /** DLT_RAW as BSD and old libpcap write it into files. */
  rawBsd: 12,
  rawOpenbsd: 14,
  pppHdlc: 50,
  /** PPPoE session packets without Ethernet. */
  pppoe: 51,
  /** LLC at once, as in RFC 1483 over ATM. */
  llc: 100,
  raw: 101,
  cHdlc: 104,
  ieee80211: 105,
  frameRelay: 107,
  loop: 108,
  /** Packets within OpenBSD's IPsec. */
  enc: 109,
  sll: 113,
  /** OpenBSD's packet filter. */
  pflog: 117,
  prism: 119,
  radiotap: 127,
  /** IP over FireWire, as Apple has it. */
  ieee1394: 138,
  avs: 163,
  /** Per-packet information, mostly of radios. */
  ppi: 192,
  pppWithDirection: 204,
  mpls: 219,
  ipv4: 228,
  ipv6: 229,
  netanalyzer: 240,
  netanalyzerTransparent: 241,
  sll2: 276,
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
    this.time = new Float64Array(capacity);
    this.start = new Uint32Array(capacity);
    this.captured = new Uint32Array(capacity);
    this.wire = new Uint32Array(capacity);
    this.link = new Uint16Array(capacity);
  }

  /** Takes over one frame of another batch over the same bytes. */
  copy(from: FrameBatch, i: number): void {
    const n = this.count++;
    this.start[n] = from.start[i];
    this.captured[n] = from.captured[i];
    this.wire[n] = from.wire[i];
    this.time[n] = from.time[i];
    this.link[n] = from.link[i];
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

/** What a live source met so far. What was sent to it is `received` and `dropped` together. */
export interface LiveStatistics {
  /** Packets that the kernel put where the source reads. */
  readonly received: number;
  /** Packets for which there was no room. */
  readonly dropped: number;
  /** Times that the room was full to the last. */
  readonly freezes: number;
}

/** `gone`: there is no such interface now; the source waits for it. */
export type LiveState = 'up' | 'down' | 'gone';

/** A source that stands on a wire, or where one would be, and ends only when it is closed. */
export interface LiveSource extends Source {
  statistics(): LiveStatistics;
  state?(): LiveState;
  /** How full the room is in which packets wait for the sensor, 0 … 1; asked with every batch. */
  pressure?(): number;
  /** What people should know who watch here: offloads that change packets, a slower way that was taken. */
  readonly warnings?: readonly string[];
}
