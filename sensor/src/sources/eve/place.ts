// A place in a file that grows and is moved away: which file it is, whatever it is called now, and how far it was read.
import { createHash } from 'node:crypto';
import { readSync, type Stats } from 'node:fs';

/** Bytes of the beginning that tell a file from another one that got its number: an EVE line's time and flow are in them. */
const HEAD_BYTES = 256;

export interface Place {
  readonly device: number;
  readonly inode: number;
  /** SHA-256 of the first `headBytes` bytes: a number (inode) is given again when its file is deleted. */
  readonly head: string;
  readonly headBytes: number;
  /** Of the first byte that was not taken. */
  readonly offset: number;
}

const buffer = new Uint8Array(HEAD_BYTES);

/** Digest of the file's first `length` bytes; undefined when it has fewer. */
function headOf(fd: number, length: number): string | undefined {
  const read = length === 0 ? 0 : readSync(fd, buffer, 0, length, 0);
  return read < length ? undefined : createHash('sha256').update(buffer.subarray(0, length)).digest('hex');
}

/** The place of an open file. @param upTo bytes of it that are known to be written */
export function placeIn(fd: number, { dev, ino, size }: Stats, offset: number): Place {
  const headBytes = Math.min(HEAD_BYTES, size, offset);
  return { device: dev, inode: ino, head: headOf(fd, headBytes) ?? '', headBytes, offset };
}

/** Whether the open file is the one of the place, and goes on behind it. */
export const isAt = (place: Place, fd: number, { dev, ino, size }: Stats): boolean =>
  place.device === dev &&
  place.inode === ino &&
  size >= place.offset &&
  headOf(fd, place.headBytes) === place.head;

/** Whether all of the beginning is known: then it stays as it is. */
export const isWhole = (place: Place | undefined): boolean => place?.headBytes === HEAD_BYTES;
