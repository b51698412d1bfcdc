// What the laws of capture formats cannot ask: packets without a time, lost packets, and blocks that lie.
import { expect, test } from 'vitest';
import { type Frame, NOON } from '../../../test/support/packets/capture.ts';
import { be32, octets } from '../../../test/support/packets/octets.ts';
import { pcapng as write } from '../../../test/support/packets/pcapng.ts';
import { pcapng } from './pcapng.ts';
import { FrameBatch } from './source.ts';

const FRAMES: Frame[] = [
  { time: NOON, bytes: Uint8Array.of(1, 2, 3) },
  { time: NOON + 1_000_001, bytes: new Uint8Array(60) },
];

function walk(bytes: Uint8Array) {
  const reader = pcapng.open('x');
  const batch = new FrameBatch(16);
  let at = 0;
  for (let taken = -1; taken !== 0; at += taken) taken = reader.walk(bytes, at, bytes.length, batch);
  return { batch, at, dropped: reader.dropped() };
}

/** A big-endian block. */
const block = (type: number, body: number[]): number[] => [
  ...be32(type),
  ...be32(body.length + 12),
  ...body,
  ...be32(body.length + 12),
];

test('lost packets that the interface counted', () => {
  expect(walk(write(FRAMES, { order: 'big' })).dropped).toBe(12);
});

test('a simple packet has the snap length of interface 0 and the time of the packet before it', () => {
  const file = octets(write(FRAMES, { order: 'big' }), block(3, [...be32(500), 9, 9, 9, 9]));
  const { batch, at } = walk(file);
  expect(at).toBe(file.length);
  expect([batch.count, batch.captured[2], batch.wire[2], batch.time[2]]).toEqual([
    3,
    4,
    500,
    NOON + 1_000_001,
  ]);
});

test('a packet of an interface that is not there, or longer than its block, is passed over', () => {
  const absent = block(6, [...be32(7), ...be32(0), ...be32(0), ...be32(4), ...be32(4), 1, 2, 3, 4]);
  const long = block(6, [...be32(0), ...be32(0), ...be32(0), ...be32(5000), ...be32(5000), 1, 2, 3, 4]);
  expect(walk(octets(write(FRAMES, { order: 'big' }), absent, long)).batch.count).toBe(2);
});

test.each([
  ['no length', block(9, []).with(7, 0)],
  ['a length that is no multiple of four', block(9, [0, 0, 0, 0]).with(7, 15)],
  ['another length at its end', block(9, [0, 0, 0, 0]).with(15, 20)],
])('a block with %s ends the reading with a coded error, after what stood before it', (_, bad) => {
  const file = octets(write(FRAMES, { order: 'big' }), bad);
  const reader = pcapng.open('x');
  const batch = new FrameBatch(16);
  const taken = reader.walk(file, 0, file.length, batch);
  expect([batch.count, taken]).toEqual([2, file.length - bad.length]);
  batch.count = 0;
  expect(() => reader.walk(file, taken, file.length, batch)).toThrow(
    expect.objectContaining({ code: 'capture_corrupt' }),
  );
});

test('packets that the system lost, and those that packets themselves say were lost', () => {
  const option = (code: number, count: number) => [0, code, 0, 8, ...be32(0), ...be32(count)];
  const statistics = block(5, [...be32(0), ...be32(0), ...be32(0), ...option(5, 7), ...option(7, 8)]);
  expect(walk(octets(write(FRAMES, { order: 'big' }), statistics)).dropped).toBe(15);
  const packet = block(6, [
    ...be32(0),
    ...be32(0),
    ...be32(0),
    ...be32(4),
    ...be32(4),
    1,
    2,
    3,
    4,
    ...option(4, 20),
  ]);
  expect(walk(octets(write(FRAMES, { order: 'big' }), packet)).dropped).toBe(20);
  // A new section counts anew, and what the one before lost stays lost.
  expect(walk(octets(write(FRAMES, { order: 'big' }), write(FRAMES))).dropped).toBe(24);
});

test('a block of no interest may be as long as it likes', () => {
  const long = Uint8Array.from(block(0x0bad, Array<number>(700_000).fill(7)));
  const file = octets(write(FRAMES, { order: 'big' }), long, write(FRAMES));
  const { batch, at } = walk(file);
  expect([batch.count, at]).toEqual([4, file.length]);
  const reader = pcapng.open('x');
  const cut = file.length - write(FRAMES).length - 100;
  for (let at = 0, taken = -1; taken !== 0; at += taken)
    taken = reader.walk(file, at, cut, new FrameBatch(16));
  expect(reader.unfinished()).toBe(100);
});
