// A collector: a UDP port at which exporters are heard, if they may be, and what the kernel had no room for is counted.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { BlockList, isIP } from 'node:net';
import { SensorError } from '../../errors.ts';
import type { LiveStatistics } from '../source.ts';
import { socketDrops, socketsAt } from '../udp-drops.ts';
import type { CollectorCounters } from './counters.ts';
import { ExportDecoder, type ExportSink } from './decoder.ts';
import type { Bounds, Exporter } from './exporter.ts';
import type { ExportKind } from './record.ts';

export interface CollectorOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** All unless they are named. */
  readonly kinds?: readonly ExportKind[];
  /** Who may export; everybody when empty. */
  readonly exporters?: readonly {
    readonly address: string;
    readonly length: number;
    readonly family: 4 | 6;
  }[];
  /** Bytes that may wait in the kernel; it grants no more than net.core.rmem_max. */
  readonly receiveBytes?: number;
  /** Several collectors at one port: the kernel shares out the exporters among them. */
  readonly reusePort?: boolean;
  readonly bounds?: Bounds;
  readonly on: ExportSink;
}

/** An IPv4 address as a socket of both families sees it. */
const MAPPED = '::ffff:';

/** @throws SensorError source_unavailable when the address cannot be taken */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { address, port, receiveBytes, reusePort = false } = options;
  const type = isIP(address) === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({
    type,
    reusePort,
    ...(receiveBytes !== undefined && { recvBufferSize: receiveBytes }),
  });
  const collector = new Collector(socket, type, options);
  const others = new Set(reusePort ? socketsAt(type, port) : []);
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
  } catch (error) {
    throw new SensorError(
      'source_unavailable',
      `${address}:${port}: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  // With several at one port, each has drops of its own: ours is the one that was not there before.
  if (reusePort) collector.inode = socketsAt(type, collector.port).find((inode) => !others.has(inode));
  return collector;
}

export class Collector {
  readonly name: string;
  readonly #socket: Socket;
  readonly #type: 'udp4' | 'udp6';
  readonly #decoder: ExportDecoder;
  readonly #admitted: BlockList | undefined;
  /** Of our socket, where others listen at the same port. */
  inode: string | undefined;
  #unread = 0;
  #isClosed = false;

  constructor(socket: Socket, type: 'udp4' | 'udp6', options: CollectorOptions) {
    const { address, port, kinds, exporters = [], bounds, on } = options;
    this.name = `${address}:${port}`;
    this.#socket = socket;
    this.#type = type;
    this.#decoder = new ExportDecoder(on, kinds, bounds);
    if (exporters.length > 0) {
      this.#admitted = new BlockList();
      for (const { address, length, family } of exporters)
        this.#admitted.addSubnet(address, length, `ipv${family}`);
    }
    socket.on('message', (bytes, from) => this.#take(bytes, from));
    // Errors of the network (an ICMP that came back) end nothing here.
    socket.on('error', () => {});
  }

  #take(bytes: Uint8Array, { address, family }: RemoteInfo): void {
    const { counters } = this.#decoder;
    if (this.#admitted?.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4') === false) {
      counters.datagrams++;
      counters.refused++;
      counters.faults.exporter_refused++;
      return;
    }
    const exporter = address.startsWith(MAPPED) ? address.substring(MAPPED.length) : address;
    this.#decoder.take(bytes, 0, bytes.length, exporter, Date.now() * 1000);
    // Samples of packets hold what people said: it was looked at, and goes.
    bytes.fill(0);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Of all exporters; those of each stand with it. */
  get counters(): CollectorCounters {
    return this.#decoder.counters;
  }

  /** The longest silent first. */
  exporters(): IterableIterator<Exporter> {
    return this.#decoder.exporters.values();
  }

  /** Bytes that may wait, as the kernel granted them. */
  get receiveBytes(): number {
    return this.#socket.getRecvBufferSize();
  }

  /** Datagrams that the kernel threw away. */
  dropped(): number {
    if (!this.#isClosed) this.#unread = socketDrops(this.#type, this.port, this.inode) ?? this.#unread;
    return this.#unread;
  }

  statistics(): LiveStatistics {
    return { received: this.counters.datagrams, dropped: this.dropped(), freezes: 0 };
  }

  close(): void {
    if (this.#isClosed) return;
    this.dropped();
    this.#isClosed = true;
    this.#socket.close();
  }
}
