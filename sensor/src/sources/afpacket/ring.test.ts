// The ring over memory that a test fills as the kernel would, and as no kernel should.
import { expect, test } from 'vitest';
import { FrameBatch, LINK } from '../source.ts';
import type { Kernel } from './kernel.ts';
import { BLOCK, FRAME, STATUS } from './layout.ts';
import { Ring } from './ring.ts';

const BLOCK_BYTES = 4096;
const BLOCKS = 3;
const MAC = 82;

interface Put {
  readonly bytes: readonly number[];
  readonly tag?: { readonly tci: number; readonly type?: number };
  /** Where the packet stands in its frame. */
  readonly mac?: number;
  readonly captured?: number;
  readonly next?: number;
}

class FakeKernel {
  readonly memory = new ArrayBuffer(BLOCK_BYTES * BLOCKS);
  readonly view = new DataView(this.memory);
  readonly unmapped: number[] = [];
  readonly ring: Ring;

  constructor(snapLength = 1000) {
    const kernel = {
      view: () => this.memory,
      munmap: (_: bigint, length: number) => this.unmapped.push(length),
    } as unknown as Kernel;
    const shape = { blockBytes: BLOCK_BYTES, blocks: BLOCKS, link: LINK.ethernet, snapLength };
    this.ring = new Ring(kernel, 0n, shape);
  }

  fill(block: number, frames: readonly Put[], claims = frames.length): void {
    const at = block * BLOCK_BYTES;
    let frame = at + BLOCK.header;
    this.view.setUint32(at + BLOCK.packets, claims, true);
    this.view.setUint32(at + BLOCK.first, BLOCK.header, true);
    for (const [i, { bytes, tag, mac = MAC, captured = bytes.length, next = 160 }] of frames.entries()) {
      this.view.setUint32(frame + FRAME.next, i === frames.length - 1 ? 0 : next, true);
      this.view.setUint32(frame + FRAME.seconds, 1_700_000_000 + block, true);
      this.view.setUint32(frame + FRAME.nanoseconds, 1999 + i * 1000, true);
      this.view.setUint32(frame + FRAME.captured, captured, true);
      this.view.setUint32(frame + FRAME.wire, captured + 5, true);
      this.view.setUint16(frame + FRAME.mac, mac, true);
      const typed = tag?.type === undefined ? 0 : STATUS.tpidValid;
      this.view.setUint32(frame + FRAME.status, STATUS.user | (tag ? STATUS.vlanValid | typed : 0), true);
      this.view.setUint32(frame + FRAME.tci, tag?.tci ?? 0, true);
      this.view.setUint16(frame + FRAME.tpid, tag?.type ?? 0, true);
      new Uint8Array(this.memory).set(bytes, frame + mac);
      frame += next;
    }
    this.view.setUint32(at + BLOCK.status, STATUS.user, true);
  }

  isOurs(block: number): boolean {
    return this.view.getUint32(block * BLOCK_BYTES + BLOCK.status, true) === STATUS.user;
  }
}

/** Blocks filled in the rounds before. */
const sumTo = (round: number): number =>
  Array.from({ length: round }, (_, i) => (i % BLOCKS) + 1).reduce((sum, n) => sum + n, 0);
const frame = (n: number): Put => ({ bytes: Array.from({ length: 20 }, (_, i) => n + i) });
const bytesOf = (batch: FrameBatch, i: number): number[] => [
  ...batch.bytes.subarray(batch.start[i], batch.start[i] + batch.captured[i]),
];

test('a block is read in place, kept until the next is asked for, and then given back', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(16);
  expect(kernel.ring.take(batch)).toBe(false);
  kernel.fill(0, [frame(1), frame(50)]);
  kernel.fill(1, [frame(100)]);
  expect(kernel.ring.take(batch)).toBe(true);
  expect([batch.count, kernel.isOurs(0)]).toEqual([2, true]);
  expect(batch.bytes.buffer).toBe(kernel.memory);
  expect([bytesOf(batch, 0), bytesOf(batch, 1)]).toEqual([frame(1).bytes, frame(50).bytes]);
  expect([...batch.time.subarray(0, 2)]).toEqual([1_700_000_000_000_001, 1_700_000_000_000_002]);
  expect([batch.wire[1], batch.link[1]]).toEqual([25, LINK.ethernet]);
  expect(kernel.ring.take(batch)).toBe(true);
  expect([batch.count, kernel.isOurs(0), kernel.isOurs(1)]).toEqual([1, false, true]);
  expect(kernel.ring.take(batch)).toBe(false);
  expect([batch.count, kernel.isOurs(1), kernel.ring.walked]).toEqual([0, false, 3]);
});

test('a block of more frames than a batch holds is handed out in pieces', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(2);
  kernel.fill(0, [1, 2, 3, 4, 5].map(frame));
  const seen: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    expect(kernel.ring.take(batch)).toBe(true);
    expect(kernel.isOurs(0)).toBe(true);
    for (let i = 0; i < batch.count; i++) seen.push(bytesOf(batch, i)[0]);
  }
  expect(kernel.ring.take(batch)).toBe(false);
  expect([seen, kernel.isOurs(0)]).toEqual([[1, 2, 3, 4, 5], false]);
});

test('how full it is: blocks that wait, the one that is read too, around its end', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(16);
  const fills: number[] = [kernel.ring.fill() * BLOCKS];
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i <= round % BLOCKS; i++) kernel.fill((sumTo(round) + i) % BLOCKS, [frame(i)]);
    fills.push(kernel.ring.fill() * BLOCKS);
    // Ends: with the blocks that were filled.
    while (kernel.ring.take(batch)) fills.push(kernel.ring.fill() * BLOCKS);
    fills.push(kernel.ring.fill() * BLOCKS);
  }
  expect(fills).toEqual([0, 1, 1, 0, 2, 2, 1, 0, 3, 3, 2, 1, 0, 1, 1, 0]);
  kernel.ring.unmap();
  expect(kernel.ring.fill()).toBe(0);
});

test('it goes around for ever', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(4);
  for (let i = 0; i < 10 * BLOCKS; i++) {
    kernel.fill(i % BLOCKS, [frame(i)]);
    expect(kernel.ring.take(batch)).toBe(true);
    expect(bytesOf(batch, 0)[0]).toBe(i);
  }
});

test('the tag that the kernel took out stands where it was on the wire', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(4);
  kernel.fill(0, [
    { ...frame(1), tag: { tci: 0xe007, type: 0x88a8 } },
    { ...frame(50), tag: { tci: 5 } },
    frame(90),
  ]);
  kernel.ring.take(batch);
  const { bytes } = frame(1);
  expect(bytesOf(batch, 0)).toEqual([...bytes.slice(0, 12), 0x88, 0xa8, 0xe0, 0x07, ...bytes.slice(12)]);
  expect(bytesOf(batch, 1).slice(12, 16)).toEqual([0x81, 0, 0, 5]);
  expect([batch.captured[0], batch.wire[0], batch.captured[2]]).toEqual([24, 29, 20]);
});

test('a frame with its tag is not longer than the snap length; one without room or addresses stays as it is', () => {
  const kernel = new FakeKernel(22);
  const batch = new FrameBatch(4);
  const tag = { tci: 5 };
  kernel.fill(0, [
    { ...frame(1), tag },
    { ...frame(1), tag, mac: FRAME.header + 2 },
    { ...frame(1), tag, captured: 11 },
  ]);
  kernel.ring.take(batch);
  expect([...batch.captured.subarray(0, 3)]).toEqual([22, 20, 11]);
});

test.each<[string, readonly Put[], number, number]>([
  ['more frames claimed than there are', [frame(1), frame(2)], 4_000_000_000, 2],
  ['no frames', [], 0, 0],
  ['frames claimed of none', [], 7, 1],
  ['a step onto itself', [{ ...frame(1), next: 0 }, frame(2)], 2, 1],
  ['a step out of the block', [{ ...frame(1), next: BLOCK_BYTES }, frame(2)], 2, 1],
  ['a frame that reaches out of it', [frame(1), { ...frame(2), captured: 4000 }, frame(3)], 3, 1],
])('%s: the block ends there and is given back', (_, frames, claims, count) => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(16);
  kernel.fill(0, frames, claims);
  kernel.ring.take(batch);
  expect(batch.count).toBe(count);
  kernel.ring.take(batch);
  expect(kernel.isOurs(0)).toBe(false);
});

test('once it is unmapped nothing can be read, and it is unmapped once', () => {
  const kernel = new FakeKernel();
  const batch = new FrameBatch(4);
  kernel.fill(0, [frame(1)]);
  kernel.ring.take(batch);
  kernel.ring.unmap();
  kernel.ring.unmap();
  expect([batch.bytes.length, kernel.unmapped]).toEqual([0, [BLOCK_BYTES * BLOCKS]]);
});
