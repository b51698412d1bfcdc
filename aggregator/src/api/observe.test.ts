// What Prometheus and a supervisor see: few series with bounded labels, no address, and the truth about being ready.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAggregator, testAggregator } from '../../../test/support/aggregator.ts';
import { anAlert } from '../../../test/support/sensor.ts';

let aggregator: TestAggregator;
beforeAll(async () => {
  aggregator = await testAggregator();
  const sensor = await aggregator.sensor();
  await sensor.send([anAlert(), anAlert({ src_ip: '203.0.113.9' })]);
  await sensor.send([anAlert(), anAlert({ src_ip: '203.0.113.9' })], { first_seq: 0 });
  await sensor.raw('nonsense', 'identity');
});
afterAll(() => aggregator.dispose());

const get = (path: string, method = 'GET') => fetch(aggregator.addresses.metrics + path, { method });
const metrics = async () => (await get('/metrics')).text();

test('counts what came by what became of it', async () => {
  const text = await metrics();
  for (const line of [
    'yagura_aggregator_ingest_records_total{result="accepted"} 1',
    'yagura_aggregator_ingest_records_total{result="duplicate"} 1',
    'yagura_aggregator_ingest_records_total{result="refused"} 2',
    'yagura_aggregator_refused_total{code="outside_scope"} 2',
    'yagura_aggregator_ingest_batches_total{code="200"} 2',
    'yagura_aggregator_ingest_batches_total{code="400"} 1',
    'yagura_aggregator_groups_open{severity="high"} 1',
    'yagura_aggregator_sensors{status="live"} 1',
    'yagura_aggregator_queue_length 0',
  ])
    expect(text.split('\n')).toContain(line);
});

test('stays small, names no address, and keeps the naming rules', async () => {
  const text = await metrics();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples.length).toBeLessThan(250);
  expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+"/);
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    expect(name).toMatch(/^(yagura_aggregator|process|nodejs)_[a-z0-9_]+$/);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    if (type === 'gauge') expect(name).not.toMatch(/_(total|count|sum|bucket)$/);
  }
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
test.skipIf(!promtool)('promtool has nothing to say', async () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await metrics() });
  expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
});

test.each(['GET', 'HEAD'])('%s: healthy while it runs, ready only while it can serve', async (method) => {
  expect((await get('/-/healthy', method)).status).toBe(200);
  expect((await get('/-/ready', method)).status).toBe(200);
});
