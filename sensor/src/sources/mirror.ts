// Mirrored traffic that comes as datagrams (VXLAN, GENEVE): what clouds send where no tap can stand.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { BlockList, isIP } from 'node:net';
import { SensorError } from '../errors.ts';
import { FrameBatch, type LiveSource, type LiveStatistics } from './source.ts';
import { socketDrops, socketWaiting } from './udp-drops.ts';

export interface MirrorOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Who may send; everybody when empty. */
  readonly from?: readonly { readonly address: string; readonly length: number; readonly family: 4 | 6 }[];
  /** Bytes that may wait in the kernel. */
  readonly receiveBytes?: number;
  /** Finds the frame inside: false when there is none, else `inner` says where. */
  readonly unwrap: (bytes: Uint8Array, at: number, end: number) => boolean;
  readonly inner: { readonly at: number; readonly link: number };
}

/** Frames and bytes that wait for the sensor: two of these, one filled while the other is read. */
const FRAMES = 8192;
const BYTES = 8 * 1024 * 1024;
/** ms between two looks at the kernel's table, which take some 50 µs: at ease, and while much waits. */
const ASK_EVERY = 100;
const ASK_SOON = 10;
const MUCH = 0.1;

class Filling {
  readonly batch = new FrameBatch(FRAMES);
  used = 0;

  constructor() {
    this.batch.bytes = new Uint8Array(BYTES);
  }

  get isEmpty(): boolean {
    return this.batch.count === 0;
  }

  clear(): void {
    this.batch.count = 0;
    this.used = 0;
  }
}

/** The kernel grants twice what it is asked for, up to twice its bound: told when that is less than was asked. */
export const shortOfRoom = (granted: number, asked: number | undefined): string[] =>
  asked !== undefined && granted < asked
    ? [
        `the kernel keeps ${granted >> 10} KiB waiting, not ${asked >> 10}: sysctl -w net.core.rmem_max=${asked}`,
      ]
    : [];

/** @throws SensorError source_unavailable when the address cannot be taken */
export async function openMirror(options: MirrorOptions): Promise<MirrorSource> {
  const type = isIP(options.address) === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    ...(options.receiveBytes !== undefined && { recvBufferSize: options.receiveBytes }),
  });
  const source = new MirrorSource(socket, type, options);
  socket.bind(options.port, options.address);
  try {
    await once(socket, 'listening');
  } catch (error) {
    throw new SensorError(
      'source_unavailable',
      `${options.address}:${options.port}: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  source.warnings = shortOfRoom(socket.getRecvBufferSize(), options.receiveBytes);
  return source;
}

export class MirrorSource implements LiveSource {
  readonly name: string;
  warnings: readonly string[] = [];
  /** Datagrams that held no frame, and those of strangers. */
  refused = 0;
  received = 0;
  #shed = 0;
  /** As the kernel said last. */
  #unread = 0;
  readonly #socket: Socket;
  readonly #type: 'udp4' | 'udp6';
  readonly #options: MirrorOptions;
  readonly #admitted: BlockList | undefined;
  #filling = new Filling();
  #spare = new Filling();
  #wake: (() => void) | undefined;
  #isClosed = false;
  /** Part of the kernel's room that was taken when it was last asked, and when that was. */
  #waiting = 0;
  #asked = Number.NEGATIVE_INFINITY;

  constructor(socket: Socket, type: 'udp4' | 'udp6', options: MirrorOptions) {
    this.name = `${options.address}:${options.port}`;
    this.#socket = socket;
    this.#type = type;
    this.#options = options;
    if (options.from !== undefined && options.from.length > 0) {
      this.#admitted = new BlockList();
      for (const { address, length, family } of options.from)
        this.#admitted.addSubnet(address, length, `ipv${family}`);
    }
    socket.on('message', (bytes, from) => this.#take(bytes, from));
    socket.on('close', () => this.close());
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async *batches(): AsyncGenerator<FrameBatch> {
    // Ends: when it is closed and what came is read.
    while (!this.#isClosed || !this.#filling.isEmpty) {
      if (this.#filling.isEmpty) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const full = this.#filling;
      this.#filling = this.#spare;
      yield full.batch;
      full.clear();
      this.#spare = full;
    }
  }

  #take(bytes: Uint8Array, from: RemoteInfo): void {
    const { unwrap, inner } = this.#options;
    if (this.#admitted?.check(from.address, from.family === 'IPv6' ? 'ipv6' : 'ipv4') === false) {
      this.refused++;
      return;
    }
    if (!unwrap(bytes, 0, bytes.length)) {
      this.refused++;
      return;
    }
    const length = bytes.length - inner.at;
    const { batch, used } = this.#filling;
    if (batch.count === FRAMES || used + length > BYTES) {
      this.#shed++;
      return;
    }
    this.received++;
    batch.bytes.set(bytes.subarray(inner.at), used);
    const i = batch.count++;
    batch.start[i] = used;
    batch.captured[i] = length;
    batch.wire[i] = length;
    batch.time[i] = Date.now() * 1000;
    batch.link[i] = inner.link;
    this.#filling.used = used + length;
    this.#wake?.();
    this.#wake = undefined;
  }

  progress(): undefined {}

  /** Of the kernel's room, and of ours. */
  pressure(): number {
    const now = performance.now();
    if (!this.#isClosed && now >= this.#asked + (this.#waiting > MUCH ? ASK_SOON : ASK_EVERY)) {
      this.#asked = now;
      this.#waiting = socketWaiting(this.#type, this.port) / this.#socket.getRecvBufferSize();
    }
    const { batch, used } = this.#filling;
    return Math.min(1, Math.max(this.#waiting, batch.count / FRAMES, used / BYTES));
  }

  /** By the kernel and for want of room here. */
  dropped(): number {
    if (!this.#isClosed) this.#unread = socketDrops(this.#type, this.port) ?? 0;
    return this.#shed + this.#unread;
  }

  statistics(): LiveStatistics {
    return { received: this.received, dropped: this.dropped(), freezes: 0 };
  }

  close(): void {
    if (this.#isClosed) return;
    this.dropped();
    this.#isClosed = true;
    this.#wake?.();
    try {
      this.#socket.close();
    } catch {
      // It was closed already.
    }
  }
}
