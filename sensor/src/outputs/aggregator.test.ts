// The uplink against an aggregator that misbehaves in every way we know.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeAuthority, type TestAuthority } from '../../../test/support/authority.ts';
import {
  type Behaviour,
  type FakeAggregator,
  startFakeAggregator,
} from '../../../test/support/fake-aggregator.ts';
import { alertOf, seriesOf } from '../../../test/support/records.ts';
import { encodeRecord } from '../wire/codec.ts';
import { openUplink, type Uplink, type UplinkOptions } from './aggregator.ts';
import { laneEpoch } from './spool/lanes.ts';
import { writeIdentity } from './uplink/identity.ts';

const SENSOR = 'yagura://city-of-test/gate-1';
const EPOCH = '0123456789abcdef';
const SIGHT = {
  version: '0.1.0',
  packets: 1,
  bytes: 2,
  dropped_kernel: 3,
  dropped_decoder: 4,
  flows_active: 5,
  rules: 6,
};

let authority: TestAuthority;
let fake: FakeAggregator;
let state: string;
let lines: string[];
const uplinks: Uplink[] = [];

beforeAll(async () => {
  authority = await makeAuthority();
});
beforeEach(async () => {
  fake = await startFakeAggregator(authority);
  state = mkdtempSync(join(tmpdir(), 'yagura-uplink-'));
  lines = [];
});
afterEach(async () => {
  for (const uplink of uplinks.splice(0)) await uplink.close();
  await fake.close();
  rmSync(state, { recursive: true });
});
afterAll(() => expect(uplinks).toEqual([]));

async function open(options: Partial<UplinkOptions> = {}, urls = [fake.url]): Promise<Uplink> {
  await writeIdentity(state, await authority.identity(SENSOR, urls));
  const uplink = openUplink({
    state,
    epoch: EPOCH,
    live: false,
    profile: 'strict',
    sight: () => SIGHT,
    log: (line) => lines.push(line),
    ...options,
    pace: {
      retry: { first: 5, most: 20 },
      refused: { first: 30, most: 30 },
      linger: 2,
      timeout: 400,
      ...options.pace,
    },
  });
  uplinks.push(uplink);
  return uplink;
}

const keptOf = (severity: 'medium' | 'critical' = 'medium'): (string | undefined)[] => {
  const epoch = laneEpoch(EPOCH, severity);
  const mine = [...fake.kept.keys()].filter((key) => key.startsWith(epoch));
  return mine.map((_, seq) => fake.kept.get(`${epoch}/${seq}`));
};

test('sends what it is given, in order, as the sensor that the certificate names', async () => {
  const uplink = await open();
  for (let number = 0; number < 2500; number++) uplink.record(alertOf(number));
  uplink.record(seriesOf(1));
  expect(await uplink.drain(10_000)).toEqual({ left: 0, because: undefined });
  expect(keptOf()).toEqual(Array.from({ length: 2500 }, (_, number) => encodeRecord(alertOf(number))));
  expect(fake.kept.get(`${laneEpoch(EPOCH, 'series')}/0`)).toBe(encodeRecord(seriesOf(1)));
  expect([...fake.callers]).toEqual([`URI:${SENSOR}`]);
  expect(fake.batches[0]).toMatchObject({ sensor: SENSOR, profile: 'strict', health: SIGHT });
  expect(fake.batches[0]!.health!.spool_records).toBe(2501);
  expect(fake.resent).toBe(0);
  expect(uplink.tally).toMatchObject({ accepted: 2501, duplicates: 0 });
  expect(uplink.spool()).toMatchObject({ records: 0 });
});

test('the most severe goes first', async () => {
  fake.script.push('reset');
  const uplink = await open();
  for (let number = 0; number < 5; number++) uplink.record(alertOf(number, 'low'));
  uplink.record(alertOf(9, 'critical'));
  await uplink.drain(5_000);
  expect(fake.batches[0]!.epoch).toBe(laneEpoch(EPOCH, 'critical'));
});

const troubles: [string, Behaviour[], number][] = [
  ['connections reset before anything was kept', ['reset', 'reset'], 0],
  ['a reply lost after everything was kept', ['reset after keeping'], 20],
  ['a reply cut in the middle', ['half a reply'], 20],
  ['no reply in time', ['no reply'], 0],
  ['a reply that is no reply', ['nonsense', { status: 204 }], 0],
  ['acknowledgements of a part', ['take one', 'take one', 'take nothing'], 0],
  ['429 and 503', [{ status: 429, retryAfter: '0' }, { status: 503 }], 0],
  ['500 and 502', [{ status: 500 }, { status: 502 }], 0],
  ['refusals that an operator lifts', [{ status: 403, code: 'authority_lapsed' }, { status: 401 }], 0],
];
test.each(troubles)('after %s every record arrives once', async (_, script, resent) => {
  fake.script.push(...script);
  const uplink = await open();
  for (let number = 0; number < 20; number++) uplink.record(alertOf(number));
  expect(await uplink.drain(5_000)).toEqual({ left: 0, because: undefined });
  expect(keptOf()).toEqual(Array.from({ length: 20 }, (_, number) => encodeRecord(alertOf(number))));
  expect(fake.resent).toBe(resent);
  expect(uplink.tally.duplicates).toBe(resent);
  expect(uplink.tally.accepted).toBe(20 - resent);
});

test('Retry-After is waited for', async () => {
  fake.script.push({ status: 503, retryAfter: '1' });
  const uplink = await open();
  uplink.record(alertOf(1));
  const begin = performance.now();
  await uplink.drain(5_000);
  expect(performance.now() - begin).toBeGreaterThan(950);
});

test('a refusal is said once, with its code, and keeps the records', async () => {
  fake.script.push(...Array.from({ length: 50 }, () => ({ status: 403, code: 'authority_lapsed' })));
  const uplink = await open();
  uplink.record(alertOf(1));
  const drained = await uplink.drain(300);
  expect(drained).toEqual({ left: 1, because: 'status 403 authority_lapsed' });
  expect(lines.filter((line) => line.includes('uplink_refused'))).toHaveLength(1);
  expect(fake.batches.length).toBeGreaterThan(1);
});

test('records refused for good are counted by code and never quoted', async () => {
  fake.script.push('reject all');
  const uplink = await open();
  for (let number = 0; number < 3; number++) uplink.record(alertOf(number));
  await uplink.drain(5_000);
  expect([...uplink.tally.rejected]).toEqual([['outside_scope', 3]]);
  expect(uplink.tally.accepted).toBe(0);
  expect(lines.filter((line) => line.includes('refused 3 records for good: outside_scope'))).toHaveLength(1);
  expect(lines.join()).not.toContain('example');
});

test('413 makes batches smaller; a record too large alone is given up', async () => {
  fake.most = 3;
  const uplink = await open();
  for (let number = 0; number < 20; number++) uplink.record(alertOf(number));
  expect(await uplink.drain(5_000)).toMatchObject({ left: 0 });
  expect(keptOf()).toHaveLength(20);
  fake.most = 0;
  uplink.record(alertOf(20));
  expect(await uplink.drain(5_000)).toMatchObject({ left: 0 });
  expect([...uplink.tally.rejected]).toEqual([['too_large', 1]]);
});

test('heartbeats while idle, with health', async () => {
  await open({ pace: { heartbeat: 20 } });
  await expect.poll(() => fake.heartbeats.length).toBeGreaterThan(3);
  expect(fake.heartbeats[0]).toMatchObject({ count: 0, epoch: EPOCH, health: SIGHT });
});

test('another address takes over when the first does not answer', async () => {
  const uplink = await open({}, ['https://127.0.0.1:1', fake.url]);
  uplink.record(alertOf(1));
  expect(await uplink.drain(5_000)).toMatchObject({ left: 0 });
  expect(uplink.tally.batches.unreachable).toBeGreaterThan(0);
});

test('a server under another authority gets nothing', async () => {
  const stranger = await startFakeAggregator(await makeAuthority());
  const uplink = await open({}, [stranger.url]);
  uplink.record(alertOf(1));
  expect(await uplink.drain(200)).toMatchObject({ left: 1 });
  expect(stranger.batches).toEqual([]);
  await stranger.close();
});

test('what is not acknowledged waits for the next run', async () => {
  fake.script.push(...Array.from({ length: 99 }, () => ({ status: 503 })));
  const first = await open();
  first.record(alertOf(0));
  expect(await first.drain(50)).toMatchObject({ left: 1 });
  await uplinks.pop()!.close();
  fake.script.length = 0;
  const second = await open();
  second.record(alertOf(0));
  second.record(alertOf(1));
  expect(await second.drain(5_000)).toMatchObject({ left: 0 });
  expect(keptOf()).toEqual([encodeRecord(alertOf(0)), encodeRecord(alertOf(1))]);
});

test('a certificate that is about to expire is spoken of', async () => {
  const uplink = await open();
  expect(uplink.certificateEnd).toBeGreaterThan(Date.now());
  expect(lines).toEqual([expect.stringMatching(/expires in 0 days: enrol again/)]);
});

test('without an identity it says how to get one', () => {
  const options = { state, epoch: EPOCH, live: false, profile: 'strict', sight: () => SIGHT, log: () => {} };
  expect(() => openUplink(options as UplinkOptions)).toThrow(
    expect.objectContaining({ code: 'not_enrolled' }),
  );
});
