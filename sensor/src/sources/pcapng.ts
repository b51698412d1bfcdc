// pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the length again, in sections that each
// choose their byte order and number their interfaces anew.
//
//   block      type(4) length(4) body length(4)          length counts all of it and is a multiple of four
//   section    0a0d0d0a · length · byte-order magic(4) version(4) section length(8) options
//   interface  1 · length · link(2) reserved(2) snaplen(4) options
//   enhanced   6 · length · interface(4) time high(4) time low(4) captured(4) wire(4) frame options
//   simple     3 · length · wire(4) frame                 no time, always interface 0
//   obsolete   2 · length · interface(2) drops(2) time high(4) time low(4) captured(4) wire(4) frame options
//   statistics 5 · length · interface(4) time(8) options   packets that were lost
// Every other block is passed over unread, of whatever length, decryption secrets among them.
import { u16, u16le, u32, u32le } from '../bytes/read.ts';
import { SensorError } from '../errors.ts';
import { type CaptureFormat, type CaptureReader, MAX_RECORD_BYTES } from './capture.ts';
import type { FrameBatch } from './source.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const MIN_BLOCK = 12;
const OPTION_RESOLUTION = 9;
const OPTION_OFFSET = 14;
const OPTION_DROPPED_BY_INTERFACE = 5;
const OPTION_DROPPED_BY_SYSTEM = 7;
/** Of a packet: those that were lost since the one before it. */
const OPTION_DROPPED_BEFORE = 4;
/** The obsolete block's way to say that it does not know. */
const DROPS_UNKNOWN = 0xffff;
/** Interfaces of one section; a capture of every port of a large switch has fewer. */
const MAX_INTERFACES = 4096;

/** How an interface writes time. */
interface Interface {
  readonly link: number;
  readonly snaplen: number;
  /** 10^-n of a second when ≤ 9 and decimal; -1 for any other resolution, which `unitsPerSecond` gives. */
  readonly decimals: number;
  readonly unitsPerSecond: bigint;
  /** µs. */
  readonly offset: number;
  /** Packets that were lost: as statistics say, and as its packets say. */
  droppedInAll: number;
  droppedBetween: number;
}

/** Bytes of a block that is passed over; a length beyond it is a lie. */
const MAX_PASSED = 64 * 1024 * 1024;
const isPacket = (type: number): boolean =>
  type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;

class PcapngReader implements CaptureReader {
  readonly #name: string;
  #little = false;
  #interfaces: Interface[] = [];
  /** µs; what a packet without a time gets. */
  #lastTime = 0;
  #taken = 0;
  /** Packets that were lost in the sections before. */
  #dropped = 0;
  /** Bytes still to come of a block that is passed over. */
  #passing = 0;

  constructor(name: string) {
    this.#name = name;
  }

  dropped(): number {
    return this.#interfaces.reduce(
      (sum, { droppedInAll, droppedBetween }) => sum + Math.max(droppedInAll, droppedBetween),
      this.#dropped,
    );
  }

  unfinished(): number {
    return this.#passing;
  }

  walk(bytes: Uint8Array, from: number, end: number, batch: FrameBatch): number {
    let at = from + this.#pass(end - from);
    // Ends: every turn takes a block of at least MIN_BLOCK bytes, and the batch has a capacity.
    while (end - at >= MIN_BLOCK && batch.count < batch.capacity) {
      const isSection = u32(bytes, at) === SECTION;
      const little = isSection ? u32le(bytes, at + 8) === BYTE_ORDER_MAGIC : this.#little;
      const length = little ? u32le(bytes, at + 4) : u32(bytes, at + 4);
      const fault = this.#fault(bytes, at, length, isSection, little);
      if (fault !== undefined) {
        if (batch.count > 0) break;
        throw new SensorError(
          'capture_corrupt',
          `${this.#name}: block at byte ${this.#taken + at - from} ${fault}`,
        );
      }
      if (length > MAX_RECORD_BYTES) {
        this.#passing = length;
        at += this.#pass(end - at);
        continue;
      }
      if (end - at < length) break;
      if ((little ? u32le(bytes, at + length - 4) : u32(bytes, at + length - 4)) !== length) {
        if (batch.count > 0) break;
        throw new SensorError(
          'capture_corrupt',
          `${this.#name}: block at byte ${this.#taken + at - from} ends with another length`,
        );
      }
      this.#little = little;
      this.#block(bytes, at, at + length, isSection, batch);
      at += length;
    }
    this.#taken += at - from;
    return at - from;
  }

  /** Passes over what is there of a long block. @returns bytes */
  #pass(there: number): number {
    const taken = Math.min(this.#passing, there);
    this.#passing -= taken;
    return taken;
  }

  #fault(
    bytes: Uint8Array,
    at: number,
    length: number,
    isSection: boolean,
    little: boolean,
  ): string | undefined {
    if (isSection && !little && u32(bytes, at + 8) !== BYTE_ORDER_MAGIC)
      return 'starts a section of no byte order';
    const type = little ? u32le(bytes, at) : u32(bytes, at);
    const isLong = length > MAX_RECORD_BYTES;
    if (
      length < MIN_BLOCK ||
      (length & 3) !== 0 ||
      (isLong && (isSection || isPacket(type) || length > MAX_PASSED))
    )
      return 'has a length that cannot be';
    return undefined;
  }

  #u16(b: Uint8Array, at: number): number {
    return this.#little ? u16le(b, at) : u16(b, at);
  }

  #u32(b: Uint8Array, at: number): number {
    return this.#little ? u32le(b, at) : u32(b, at);
  }

  /** A whole block `[at, end)`. One that is too short for its type is passed over. */
  #block(b: Uint8Array, at: number, end: number, isSection: boolean, batch: FrameBatch): void {
    if (isSection) {
      this.#dropped = this.dropped();
      this.#interfaces = [];
      return;
    }
    const stop = end - 4;
    switch (this.#u32(b, at)) {
      case INTERFACE:
        if (stop >= at + 16 && this.#interfaces.length < MAX_INTERFACES)
          this.#interfaces.push(this.#interface(b, at, stop));
        break;
      case ENHANCED_PACKET:
        if (stop >= at + 28) {
          const on = this.#packet(b, this.#u32(b, at + 8), at, stop, batch);
          const behind = at + 28 + ((this.#u32(b, at + 20) + 3) & ~3);
          if (on !== undefined && behind < stop)
            on.droppedBetween += this.#option(b, behind, stop, OPTION_DROPPED_BEFORE, 8) ?? 0;
        }
        break;
      case OBSOLETE_PACKET:
        if (stop >= at + 28) {
          const on = this.#packet(b, this.#u16(b, at + 8), at, stop, batch);
          const drops = this.#u16(b, at + 10);
          if (on !== undefined && drops !== DROPS_UNKNOWN) on.droppedBetween += drops;
        }
        break;
      case SIMPLE_PACKET:
        if (stop >= at + 12) this.#simple(b, at, stop, batch);
        break;
      case STATISTICS:
        if (stop >= at + 20) this.#statistics(b, at, stop);
        break;
    }
  }

  #statistics(b: Uint8Array, at: number, stop: number): void {
    const on = this.#interfaces[this.#u32(b, at + 8)];
    if (on === undefined) return;
    const lost =
      (this.#option(b, at + 20, stop, OPTION_DROPPED_BY_INTERFACE, 8) ?? 0) +
      (this.#option(b, at + 20, stop, OPTION_DROPPED_BY_SYSTEM, 8) ?? 0);
    on.droppedInAll = Math.max(on.droppedInAll, lost);
  }

  /** @returns the interface, when there is one and the packet is whole */
  #packet(
    b: Uint8Array,
    interfaceNumber: number,
    at: number,
    stop: number,
    batch: FrameBatch,
  ): Interface | undefined {
    const on = this.#interfaces[interfaceNumber];
    const captured = this.#u32(b, at + 20);
    if (on === undefined || captured > stop - (at + 28)) return undefined;
    this.#lastTime = time(on, this.#u32(b, at + 12), this.#u32(b, at + 16));
    this.#put(batch, at + 28, captured, this.#u32(b, at + 24), on.link);
    return on;
  }

  #simple(b: Uint8Array, at: number, stop: number, batch: FrameBatch): void {
    const on = this.#interfaces[0];
    if (on === undefined) return;
    const wire = this.#u32(b, at + 8);
    const limit = on.snaplen === 0 ? wire : Math.min(wire, on.snaplen);
    this.#put(batch, at + 12, Math.min(limit, stop - (at + 12)), wire, on.link);
  }

  #put(batch: FrameBatch, start: number, captured: number, wire: number, link: number): void {
    const n = batch.count++;
    batch.start[n] = start;
    batch.captured[n] = captured;
    batch.wire[n] = wire;
    batch.time[n] = this.#lastTime;
    batch.link[n] = link;
  }

  #interface(b: Uint8Array, at: number, stop: number): Interface {
    const resolution = this.#option(b, at + 16, stop, OPTION_RESOLUTION, 1) ?? 6;
    const power = resolution & 0x7f;
    const isBinary = (resolution & 0x80) !== 0;
    return {
      link: this.#u16(b, at + 8),
      snaplen: this.#u32(b, at + 12),
      decimals: !isBinary && power <= 9 ? power : -1,
      unitsPerSecond: isBinary ? 1n << BigInt(power) : 10n ** BigInt(power),
      offset: (this.#option(b, at + 16, stop, OPTION_OFFSET, 8) ?? 0) * 1e6,
      droppedInAll: 0,
      droppedBetween: 0,
    };
  }

  /** Value of the first option of this code; undefined when it is absent or of another length. */
  #option(b: Uint8Array, at: number, stop: number, code: number, length: 1 | 8): number | undefined {
    // Ends: each turn goes at least four bytes on.
    while (at + 4 <= stop) {
      const is = this.#u16(b, at);
      const size = this.#u16(b, at + 2);
      if (is === 0 || at + 4 + size > stop) return undefined;
      if (is === code) {
        if (size !== length) return undefined;
        if (length === 1) return b[at + 4];
        const [high, low] = this.#little ? [at + 8, at + 4] : [at + 4, at + 8];
        // Two's complement: an offset may be negative.
        return (this.#u32(b, high) | 0) * 0x1_0000_0000 + this.#u32(b, low);
      }
      at += 4 + ((size + 3) & ~3);
    }
    return undefined;
  }
}

const UNITS = [1e6, 1e5, 1e4, 1e3, 100, 10, 1] as const; // µs a unit of 10^-n s

/** µs since 1970, whole: each step stays below 2^53. */
function time(on: Interface, high: number, low: number): number {
  if (on.decimals >= 0 && on.decimals <= 6)
    return (high * 0x1_0000_0000 + low) * UNITS[on.decimals] + on.offset;
  if (on.decimals === 9) {
    // 2^32 ns are 4,294,967 µs and 296 ns.
    return high * 4_294_967 + Math.floor((high * 296 + low) / 1000) + on.offset;
  }
  const units = (BigInt(high) << 32n) | BigInt(low);
  return Number((units * 1_000_000n) / on.unitsPerSecond) + on.offset;
}

export const pcapng = {
  name: 'pcapng',
  recognises: (head) =>
    u32(head, 0) === SECTION && (u32(head, 8) === BYTE_ORDER_MAGIC || u32le(head, 8) === BYTE_ORDER_MAGIC),
  open: (name) => new PcapngReader(name),
} as const satisfies CaptureFormat;
