// Secrets in traffic: after the whole path ran, none of them stands in any file, record, log line or HTTP answer.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../../aggregator/src/operator.ts';
import { openState } from '../../aggregator/src/state.ts';
import { enrol } from '../../sensor/src/enrolment.ts';
import { pcap } from '../support/packets/capture.ts';
import { Person } from '../support/person.ts';
import { endAll, type Program, start } from '../support/program.ts';
import { CANARY_RULES } from './rules.ts';
import { Secrets } from './secrets.ts';
import { canaryTraffic } from './traffic.ts';

const ROOT = join(import.meta.dirname, '../..');
const secrets = new Secrets();
let folder: string;
/** Below it stands everything that both programs write. */
let state: string;
let captures: string[];
let ingest: string;
/** What was said, and what was answered, by name. */
const heard: [name: string, text: string][] = [];

const at = (...names: string[]): string => join(folder, ...names);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startAggregator(): Promise<Program> {
  const program = start(
    ...(['aggregator', 'run', '--state', join(state, 'aggregator'), '--ingest', ingest] as const),
    ...['--web', '127.0.0.1:0', '--metrics', '127.0.0.1:0', '--announce', join(state, 'announce.json')],
    ...['--log-level', 'trace'],
  );
  await program.says(/^metrics .*$/m);
  return program;
}

const startSensor = (...more: string[]): Program =>
  start(
    ...(['sensor', 'read', ...captures, '--rules', at('rules'), '--rules', join(ROOT, 'rules')] as const),
    ...more,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-canary-'));
  state = at('state');
  for (const name of ['state', 'rules', 'captures']) mkdirSync(at(name));
  for (const [name, text] of Object.entries(CANARY_RULES)) writeFileSync(at('rules', name), text);
  const whole = pcap(canaryTraffic(secrets));
  // One that ends in the middle of a packet, and one that turns into rubbish: their errors must not quote them.
  const rubbish = Buffer.concat([whole, Buffer.from(secrets.plant('damaged capture').repeat(9))]);
  const files = { whole, cut: whole.subarray(0, whole.length - 7), rubbish };
  captures = Object.entries(files).map(([name, bytes]) => {
    writeFileSync(at('captures', `${name}.pcap`), bytes);
    return at('captures', `${name}.pcap`);
  });
  ingest = `127.0.0.1:${await freePort()}`;
}, 60_000);

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

test('the search finds every secret in the captures themselves', () => {
  expect(secrets.places.length).toBeGreaterThan(60);
  const found = new Set(captures.flatMap((path) => secrets.foundIn(readFileSync(path))));
  expect(secrets.places.filter((place) => !found.has(place))).toEqual([
    // Whole only when its segments are put together again.
    'one byte a segment',
  ]);
});

test('the search can find one: with an order, targets stand in the EVE file', async () => {
  const sensor = startSensor('--profile', 'lawful-order', '--events', at('lawful.json'));
  await sensor.ended;
  const found = secrets.foundIn(readFileSync(at('lawful.json')));
  for (const place of [
    'url path',
    'query string',
    'percent-encoded query',
    'referer',
    'redirect',
    'dns txt',
    'one byte a segment',
  ])
    expect(found, place).toContain(place);
  // What no record has a field for stands in no profile's.
  for (const place of [
    'cookie',
    'basic authorization',
    'form body',
    'mail text',
    'ftp file content',
    'tls application data',
  ])
    expect(found, place).not.toContain(place);
});

async function prepare(): Promise<void> {
  const opened = await openState(join(state, 'aggregator'));
  const operator = new Operator(opened.records, 'test');
  await operator.addBody({ id: 'city', name: { en: 'City', ja: '市' }, kind: 'municipality' });
  const legal = { article: 'Article 1', instrument: 'Test', from: '2020-01-01', until: '2100-01-01' };
  await operator.addAuthority({ body: 'city', prefixes: ['10.1.0.0/16'], ...legal });
  const token = await operator.issueToken('city', 'tap', opened.ca.fingerprint);
  await opened.records.close();
  const aggregator = await startAggregator();
  await enrol({ aggregators: [`https://${ingest}`], token, state: join(state, 'sensor') });
  await aggregator.stop();
  heard.push(['aggregator at enrolment', aggregator.said()]);
}

/** Everything a person can read. */
const READS = [
  ...['/api/v1/groups?state=all&limit=500', '/api/v1/alerts?limit=500', '/api/v1/bodies', '/api/v1/sensors'],
  ...['/api/v1/groups?state=all&q=example', '/api/v1/ledger?limit=500', '/api/v1/session', '/api/v1/about'],
  ...['packets', 'bytes', 'flows', 'events', 'alerts'].map((metric) => `/api/v1/series?metric=${metric}`),
  ...['/api/v1/series?metric=events&by=type', '/api/v1/openapi.json', '/', '/api/v1/nothing'],
];

async function readAll(addresses: { web: string; metrics: string }, sensorMetrics: string): Promise<void> {
  const opened = await openState(join(state, 'aggregator'));
  const link = await new Operator(opened.records, 'test').issueLoginLink('hanako');
  await opened.records.close();
  const person = await Person.logIn(addresses.web, link);
  const keep = async (path: string, response: Response) =>
    heard.push([path, JSON.stringify([...response.headers]) + (await response.text())]);
  const headers = { cookie: person.cookie };
  for (const path of READS) await keep(path, await fetch(addresses.web + path, { headers }));
  const { body } = await person.ask<{ items: { id: string }[] }>('/api/v1/groups?state=all&limit=500');
  expect(body.items.length).toBeGreaterThan(5);
  for (const { id } of body.items)
    for (const path of [`/api/v1/groups/${id}`, `/api/v1/groups/${id}/alerts`])
      await keep(path, await fetch(addresses.web + path, { headers }));
  await person.change('PATCH', `/api/v1/groups/${body.items[0].id}`, { state: 'resolved', note: 'seen' });
  for (const path of ['/metrics', '/-/healthy', '/-/ready'])
    for (const base of [addresses.metrics, sensorMetrics]) await keep(base + path, await fetch(base + path));
  heard.push(['live tail', await tail(`${addresses.web}/api/v1/stream?after=0`, headers)]);
}

/** What the live tail sends until it is silent for a moment. */
function tail(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      let text = '';
      const end = () => {
        response.destroy();
        resolve(text);
      };
      let silence = setTimeout(end, 1_000);
      response.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        clearTimeout(silence);
        silence = setTimeout(end, 500);
      });
    }).once('error', reject);
  });
}

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());

/** Every value of every table: a text that spans two pages of the file is whole here. */
function rowsOf(database: string): string {
  const opened = new DatabaseSync(database, { readOnly: true });
  const tables = opened.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
  }[];
  const text = tables
    .map(({ name }) => JSON.stringify(opened.prepare(`SELECT * FROM "${name}"`).all()))
    .join('\n');
  opened.close();
  return text;
}

/** File → the places whose secrets stand in it. */
const leaks = (files: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    files
      .map((file): [string, string[]] => [relative(folder, file), secrets.foundIn(readFileSync(file))])
      .filter(([, found]) => found.length > 0),
  );

describe('under the strict profile', () => {
  test('while the aggregator is away: the spool holds alerts and no secret', async () => {
    await prepare();
    const sensor = startSensor('--uplink', join(state, 'sensor'), '--drain-seconds', '0');
    expect(await sensor.ended).toBe(1);
    heard.push(['sensor without aggregator', sensor.said()]);
    const spool = filesBelow(join(state, 'sensor', 'spool'));
    const text = spool.map((file) => readFileSync(file, 'latin1')).join('');
    for (const title of [
      'target with a query',
      'text of a name',
      'many targets of one client',
      'one target again and again',
    ])
      expect(text.includes(title), title).toBe(true);
    expect(text.includes('"withheld":["http.url"]')).toBe(true);
    expect(leaks(filesBelow(state))).toEqual({});
  }, 60_000);

  test('after the whole path: no file, no record, no line said and no answer holds one', async () => {
    const aggregator = await startAggregator();
    const sensor = startSensor(
      ...['--uplink', join(state, 'sensor'), '--events', join(state, 'eve.json'), '--stay'],
      ...['--report', join(state, 'report.json'), '--metrics', '127.0.0.1:0'],
    );
    const [, metrics] = await sensor.says(/metrics at (\S+)\/metrics/);
    await sensor.says(/^flows \d/m);
    await readAll(JSON.parse(readFileSync(join(state, 'announce.json'), 'utf8')), metrics);
    // While both run, the write-ahead log still holds what the database may not.
    expect(leaks(filesBelow(state))).toEqual({});
    await sensor.stop();
    await aggregator.stop();
    heard.push(['sensor', sensor.said()], ['aggregator', aggregator.said()]);

    const eve = readFileSync(join(state, 'eve.json'), 'utf8');
    expect(eve.includes('"hostname":"www.example"')).toBe(true);
    expect(eve.includes('target with a query')).toBe(true);
    const rows = rowsOf(join(state, 'aggregator', 'yagura.db'));
    expect(rows.includes('target with a query')).toBe(true);
    expect(secrets.foundIn(rows)).toEqual([]);
    expect(leaks(filesBelow(state))).toEqual({});
    const told = heard
      .map(([name, text]) => [name, secrets.foundIn(text)])
      .filter(([, found]) => found.length > 0);
    expect(told).toEqual([]);
    expect(heard.find(([name]) => name === 'live tail')![1].includes('target with a query')).toBe(true);
  }, 90_000);
});
