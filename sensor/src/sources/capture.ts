// Capture files as a source: reads pieces into one buffer and lets the file's format walk the records in it.
import { SensorError } from '../errors.ts';
import type { Input } from './input.ts';
import { openInput } from './input.ts';
import { FrameBatch, type Pieces, type Source } from './source.ts';

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
/**
 * Where a piece is read to: in front of it there is room for the unfinished record of the piece before. Not at the start
 * of a memory page, where the system's copy takes four times as long on some processors.
 */
const ROOM_BEFORE = MAX_RECORD_BYTES + 64;
export const PIECE_MEMORY = ROOM_BEFORE + PIECE_BYTES;

/** Two in turn: while one is walked, the other is read. */
function ownPieces(): Pieces {
  const memories = [new Uint8Array(PIECE_MEMORY), new Uint8Array(PIECE_MEMORY)];
  let turn = 0;
  return () => memories[turn++ & 1];
}

export class CaptureSource implements Source {
  readonly name: string;
  readonly #input: Input;
  readonly #formats: readonly CaptureFormat[];
  #reader: CaptureReader | undefined;

  constructor(path: string, formats: readonly CaptureFormat[]) {
    this.#input = openInput(path);
    this.name = this.#input.name;
    this.#formats = formats;
  }

  /** @param pieces memory to read the next piece into, of PIECE_MEMORY bytes; the one before stays in use */
  async *batches(pieces: Pieces = ownPieces()): AsyncGenerator<FrameBatch> {
    const batch = new FrameBatch(BATCH_FRAMES);
    let memory = await pieces();
    let reading = this.#read(memory);
    /** What no record was made of yet: `memory[at, end)`. */
    let at = ROOM_BEFORE;
    let end = ROOM_BEFORE;
    try {
      for (;;) {
        const n = await reading;
        if (n === 0) break;
        end += n;
        // The piece after this one is read while this one is walked.
        const next = await pieces();
        reading = this.#read(next);
        this.#reader ??= end - at < HEAD_BYTES ? undefined : this.#recognise(memory.subarray(at, end));
        batch.bytes = memory;
        // Ends: each turn but the last takes bytes.
        for (let taken = -1; this.#reader !== undefined && taken !== 0; at += taken) {
          batch.count = 0;
          taken = this.#reader.walk(memory, at, end, batch);
          if (batch.count > 0) yield batch;
        }
        const left = end - at;
        if (left >= MAX_RECORD_BYTES)
          throw new SensorError(
            'capture_corrupt',
            `${this.name}: a record of more than ${MAX_RECORD_BYTES} bytes`,
          );
        next.set(memory.subarray(at, end), ROOM_BEFORE - left);
        memory = next;
        at = ROOM_BEFORE - left;
        end = ROOM_BEFORE;
      }
      const left = end - at;
      if (this.#reader === undefined)
        throw new SensorError('not_a_capture', `${this.name}: ${left} bytes, too short for any capture`);
      const missing = this.#reader.unfinished?.() ?? 0;
      if (missing > 0)
        throw new SensorError('capture_truncated', `${this.name}: the last block lacks ${missing} bytes`);
      if (left > 0)
        throw new SensorError(
          'capture_truncated',
          `${this.name}: ${left} bytes of an unfinished record at the end`,
        );
    } finally {
      this.#input.close();
    }
  }

  #read(memory: Uint8Array): Promise<number> {
    const reading = this.#input.read(memory, ROOM_BEFORE, ROOM_BEFORE + PIECE_BYTES);
    // It may fail while the piece before is walked, when nobody waits for it yet.
    reading.catch(() => {});
    return reading;
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
