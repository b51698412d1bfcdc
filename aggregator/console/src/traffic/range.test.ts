// Spans of the charts: aligned, bounded in points, zoomed about their middle.
import { describe, expect, it } from 'vitest';
import { fixed, moved, PRESETS, spanOf, zoomed } from './range.ts';

const NOW = Date.parse('2026-05-01T12:34:56.789Z');

describe('spanOf', () => {
  it('covers each preset with aligned buckets, at most 242 of them', () => {
    for (const [, seconds] of PRESETS) {
      const { from, until, step } = spanOf({ kind: 'last', seconds }, NOW);
      expect(from % step).toBe(0);
      expect(until % step).toBe(0);
      expect((until - from) / step).toBeLessThanOrEqual(242);
      expect(until).toBeGreaterThanOrEqual(NOW / 1_000);
      expect(from).toBeLessThanOrEqual(NOW / 1_000 - seconds);
    }
  });
});

describe('moving and zooming', () => {
  const span = { from: 1_000, until: 4_600, step: 30 };
  it('moves by half', () => expect(moved(span, -1)).toEqual({ kind: 'fixed', from: -800, until: 2_800 }));
  it('zooms about the middle', () =>
    expect(zoomed(span, 0.5)).toEqual({ kind: 'fixed', from: 1_900, until: 3_700 }));
  it('does not go closer than a minute', () =>
    expect(fixed(100, 101)).toEqual({ kind: 'fixed', from: 70.5, until: 130.5 }));
});
