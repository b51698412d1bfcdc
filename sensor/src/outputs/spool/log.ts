// One lane of one epoch on disk: frames appended at the end, read and acknowledged from the front, segment by segment.
import {
  closeSync,
  existsSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Profile } from '../../wire/field.ts';
import {
  encodeSegmentHeader,
  FRAME_HEADER_BYTES,
  findFrames,
  frameAt,
  MAX_FRAME_BYTES,
  SEGMENT_HEADER_BYTES,
  sealFrame,
} from './frame.ts';
import type { Lane } from './lanes.ts';
import { type Damage, recoverSegment, type Segment, segmentName } from './segment.ts';

/** The two calls that a full or failing disk answers with an error: tests put their own here. */
export interface Disk {
  write(fd: number, bytes: Buffer, offset: number, length: number, position: number): number;
  sync(fd: number): Promise<void>;
}
export const disk: Disk = { write: writeSync, sync: promisify(fdatasync) };

export interface LogOptions {
  /** Folder of the epoch. */
  readonly folder: string;
  readonly lane: Lane;
  /** The lane's own epoch, as it travels. */
  readonly epoch: string;
  readonly profile: Profile;
  /** A segment is closed when the next frame would make it longer. */
  readonly segmentBytes: number;
  readonly disk: Disk;
  /** Told of every damage found, once. */
  readonly onDamage: (damage: Damage) => void;
}

export interface Slice {
  readonly first: number;
  /** Encoded records whose numbers follow one another from `first`. */
  readonly lines: readonly string[];
  readonly profile: Profile;
}

export class Log {
  readonly lane: Lane;
  readonly epoch: string;
  /** Number of the next record appended. */
  next = 0;
  /** Highest acknowledged number. */
  acked: number;
  /** Records offered so far by a replay that started again. */
  offered = 0;

  readonly #options: LogOptions;
  /** Oldest first; only the last is written to. */
  readonly #segments: Segment[] = [];
  /** Descriptor of the last segment, when it is being written. */
  #fd: number | undefined;
  /** Descriptors of segments closed for writing that may not be durable yet. */
  #retired: number[] = [];
  #dirty = false;
  /** Where the first unacknowledged frame lies. */
  #front: { segment: Segment; offset: number } | undefined;
  /** Numbers and ends of the frames last read. */
  #window: { segment: Segment; seqs: number[]; ends: number[] } | undefined;

  constructor(options: LogOptions, acked: number) {
    this.#options = options;
    this.lane = options.lane;
    this.epoch = options.epoch;
    this.acked = acked;
    this.next = acked + 1;
  }

  /**
   * Takes up what an earlier run left.
   * @param names of the lane's segment files
   * @param regenerates true when the same records will be offered again: the log is then cut at the first missing
   *   number, since the replay makes all that follows once more
   */
  recover(names: readonly string[], regenerates: boolean): void {
    const sorted = [...names].sort();
    let expected = this.acked + 1;
    let cut = false;
    for (const [index, name] of sorted.entries()) {
      const path = join(this.#options.folder, name);
      if (cut) {
        rmSync(path);
        continue;
      }
      const found = recoverSegment(path, this.#options, index === sorted.length - 1);
      if (found === undefined) continue;
      const { segment, frames } = found;
      segment.records = 0;
      let offset = SEGMENT_HEADER_BYTES;
      for (const frame of frames) {
        if (frame.seq > this.acked) {
          if (regenerates && frame.seq !== expected) {
            cut = true;
            break;
          }
          expected = frame.seq + 1;
          segment.records++;
        } else {
          this.#front = { segment, offset: frame.end };
        }
        segment.last = frame.seq;
        offset = frame.end;
      }
      if (cut) {
        truncateSync(path, offset);
        segment.bytes = offset;
      }
      if (offset === SEGMENT_HEADER_BYTES) rmSync(path);
      else this.#segments.push(segment);
    }
    this.next = Math.max(this.next, (this.#segments.at(-1)?.last ?? -1) + 1);
  }

  /** On disk, acknowledged segments that are not yet deleted included. */
  get bytes(): number {
    let sum = 0;
    for (const segment of this.#segments) sum += segment.bytes;
    return sum;
  }

  /** Not yet acknowledged. */
  get records(): number {
    let sum = 0;
    for (const segment of this.#segments) sum += segment.records;
    return sum;
  }

  /**
   * Appends the record whose `length` bytes the caller put into `frame` at FRAME_HEADER_BYTES.
   * After it returns, a crash of the process loses nothing; a power cut may, until `sync`.
   * @returns bytes by which the log grew
   * @throws the system's error; the log is then as before
   */
  append(frame: Buffer, length: number): number {
    const size = sealFrame(frame, this.next, length);
    let segment = this.#segments.at(-1);
    let grown = size;
    if (segment === undefined || segment.bytes + size > this.#options.segmentBytes) {
      segment = this.#open();
      grown += SEGMENT_HEADER_BYTES;
    } else if (this.#fd === undefined) {
      this.#fd = openSync(segment.path, 'r+');
    }
    this.#write(frame, size, segment.bytes);
    segment.bytes += size;
    segment.records++;
    segment.last = this.next++;
    return grown;
  }

  #open(): Segment {
    this.#retire();
    const { folder, lane, epoch, profile } = this.#options;
    const first = this.next;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, segmentName(lane, first));
    this.#fd = openSync(path, 'w', 0o600);
    try {
      this.#write(encodeSegmentHeader({ lane, epoch, profile, first }), SEGMENT_HEADER_BYTES, 0);
    } catch (error) {
      this.#retire();
      rmSync(path, { force: true });
      throw error;
    }
    const segment: Segment = {
      path,
      profile,
      first,
      last: first - 1,
      records: 0,
      bytes: SEGMENT_HEADER_BYTES,
    };
    this.#segments.push(segment);
    return segment;
  }

  #write(bytes: Buffer, length: number, position: number): void {
    const fd = this.#fd!;
    this.#dirty = true;
    try {
      for (let at = 0; at < length; )
        at += this.#options.disk.write(fd, bytes, at, length - at, position + at);
    } catch (error) {
      ftruncateSync(fd, position);
      throw error;
    }
  }

  #retire(): void {
    if (this.#fd !== undefined) this.#retired.push(this.#fd);
    this.#fd = undefined;
  }

  /**
   * Unacknowledged records from the front whose numbers follow one another, within one segment.
   * @param maxBytes of record lines; at least one record is given
   */
  read(maxRecords: number, maxBytes: number): Slice | undefined {
    const segment = this.#segments.find((s) => s.last > this.acked);
    if (segment === undefined) return undefined;
    let offset = this.#front?.segment === segment ? this.#front.offset : SEGMENT_HEADER_BYTES;
    const lines: string[] = [];
    const seqs: number[] = [];
    const ends: number[] = [];
    let taken = 0;
    for (let full = false; !full && offset < segment.bytes; ) {
      const wanted = Math.min(segment.bytes - offset, maxBytes + MAX_FRAME_BYTES);
      const chunk = readRange(segment.path, offset, wanted);
      let at = 0;
      while (at < chunk.length && !full) {
        const frame = frameAt(chunk, at);
        if (frame === undefined) break;
        at = frame.end;
        if (frame.seq <= this.acked) continue;
        const length = frame.end - frame.start - FRAME_HEADER_BYTES;
        full =
          lines.length > 0 &&
          (lines.length === maxRecords || taken + length > maxBytes || frame.seq !== seqs.at(-1)! + 1);
        if (full) break;
        lines.push(chunk.toString('utf8', frame.start + FRAME_HEADER_BYTES, frame.end));
        seqs.push(frame.seq);
        ends.push(offset + frame.end);
        taken += length;
      }
      if (at === 0 && !full) {
        if (lines.length > 0) break;
        return this.#mend(segment) ? this.read(maxRecords, maxBytes) : undefined;
      }
      offset += at;
    }
    if (lines.length === 0) return undefined;
    this.#window = { segment, seqs, ends };
    return { first: seqs[0]!, lines, profile: segment.profile };
  }

  /** A segment that was sound when opened no longer is: looks at it again as a recovery does. */
  #mend(segment: Segment): boolean {
    if (segment === this.#segments.at(-1)) this.#retire();
    this.#front = undefined;
    const index = this.#segments.indexOf(segment);
    const found = existsSync(segment.path) ? recoverSegment(segment.path, this.#options, false) : undefined;
    if (found === undefined) {
      this.#segments.splice(index, 1);
    } else {
      found.segment.records = found.frames.filter((frame) => frame.seq > this.acked).length;
      this.#segments[index] = found.segment;
    }
    return this.#segments.length > 0;
  }

  /** Everything up to `through` has been taken by the aggregator. */
  ack(through: number): void {
    if (through <= this.acked) return;
    this.acked = through;
    const window = this.#window;
    if (window === undefined || !this.#segments.includes(window.segment)) return;
    const count = window.seqs.filter((seq) => seq <= through).length;
    if (count === 0) return;
    window.segment.records -= count;
    this.#front = { segment: window.segment, offset: window.ends[count - 1]! };
    this.#window = undefined;
  }

  /** Deletes segments of which all is acknowledged up to `through`. @returns bytes freed */
  reclaim(through: number): number {
    let freed = 0;
    while (this.#segments.length > 0 && this.#segments[0]!.last <= through) freed += this.#drop().bytes;
    return freed;
  }

  /** Gives up the oldest segment. @returns how many records went, and the first and the last of them */
  shed(): { bytes: number; records: number; lines: string[] } {
    const segment = this.#segments[0]!;
    const bytes = readRange(segment.path, 0, segment.bytes);
    const frames = findFrames(bytes, SEGMENT_HEADER_BYTES).frames.filter((frame) => frame.seq > this.acked);
    const lines = frames
      .filter((_, index) => index === 0 || index === frames.length - 1)
      .map((frame) => bytes.toString('utf8', frame.start + FRAME_HEADER_BYTES, frame.end));
    this.#drop();
    return { bytes: segment.bytes, records: segment.records, lines };
  }

  #drop(): Segment {
    const segment = this.#segments.shift()!;
    if (this.#segments.length === 0) this.#retire();
    rmSync(segment.path, { force: true });
    return segment;
  }

  /** Makes what was appended durable. One call at a time. */
  async sync(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    const retired = this.#retired;
    this.#retired = [];
    const writing = this.#fd;
    try {
      for (const fd of retired) await this.#options.disk.sync(fd);
      if (writing !== undefined) await this.#options.disk.sync(writing);
    } finally {
      for (const fd of retired) closeSync(fd);
    }
  }

  async close(): Promise<void> {
    this.#retire();
    this.#dirty = true;
    await this.sync();
  }
}

/** Fewer bytes than asked for when the file is shorter, or gone. */
function readRange(path: string, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  if (!existsSync(path)) return bytes.subarray(0, 0);
  const fd = openSync(path, 'r');
  try {
    let at = 0;
    for (let got = -1; at < length && got !== 0; at += got)
      got = readSync(fd, bytes, at, length - at, from + at);
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}
