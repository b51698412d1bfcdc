// The laws of a time-series store: a rewrite is harmless, parts add up, long spans agree with short ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Point,
  type SeriesQuery,
  type SeriesStore,
  SqliteSeries,
} from '../../aggregator/src/stores/series/index.ts';
import { SqliteFile } from '../../aggregator/src/stores/sqlite.ts';
import { SECOND } from '../../aggregator/src/time.ts';

const ENGINES: Record<string, (place: string) => Promise<{ series: SeriesStore; close(): Promise<void> }>> = {
  async sqlite(place) {
    const file = new SqliteFile(join(place, 'series.db'));
    return { series: new SqliteSeries(file), close: () => file.close() };
  },
};

const point = (bucket: number, value: number, more: Partial<Point> = {}): Point => ({
  ...{ metric: 'packets', body: 'city', sensor: 'a', label: '' },
  bucket: bucket * SECOND,
  value,
  ...more,
});
const query = (more: Partial<SeriesQuery> = {}): SeriesQuery => ({
  ...{ metric: 'packets', from: 0, until: 1200 * SECOND, step: 10 },
  ...more,
});

describe.each(Object.entries(ENGINES))('series: %s', (_engine, open) => {
  let place: string;
  let series: SeriesStore;
  let close: () => Promise<void>;
  beforeEach(async () => {
    place = mkdtempSync(join(tmpdir(), 'yagura-series-'));
    ({ series, close } = await open(place));
  });
  afterEach(async () => {
    await close();
    rmSync(place, { recursive: true, force: true });
  });

  test('what is absolute is replaced, at every length of step', async () => {
    await series.put([point(10, 5), point(20, 7)]);
    await series.put([point(10, 9), point(20, 7)]);
    expect(await series.sums(query())).toEqual([
      { name: '', at: 10 * SECOND, value: 9 },
      { name: '', at: 20 * SECOND, value: 7 },
    ]);
    expect(await series.sums(query({ step: 600 }))).toEqual([{ name: '', at: 0, value: 16 }]);
  });

  test('what comes in parts adds up', async () => {
    await series.add([point(10, 5), point(10, 1)]);
    await series.add([point(10, 2)]);
    expect(await series.sums(query())).toEqual([{ name: '', at: 10 * SECOND, value: 8 }]);
  });

  test('is split by sensor and by label, narrowed by body and sensor', async () => {
    await series.put([
      point(10, 1, { metric: 'events', label: 'dns' }),
      point(10, 2, { metric: 'events', label: 'tls' }),
      point(10, 4, { metric: 'events', label: 'dns', sensor: 'b', body: 'village' }),
    ]);
    const named = async (more: Partial<SeriesQuery>) =>
      Object.fromEntries(
        (await series.sums(query({ metric: 'events', ...more }))).map((s) => [s.name, s.value]),
      );
    expect(await named({})).toEqual({ '': 7 });
    expect(await named({ by: 'type' })).toEqual({ dns: 5, tls: 2 });
    expect(await named({ by: 'sensor' })).toEqual({ a: 3, b: 4 });
    expect(await named({ by: 'type', body: 'village' })).toEqual({ dns: 4 });
    expect(await named({ sensor: 'a' })).toEqual({ '': 3 });
    expect(await named({ metric: 'packets' })).toEqual({});
  });

  test('the end of a span lies outside it', async () => {
    await series.put([point(0, 1), point(10, 2), point(20, 4)]);
    const sums = await series.sums(query({ from: 10 * SECOND, until: 20 * SECOND }));
    expect(sums).toEqual([{ name: '', at: 10 * SECOND, value: 2 }]);
  });

  test('any step sums to the same total', async () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 719 }), fc.nat(1000)), {
      minLength: 1,
      maxLength: 20,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(points, async (list) => {
        const sensor = `s${round++}`;
        await series.put(list.map(([bucket, value]) => point(bucket * 10, value, { sensor })));
        const last = new Map(list);
        const total = [...last.values()].reduce((a, b) => a + b, 0);
        for (const step of [10, 60, 600, 1200]) {
          const sums = await series.sums(query({ sensor, step, until: 7200 * SECOND }));
          expect(sums.reduce((sum, s) => sum + s.value, 0)).toBe(total);
        }
      }),
      { numRuns: 15 },
    );
  });
});
