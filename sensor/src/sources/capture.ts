// Capture files as a source: reads pieces into one buffer and lets the file's format walk the records in it.
import { SensorError } from '../errors.ts';
import type { Input } from './input.ts';
import { openInput } from './input.ts';
import { FrameBatch, type Source } from './source.ts';

/** Walks the records of one capture file. */
export interface CaptureReader {
  /**
   * Takes whole records from `bytes[at, end)` into the batch until either is exhausted.
   * @returns bytes taken; 0 when no whole record is there
   * @throws SensorError capture_corrupt, only while the batch is empty, so that nothing read is lost
   */
  walk(bytes: Uint8Array, at: number, end: number, batch: FrameBatch): number;
  /** Packets that the recording program says were lost; absent when the format cannot say. */
  dropped?(): number;
  /** Bytes that are still to come of something that is passed over; absent when nothing is. */
  unfinished?(): number;
}

/** A capture file format, told by its first bytes. */
export interface CaptureFormat {
  readonly name: string;
  recognises(head: Uint8Array): boolean;
  open(name: string): CaptureReader;
}

/** Pieces of this size stay in the cache; twice as large or a quarter as large measured slower. */
const PIECE_BYTES = 1024 * 1024;
/** No record of any format is larger; a length beyond it is a lie. */
export const MAX_RECORD_BYTES = 512 * 1024;
const HEAD_BYTES = 12;
/** Smallest record is 16 bytes, ordinary ones above 60: a batch seldom fills before its piece is walked. */
export const BATCH_FRAMES = 16_384;
export class CaptureSource implements Source {
  readonly name: string;
  readonly #input: Input;
  readonly #formats: readonly CaptureFormat[];
  #reader: CaptureReader | undefined;

  /** @param from a path, or what is open already */
  constructor(from: string | Input, formats: readonly CaptureFormat[]) {
    this.#input = typeof from === 'string' ? openInput(from) : from;
    this.name = this.#input.name;
    this.#formats = formats;
  }

  async *batches(): AsyncGenerator<FrameBatch> {
    // A piece, and what was left of the one before.
    const buffer = new Uint8Array(PIECE_BYTES + MAX_RECORD_BYTES);
    const batch = new FrameBatch(BATCH_FRAMES);
    batch.bytes = buffer;
    let have = 0;
    try {
      for (;;) {
        const read = this.#input.read(buffer, have, Math.min(buffer.length, have + PIECE_BYTES));
        const n = typeof read === 'number' ? read : await read;
        if (n === 0) break;
        have += n;
        if (this.#reader === undefined) {
          if (have < HEAD_BYTES) continue;
          this.#reader = this.#recognise(buffer.subarray(0, HEAD_BYTES));
        }
        let at = 0;
        for (;;) {
          batch.count = 0;
          const taken = this.#reader.walk(buffer, at, have, batch);
          if (batch.count > 0) yield batch;
          if (taken === 0) break;
          at += taken;
        }
        buffer.copyWithin(0, at, have);
        have -= at;
        if (have >= MAX_RECORD_BYTES)
          throw new SensorError(
            'capture_corrupt',
            `${this.name}: a record of more than ${MAX_RECORD_BYTES} bytes`,
          );
      }
      if (this.#reader === undefined)
        throw new SensorError('not_a_capture', `${this.name}: ${have} bytes, too short for any capture`);
      const missing = this.#reader.unfinished?.() ?? 0;
      if (missing > 0)
        throw new SensorError('capture_truncated', `${this.name}: the last block lacks ${missing} bytes`);
      if (have > 0)
        throw new SensorError(
          'capture_truncated',
          `${this.name}: ${have} bytes of an unfinished record at the end`,
        );
    } finally {
      this.#input.close();
    }
  }

  #recognise(head: Uint8Array): CaptureReader {
    for (const format of this.#formats) if (format.recognises(head)) return format.open(this.name);
    throw new SensorError('not_a_capture', `${this.name}: the first bytes are no known capture format`);
  }

  progress(): number | undefined {
    return this.#input.progress();
  }

  dropped(): number {
    return this.#reader?.dropped?.() ?? 0;
  }

  close(): void {
    this.#input.close();
  }
}
