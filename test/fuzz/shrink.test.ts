// What fuzzing finds becomes small, and stays what it was.
import { expect, test } from 'vitest';
import { octets } from '../support/packets/octets.ts';
import { shrink } from './shrink.ts';

test('pieces and bytes that do not matter are left out', () => {
  const attempt = (pieces: readonly Uint8Array[]): void => {
    const all = octets(...pieces);
    if (all.includes(7) && all.includes(9)) throw new Error('seven and nine');
  };
  const pieces = [octets([1, 2, 3]), octets([4, 7, 5, 6]), octets([8]), octets([0, 0, 9, 0, 0])];
  const small = shrink({ pieces, attempt }, new Error('first'));
  expect(small.pieces).toEqual([octets([7]), octets([9])]);
  expect(small.finding).toEqual(new Error('seven and nine'));
});
