// Placing a group into loaded pages: rows keep their places, filters and counts hold.
import { describe, expect, it } from 'vitest';
import type { GroupFilter } from '../api/resources.ts';
import type { Group, GroupPage } from '../api/shapes.ts';
import { type Pages, place } from './place.ts';

const FILTER: GroupFilter = { state: 'open', severity: null, body: null, q: '', sort: 'priority' };

const group = (id: string, priority: number, change: Partial<Group> = {}): Group => ({
  id,
  etag: '1',
  state: 'new',
  severity: 'high',
  priority,
  rule: { id: 'r', name: `Rule ${id}`, kind: 'sigma', tags: [], confidence: 80 },
  reason: { en: '', ja: '' },
  body: { id: 'tokyo', name: { en: 'Tokyo', ja: '東京' } },
  sensors: ['a'],
  src: { ip: '192.0.2.1', distinct: 1 },
  dest: { ip: '198.51.100.1', port: 443, distinct: 1 },
  direction: 'outbound',
  proto: 'TCP',
  app_proto: null,
  count: 1,
  first_seen: '2026-01-01T00:00:00.000000Z',
  last_seen: '2026-01-01T00:00:00.000000Z',
  received_last: '2026-01-01T00:00:00.000000Z',
  histogram: [],
  histogram_from: '2026-01-01T00:00:00.000000Z',
  coverage: null,
  histogram_step_s: 60,
  ...change,
});

const counts = (open: number): GroupPage['counts'] => ({
  open,
  by_severity: { critical: 0, high: open, medium: 0, low: 0, informational: 0 },
});
const loaded = (items: Group[], next: string | null = null): Pages => ({
  pages: [{ items, next, counts: counts(items.length) }],
  pageParams: [null],
});
const ids = ({ pages }: Pages): string[] => pages.flatMap(({ items }) => items.map(({ id }) => id));
const open = ({ pages }: Pages): number => pages[0]!.counts.by_severity.high;

describe('place', () => {
  const a = group('a', 90);
  const b = group('b', 50);

  it('keeps the row of a group whose priority rose', () => {
    const after = place(loaded([a, b]), group('b', 99, { count: 7 }), FILTER, b);
    expect(ids(after)).toEqual(['a', 'b']);
    expect(after.pages[0]!.items[1]!.count).toBe(7);
    expect(open(after)).toBe(2);
  });

  it('inserts a new group where the order wants it and counts it', () => {
    const after = place(loaded([a, b]), group('c', 70), FILTER, null);
    expect(ids(after)).toEqual(['a', 'c', 'b']);
    expect(open(after)).toBe(3);
  });

  it('does not count a group of which nobody knows whether it is new', () => {
    expect(open(place(loaded([a, b]), group('c', 70), FILTER, undefined))).toBe(2);
  });

  it('takes out an archived group and brings it back', () => {
    const archived = { ...a, state: 'archived' } as const;
    const out = place(loaded([a, b]), archived, FILTER, a);
    expect(ids(out)).toEqual(['b']);
    expect(open(out)).toBe(1);
    const back = place(out, a, FILTER, archived);
    expect(ids(back)).toEqual(['a', 'b']);
    expect(open(back)).toBe(2);
  });

  it('leaves out what the filters leave out', () => {
    for (const change of [{ severity: 'critical' }, { body: 'osaka' }, { q: 'elsewhere' }] as const)
      expect(ids(place(loaded([a]), group('c', 95), { ...FILTER, ...change }, null))).toEqual(['a']);
    expect(ids(place(loaded([a]), group('c', 95), { ...FILTER, q: '198.51.100' }, null))).toEqual(['c', 'a']);
  });

  it('leaves what belongs below the last loaded row to the next page', () => {
    expect(ids(place(loaded([a, b], 'more'), group('c', 10), FILTER, null))).toEqual(['a', 'b']);
    expect(ids(place(loaded([a, b]), group('c', 10), FILTER, null))).toEqual(['a', 'b', 'c']);
  });
});
