// The API as people use it: session, groups, alerts, sensors, series, ledger; every read leaves a trace.
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestAggregator, testAggregator } from '../../../../test/support/aggregator.ts';
import type { Person } from '../../../../test/support/person.ts';
import { anAlert, aSeries, type TestSensor } from '../../../../test/support/sensor.ts';

let aggregator: TestAggregator;
let sensor: TestSensor;
let person: Person;

const rule = (id: string, severity: 'low' | 'high' | 'critical') => ({
  ...anAlert().rule,
  id,
  name: `Rule ${id}`,
  severity,
});

beforeAll(async () => {
  aggregator = await testAggregator();
  sensor = await aggregator.sensor();
  person = await aggregator.person();
  await sensor.send([
    ...Array.from({ length: 5 }, (_, n) => anAlert({ dest_port: 50 + n }, n)),
    anAlert({ rule: rule('quiet', 'low'), src_ip: '10.1.7.7' }, 20),
    anAlert({ rule: rule('loud', 'critical'), dest_ip: '10.1.4.4', src_ip: '198.51.100.1' }, 30),
    aSeries(0),
    aSeries(10, { packets: 50 }),
  ]);
});
afterAll(() => aggregator.dispose());

interface Group {
  id: string;
  etag: string;
  state: string;
  severity: string;
  priority: number;
  rule: { id: string };
  count: number;
  histogram: number[];
  [more: string]: unknown;
}
interface List<T> {
  items: T[];
  next: string | null;
  [more: string]: unknown;
}
interface Entry {
  seq: number;
  actor: string;
  action: string;
  object: string;
  detail: Record<string, unknown>;
}
const groups = async (query = '') => (await person.ask<List<Group>>(`/api/v1/groups${query}`)).body;
const lastEntry = async () => (await aggregator.parts.records.ledger({ limit: 1 })).items[0];
const named = async (id: string) => (await groups(`?state=all&rule=${id}`)).items[0];

describe('session', () => {
  test('a log-in link opens one session, once', async () => {
    const link = await aggregator.operator.issueLoginLink('taro');
    const first = await fetch(aggregator.addresses.web + link, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/');
    expect(first.headers.get('set-cookie')).toMatch(
      /^yagura_session=[\w-]{43}; .*HttpOnly; SameSite=Strict$/,
    );
    const second = await fetch(aggregator.addresses.web + link, { redirect: 'manual' });
    expect([second.status, second.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('says who is logged in, until it is ended', async () => {
    const guest = await aggregator.person('guest');
    expect((await guest.ask('/api/v1/session')).body).toMatchObject({ name: 'guest', role: 'analyst' });
    expect((await guest.change('POST', '/api/v1/session/end')).status).toBe(204);
    expect((await guest.ask('/api/v1/session')).status).toBe(401);
    expect(await lastEntry()).toMatchObject({ actor: 'analyst:guest', action: 'session.ended' });
  });
});

describe('groups', () => {
  test('are a queue by priority with counts of what is open', async () => {
    const { items, counts, next } = await groups();
    expect(items.map((g) => [g.rule.id, g.severity, g.count])).toEqual([
      ['loud', 'critical', 1],
      ['rule-1', 'high', 5],
      ['quiet', 'low', 1],
    ]);
    expect(counts).toEqual({
      open: 3,
      by_severity: { critical: 1, high: 1, medium: 0, low: 1, informational: 0 },
    });
    expect(next).toBeNull();
  });

  test('show what an analyst needs', async () => {
    expect(await named('rule-1')).toMatchObject({
      state: 'new',
      body: { id: 'city', name: { en: 'City of Tests', ja: '試験市' } },
      sensors: ['sensor-1'],
      src: { ip: '10.1.2.3', distinct: 1 },
      dest: { ip: '192.0.2.9', port: 50, distinct: 5 },
      direction: 'outbound',
      proto: 'UDP',
      app_proto: 'dns',
      first_seen: '2026-04-01T10:00:00.000000Z',
      last_seen: '2026-04-01T10:00:04.000000Z',
      histogram_from: '2026-04-01T10:00:00.000000Z',
      histogram_step_s: 1,
    });
    expect((await named('rule-1')).histogram).toEqual([1, 1, 1, 1, 1, ...Array(19).fill(0)]);
    expect(await named('loud')).toMatchObject({ direction: 'inbound' });
  });

  test('are paged by cursor', async () => {
    const first = await groups('?sort=last_seen&limit=2');
    const second = await groups(`?sort=last_seen&limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map((g) => g.rule.id)).toEqual(['loud', 'quiet', 'rule-1']);
    expect(second.next).toBeNull();
  });

  test.each([
    ['severity=high', ['loud', 'rule-1']],
    ['q=quiet', ['quiet']],
    ['address=198.51.100.1', ['loud']],
    ['sensor=yagura%3A%2F%2Fcity%2Fsensor-1', ['loud', 'rule-1', 'quiet']],
    ['state=resolved', []],
    ['since=2026-04-01T10:00:20Z', ['loud', 'quiet']],
  ])('are found by %s', async (query, ids) => {
    expect((await groups(`?${query}`)).items.map((g) => g.rule.id)).toEqual(ids);
  });

  test('change their state with a note and a history; a stale ETag is refused', async () => {
    const { id, etag } = await named('quiet');
    const path = `/api/v1/groups/${id}`;
    const change = await person.change<Group>(
      'PATCH',
      path,
      { state: 'resolved', note: '誤検知' },
      { 'if-match': etag },
    );
    expect(change.status).toBe(200);
    expect(change.body).toMatchObject({ state: 'resolved' });
    expect(change.body['history']).toMatchObject([
      { actor: 'analyst:hanako', action: 'resolved', note: '誤検知' },
    ]);
    expect(change.headers.get('etag')).toBe(change.body.etag);
    expect(await lastEntry()).toMatchObject({
      actor: 'analyst:hanako',
      action: 'group.changed',
      object: `group:${id}`,
      detail: { from: 'new', to: 'resolved', noted: true },
    });
    const stale = await person.change('PATCH', path, { state: 'new' }, { 'if-match': etag });
    expect([stale.status, stale.body['code']]).toEqual([412, 'edited_meanwhile']);
    expect((await groups('?state=all')).items).toHaveLength(3);
    expect((await groups()).items).toHaveLength(2);
  });

  test('that were resolved open anew when they are hit again', async () => {
    await sensor.send([anAlert({ rule: rule('quiet', 'low'), src_ip: '10.1.7.7' }, 40)]);
    const { id } = await named('quiet');
    const { body } = await person.ask<Group>(`/api/v1/groups/${id}`);
    expect([body.state, body.count]).toEqual(['new', 2]);
    expect(body['history']).toMatchObject([
      { actor: 'system', action: 'reopened', note: 'was resolved' },
      { action: 'resolved' },
    ]);
  });
});

describe('alerts', () => {
  test('of a group, page by page, newest arrival first', async () => {
    const { id } = await named('rule-1');
    const first = (await person.ask<List<{ dest_port: number }>>(`/api/v1/groups/${id}/alerts?limit=3`)).body;
    const second = (
      await person.ask<List<{ dest_port: number }>>(
        `/api/v1/groups/${id}/alerts?limit=3&cursor=${first.next}`,
      )
    ).body;
    expect([...first.items, ...second.items].map((a) => a.dest_port)).toEqual([54, 53, 52, 51, 50]);
  });

  test('one alone, and those asked for', async () => {
    const { body } = await person.ask<List<{ id: string }>>('/api/v1/alerts?severity=critical');
    expect(body.items).toHaveLength(1);
    const one = await person.ask(`/api/v1/alerts/${body.items[0].id}`);
    expect(one.body).toEqual(body.items[0]);
    expect(one.body).toMatchObject({
      body: 'city',
      sensor: sensor.id,
      direction: 'inbound',
      event_type: 'dns',
    });
  });
});

describe('bodies, sensors and series', () => {
  test('a body shows the authority that speaks for it', async () => {
    const { body } = await person.ask<List<object>>('/api/v1/bodies');
    expect(body.items).toMatchObject([
      {
        id: 'city',
        sensors: 1,
        authority: { article: 'Article 1', status: 'valid', valid_from: '2020-01-01T00:00:00.000000Z' },
      },
    ]);
  });

  test('a sensor shows its health, its drops and what was refused', async () => {
    const time = new Date().toISOString().replace('Z', '000Z');
    const counts = {
      packets: 90,
      bytes: 1,
      dropped_kernel: 10,
      dropped_decoder: 0,
      flows_active: 1,
      rules: 1,
    };
    const health = { time, version: '0.1.0', ...counts, spool_bytes: 0, spool_records: 0, spool_shed: 0 };
    await sensor.send([anAlert({ src_ip: '203.0.113.1' })], { health });
    const { body } = await person.ask<List<object>>('/api/v1/sensors');
    expect(body.items).toMatchObject([
      {
        id: sensor.id,
        name: 'sensor-1',
        status: 'live',
        health,
        drops_ratio: 0.1,
        refused: { outside_scope: 1 },
      },
    ]);
  });

  const series = async (query: string) =>
    (
      await person.ask<{ series: { name: string; values: (number | null)[] }[]; step: number }>(
        `/api/v1/series?${query}`,
      )
    ).body;
  const span = 'from=2026-04-01T10:00:00Z&until=2026-04-01T10:00:30Z&step=10';

  test('traffic has a number where a sensor reported, and none elsewhere', async () => {
    expect((await series(`metric=packets&${span}`)).series).toEqual([
      { name: 'packets', values: [100, 50, null] },
    ]);
    const events = await series(`metric=events&by=type&${span}`);
    expect(events.series).toEqual([
      { name: 'dns', values: [4, 4, null] },
      { name: 'tls', values: [2, 2, null] },
    ]);
  });

  test('alerts are zero only where a sensor reported', async () => {
    const { series: lines } = await series(`metric=alerts&by=severity&${span}`);
    expect(lines).toEqual([
      { name: 'high', values: [5, 0, null] },
      { name: 'low', values: [0, 0, 1] },
    ]);
  });

  test('a sensible step is chosen when none is asked for', async () => {
    expect((await series('metric=packets&from=2026-04-01T00:00:00Z&until=2026-04-02T00:00:00Z')).step).toBe(
      480,
    );
  });
});

describe('the ledger', () => {
  test.each([
    ['/api/v1/groups?severity=high', 'groups.read', 'groups', { asked: { severity: 'high' }, count: 2 }],
    ['/api/v1/alerts?limit=1', 'alerts.read', 'alerts', { asked: { limit: 1 }, count: 1 }],
    ['/api/v1/bodies', 'bodies.read', 'bodies', { asked: {}, count: 1 }],
    ['/api/v1/sensors', 'sensors.read', 'sensors', { asked: {}, count: 1 }],
    ['/api/v1/series?metric=flows', 'series.read', 'series:flows', { asked: { metric: 'flows' }, count: 0 }],
    ['/api/v1/ledger?limit=2', 'ledger.read', 'ledger', { asked: { limit: 2 }, count: 2 }],
  ])('knows who read %s', async (path, action, object, detail) => {
    await person.ask(path);
    expect(await lastEntry()).toMatchObject({ actor: 'analyst:hanako', action, object, detail });
  });

  test('is read page by page, newest first', async () => {
    const first = (await person.ask<List<Entry>>('/api/v1/ledger?limit=2')).body;
    const second = (await person.ask<List<Entry>>(`/api/v1/ledger?limit=2&cursor=${first.next}`)).body;
    const seqs = [...first.items, ...second.items].map((e) => e.seq);
    expect(seqs).toEqual([0, 1, 2, 3].map((n) => seqs[0] - n));
  });
});

describe('the description', () => {
  interface Operation {
    operationId: string;
    parameters?: { in: string; name: string; required?: boolean }[];
    responses: Record<string, { content?: Record<string, { schema: object }> }>;
  }
  interface OpenApi {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  }
  let api: OpenApi;
  beforeAll(async () => {
    api = (await person.ask<OpenApi & Record<string, unknown>>('/api/v1/openapi.json')).body;
  });

  test('is OpenAPI 3.1 with stable operation ids', () => {
    expect(api.openapi).toBe('3.1.0');
    const ids = Object.values(api.paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    expect(ids.toSorted()).toEqual([
      'changeGroup',
      'endSession',
      'followAlerts',
      'getAbout',
      'getAlert',
      'getGroup',
      'getSeries',
      'getSession',
      'listAlerts',
      'listBodies',
      'listGroupAlerts',
      'listGroups',
      'listLedger',
      'listSensors',
      'logIn',
    ]);
  });

  test('names each parameter of a path, each answer, and the problem that may come instead', () => {
    for (const [path, operations] of Object.entries(api.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [], responses, operationId } of Object.values(operations)) {
        const inPath = parameters.filter((p) => p.in === 'path');
        expect([operationId, inPath.map((p) => p.name)]).toEqual([operationId, named]);
        expect(inPath.every((p) => p.required)).toBe(true);
        expect(Object.keys(responses)).toEqual([expect.stringMatching(/^(200|204|303)$/), 'default']);
        expect(responses['default'].content).toHaveProperty(['application/problem+json']);
      }
    }
  });

  test('fits what is really answered', async () => {
    const { id } = await named('rule-1');
    const alert = (await person.ask<List<{ id: string }>>('/api/v1/alerts?limit=1')).body.items[0].id;
    for (const [path, operations] of Object.entries(api.paths)) {
      const schema = operations['get']?.responses['200']?.content?.['application/json']?.schema;
      if (schema === undefined || path.includes('stream')) continue;
      const url = path.replace('{id}', path.includes('/alerts/{') ? alert : id);
      const { status, body } = await person.ask(url + (path.includes('series') ? '?metric=bytes' : ''));
      expect([path, status]).toEqual([path, 200]);
      const errors = Compile(schema).Errors(body);
      expect([path, errors]).toEqual([path, []]);
    }
  });
});

test('every answer keeps browsers on the safe side', async () => {
  for (const path of ['/', '/api/v1/about', '/api/v1/nothing']) {
    const { headers } = await person.ask(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
