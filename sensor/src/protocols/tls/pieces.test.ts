// Pieces in any order, overlapping and repeated, give the whole; too many and too far ones are refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pieces } from './pieces.ts';

const whole = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) & 255);

test('any cover of the whole gives it, in any order', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 2999 }), { maxLength: 40 });
  fc.assert(
    fc.property(cuts, fc.infiniteStream(fc.nat(50)), (places, order) => {
      const ends = [0, ...new Set([...places].sort((a, b) => a - b)), 3000];
      const parts = ends.slice(1).map((end, i) => [Math.max(0, ends[i] - 20), end] as const);
      const shuffled = parts
        .map((part) => [order.next().value as number, part] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, part]) => part);
      const pieces = new Pieces();
      for (const [at, end] of shuffled) expect(pieces.add(whole, at, end, at)).toBe(true);
      expect(pieces.length).toBe(3000);
      expect(pieces.bytes.slice(0, 3000)).toEqual(whole);
    }),
  );
});

test('what came first stays', () => {
  const pieces = new Pieces();
  pieces.add(Uint8Array.of(1, 1), 0, 2, 1);
  pieces.add(Uint8Array.of(2, 2, 2, 2), 0, 4, 0);
  expect(pieces.length).toBe(4);
  expect([...pieces.bytes.slice(0, 4)]).toEqual([2, 1, 1, 2]);
});

test('a hole ends what is there', () => {
  const pieces = new Pieces();
  expect(pieces.length).toBe(0);
  pieces.add(whole, 10, 20, 10);
  expect(pieces.length).toBe(0);
  pieces.add(whole, 0, 5, 0);
  expect(pieces.length).toBe(5);
});

test('bounds', () => {
  const pieces = new Pieces();
  expect(pieces.add(whole, 0, 10, 64 * 1024)).toBe(false);
  for (let i = 0; i < 64; i++) expect(pieces.add(whole, 0, 1, 2 * i + 1)).toBe(true);
  expect(pieces.add(whole, 0, 1, 201)).toBe(false);
  expect(pieces.add(whole, 0, 1, 2), 'where two touch').toBe(true);
});
