// What a reading of captures consists of: the files, when each is to have happened, and the job's identity.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { openCapture } from '../sources/index.ts';

/** One capture of a job. */
export interface Part {
  readonly path: string;
  /** µs to add to its packets' times. */
  readonly shift: number;
}

/** Between two captures that are laid end to end, µs. */
const PAUSE = 1e6;

/** First and last packet time of a capture, µs. A damaged capture counts as far as it can be read. */
async function span(path: string): Promise<{ first: number; last: number } | undefined> {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  try {
    for await (const batch of openCapture(path).batches())
      for (let i = 0; i < batch.count; i++) {
        first = Math.min(first, batch.time[i]);
        last = Math.max(last, batch.time[i]);
      }
  } catch {
    // Reading it again for real says what is wrong.
  }
  return first <= last ? { first, last } : undefined;
}

/** Lays the captures end to end so that the last one ends at `end` (µs since 1970). */
export async function layEndToEnd(paths: readonly string[], end: number): Promise<Part[]> {
  const parts: Part[] = [];
  let limit = end;
  for (const path of paths.toReversed()) {
    const times = await span(path);
    if (times === undefined) {
      parts.unshift({ path, shift: 0 });
      continue;
    }
    parts.unshift({ path, shift: limit - times.last });
    limit -= times.last - times.first + PAUSE;
  }
  return parts;
}

const SAMPLE_BYTES = 64 * 1024;

/** Name, size, and a digest of both ends of a file: enough to tell captures apart without reading gigabytes. */
function fileIdentity(path: string): string {
  if (path === '-') return '-';
  const { size } = statSync(path);
  const fd = openSync(path, 'r');
  try {
    const sample = new Uint8Array(SAMPLE_BYTES * 2);
    const head = readSync(fd, sample, 0, SAMPLE_BYTES, 0);
    const tail = readSync(fd, sample, head, SAMPLE_BYTES, Math.max(0, size - SAMPLE_BYTES));
    return `${basename(path)} ${size} ${createHash('sha256')
      .update(sample.subarray(0, head + tail))
      .digest('hex')}`;
  } catch {
    return `${basename(path)} ${size}`;
  } finally {
    closeSync(fd);
  }
}

/**
 * The epoch of a replay: the same captures, times and settings make the same records in the same order, so a run that
 * was cut off goes on where it stopped.
 * @returns 16 hex digits
 */
export function jobEpoch(parts: readonly Part[], settings: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of [...parts.map(({ path, shift }) => `${fileIdentity(path)} ${shift}`), ...settings])
    hash.update(`${text.length}:${text}`);
  return hash.digest('hex').slice(0, 16);
}
