// What sensors say of their own sight, from the batch to the answer: alerts, groups, buckets, spans of blindness, metrics.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAggregator, testAggregator } from '../../../../test/support/aggregator.ts';
import type { Person } from '../../../../test/support/person.ts';
import { anAlert, aSeries, type TestSensor } from '../../../../test/support/sensor.ts';

let aggregator: TestAggregator;
let sensor: TestSensor;
let person: Person;

const FULL = { seen: 1000, dropped_kernel: 0, dropped_decoder: 0, shed: 0, sampled: 0 };
const LOSSY = { ...FULL, seen: 900, dropped_kernel: 90, shed: 10 };
const blind = {
  kind: 'blind',
  from: '2026-04-01T10:00:00.000000Z',
  until: '2026-04-01T10:00:20.000000Z',
  reason: 'overload',
  count: 12,
  counts: { bulk: 10, known: 2 },
};

beforeAll(async () => {
  aggregator = await testAggregator();
  sensor = await aggregator.sensor();
  person = await aggregator.person();
  const records = [
    anAlert({ coverage: FULL }),
    anAlert({ coverage: { ...LOSSY, secret: 'not in the schema' } as typeof LOSSY }, 1),
    anAlert({}, 2),
    anAlert({ src_ip: '10.1.9.9' }, 3),
    aSeries(0, { coverage: FULL }),
    aSeries(10, { coverage: LOSSY }),
    aSeries(20),
    blind,
  ];
  await sensor.send(records);
  // A resend changes nothing.
  await sensor.send(records, { first_seq: 0 });
});
afterAll(() => aggregator.dispose());

const ask = async <T>(path: string): Promise<T> => (await person.ask<T>(path)).body;

test('an alert has the coverage that its sensor told, and no other member', async () => {
  const { items } = await ask<{ items: { time: string; coverage?: object }[] }>('/api/v1/alerts');
  expect(items.map(({ coverage }) => coverage)).toEqual([undefined, undefined, LOSSY, FULL]);
});

test('a group has the worst of its alerts; none where nobody told', async () => {
  const { items } = await ask<{ items: { src: { ip: string }; coverage: object | null }[] }>(
    '/api/v1/groups',
  );
  const of = (ip: string) => items.find(({ src }) => src.ip === ip)?.coverage;
  expect([of('10.1.2.3'), of('10.1.9.9')]).toEqual([LOSSY, null]);
});

test('each step of a series says how much was seen', async () => {
  const span = 'from=2026-04-01T10:00:00Z&until=2026-04-01T10:00:40Z';
  const { coverage } = await ask<{ coverage: unknown }>(`/api/v1/series?metric=alerts&step=10&${span}`);
  expect(coverage).toEqual([1, 0.9, null, null]);
  const two = await ask<{ coverage: unknown }>(`/api/v1/series?metric=packets&step=20&${span}`);
  expect(two.coverage).toEqual([0.95, null]);
  const { series } = await ask<{ series: object[] }>(
    `/api/v1/series?metric=coverage&by=type&step=10&${span}`,
  );
  expect(series).toEqual([
    { name: 'dropped_kernel', values: [0, 90, 0, null] },
    { name: 'seen', values: [1000, 900, 0, null] },
    { name: 'shed', values: [0, 10, 0, null] },
  ]);
});

test('a span of blindness keeps what it counts by class', async () => {
  const { items } = await ask<{ items: { blind: object[] }[] }>('/api/v1/sensors');
  expect(items[0].blind).toEqual([
    { from: blind.from, until: blind.until, reason: 'overload', count: 12, counts: { bulk: 10, known: 2 } },
  ]);
});

test('metrics add up what all sensors saw, once', async () => {
  const text = await aggregator.parts.metrics.registry.metrics();
  const value = (line: string): number =>
    Number(new RegExp(`^yagura_aggregator_${line} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(value('sight_packets_total\\{fate="seen"\\}')).toBe(1900);
  expect(value('sight_packets_total\\{fate="dropped_kernel"\\}')).toBe(90);
  expect(value('blind_seconds_total\\{reason="overload"\\}')).toBe(20);
});

test('more classes than there can be are refused', async () => {
  const counts = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`c${i}`, 1]));
  const { body } = await sensor.send([{ ...blind, counts }]);
  expect(body.rejected).toMatchObject([{ code: 'malformed' }]);
});
