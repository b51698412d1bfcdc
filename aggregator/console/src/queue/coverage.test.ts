// Coverage: what is silent, never heard of, or lately blind is named; the rest is not.
import { describe, expect, it } from 'vitest';
import type { Sensor } from '../api/shapes.ts';
import { gaps } from './coverage.ts';

const NOW = Date.parse('2026-05-02T00:00:00Z');
const sensor = (name: string, change: Partial<Sensor>): Sensor => ({
  id: `yagura://tokyo/${name}`,
  name,
  body: { id: 'tokyo', name: { en: 'Tokyo', ja: '東京' } },
  status: 'live',
  last_seen: '2026-05-01T23:59:55.000000Z',
  health: null,
  drops_ratio: 0,
  blind: [],
  certificate_until: '2026-08-01T00:00:00.000000Z',
  clock_skew_s: 0,
  refused: {},
  ...change,
});
const span = (until: string): Sensor['blind'] => [{ from: until, until, reason: 'dropped', count: 1 }];

describe('gaps', () => {
  it('finds none where all are live', () => expect(gaps([sensor('a', {})], NOW)).toEqual([]));

  it('names standing gaps before lately closed ones and forgets old ones', () => {
    const found = gaps(
      [
        sensor('lately', { blind: span('2026-05-01T12:00:00.000000Z') }),
        sensor('long-ago', { blind: span('2026-04-01T12:00:00.000000Z') }),
        sensor('silent', { status: 'silent' }),
        sensor('revoked', { status: 'revoked', last_seen: '2026-01-01T00:00:00.000000Z' }),
        sensor('never', { status: 'never', last_seen: null }),
      ],
      NOW,
    );
    expect(found.map(({ kind, sensor }) => `${sensor}:${kind}`)).toEqual([
      'silent:silent',
      'never:never',
      'lately:blind',
    ]);
  });
});
