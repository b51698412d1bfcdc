// A stream socket that Suricata connects to and writes its lines into (`filetype: unix_stream`): we listen.
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { SensorError } from '../../errors.ts';
import { Lines, type TakeLine } from './lines.ts';

/** What stands before a socket's path where a file's may stand. */
export const SOCKET_PREFIX = 'unix:';
/** Longest path that a socket address holds, bytes (sun_path, with its closing zero). */
export const MAX_SOCKET_PATH = 107;
/** Suricata opens one, or one for each of its threads. */
const MAX_CONNECTIONS = 64;
/** Its user and its group: whoever may write here is believed. */
const MODE = 0o660;

export interface EveSocketOptions {
  readonly path: string;
  readonly take: TakeLine;
}

export class EveSocket {
  readonly counts = { connections: 0, refused: 0, cut: 0 };
  readonly #options: EveSocketOptions;
  readonly #open = new Set<Socket>();
  #long = 0;
  #server: Server | undefined;

  constructor(options: EveSocketOptions) {
    this.#options = options;
  }

  /** Connections that are open. */
  get connected(): number {
    return this.#open.size;
  }

  get long(): number {
    return this.#long;
  }

  /** @throws SensorError source_unavailable */
  async listen(): Promise<void> {
    const { path } = this.#options;
    await clearAway(path);
    const server = createServer((socket) => this.#connected(socket));
    this.#server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
      chmodSync(path, MODE);
    } catch (error) {
      throw new SensorError('source_unavailable', `${path}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }

  #connected(socket: Socket): void {
    if (this.#open.size >= MAX_CONNECTIONS) {
      this.counts.refused++;
      socket.destroy();
      return;
    }
    this.counts.connections++;
    this.#open.add(socket);
    const lines = new Lines(this.#options.take);
    socket.on('data', (bytes) => {
      const before = lines.long;
      lines.push(bytes, 0, bytes.length);
      this.#long += lines.long - before;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (lines.isPartial) this.counts.cut++;
      this.#open.delete(socket);
    });
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#open) socket.destroy();
  }
}

/** A socket that nobody listens at any more was left by a run that was killed. @throws SensorError source_unavailable */
async function clearAway(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) throw new SensorError('source_unavailable', `${path}: is there, and no socket`);
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (isAlive) throw new SensorError('source_unavailable', `${path}: somebody listens there already`);
  rmSync(path, { force: true });
}
