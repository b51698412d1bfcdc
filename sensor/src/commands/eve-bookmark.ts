// How far an EVE file was taken, on disk, so that after any end reading goes on there: no alert is lost, and none told twice.
/*
 * When what is written, and what a kill leaves:
 *
 *   each second    outputs are flushed, then: place behind the last line
 *   alert          before the uplink has it: place before and behind its line, and how many records the spool had then
 *
 * After a kill the spool says how many records it has. More than were written down: the line's alert is among them, and
 * reading goes on behind the line. As many: it is not, and the line is read again. Fewer: the power failed and took the
 * end of the spool along; reading goes on some seconds earlier, and tells what was told in them again rather than never.
 * Lines between that raised no alert are read again, too: they stand twice in the file of events, and in no alert.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../sources/eve/place.ts';

const FOLDER = 'eve';
/** Of this form of the file. */
const VERSION = 1;

/** What the spool had: one life of it, and records appended in it. */
export interface Appended {
  readonly epoch: string;
  readonly records: number;
}

export interface Bookmark {
  /** Behind all that is taken for certain; before the line of an alert that is under way. */
  readonly place: Place;
  /** Offset behind the line that is under way; that of the place when there is none. */
  readonly next: number;
  /** Offset some seconds earlier, which also a failing power left in the spool. */
  readonly safe: number;
  readonly spool?: Appended | undefined;
}

export class BookmarkFile {
  readonly #path: string;

  /** @param state folder of the sensor's state @param source what is read */
  constructor(state: string, source: string) {
    const folder = join(state, FOLDER);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.json`);
  }

  /** Replaces it: a kill at any moment leaves the old one or the new one. */
  write(mark: Bookmark): void {
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, `${JSON.stringify({ version: VERSION, ...mark })}\n`, { mode: 0o600 });
    renameSync(fresh, this.#path);
  }

  /** @returns undefined when there is none, or it is damaged */
  read(): Bookmark | undefined {
    try {
      const mark: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return isBookmark(mark) ? mark : undefined;
    } catch {
      return undefined;
    }
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isBookmark(value: unknown): value is Bookmark {
  const { version, place, next, safe, spool } = value as Bookmark & { version?: number };
  return (
    version === VERSION &&
    [place.device, place.inode, place.headBytes, place.offset, next, safe].every(isCount) &&
    typeof place.head === 'string' &&
    (spool === undefined || (typeof spool.epoch === 'string' && isCount(spool.records)))
  );
}

/** Where to go on. @param has how many records the spool has of an epoch; undefined when it knows nothing of it */
export function resume(
  { place, next, safe, spool }: Bookmark,
  has: (epoch: string) => number | undefined,
): Place {
  if (spool === undefined) return place;
  const records = has(spool.epoch);
  if (records === undefined || records === spool.records) return place;
  return { ...place, offset: records > spool.records ? next : Math.min(safe, place.offset) };
}
