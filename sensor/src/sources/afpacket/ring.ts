// A ring that the kernel fills, read where it lies: a batch is one block, and the block goes back when the next is asked for.
import type { FrameBatch } from '../source.ts';
import type { Kernel } from './kernel.ts';
import { BLOCK, FRAME, STATUS } from './layout.ts';
import { restoreTag, TAG } from './vlan.ts';

export interface RingShape {
  readonly blockBytes: number;
  readonly blocks: number;
  readonly link: number;
  /** No frame is longer, those too into which a tag was put back. */
  readonly snapLength: number;
}

export class Ring {
  /** All blocks, one after the other. Empty once it is unmapped. */
  readonly bytes: Uint8Array;
  /** Frames handed out. */
  walked = 0;
  readonly #kernel: Kernel;
  readonly #address: bigint;
  readonly #memory: ArrayBuffer;
  readonly #view: DataView;
  /** The same bytes as numbers: a status is taken and given with the order of memory that both sides need. */
  readonly #words: Int32Array;
  readonly #blockBytes: number;
  readonly #blocks: number;
  readonly #link: number;
  readonly #snapLength: number;
  /** The block that is read, or that the kernel fills now. */
  #block = 0;
  /** Frames of it that are still to come, and where the next one is; −1 before it is opened. */
  #left = -1;
  #at = 0;

  /** @param address of the mapping, `blockBytes × blocks` bytes, which the ring unmaps */
  constructor(kernel: Kernel, address: bigint, { blockBytes, blocks, link, snapLength }: RingShape) {
    this.#kernel = kernel;
    this.#address = address;
    this.#blockBytes = blockBytes;
    this.#blocks = blocks;
    this.#link = link;
    this.#snapLength = snapLength;
    this.#memory = kernel.view(address, blockBytes * blocks);
    this.bytes = new Uint8Array(this.#memory);
    this.#view = new DataView(this.#memory);
    this.#words = new Int32Array(this.#memory);
  }

  /** Gives back what was read, and fills the batch from the next block. @returns false when the kernel has none ready */
  take(batch: FrameBatch): boolean {
    batch.bytes = this.bytes;
    batch.count = 0;
    // Ends: after so many turns each block was looked at. An empty one is passed over.
    for (let turn = 0; turn <= this.#blocks; turn++) {
      if (this.#left === 0) this.#giveBack();
      if (this.#left < 0 && !this.#open()) return false;
      this.#walk(batch);
      if (batch.count > 0) return true;
    }
    return false;
  }

  /** Part of the blocks that wait to be read, 0 … 1: the kernel fills them in turn, so the first of its own ends them. */
  fill(): number {
    let ours = 0;
    let all = this.#memory.detached ? 0 : this.#blocks;
    // Ends: each turn halves what is left.
    while (ours < all) {
      const middle = (ours + all) >> 1;
      if (this.#isOurs((this.#block + middle) % this.#blocks)) ours = middle + 1;
      else all = middle;
    }
    return ours / this.#blocks;
  }

  #isOurs(block: number): boolean {
    const status = (block * this.#blockBytes + BLOCK.status) >> 2;
    return (Atomics.load(this.#words, status) & STATUS.user) !== 0;
  }

  #open(): boolean {
    const at = this.#block * this.#blockBytes;
    if (!this.#isOurs(this.#block)) return false;
    this.#left = this.#view.getUint32(at + BLOCK.packets, true);
    this.#at = at + this.#view.getUint32(at + BLOCK.first, true);
    return true;
  }

  #giveBack(): void {
    const at = this.#block * this.#blockBytes;
    Atomics.store(this.#words, (at + BLOCK.status) >> 2, STATUS.kernel);
    this.#block = (this.#block + 1) % this.#blocks;
    this.#left = -1;
  }

  #walk(batch: FrameBatch): void {
    const view = this.#view;
    const bytes = this.bytes;
    const link = this.#link;
    const end = (this.#block + 1) * this.#blockBytes;
    const { capacity, start, captured: lengths, wire: wires, time, link: links } = batch;
    let left = this.#left;
    let at = this.#at;
    let n = 0;
    // Ends: the batch has a capacity and the block a count of frames, and each stands behind the one before.
    for (; left > 0 && n < capacity; left--) {
      if (at + FRAME.header > end) {
        left = 0;
        break;
      }
      let from = at + view.getUint16(at + FRAME.mac, true);
      let captured = view.getUint32(at + FRAME.captured, true);
      let wire = view.getUint32(at + FRAME.wire, true);
      if (from + captured > end) {
        left = 0;
        break;
      }
      const status = view.getUint32(at + FRAME.status, true);
      if ((status & STATUS.vlanValid) !== 0 && restoreTag(bytes, view, at, from, captured, status)) {
        from -= TAG;
        captured = Math.min(captured + TAG, this.#snapLength);
        wire += TAG;
      }
      start[n] = from;
      lengths[n] = captured;
      wires[n] = wire;
      time[n] =
        view.getUint32(at + FRAME.seconds, true) * 1e6 +
        Math.floor(view.getUint32(at + FRAME.nanoseconds, true) / 1000);
      links[n] = link;
      n++;
      const next = view.getUint32(at + FRAME.next, true);
      // The last frame of a block leads nowhere; one that led backwards would go in circles.
      if (next < FRAME.header) {
        left = 0;
        break;
      }
      at += next;
    }
    batch.count = n;
    this.walked += n;
    this.#left = left;
    this.#at = at;
  }

  /** Nothing may read the batch after this; whoever does reads nothing. */
  unmap(): void {
    if (this.#memory.detached) return;
    const { byteLength } = this.#memory;
    this.#memory.transfer(0);
    this.#kernel.munmap(this.#address, byteLength);
  }
}
