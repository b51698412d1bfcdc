// The live tail: alerts as they are committed, resumed without loss or repetition, and an honest word when too much was missed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAggregator, testAggregator } from '../../../../test/support/aggregator.ts';
import type { Person } from '../../../../test/support/person.ts';
import { anAlert, type TestSensor } from '../../../../test/support/sensor.ts';

let aggregator: TestAggregator;
let sensor: TestSensor;
let person: Person;

beforeAll(async () => {
  aggregator = await testAggregator();
  sensor = await aggregator.sensor();
  person = await aggregator.person();
});
afterAll(() => aggregator.dispose());

interface Told {
  event: string;
  id: number;
  data: { alert: { src_port: number }; group: { count: number }; count: number; id: string };
}

/** Follows until `enough` says so of what was told. */
async function follow(
  enough: (told: Told[]) => boolean,
  { after, lastId, meanwhile }: { after?: number; lastId?: number; meanwhile?: () => Promise<unknown> } = {},
): Promise<Told[]> {
  const headers: Record<string, string> = { cookie: person.cookie };
  if (lastId !== undefined) headers['last-event-id'] = String(lastId);
  const query = after === undefined ? '' : `?after=${after}`;
  const response = await fetch(`${person.web}/api/v1/stream${query}`, {
    headers,
    signal: AbortSignal.timeout(10_000),
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const told: Told[] = [];
  let text = '';
  let doing: Promise<unknown> | undefined;
  while (!enough(told)) {
    const { value, done } = await reader.read();
    if (done) break;
    doing ??= meanwhile?.();
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      if (block.startsWith(':')) continue;
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      told.push({ event: line('event'), id: Number(line('id')), data: JSON.parse(line('data')) });
    }
  }
  await reader.cancel();
  await doing;
  return told;
}

const ports = (told: Told[]) => told.filter((t) => t.event === 'alert').map((t) => t.data.alert.src_port);

test('tells what comes from now on, then resumes where it was', async () => {
  await sensor.send([anAlert({ src_port: 1 })]);
  const live = await follow((told) => told.length >= 2, {
    meanwhile: () => sensor.send([anAlert({ src_port: 2 }), anAlert({ src_port: 3 })]),
  });
  expect(ports(live)).toEqual([2, 3]);
  expect(live[1].data.group.count).toBe(3);
  await sensor.send([anAlert({ src_port: 4 })]);
  expect(ports(await follow((told) => told.length >= 2, { lastId: live[0].id }))).toEqual([3, 4]);
  expect(ports(await follow((told) => told.length >= 4, { after: 0 }))).toEqual([1, 2, 3, 4]);
});

test('tells of a sensor whose health came', async () => {
  const counts = { packets: 1, bytes: 1, dropped_kernel: 0, dropped_decoder: 0, flows_active: 1, rules: 1 };
  const health = {
    time: '2026-04-01T10:00:00.000000Z',
    version: '1',
    ...counts,
    spool_bytes: 0,
    spool_records: 0,
    spool_shed: 0,
  };
  const told = await follow((t) => t.length >= 1, { meanwhile: () => sensor.send([], { health }) });
  expect(told[0]).toMatchObject({ event: 'sensor', data: { id: sensor.id, health } });
});

test('says how many it left out for a client that is thousands behind', async () => {
  const before = await aggregator.parts.records.lastRow();
  for (let n = 0; n < 3; n++)
    await sensor.send(Array.from({ length: 1000 }, (_, i) => anAlert({ src_port: i }, n)));
  const told = await follow((t) => t.length >= 201, { after: before });
  expect(told[0]).toMatchObject({ event: 'skipped', data: { count: 2_800 }, id: before + 2_800 });
  expect(told[1].id).toBe(before + 2_801);
  expect(told.at(-1)!.id).toBe(before + 3_000);
});

test('is counted, and let go when the aggregator stops', async () => {
  const other = await testAggregator();
  const guest = await other.person();
  const response = await fetch(`${guest.web}/api/v1/stream`, { headers: { cookie: guest.cookie } });
  expect(
    await other.parts.metrics.registry.getSingleMetricAsString('yagura_aggregator_stream_clients'),
  ).toContain('clients 1');
  await other.dispose();
  await expect(response.text()).resolves.toContain(': following');
});
