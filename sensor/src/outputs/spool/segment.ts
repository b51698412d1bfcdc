// A segment file after a crash: its torn tail cut off, damage in its middle set aside, the rest kept.
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { basename } from 'node:path';
import type { Profile } from '../../wire/field.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  type Frame,
  findFrames,
  SEGMENT_HEADER_BYTES,
} from './frame.ts';
import { LANES, type Lane } from './lanes.ts';

export interface Segment {
  readonly path: string;
  readonly profile: Profile;
  readonly first: number;
  /** Number of the last frame. */
  last: number;
  /** Not yet acknowledged. */
  records: number;
  /** Length of the file. */
  bytes: number;
}

/** What was found broken, for people: names and sizes, never what the bytes said. */
export interface Damage {
  readonly path: string;
  readonly bytes: number;
}

export const segmentName = (lane: Lane, first: number): string =>
  `${lane}-${String(first).padStart(15, '0')}.seg`;

const NAME = new RegExp(`^(${LANES.join('|')})-(\\d{15})\\.seg$`);

/** @returns undefined when the file is no segment */
export function parseSegmentName(name: string): { lane: Lane; first: number } | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : { lane: match[1] as Lane, first: Number(match[2]) };
}

/** Suffix of a damaged segment that was set aside. */
export const DAMAGED = '.damaged';

/**
 * Reads a segment whole and makes its file sound: afterwards it holds a header and good frames only.
 * @param isLast true when it may have been written to at the moment of the crash: its tail may then be torn, which is
 *   no damage
 * @returns undefined when nothing was left, and the file is gone
 */
export function recoverSegment(
  path: string,
  expected: { lane: Lane; epoch: string; profile: Profile; onDamage: (damage: Damage) => void },
  isLast: boolean,
): { segment: Segment; frames: readonly Frame[] } | undefined {
  const bytes = readFileSync(path);
  const header = decodeSegmentHeader(bytes);
  const sound = header !== undefined && header.lane === expected.lane && header.epoch === expected.epoch;
  const found = findFrames(bytes, sound ? SEGMENT_HEADER_BYTES : 0);
  const tail = bytes.length - found.end;
  const damaged = (sound || found.frames.length > 0 ? found.damaged : 0) + (isLast && sound ? 0 : tail);
  const isTornBirth = !sound && isLast && bytes.length < SEGMENT_HEADER_BYTES;

  if (found.frames.length === 0) {
    if (damaged > 0 && !isTornBirth) {
      renameSync(path, path + DAMAGED);
      expected.onDamage({ path: path + DAMAGED, bytes: damaged });
    } else rmSync(path);
    return undefined;
  }

  const profile = header?.profile ?? expected.profile;
  const first = parseSegmentName(basename(path))!.first;
  const last = found.frames.at(-1)!.seq;
  if (damaged === 0) {
    if (tail > 0) truncateSync(path, found.end);
    return { segment: { path, profile, first, last, records: 0, bytes: found.end }, frames: found.frames };
  }

  const head = encodeSegmentHeader({ lane: expected.lane, epoch: expected.epoch, profile, first });
  const frames: Frame[] = [];
  const parts = [head];
  let end = head.length;
  for (const frame of found.frames) {
    parts.push(bytes.subarray(frame.start, frame.end));
    frames.push({ seq: frame.seq, start: end, end: (end += frame.end - frame.start) });
  }
  setAside(path, Buffer.concat(parts));
  expected.onDamage({ path: path + DAMAGED, bytes: damaged });
  return { segment: { path, profile, first, last, records: 0, bytes: end }, frames };
}

/** Keeps the damaged file beside, for whoever looks into the disk, and puts the mended one in its place. */
function setAside(path: string, mended: Buffer): void {
  const fresh = `${path}.new`;
  const fd = openSync(fresh, 'w', 0o600);
  try {
    writeSync(fd, mended);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  rmSync(path + DAMAGED, { force: true });
  linkSync(path, path + DAMAGED);
  renameSync(fresh, path);
}
