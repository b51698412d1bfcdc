// How far the aggregator has acknowledged each lane of an epoch: a small file beside the segments.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { replaceFile } from './atomic-file.ts';
import { LANES, type Lane } from './lanes.ts';

/** Highest acknowledged sequence number; a lane without any is absent. */
export type Position = Partial<Record<Lane, number>>;

const FILE = 'position';

/** One line: CRC-32 of the text in hex, a space, JSON. */
export function writePosition(folder: string, position: Position): Promise<void> {
  const text = JSON.stringify(position);
  return replaceFile(join(folder, FILE), `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);
}

/**
 * The position last written; empty when there is none or it is damaged. Forgetting it is harmless: what is sent again
 * has the same identity, and the aggregator answers that it knows it.
 */
export function readPosition(folder: string): Position {
  let line: string;
  try {
    line = readFileSync(join(folder, FILE), 'utf8').trimEnd();
  } catch {
    return {};
  }
  const text = line.slice(9);
  if (crc32(text).toString(16).padStart(8, '0') !== line.slice(0, 8)) return {};
  const read = JSON.parse(text) as Record<string, unknown>;
  const position: Position = {};
  for (const lane of LANES) {
    const acked = read[lane];
    if (typeof acked === 'number' && Number.isSafeInteger(acked) && acked >= 0) position[lane] = acked;
  }
  return position;
}
