// How a record lies on disk: the segment's header and the frames behind it, written and found again.
import { crc32 } from 'node:zlib';
import { MAX_RECORD_BYTES } from '../../wire/batch.ts';
import { PROFILES, type Profile } from '../../wire/field.ts';
import { LANES, type Lane } from './lanes.ts';

/*
 * A segment is one file, `<lane>-<first seq, 15 digits>.seg`: a header, then frames. Numbers are big-endian.
 *
 *   header   0               8         10     11        12              20              28         32
 *            ┌───────────────┬─────────┬──────┬─────────┬───────────────┬───────────────┬──────────┐
 *            │ "YGRSPOOL"    │ version │ lane │ profile │ epoch         │ first seq     │ crc32    │
 *            └───────────────┴─────────┴──────┴─────────┴───────────────┴───────────────┴──────────┘
 *
 *   frame    0       2               8           12          16
 *            ┌───────┬───────────────┬───────────┬───────────┬──────────────── ─ ─ ┐
 *            │ F5 59 │ seq           │ length    │ crc32     │ one encoded record  │
 *            └───────┴───────────────┴───────────┴───────────┴──────────────── ─ ─ ┘
 *                    └────── covered by crc32 ───┘           └── and covered ─ ─ ─ ┘
 *
 * The byte F5 never occurs in UTF-8, so no record can look like the beginning of a frame: after damage the next frame
 * is found by looking for its mark. Sequence numbers rise within a segment; they may leave gaps.
 */
const MAGIC = Buffer.from('YGRSPOOL');
const SPOOL_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 32;
const MARK = Buffer.from([0xf5, 0x59]);
export const FRAME_HEADER_BYTES = 16;
export const MAX_FRAME_BYTES = FRAME_HEADER_BYTES + MAX_RECORD_BYTES;

const PROFILE_NAMES = Object.keys(PROFILES) as Profile[];

export interface SegmentHeader {
  readonly lane: Lane;
  readonly profile: Profile;
  /** 16 hex digits. */
  readonly epoch: string;
  readonly first: number;
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt16BE(SPOOL_VERSION, 8);
  bytes.writeUInt8(LANES.indexOf(header.lane), 10);
  bytes.writeUInt8(PROFILE_NAMES.indexOf(header.profile), 11);
  bytes.write(header.epoch, 12, 'hex');
  bytes.writeBigUInt64BE(BigInt(header.first), 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** @returns undefined when the bytes are no whole header of this version. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  if (bytes.readUInt16BE(8) !== SPOOL_VERSION) return undefined;
  if (bytes.readUInt32BE(28) !== crc32(bytes.subarray(0, 28))) return undefined;
  const lane = LANES[bytes.readUInt8(10)];
  const profile = PROFILE_NAMES[bytes.readUInt8(11)];
  if (lane === undefined || profile === undefined) return undefined;
  const epoch = bytes.toString('hex', 12, 20);
  return { lane, profile, epoch, first: Number(bytes.readBigUInt64BE(20)) };
}

/**
 * Writes a frame into `into` (at least MAX_FRAME_BYTES long), whose payload the caller has already put at
 * FRAME_HEADER_BYTES.
 * @param length of the payload, bytes, at most MAX_RECORD_BYTES
 * @returns length of the frame, bytes
 */
export function sealFrame(into: Buffer, seq: number, length: number): number {
  into[0] = MARK[0]!;
  into[1] = MARK[1]!;
  into.writeUIntBE(seq, 2, 6);
  into.writeUInt32BE(length, 8);
  into.writeUInt32BE(checksum(into, 0, length), 12);
  return FRAME_HEADER_BYTES + length;
}

const checksum = (bytes: Buffer, at: number, length: number): number =>
  crc32(
    bytes.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + length),
    crc32(bytes.subarray(at + 2, at + 12)),
  );

export interface Frame {
  readonly seq: number;
  /** Offsets of the frame in the bytes read; the payload begins at `start + FRAME_HEADER_BYTES`. */
  readonly start: number;
  readonly end: number;
}

/** The frame at an offset; undefined when there is none, it is not whole, or its checksum is wrong. */
export function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length || bytes[at] !== MARK[0] || bytes[at + 1] !== MARK[1])
    return undefined;
  const length = bytes.readUInt32BE(at + 8);
  const end = at + FRAME_HEADER_BYTES + length;
  if (length > MAX_RECORD_BYTES || end > bytes.length) return undefined;
  if (bytes.readUInt32BE(at + 12) !== checksum(bytes, at, length)) return undefined;
  return { seq: bytes.readUIntBE(at + 2, 6), start: at, end };
}

export interface Found {
  readonly frames: readonly Frame[];
  /** Bytes that are no frame although a frame follows them: damage. */
  readonly damaged: number;
  /** End of the last good frame. */
  readonly end: number;
}

/** Every good frame from an offset on, jumping over damage. Each mark is tried once, at the cost of one checksum. */
export function findFrames(bytes: Buffer, from: number): Found {
  const frames: Frame[] = [];
  let damaged = 0;
  let end = from;
  let last = -1;
  for (let at = from; at !== -1; ) {
    const frame = frameAt(bytes, at);
    if (frame !== undefined && frame.seq > last) {
      frames.push(frame);
      damaged += frame.start - end;
      last = frame.seq;
      at = end = frame.end;
    } else {
      at = bytes.indexOf(MARK, at + 1);
    }
  }
  return { frames, damaged, end };
}
