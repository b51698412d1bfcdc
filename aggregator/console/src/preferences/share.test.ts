// Percentages of sight: what is missing never disappears in rounding.
import { expect, it } from 'vitest';
import { seenPercent, sightOf } from './share.ts';

const NONE = { seen: 0, dropped_kernel: 0, dropped_decoder: 0, shed: 0, sampled: 0 };

it.each([
  [1, '100 %'],
  [0.99999, '99.9 %'],
  [0.992, '99.2 %'],
  [0.5, '50.0 %'],
  [0, '0.0 %'],
])('%d is %s', (ratio, text) => {
  expect(seenPercent(ratio)).toBe(text);
});

it('says where it was lost, and what was sampled', () => {
  expect(sightOf({ ...NONE, seen: 992, dropped_kernel: 8 })).toEqual({
    seen: '99.2 %',
    lost: [{ by: 'dropped_kernel', percent: '0.80 %' }],
    sampled: undefined,
  });
  expect(sightOf({ ...NONE, seen: 1e9, shed: 1 })).toMatchObject({
    seen: '99.9 %',
    lost: [{ percent: '< 0.01 %' }],
  });
  expect(sightOf({ ...NONE, seen: 10, sampled: 5 })).toEqual({
    seen: undefined,
    lost: [],
    sampled: '50.0 %',
  });
  expect(sightOf(NONE)).toBeUndefined();
});
