// A packet socket with its ring. It is made deaf, bound, and only then lets packets in; nothing is ever sent through it.
import { SensorError } from '../../errors.ts';
import type { LiveStatistics } from '../source.ts';
import { fanoutByPair } from './fanout.ts';
import { keep } from './filter.ts';
import { type Hardware, hardwareOf } from './interface.ts';
import type { Kernel } from './kernel.ts';
import * as is from './layout.ts';
import type { Held } from './options.ts';
import { Ring } from './ring.ts';
import { TAG } from './vlan.ts';

export interface RingOptions {
  readonly interface: string;
  readonly index: number;
  readonly blockBytes: number;
  readonly blocks: number;
  readonly snapLength: number;
  readonly fanout?: { readonly group: number; readonly size: number };
  readonly ignoreOutgoing?: boolean;
}

/** ms after which the kernel hands over a block that is not full: how late a packet may be seen. */
const RETIRE_AFTER = 20;
/** The kernel asks for a frame size and does not use it in this version; it must divide the block. */
const FRAME_BYTES = 2048;

/** This kernel has no ring of the third version. */
export class NoRing extends Error {}

export class RingSocket {
  readonly fd: number;
  readonly hardware: Hardware;
  readonly ring: Ring;
  /** What the kernel holds for it. */
  held!: Held;
  readonly #kernel: Kernel;
  readonly #name: string;
  #received = 0;
  #dropped = 0;
  #freezes = 0;
  #isOpen = true;

  /** @throws SensorError capture_not_permitted, interface_missing, interface_unreadable, ring_refused; NoRing */
  constructor(kernel: Kernel, options: RingOptions) {
    this.#kernel = kernel;
    this.#name = options.interface;
    // No protocol: until it is bound it hears nothing, of no interface.
    this.fd = kernel.socket(is.AF_PACKET, is.SOCK_RAW | is.SOCK_CLOEXEC, 0);
    if (this.fd < 0) throw refusal(kernel, this.#name);
    try {
      this.hardware = hardwareOf(kernel, this.fd, this.#name);
      this.ring = this.#map(options);
    } catch (error) {
      kernel.close(this.fd);
      throw error;
    }
    try {
      this.deafen();
      this.#bind(options);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #map({ blockBytes, blocks, snapLength }: RingOptions): Ring {
    if (!this.#set(is.PACKET.version, [is.TPACKET_V3])) throw new NoRing(this.#kernel.errno());
    this.#must('PACKET_RESERVE', is.PACKET.reserve, [TAG]);
    const request = new Uint8Array(is.RING_REQUEST.length);
    const view = new DataView(request.buffer);
    view.setUint32(is.RING_REQUEST.blockBytes, blockBytes, true);
    view.setUint32(is.RING_REQUEST.blocks, blocks, true);
    view.setUint32(is.RING_REQUEST.frameBytes, FRAME_BYTES, true);
    view.setUint32(is.RING_REQUEST.frames, (blockBytes / FRAME_BYTES) * blocks, true);
    view.setUint32(is.RING_REQUEST.retireAfter, RETIRE_AFTER, true);
    const kernel = this.#kernel;
    const length = blockBytes * blocks;
    if (kernel.setsockopt(this.fd, is.SOL_PACKET, is.PACKET.ring, request, request.length) < 0)
      throw this.#refused(`a ring of ${length} bytes`);
    const address = kernel.mmap(length, is.PROT_READ_WRITE, is.MAP_SHARED, this.fd);
    if (address === is.MAP_FAILED) throw this.#refused(`a mapping of ${length} bytes`);
    this.held = { fd: this.fd, address, length };
    return new Ring(kernel, address, { blockBytes, blocks, snapLength, link: this.hardware.link });
  }

  #bind({ index, fanout, ignoreOutgoing = false }: RingOptions): void {
    if (ignoreOutgoing || this.hardware.isLoopback)
      this.#must('PACKET_IGNORE_OUTGOING', is.PACKET.ignoreOutgoing, [1]);
    const address = new Uint8Array(is.ADDRESS.length);
    const view = new DataView(address.buffer);
    view.setUint16(is.ADDRESS.family, is.AF_PACKET, true);
    view.setUint16(is.ADDRESS.protocol, is.ALL_PROTOCOLS, true);
    view.setInt32(is.ADDRESS.index, index, true);
    if (this.#kernel.bind(this.fd, address, address.length) < 0) throw this.#refused('bind');
    const membership = new Uint8Array(is.MEMBERSHIP.length);
    const member = new DataView(membership.buffer);
    member.setInt32(is.MEMBERSHIP.index, index, true);
    member.setUint16(is.MEMBERSHIP.type, is.MEMBERSHIP.promiscuous, true);
    if (
      this.#kernel.setsockopt(
        this.fd,
        is.SOL_PACKET,
        is.PACKET.addMembership,
        membership,
        membership.length,
      ) < 0
    )
      throw this.#refused('promiscuous mode');
    if (fanout === undefined) return;
    this.#must(`fanout group ${fanout.group}`, is.PACKET.fanout, [fanout.group | (is.FANOUT_PROGRAM << 16)]);
    if (!this.#run(is.SOL_PACKET, is.PACKET.fanoutData, fanoutByPair()))
      throw this.#refused(`the program of fanout group ${fanout.group}`);
  }

  /** From now on the kernel keeps of each packet what the program says. */
  listen(program: Uint8Array): void {
    if (!this.#attach(program)) throw this.#refused('a filter');
  }

  /** From now on no packet is taken; those that were are still to be read. */
  deafen(): void {
    this.#attach(keep(0));
  }

  #attach(instructions: Uint8Array): boolean {
    return this.#run(is.SOL_SOCKET, is.SO_ATTACH_FILTER, instructions);
  }

  /** Gives the kernel a program. */
  #run(level: number, name: number, instructions: Uint8Array): boolean {
    const program = new Uint8Array(is.PROGRAM.length);
    const view = new DataView(program.buffer);
    view.setUint16(is.PROGRAM.count, instructions.length / is.INSTRUCTION.length, true);
    view.setBigUint64(is.PROGRAM.address, this.#kernel.addressOf(instructions), true);
    return this.#kernel.setsockopt(this.fd, level, name, program, program.length) === 0;
  }

  /** Fetches what the kernel counted since it was last asked. */
  statistics(): LiveStatistics {
    if (this.#isOpen) {
      const counts = new Uint8Array(is.STATISTICS.length);
      const length = Uint32Array.of(counts.length);
      if (this.#kernel.getsockopt(this.fd, is.SOL_PACKET, is.PACKET.statistics, counts, length) === 0) {
        const view = new DataView(counts.buffer);
        const drops = view.getUint32(is.STATISTICS.drops, true);
        this.#received += view.getUint32(is.STATISTICS.packets, true) - drops;
        this.#dropped += drops;
        this.#freezes += view.getUint32(is.STATISTICS.freezes, true);
      }
    }
    return { received: this.#received, dropped: this.#dropped, freezes: this.#freezes };
  }

  /** True when all that the kernel put into the ring was handed out; meant for a deaf socket. */
  isDrained(): boolean {
    return this.ring.walked >= this.statistics().received;
  }

  /** The error that waits on the socket, which it forgets: an interface went down. */
  clearError(): void {
    const error = new Uint8Array(4);
    this.#kernel.getsockopt(this.fd, is.SOL_SOCKET, is.SO_ERROR, error, Uint32Array.of(error.length));
  }

  /** What the kernel took and nobody read by now is lost, and counted as such. */
  close(): void {
    if (!this.#isOpen) return;
    this.statistics();
    this.#isOpen = false;
    this.#dropped += this.#received - this.ring.walked;
    this.#received = this.ring.walked;
    this.ring.unmap();
    this.#kernel.close(this.fd);
  }

  #set(name: number, words: readonly number[]): boolean {
    const value = new Uint8Array(Uint32Array.from(words).buffer);
    return this.#kernel.setsockopt(this.fd, is.SOL_PACKET, name, value, value.length) === 0;
  }

  #must(what: string, name: number, words: readonly number[]): void {
    if (!this.#set(name, words)) throw this.#refused(what);
  }

  #refused(what: string): SensorError {
    return new SensorError(
      'ring_refused',
      `interface "${this.#name}": the kernel refuses ${what} (${this.#kernel.errno()})`,
    );
  }
}

/** Lets go of what a thread held that is no more. @returns packets that the kernel counted for nobody since it was last asked */
export function abandon(kernel: Kernel, { fd, address, length }: Held): number {
  const counts = new Uint8Array(is.STATISTICS.length);
  const asked = kernel.getsockopt(
    fd,
    is.SOL_PACKET,
    is.PACKET.statistics,
    counts,
    Uint32Array.of(counts.length),
  );
  kernel.munmap(address, length);
  kernel.close(fd);
  return asked === 0 ? new DataView(counts.buffer).getUint32(is.STATISTICS.packets, true) : 0;
}

function refusal(kernel: Kernel, name: string): Error {
  const reason = kernel.errno();
  if (reason === 'EPERM' || reason === 'EACCES')
    return new SensorError('capture_not_permitted', `interface "${name}": needs CAP_NET_RAW (${reason})`);
  return new NoRing(reason);
}
