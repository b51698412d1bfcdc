// What goes from a worker to the thread that detects, and where each part of it stands.
//
//   0      8     16    17     18     19      20    24              88             216
//   │order │time │kind │phase │flags │reason │type │sums (8 × f64) │words (32 × i32)│ texts and values …
//
// A tick, and how far a worker is, have in the place of the sums what it saw (crew-sight.ts). `order` is what all records of all workers are put in order by: the place of the packet among all that were read, or,
// on a wire, its time. A flow travels as its row; one that stands in no table, and the tunnel of one, as JSON behind it.
import { SUMS, WORDS } from '../flow/row.ts';
import type { EndReason } from '../flow/watch.ts';

export const KIND = {
  /** Notices of a flow. */
  opened: 0,
  answered: 1,
  refused: 2,
  event: 3,
  /** Counts of a span of time, as JSON. */
  series: 4,
  /** A second of packet time has begun. */
  tick: 5,
  /** Whatever has an order up to this one was said before. */
  passed: 6,
  /** Nothing more will come. */
  end: 7,
  /** Rules about packets hold for one: its flow, then which of them and what an alert says of the packet, as JSON. */
  packet: 8,
} as const;

/** What one thread does at the same packet stands in this order: counts, flows whose time is over, detectors, the packet, the end of its batch. */
export const PHASE = { series: 0, lapse: 1, tick: 2, packet: 3, passed: 4 } as const;

export const FLAG = {
  /** A rule or an indicator holds for it: all its fields are there. */
  matched: 1,
  /** The flow is JSON instead of a row. */
  plain: 2,
  /** JSON of a tunnel stands behind the row. */
  tunnel: 4,
} as const;

export const AT = {
  kind: 16,
  phase: 17,
  flags: 18,
  reason: 19,
  type: 20,
  sums: 24,
  words: 88,
  rest: 216,
} as const;
/** The same in words of eight bytes and of four. */
export const ORDER = 0;
export const TIME = 1;
export const SUMS_AT = AT.sums / 8;
export const WORDS_AT = AT.words / 4;

/** No longer record is made: values beyond it are left out, and counted. */
export const MAX_RECORD = 128 * 1024;
/** A ring holds some thousands of ordinary records. */
export const RING_BYTES = 1024 * 1024;

export const REASONS: readonly (EndReason | undefined)[] = [
  undefined,
  'timeout',
  'tcp_reuse',
  'forced',
  'shutdown',
];

/** One record, with a view for each width of number. */
export class RecordBytes {
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
  readonly ints: Int32Array;
  readonly view: DataView;
  readonly text: Buffer;

  constructor(length: number) {
    const buffer = new ArrayBuffer(length);
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float64Array(buffer);
    this.ints = new Int32Array(buffer);
    this.view = new DataView(buffer);
    this.text = Buffer.from(buffer);
  }

  /** Copies a flow's row into its place. */
  setRow(sums: Float64Array, words: Int32Array, slot: number): void {
    for (let i = 0; i < SUMS; i++) this.floats[SUMS_AT + i] = sums[slot * SUMS + i];
    for (let i = 0; i < WORDS; i++) this.ints[WORDS_AT + i] = words[slot * WORDS + i];
  }
}
