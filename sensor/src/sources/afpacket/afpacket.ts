// An interface as a source: the kernel's own ring, read in place, through everything that happens to an interface in years.
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import { SensorError } from '../../errors.ts';
import { BATCH_FRAMES } from '../capture.ts';
import { FrameBatch, type LiveSource, type LiveState, type LiveStatistics } from '../source.ts';
import { compile, keep } from './filter.ts';
import { indexOf, isUp, nameOf, offloadsOf } from './interface.ts';
import { type Kernel, loadKernel } from './kernel.ts';
import { EVENT_FLAGS, POLL } from './layout.ts';
import { type AfPacketOptions, checkOptions, withDefaults } from './options.ts';
import { NoRing, RingSocket } from './socket.ts';
import { openTcpdump } from './tcpdump.ts';

/** ms. A wait holds one of the process's four threads for files and names; so long at most may those wait for it. */
const WAIT = 100;
/** Batches in a row without a turn of the event loop: signals and timers are not starved by a full ring. */
const IN_A_ROW = 16;
/** ms between two looks at the interface and the kernel's counts, which have 32 bits. */
const LOOK_EVERY = 1000;
/** ms between two attempts to find an interface that is gone. */
const FIRST_RETRY = 100;
const LAST_RETRY = 5000;
/** ms within which a deaf socket's last block is handed over: ten times what the kernel takes. */
const DRAIN_WITHIN = 200;

class AfPacketSource implements LiveSource {
  readonly name: string;
  readonly warnings: readonly string[];
  readonly #kernel: Kernel;
  readonly #options: Required<Pick<AfPacketOptions, 'blockBytes' | 'blocks' | 'snapLength'>> &
    AfPacketOptions;
  readonly #batch = new FrameBatch(BATCH_FRAMES);
  /** Two entries: the socket, and the event that ends a wait. */
  readonly #fds = new Uint8Array(2 * POLL.length);
  readonly #fdView = new DataView(this.#fds.buffer);
  readonly #wake: number;
  readonly #closing = new AbortController();
  /** Undefined while the interface is gone. */
  #socket: RingSocket | undefined;
  #index = 0;
  #nameNow: string;
  #state: LiveState = 'up';
  #isRunning = false;
  /** Of sockets that are closed. */
  #before: LiveStatistics = { received: 0, dropped: 0, freezes: 0 };
  #looked = 0;

  constructor(kernel: Kernel, options: AfPacketOptions) {
    this.#kernel = kernel;
    this.#options = withDefaults(options);
    this.name = this.#nameNow = options.interface;
    this.#open();
    this.#wake = kernel.eventfd(0, EVENT_FLAGS);
    const offloads = offloadsOf(kernel, this.#socket!.fd, this.name);
    this.warnings =
      offloads.length === 0
        ? []
        : [
            `interface "${this.name}": ${offloads.join(' and ')} joins packets before they are seen; ` +
              `turn it off: ethtool -K ${this.name} ${offloads.map((offload) => `${offload} off`).join(' ')}`,
          ];
  }

  /** @throws SensorError, NoRing */
  #open(): void {
    const { interface: name, filter, snapLength } = this.#options;
    const kernel = this.#kernel;
    const index = indexOf(kernel, name);
    const socket = new RingSocket(kernel, { ...this.#options, index });
    try {
      const up = isUp(kernel, socket.fd, name);
      const { link } = socket.hardware;
      // One that is down has no handle of libpcap; then the program looks for VLAN tags inside of packets alone.
      const place = up ? { snapLength, link, name } : { snapLength, link };
      socket.listen(filter === undefined ? keep(snapLength) : compile(kernel.koffi, filter, place));
      this.#enter(up ? 'up' : 'down');
    } catch (error) {
      socket.close();
      throw error;
    }
    this.#socket = socket;
    this.#options.opened?.(socket.held);
    this.#index = index;
    this.#nameNow = name;
  }

  async *batches(): AsyncGenerator<FrameBatch> {
    this.#isRunning = true;
    const batch = this.#batch;
    let inARow = 0;
    let drainUntil = 0;
    try {
      // Ends: when it is closed and what the kernel had taken is handed out.
      for (;;) {
        const socket = this.#socket;
        if (socket === undefined) {
          if (this.#closing.signal.aborted) return;
          await this.#reopen();
          continue;
        }
        if (socket.ring.take(batch)) {
          yield batch;
          if (++inARow % IN_A_ROW === 0) await immediately();
          if (performance.now() >= this.#looked + LOOK_EVERY) this.#look(socket);
          continue;
        }
        const isLast = this.#closing.signal.aborted || this.#state === 'gone';
        if (isLast) {
          if (drainUntil === 0) {
            socket.deafen();
            drainUntil = performance.now() + DRAIN_WITHIN;
          }
          if (!socket.isDrained() && performance.now() < drainUntil) {
            await sleep(1);
            continue;
          }
          drainUntil = 0;
          this.#release();
          continue;
        }
        await this.#wait(socket);
      }
    } finally {
      this.#isRunning = false;
      this.#release();
      this.#kernel.close(this.#wake);
    }
  }

  async #wait(socket: RingSocket): Promise<void> {
    const view = this.#fdView;
    view.setInt32(POLL.fd, socket.fd, true);
    view.setInt16(POLL.events, POLL.in, true);
    view.setInt16(POLL.returned, 0, true);
    view.setInt32(POLL.length + POLL.fd, this.#wake, true);
    view.setInt16(POLL.length + POLL.events, POLL.in, true);
    await this.#kernel.poll(this.#fds, 2, WAIT);
    const hasFailed = (view.getInt16(POLL.returned, true) & POLL.error) !== 0;
    if (hasFailed) socket.clearError();
    if (hasFailed || this.#state !== 'up' || performance.now() >= this.#looked + LOOK_EVERY)
      this.#look(socket);
  }

  /** The index stays while the interface lives; its name may change. */
  #look(socket: RingSocket): void {
    this.#looked = performance.now();
    socket.statistics();
    const name = nameOf(this.#kernel, this.#index);
    if (name === undefined) return this.#enter('gone');
    if (name !== this.#nameNow) {
      this.#tell(`is called "${name}" now`);
      this.#nameNow = name;
    }
    this.#enter(isUp(this.#kernel, socket.fd, name) ? 'up' : 'down');
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closing;
    // Ends: when the interface is back or the source is closed.
    for (let delay = FIRST_RETRY; !signal.aborted; delay = Math.min(2 * delay, LAST_RETRY)) {
      await sleep(delay, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        return this.#open();
      } catch (error) {
        // Others of its group may still hold on to the interface that is gone.
        const wait = ['interface_missing', ...(this.#options.fanout === undefined ? [] : ['ring_refused'])];
        if (!(error instanceof SensorError && wait.includes(error.code))) throw error;
      }
    }
  }

  #release(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#options.closing?.(socket.held);
    socket.close();
    this.#before = sum(this.#before, socket.statistics());
    this.#socket = undefined;
  }

  #enter(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell(`is ${state}`);
  }

  #tell(line: string): void {
    this.#options.tell?.(`interface "${this.name}" ${line}`);
  }

  state(): LiveState {
    return this.#state;
  }

  statistics(): LiveStatistics {
    return this.#socket === undefined ? this.#before : sum(this.#before, this.#socket.statistics());
  }

  pressure(): number {
    return this.#socket?.ring.fill() ?? 0;
  }

  dropped(): number {
    return this.statistics().dropped;
  }

  progress(): undefined {
    return undefined;
  }

  /** Takes no more packets; the batches go on until those that were taken are handed out. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (this.#isRunning) {
      this.#socket?.deafen();
      this.#kernel.write(this.#wake, new Uint8Array(BigUint64Array.of(1n).buffer), 8);
    } else {
      this.#release();
      this.#kernel.close(this.#wake);
    }
  }
}

const sum = (a: LiveStatistics, b: LiveStatistics): LiveStatistics => ({
  received: a.received + b.received,
  dropped: a.dropped + b.dropped,
  freezes: a.freezes + b.freezes,
});

/**
 * Opens an interface. Where koffi or the kernel's ring is missing, tcpdump captures for us, and a warning says so.
 * @throws SensorError interface_missing, interface_unreadable, capture_not_permitted, ring_refused, filter_invalid,
 *   filter_without_libpcap, config_invalid
 */
export function openAfPacket(options: AfPacketOptions): LiveSource {
  checkOptions(options);
  const kernel = loadKernel();
  if (kernel instanceof Error && options.fanout === undefined)
    return openTcpdump(options, `koffi cannot be loaded (${kernel.message})`);
  // Each of a group would have all packets from a tcpdump of its own.
  if (kernel instanceof Error) throw alone(options, kernel);
  try {
    return new AfPacketSource(kernel, options);
  } catch (error) {
    if (error instanceof NoRing && options.fanout !== undefined) throw alone(options, error);
    if (error instanceof NoRing) return openTcpdump(options, `the kernel has no ring (${error.message})`);
    throw error;
  }
}

const alone = (options: AfPacketOptions, why: Error): SensorError =>
  new SensorError(
    'ring_refused',
    `interface "${options.interface}": several threads cannot share it without the kernel's ring (${why.message})`,
    'Run it with workers: 1.',
  );
