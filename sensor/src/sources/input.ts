// Bytes of a capture from a file, a compressed file or standard input, read into the reader's own buffer.
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { SensorError } from '../errors.ts';

export interface Input {
  readonly name: string;
  /** Fills `into[at, end)` as far as it can. @returns bytes written; 0 only at the end of the input */
  read(into: Uint8Array, at: number, end: number): number | Promise<number>;
  progress(): number | undefined;
  close(): void;
}

class FileInput implements Input {
  readonly name: string;
  readonly #fd: number;
  readonly #size: number;
  #position = 0;
  #isOpen = true;

  constructor(name: string, fd: number) {
    this.name = name;
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
  }

  read(into: Uint8Array, at: number, end: number): number {
    if (!this.#isOpen) return 0;
    const n = readSync(this.#fd, into, at, end - at, this.#position);
    this.#position += n;
    return n;
  }

  progress(): number | undefined {
    return this.#size > 0 ? Math.min(1, this.#position / this.#size) : undefined;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}

/** Pulls from a stream; what does not fit into the caller's buffer waits for the next call. */
class StreamInput implements Input {
  readonly name: string;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #share: () => number | undefined;
  readonly #stop: () => void;
  #rest: Uint8Array = new Uint8Array(0);
  #isClosed = false;

  constructor(name: string, stream: Readable, share: () => number | undefined, stop: () => void) {
    this.name = name;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#share = share;
    this.#stop = stop;
  }

  async read(into: Uint8Array, at: number, end: number): Promise<number> {
    while (this.#rest.length === 0) {
      const next = await this.#next();
      if (next === undefined) return 0;
      this.#rest = next;
    }
    const n = Math.min(end - at, this.#rest.length);
    into.set(this.#rest.subarray(0, n), at);
    this.#rest = this.#rest.subarray(n);
    return n;
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await this.#chunks.next();
      return done ? undefined : value;
    } catch (error) {
      if (this.#isClosed) return undefined;
      throw new SensorError('capture_truncated', `${this.name}: ${(error as Error).message}`);
    }
  }

  progress(): number | undefined {
    return this.#share();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }
}

/** What another program writes. @param stop ends it */
export const programInput = (name: string, stream: Readable, stop: () => void): Input =>
  new StreamInput(name, stream, () => undefined, stop);

/** A named pipe: it is listened to, so that one in which nothing comes can be closed. */
function pipeInput(path: string, fd: number): Input {
  const pipe = new Socket({ fd, readable: true, writable: false });
  return new StreamInput(
    path,
    pipe,
    () => undefined,
    () => pipe.destroy(),
  );
}

const DECOMPRESS: readonly { magic: readonly number[]; open: () => NodeJS.ReadWriteStream }[] = [
  { magic: [0x1f, 0x8b], open: () => createGunzip() },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], open: () => createZstdDecompress() },
];

/** Compressed in ways that nothing here reads: told by name, so that people know what to do. */
const UNREAD: readonly { magic: readonly number[]; name: string }[] = [
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'lz4' },
  { magic: [0x02, 0x21, 0x4c, 0x18], name: 'lz4' },
  { magic: [0xfd, 0x37, 0x7a, 0x58], name: 'xz' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2' },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'zip' },
];

/** Opens a file (`-` is standard input). Compression is told by its magic bytes, not by the file's name. */
export function openInput(path: string): Input {
  if (path === '-')
    return new StreamInput(
      'standard input',
      process.stdin,
      () => undefined,
      () => process.stdin.destroy(),
    );
  let fd: number;
  try {
    // A pipe without a writer would hold up everything until one comes.
    const isPipe = statSync(path).isFIFO();
    fd = openSync(path, constants.O_RDONLY | (isPipe ? constants.O_NONBLOCK : 0));
    if (isPipe) return pipeInput(path, fd);
  } catch (error) {
    throw new SensorError(
      'file_unreadable',
      `${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be opened'}`,
    );
  }
  const stat = fstatSync(fd);
  if (stat.isDirectory()) {
    closeSync(fd);
    throw new SensorError('file_unreadable', `${path}: is a directory`);
  }
  if (!stat.isFile()) {
    const pipe = createReadStream(path, { fd });
    return new StreamInput(
      path,
      pipe,
      () => undefined,
      () => pipe.destroy(),
    );
  }
  const head = new Uint8Array(4);
  const size = stat.size;
  const headLength = readSync(fd, head, 0, 4, 0);
  const starts = ({ magic }: { magic: readonly number[] }) =>
    headLength === 4 && magic.every((byte, i) => head[i] === byte);
  const unread = UNREAD.find(starts);
  if (unread !== undefined) {
    closeSync(fd);
    throw new SensorError(
      'not_a_capture',
      `${path}: is compressed with ${unread.name}`,
      `Decompress it first: only .gz and .zst are read as they are.`,
    );
  }
  const compressed = DECOMPRESS.find(starts);
  if (compressed === undefined) return new FileInput(path, fd);
  const file = createReadStream(path, { fd, start: 0, highWaterMark: 256 * 1024 });
  const plain = compressed.open() as unknown as Readable;
  file.on('error', (error) => plain.destroy(error));
  file.pipe(plain as unknown as NodeJS.WritableStream);
  return new StreamInput(
    path,
    plain,
    () => (size > 0 ? Math.min(1, file.bytesRead / size) : undefined),
    () => {
      file.destroy();
      plain.destroy();
    },
  );
}
