// Sensors against the ingest listener over real TLS: enrolment, durable and repeatable batches, and every refusal.
import { rmSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_BATCH_BYTES } from 'yagura-sensor/wire';
import { BODY, PREFIXES, type TestAggregator, testAggregator } from '../../../../test/support/aggregator.ts';
import {
  anAlert,
  aSeries,
  askToEnrol,
  newRequest,
  type TestSensor,
} from '../../../../test/support/sensor.ts';

import { openState } from '../../state.ts';

let aggregator: TestAggregator;
let sensor: TestSensor;

beforeAll(async () => {
  aggregator = await testAggregator();
  sensor = await aggregator.sensor();
});
afterAll(() => aggregator.dispose());

const stored = async () => (await aggregator.parts.records.alerts({}, { limit: 500 })).items;
const epoch = (n: number) => n.toString(16).padStart(16, '0');

describe('enrolment', () => {
  const enrol = async (token: string, csr?: string) => {
    const { ca } = aggregator.parts;
    return askToEnrol(aggregator.addresses.ingest, ca.certificate, {
      token,
      csr: csr ?? (await newRequest()).csr,
    });
  };
  const newToken = (lifetime?: number) =>
    aggregator.operator.issueToken(BODY.id, 'sensor-2', aggregator.parts.ca.fingerprint, lifetime);

  test('gives an identity and the networks in scope', () => {
    expect(sensor.id).toBe('yagura://city/sensor-1');
    expect(sensor.prefixes).toEqual(PREFIXES);
  });

  test('a token works once', async () => {
    const token = await newToken();
    expect((await enrol(token)).status).toBe(200);
    expect(await enrol(token)).toMatchObject({ status: 403, body: { code: 'token_used' } });
  });

  test('a token lapses', async () => {
    expect(await enrol(await newToken(-1))).toMatchObject({ status: 403, body: { code: 'token_expired' } });
  });

  test('a guessed token is unknown', async () => {
    const guessed = `ygr1.${'A'.repeat(43)}.${'0'.repeat(64)}`;
    expect(await enrol(guessed)).toMatchObject({ status: 403, body: { code: 'token_invalid' } });
  });

  test('a bad request leaves the token unused', async () => {
    const token = await newToken();
    expect(await enrol(token, 'nonsense')).toMatchObject({ status: 400, body: { code: 'csr_invalid' } });
    const { csr } = await newRequest();
    const lines = csr.split('\n');
    lines[3] = lines[3].startsWith('A') ? `B${lines[3].slice(1)}` : `A${lines[3].slice(1)}`;
    expect(await enrol(token, lines.join('\n'))).toMatchObject({
      status: 400,
      body: { code: 'csr_invalid' },
    });
    expect((await enrol(token)).status).toBe(200);
  });
});

describe('batches', () => {
  test('are kept, and a resend is harmless', async () => {
    const records = [anAlert({}, 0), anAlert({}, 1), aSeries(0)];
    const first = await sensor.send(records, { epoch: epoch(1), first_seq: 0 });
    expect(first).toMatchObject({ status: 200, body: { acked_through: 2, duplicates: 0, rejected: [] } });
    const again = await sensor.send(records, { epoch: epoch(1), first_seq: 0 });
    expect(again.body).toEqual({ acked_through: 2, duplicates: 3, rejected: [] });
    expect(await stored()).toHaveLength(2);
    const { items } = await aggregator.parts.records.groups({}, 'priority', { limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ count: 2, state: 'new', severity: 'high', direction: 'outbound' });
  });

  test('that overlap keep only what is new', async () => {
    const sent = (n: number) => anAlert({ dest_port: 1000 + n }, n);
    await sensor.send([sent(0), sent(1)], { epoch: epoch(2), first_seq: 0 });
    const { body } = await sensor.send([sent(1), sent(2)], { epoch: epoch(2), first_seq: 1 });
    expect(body).toEqual({ acked_through: 2, duplicates: 1, rejected: [] });
  });

  test('lose only the records that are refused, each with its reason', async () => {
    const before = (await stored()).length;
    const { status, body } = await sensor.send(
      [
        anAlert({ src_ip: '203.0.113.5' }),
        anAlert({ time: '2019-12-31T23:59:59.000000Z' }),
        anAlert({ time: '2026-19-39T00:00:00.000000Z' }),
        { kind: 'alert' },
        { kind: 'packet' },
        anAlert({ src_ip: '192.0.2.1', dest_ip: '2001:db8:1::5' }),
      ],
      { epoch: epoch(3), first_seq: 0 },
    );
    expect(status).toBe(200);
    expect(body.acked_through).toBe(5);
    expect(body.rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'outside_scope'],
      [1, 'outside_dates'],
      [2, 'malformed'],
      [3, 'malformed'],
      [4, 'unknown_kind'],
    ]);
    expect(await stored()).toHaveLength(before + 1);
    expect(await aggregator.parts.records.refusals(sensor.id)).toMatchObject({
      outside_scope: 1,
      malformed: 2,
    });
  });

  test('lose the fields that the closed schema or the profile does not let in', async () => {
    const evidence = {
      'tls.sni': 'a.example',
      'http.url': '/secret',
      'made.up': 'secret',
      'yagura.count': 7,
    };
    const alert = { ...anAlert(), evidence, matched: ['made.up', 'tls.sni'], payload: 'secret' };
    await sensor.send([alert], { epoch: epoch(4), first_seq: 0, profile: 'lawful-order' });
    const [newest] = await stored();
    expect(newest.evidence).toEqual({ 'tls.sni': 'a.example', 'yagura.count': 7 });
    expect(newest.matched).toEqual(['tls.sni']);
    expect(JSON.stringify(newest)).not.toContain('secret');
  });

  test('with a hole in their numbers leave a span of blindness', async () => {
    await sensor.send([anAlert()], { epoch: epoch(5), first_seq: 0 });
    await sensor.send([anAlert()], { epoch: epoch(5), first_seq: 8 });
    const [blind] = await aggregator.parts.records.blinds(sensor.id, 1);
    expect(blind).toMatchObject({ reason: 'shed', count: 7 });
  });

  test('without records are heartbeats that carry health', async () => {
    const health = {
      time: new Date(Date.now() - 5_000).toISOString().replace('Z', '000Z'),
      version: '0.1.0',
      ...{ packets: 90, bytes: 1, dropped_kernel: 10, dropped_decoder: 0, flows_active: 1, rules: 1 },
      ...{ spool_bytes: 0, spool_records: 0, spool_shed: 0 },
    };
    const { status, body } = await sensor.send([], { epoch: epoch(6), first_seq: 0, health });
    expect([status, body.acked_through]).toEqual([200, -1]);
    const known = await aggregator.parts.records.sensor(sensor.id);
    expect(known?.health).toEqual(health);
    expect(known?.clock_skew_s).toBeCloseTo(-5, 0);
  });

  test('in clear are read as well', async () => {
    const text = `${JSON.stringify(sensor.header(1, 0, { epoch: epoch(7) }))}\n${JSON.stringify(anAlert())}\n`;
    expect((await sensor.raw(text, 'identity')).status).toBe(200);
  });
});

describe('a batch is refused whole', () => {
  const refusal = async (answer: ReturnType<TestSensor['raw']>) => {
    const { status, body } = await answer;
    return [status, body.code];
  };

  test('when it is a decompression bomb', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(MAX_BATCH_BYTES + 1));
    expect(bomb.length).toBeLessThan(10_000);
    expect(await refusal(sensor.raw(bomb))).toEqual([413, 'batch_too_large']);
  });

  test('when it is larger than the contract allows, uncompressed', async () => {
    expect(await refusal(sensor.raw(Buffer.alloc(MAX_BATCH_BYTES + 1, 10), 'identity'))).toEqual([
      413,
      'body_too_large',
    ]);
  });

  test.each([
    ['not zstd', 'plain text', 'zstd', 400, 'malformed_batch'],
    ['no header', 'plain text', 'identity', 400, 'malformed_batch'],
    ['empty', '', 'identity', 400, 'malformed_batch'],
    ['gzip', 'plain text', 'gzip', 415, 'wrong_encoding'],
  ])('when it is %s', async (_, body, encoding, status, code) => {
    expect(await refusal(sensor.raw(body, encoding))).toEqual([status, code]);
  });

  test('when the header counts other than the body', async () => {
    const text = `${JSON.stringify(sensor.header(2, 0))}\n${JSON.stringify(anAlert())}\n`;
    expect(await refusal(sensor.raw(text, 'identity'))).toEqual([400, 'malformed_batch']);
  });

  test.each([
    ['has no authority', undefined, 'authority_missing'],
    ['has one that lapsed', ['2020-01-01', '2021-01-01'], 'authority_lapsed'],
    ['has one not yet in force', ['2089-01-01', '2090-01-01'], 'authority_not_yet'],
  ])('when the body %s', async (_, dates, code) => {
    const id = code.replaceAll('_', '-');
    await aggregator.operator.addBody({ ...BODY, id });
    const legal = { body: id, article: 'Article 1', instrument: 'Order 1', prefixes: PREFIXES };
    if (dates !== undefined)
      await aggregator.operator.addAuthority({ ...legal, from: dates[0], until: dates[1] });
    const unlawful = await aggregator.sensor('sensor-1', id);
    expect(await refusal(unlawful.send([anAlert()]))).toEqual([403, code]);
    expect(await aggregator.parts.records.refusals(unlawful.id)).toEqual({ [code]: 1 });
  });
});

test('a stop answers what is on the way, and what it answered is kept', async () => {
  const stopping = await testAggregator();
  const sender = await stopping.sensor();
  await sender.send([anAlert({}, 0)]);
  const hold = stopping.parts.records.write(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const sending = sender.send([anAlert({}, 1)]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stopping.stop();
  await hold;
  expect((await sending).status).toBe(200);
  const { records } = await openState(stopping.state);
  expect(await records.lastRow()).toBe(2);
  await records.close();
  rmSync(stopping.state, { recursive: true });
});
