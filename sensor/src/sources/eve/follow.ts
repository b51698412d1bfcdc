// Follows a file that another program adds lines to: through rotation (renamed or cut), absence, and our own restarts.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { SensorError } from '../../errors.ts';
import { Lines, type TakeLine } from './lines.ts';
import { isAt, isWhole, type Place, placeIn } from './place.ts';

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024;
/** Files beside ours that are looked through for the one that was left, and for those between. */
const MAX_BESIDE = 1024;

export interface FollowOptions {
  readonly path: string;
  readonly take: TakeLine;
  /** Where reading ended before; undefined: it never began. */
  readonly place?: Place | undefined;
  /** Without a place, whether what the file holds already is read. */
  readonly fromStart: boolean;
  /** One line for people. */
  readonly say: (line: string) => void;
}

/** What befell the file. */
export interface FollowCounts {
  /** It was moved away, and another stands in its place. */
  rotated: number;
  /** It was cut. */
  truncated: number;
  /** Lines that were not whole when their file ended. */
  cut: number;
  /** Files that were gone before they were read to their end. */
  lost: number;
}

export class Follower {
  readonly counts: FollowCounts = { rotated: 0, truncated: 0, cut: 0, lost: 0 };
  readonly #options: FollowOptions;
  readonly #lines: Lines;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #fd: number | undefined;
  /** Files that are older than the one at the path and not read yet, oldest first. */
  #waiting: string[] = [];
  #place: Place | undefined;
  #isNew = true;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#place = options.place;
    this.#lines = new Lines(options.take, options.place?.offset ?? 0);
  }

  get long(): number {
    return this.#lines.long;
  }

  /** The first look, without reading. @throws SensorError file_unreadable */
  open(): void {
    this.#open();
  }

  /** False while there is no file. */
  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** Where reading stands: behind the last whole line. Undefined before there was a file. */
  get place(): Place | undefined {
    const fd = this.#fd;
    return fd === undefined ? this.#place : placeIn(fd, fstatSync(fd), this.#lines.start);
  }

  /**
   * Reads a piece of what is there.
   * @returns whether there may be more at once
   * @throws SensorError file_unreadable for a file that is there and may not be read
   */
  step(): boolean {
    if (this.#fd === undefined && !this.#open()) return false;
    const fd = this.#fd as number;
    // In this order: once another file has bytes, its writer has left ours, and what ours has then is all.
    const isLeft = this.#isLeft(fd);
    if (this.#isCut(fd)) {
      this.counts.truncated++;
      this.#begin(fd, 0);
    }
    const read = readSync(fd, this.#chunk, 0, CHUNK_BYTES, this.#lines.offset);
    if (read > 0) {
      this.#lines.push(this.#chunk, 0, read);
      if (!isWhole(this.#place)) this.mark();
      return true;
    }
    if (!isLeft) return false;
    this.#leave();
    return true;
  }

  #open(): boolean {
    const { path } = this.#options;
    if (this.#isNew) {
      this.#isNew = false;
      this.#takeUp();
      if (this.#fd !== undefined) return true;
    }
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const fd = openIt(next);
      if (fd === undefined) continue;
      this.#begin(fd, 0);
      return true;
    }
    const fd = openIt(path);
    if (fd === undefined) return false;
    this.#begin(fd, 0);
    return true;
  }

  /** The first look: goes on where an earlier run ended, whatever its file is called by now. */
  #takeUp(): void {
    const { path, place, fromStart, say } = this.#options;
    if (place === undefined) {
      const fd = openIt(path);
      if (fd !== undefined) this.#begin(fd, fromStart ? 0 : endOf(fd));
      return;
    }
    const others = beside(path);
    const isOurs = (file: string): boolean => {
      const fd = openIt(file);
      if (fd === undefined) return false;
      if (isAt(place, fd, fstatSync(fd))) {
        this.#begin(fd, place.offset);
        return true;
      }
      closeSync(fd);
      return false;
    };
    if (isOurs(path)) return;
    const found = others.findIndex(({ file }) => isOurs(file));
    // Those that are younger come between it and the one at the path.
    this.#waiting = others.slice(found + 1).map(({ file }) => file);
    if (found < 0) {
      this.#waiting = [];
      this.counts.lost++;
      say(`${path}: the file that was read before is gone or was cut; what it still held is lost`);
    }
  }

  /** Another file stands at the path, and has bytes; or this one was not the last to be read. */
  #isLeft(fd: number): boolean {
    if (this.#waiting.length > 0) return true;
    const now = statSync(this.#options.path, { throwIfNoEntry: false });
    if (now === undefined || now.size === 0) return false;
    const { dev, ino } = fstatSync(fd);
    return now.dev !== dev || now.ino !== ino;
  }

  /** Shorter than it was, or with another beginning: it was copied and emptied. */
  #isCut(fd: number): boolean {
    const stat = fstatSync(fd);
    const { offset } = this.#lines;
    if (stat.size < offset) return true;
    const place = this.#place;
    return place !== undefined && !isAt({ ...place, offset: 0 }, fd, stat);
  }

  #begin(fd: number, offset: number): void {
    if (this.#fd !== undefined && this.#fd !== fd) closeSync(this.#fd);
    if (this.#lines.isPartial) this.counts.cut++;
    this.#fd = fd;
    this.#lines.restart(offset);
    this.#place = placeIn(fd, fstatSync(fd), offset);
  }

  /** Where reading stands; how the file begins is remembered. */
  mark(): Place | undefined {
    return (this.#place = this.place);
  }

  #leave(): void {
    this.counts.rotated++;
    if (this.#waiting.length === 0) {
      // Rotated more than once while it was read: those between are read as well.
      const others = beside(this.#options.path);
      const own = others.findIndex(({ inode }) => inode === this.#place?.inode);
      if (own >= 0) this.#waiting = others.slice(own + 1).map(({ file }) => file);
    }
    this.close();
    if (this.#lines.isPartial) this.counts.cut++;
    this.#lines.restart(0);
    this.#place = undefined;
  }

  close(): void {
    if (this.#fd === undefined) return;
    this.#place = this.place;
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** @returns undefined when there is none @throws SensorError file_unreadable */
function openIt(path: string): number | undefined {
  try {
    const fd = openSync(path, 'r');
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    throw new SensorError('file_unreadable', `${path}: is no file`);
  } catch (error) {
    if (error instanceof SensorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SensorError('file_unreadable', `${path}: ${code}`);
  }
}

/** Offset behind the last whole line. */
function endOf(fd: number): number {
  const { size } = fstatSync(fd);
  const last = new Uint8Array(Math.min(size, CHUNK_BYTES));
  readSync(fd, last, 0, last.length, size - last.length);
  return size - last.length + last.lastIndexOf(0x0a) + 1;
}

/** Characters of the dates and numbers that rotation adds to a name. */
const WHEN = String.raw`\d[\d_.:T-]*`;
const quoted = (text: string): string => text.replaceAll(/[^\w]/g, String.raw`\$&`);

interface Beside {
  readonly file: string;
  readonly inode: number;
  readonly modified: number;
}

/** What rotation makes of `eve.json`: `eve.json.1`, `eve.json-20260105`, `eve-20260105.json`; oldest first. Packed ones are over. */
function beside(path: string): Beside[] {
  const folder = dirname(path);
  const { name, ext, base } = parse(path);
  // `eve.9.json` is what another thread writes.
  const rotated = new RegExp(
    `^(?:${quoted(base)}[.-]${WHEN}|${quoted(name)}[.-](?=\\d{8})${WHEN}${quoted(ext)})$`,
  );
  try {
    return readdirSync(folder)
      .filter((one) => rotated.test(one))
      .slice(0, MAX_BESIDE)
      .flatMap((one) => {
        const file = join(folder, one);
        const stat = statSync(file, { throwIfNoEntry: false });
        return stat?.isFile() ? [{ file, inode: stat.ino, modified: stat.mtimeMs }] : [];
      })
      .sort((a, b) => a.modified - b.modified);
  } catch {
    return [];
  }
}
