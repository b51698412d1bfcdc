// Every code of the catalogue, provoked for real: what people and sensors see, and that nothing more is seen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_BATCH_BYTES } from 'yagura-sensor/wire';
import { BODY, PREFIXES, type TestAggregator, testAggregator } from '../../test/support/aggregator.ts';
import type { Person } from '../../test/support/person.ts';
import { anAlert, askToEnrol, newRequest, type TestSensor } from '../../test/support/sensor.ts';
import { ledgerVerify } from './commands/ledger.ts';
import { configure } from './config.ts';
import { ERROR_CODES, type ErrorCode, Problem } from './errors.ts';
import { SqliteFile } from './stores/sqlite.ts';

let aggregator: TestAggregator;
let sensor: TestSensor;
let person: Person;
let place: string;

beforeAll(async () => {
  aggregator = await testAggregator({ 'sensor-batches': '1', 'queue-batches': '1' });
  sensor = await aggregator.sensor();
  person = await aggregator.person();
  place = mkdtempSync(join(tmpdir(), 'yagura-errors-'));
});
afterAll(async () => {
  await aggregator.dispose();
  rmSync(place, { recursive: true, force: true });
});

interface Seen {
  readonly status: number;
  readonly code: string;
  readonly retryAfter?: string | null;
}

/** Over the web. */
async function web(path: string, init: RequestInit = {}, cookie = person.cookie): Promise<Seen> {
  const headers = { cookie, 'x-yagura-csrf': '1', ...init.headers };
  const response = await fetch(person.web + path, { redirect: 'manual', ...init, headers });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { code, ...more } = (await response.json()) as { code: string };
  expect(more).toMatchObject({
    type: `/problems/${code}`,
    status: response.status,
    instance: path.split('?')[0],
  });
  return { status: response.status, code };
}
const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

/** Over the ingest listener. */
async function ingest(answer: ReturnType<TestSensor['raw']> | ReturnType<typeof askToEnrol>): Promise<Seen> {
  const { status, headers, body } = await answer;
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  return { status, code: body.code!, retryAfter: headers['retry-after'] as string | undefined };
}
async function enrol(token: string, csr?: string): Promise<Seen> {
  const { ca } = aggregator.parts;
  return ingest(
    askToEnrol(aggregator.addresses.ingest, ca.certificate, { token, csr: csr ?? (await newRequest()).csr }),
  );
}
const newToken = (lifetime?: number) =>
  aggregator.operator.issueToken(BODY.id, 'new', aggregator.parts.ca.fingerprint, lifetime);

/** A sensor of a body that has no authority, or one of these dates. */
async function under(id: string, dates?: readonly [string, string]): Promise<TestSensor> {
  await aggregator.operator.addBody({ ...BODY, id });
  const legal = { body: id, article: '1', instrument: '1', prefixes: PREFIXES };
  if (dates !== undefined)
    await aggregator.operator.addAuthority({ ...legal, from: dates[0], until: dates[1] });
  return aggregator.sensor('s', id);
}

/** Thrown in this process. */
async function thrown(work: () => unknown): Promise<Seen> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, code: error.code };
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Holds the store, so that what comes meanwhile waits. */
async function whileBusy(work: () => Promise<Seen>): Promise<Seen> {
  let release = () => {};
  const held = aggregator.parts.records.write(() => new Promise<void>((resolve) => (release = resolve)));
  try {
    return await work();
  } finally {
    release();
    await held;
  }
}

const settled = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A request with a Host header that fetch() would not send. */
const withHost = (host: string) =>
  new Promise<Seen>((resolve, reject) => {
    request(`${person.web}/`, { headers: { host } }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, code: JSON.parse(text).code }));
    })
      .on('error', reject)
      .end();
  });

const PROVOKED: Record<ErrorCode, () => Promise<Seen>> = {
  usage: () => thrown(() => aggregator.operator.addBody({ ...BODY, id: 'Not An Id' })),
  config_invalid: () => thrown(() => configure({ web: 'nowhere' })),
  tls_required: () => thrown(() => configure({ web: '0.0.0.0:8600' })),
  invalid_request: () => web('/api/v1/groups?limit=9999'),
  cursor_invalid: () => web('/api/v1/groups?cursor=WyJ4Il0'),
  too_many_points: () =>
    web('/api/v1/series?metric=bytes&step=10&from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z'),
  not_found: () => web(`/api/v1/groups/${'0'.repeat(32)}`),
  edited_meanwhile: async () => {
    await sensor.send([anAlert()]);
    const [{ id }] = (await aggregator.parts.records.groups({}, 'priority', { limit: 1 })).items;
    const change = json('PATCH', { state: 'resolved' });
    return web(`/api/v1/groups/${id}`, { ...change, headers: { ...change.headers, 'if-match': '"0"' } });
  },
  body_too_large: () => web(`/api/v1/groups/${'0'.repeat(32)}`, json('PATCH', { note: 'x'.repeat(70_000) })),
  wrong_media_type: () =>
    web(`/api/v1/groups/${'0'.repeat(32)}`, {
      method: 'PATCH',
      body: 'x',
      headers: { 'content-type': 'text/xml' },
    }),
  host_unknown: () => withHost('attacker.example'),
  session_required: () => web('/api/v1/groups', {}, 'yagura_session=guessed'),
  login_link_invalid: () => web(`/login/${'A'.repeat(43)}`),
  csrf_refused: async () => {
    const foreign = { method: 'POST', headers: { origin: 'https://attacker.example' } };
    expect(await web('/api/v1/session/end', foreign)).toEqual({ status: 403, code: 'csrf_refused' });
    return web('/api/v1/session/end', { method: 'POST', headers: { 'x-yagura-csrf': '' } });
  },
  certificate_required: () =>
    ingest(sensor.raw('{}', 'identity', new Agent({ ca: aggregator.parts.ca.certificate }))),
  sensor_unknown: async () => {
    // A certificate of ours for a sensor that the store does not know: restored from an older copy, say.
    const { key, csr } = await newRequest();
    const { certificate } = await aggregator.parts.ca.issue(csr, 'yagura://city/forgotten');
    return ingest(
      sensor.raw(
        '{}',
        'identity',
        new Agent({ ca: aggregator.parts.ca.certificate, cert: certificate, key }),
      ),
    );
  },
  sensor_revoked: async () => {
    const revoked = await aggregator.sensor('revoked');
    expect((await revoked.send([anAlert()])).status).toBe(200);
    await aggregator.operator.revoke(revoked.id);
    return ingest(revoked.send([anAlert()]));
  },
  certificate_superseded: async () => {
    const old = await aggregator.sensor('renewed');
    await aggregator.sensor('renewed');
    return ingest(old.send([anAlert()]));
  },
  sensor_mismatch: () => ingest(sensor.send([], { sensor: 'yagura://city/other' })),
  authority_missing: async () => ingest((await under('lawless')).send([anAlert()])),
  authority_lapsed: async () =>
    ingest((await under('lapsed', ['2020-01-01', '2021-01-01'])).send([anAlert()])),
  authority_not_yet: async () =>
    ingest((await under('early', ['2089-01-01', '2090-01-01'])).send([anAlert()])),
  token_invalid: () => enrol(`ygr1.${'A'.repeat(43)}.${'0'.repeat(64)}`),
  token_used: async () => {
    const token = await newToken();
    await enrolledWith(token);
    return enrol(token);
  },
  token_expired: async () => enrol(await newToken(-1)),
  csr_invalid: async () => {
    const token = await newToken();
    const seen = await enrol(token, 'nonsense');
    // The token is not spent by it.
    await enrolledWith(token);
    return seen;
  },
  malformed_batch: () => ingest(sensor.raw('nonsense', 'zstd')),
  batch_too_large: () => ingest(sensor.raw(zstdCompressSync(Buffer.alloc(MAX_BATCH_BYTES + 1)))),
  wrong_encoding: () => ingest(sensor.raw('x', 'gzip')),
  sensor_too_eager: () =>
    whileBusy(async () => {
      const waiting = sensor.send([anAlert()]);
      await settled(100);
      const seen = await ingest(sensor.send([anAlert()]));
      waiting.catch(() => {});
      return seen;
    }),
  queue_full: async () => {
    const other = await aggregator.sensor('other');
    return whileBusy(async () => {
      sensor.send([anAlert()]).catch(() => {});
      await settled(100);
      return ingest(other.send([anAlert()]));
    });
  },
  stopping: () => fetchStopping(),
  already_exists: () => thrown(() => aggregator.operator.addBody(BODY)),
  state_unusable: () =>
    thrown(() => {
      writeFileSync(join(place, 'not-a-database.db'), 'x'.repeat(4_096));
      return new SqliteFile(join(place, 'not-a-database.db'));
    }),
  bind_refused: () => thrown(() => testAggregator({ metrics: new URL(aggregator.addresses.metrics).host })),
  ledger_broken: async () => {
    const other = await testAggregator();
    await other.stop();
    const file = new SqliteFile(join(other.state, 'yagura.db'));
    file.writer.exec(
      "DROP TRIGGER ledger_unchanged; UPDATE ledger SET actor = 'operator:nobody' WHERE seq = 1",
    );
    await file.close();
    const seen = await thrown(() =>
      ledgerVerify.run(['--state', other.state], {
        out: () => {},
        log: process.stderr,
        stop: new AbortController().signal,
      }),
    );
    rmSync(other.state, { recursive: true });
    return seen;
  },
  internal: async () => {
    const other = await testAggregator();
    const guest = await other.person();
    other.parts.records.bodies = async () => {
      throw new Error('a secret of the inside');
    };
    const response = await fetch(`${guest.web}/api/v1/bodies`, { headers: { cookie: guest.cookie } });
    const text = await response.text();
    expect(text).not.toContain('secret');
    await other.dispose();
    return { status: response.status, code: JSON.parse(text).code };
  },
};

async function enrolledWith(token: string): Promise<void> {
  const { ca } = aggregator.parts;
  const { csr } = await newRequest();
  expect((await askToEnrol(aggregator.addresses.ingest, ca.certificate, { token, csr })).status).toBe(200);
}

/** A batch that comes while the queue drains. */
async function fetchStopping(): Promise<Seen> {
  const other = await testAggregator();
  const late = await other.sensor();
  await other.parts.queue.drain();
  const { status, body, headers } = await late.send([anAlert()]);
  expect(headers['retry-after']).toBe('2');
  await other.dispose();
  return { status, code: body.code! };
}

test.each(ERROR_CODES)('%s', async (code) => {
  const seen = await PROVOKED[code]();
  expect(seen.code).toBe(code);
  expect(seen.status).toBe(new Problem(code).status);
  if (code === 'queue_full' || code === 'sensor_too_eager') expect(seen.retryAfter).toBe('1');
});

test('every problem says how to mend it', () => {
  for (const code of ERROR_CODES) {
    const { title, mend } = new Problem(code);
    expect(title.length).toBeGreaterThan(10);
    expect(mend).toMatch(/\.$/);
  }
});
