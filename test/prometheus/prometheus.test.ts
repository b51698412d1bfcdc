// A real Prometheus with the configuration that we ship scrapes both programs, and finds what it should and no more.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../../aggregator/src/operator.ts';
import { openState } from '../../aggregator/src/state.ts';
import { enrol } from '../../sensor/src/enrolment.ts';
import { endAll, start } from '../support/program.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHIPPED = join(ROOT, 'deploy/prometheus');
const CAPTURES = ['browse-http1', 'dns-resolver', 'nmap-syn'];
const MAX_SERIES = 500;

const missing = ['prometheus', 'promtool'].filter((program) => spawnSync(program, ['--version']).error);
const isSkipped = missing.length > 0 && process.env['CI'] === undefined;
if (isSkipped) process.stderr.write(`Prometheus is not tested: ${missing.join(' and ')} not installed\n`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Both programs at work, an enrolled sensor among them. @returns URLs of both expositions */
async function startPrograms(folder: string): Promise<{ aggregator: string; sensor: string }> {
  const state = join(folder, 'aggregator');
  const opened = await openState(state);
  const operator = new Operator(opened.records, 'test');
  await operator.addBody({ id: 'city', name: { en: 'City', ja: '市' }, kind: 'municipality' });
  const legal = { article: 'Article 1', instrument: 'Test', from: '2020-01-01', until: '2100-01-01' };
  await operator.addAuthority({ body: 'city', prefixes: ['10.20.0.0/16', 'fd00:20::/32'], ...legal });
  const token = await operator.issueToken('city', 'gate', opened.ca.fingerprint);
  await opened.records.close();

  const announce = join(folder, 'announce.json');
  const free = ['--web', '--ingest', '--metrics'].flatMap((listener) => [listener, '127.0.0.1:0']);
  await start('aggregator', 'run', '--state', state, '--announce', announce, ...free).says(/^metrics .*$/m);
  const addresses = JSON.parse(readFileSync(announce, 'utf8')) as { ingest: string; metrics: string };

  const uplink = join(folder, 'sensor');
  await enrol({ aggregators: [addresses.ingest], token, state: uplink });
  const captures = CAPTURES.map((name) => join(ROOT, `test/captures/${name}.pcap.zst`));
  const rules = ['--rules', join(ROOT, 'rules'), '--uplink', uplink];
  const sensor = start('sensor', 'read', ...captures, ...rules, '--metrics', '127.0.0.1:0', '--stay');
  const [, metrics] = await sensor.says(/metrics at (\S+)/);
  await sensor.says(/alerts \d+:/);
  return { aggregator: `${addresses.metrics}/metrics`, sensor: metrics };
}

const hostOf = (url: string): string => new URL(url).host;

describe.skipIf(isSkipped)('Prometheus', { timeout: 60_000 }, () => {
  let folder = '';
  let prometheus: ChildProcess | undefined;
  let api = '';
  let urls: Awaited<ReturnType<typeof startPrograms>>;
  const expositions: Record<'aggregator' | 'sensor', string> = { aggregator: '', sensor: '' };

  const ask = async (query: string): Promise<Record<string, number>> => {
    const response = await fetch(`${api}/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: { job?: string }; value: [number, string] }[] };
    };
    return Object.fromEntries(data.result.map(({ metric, value }) => [metric.job ?? '', Number(value[1])]));
  };
  /** Asks until the answer fits; the last answer says why it did not. */
  const askUntil = async (query: string, fits: (answer: Record<string, number>) => boolean) => {
    let answer: Record<string, number> = {};
    for (let tries = 0; tries < 150 && !fits(answer); tries++) {
      await sleep(200);
      answer = await ask(query).catch(() => ({}));
    }
    return answer;
  };

  beforeAll(async () => {
    expect(missing, 'programs that CI must have').toEqual([]);
    folder = mkdtempSync(join(tmpdir(), 'yagura-prometheus-'));
    urls = await startPrograms(folder);
    const shipped = readFileSync(join(SHIPPED, 'prometheus.yml'), 'utf8');
    const ours = shipped
      .replace('127.0.0.1:8602', hostOf(urls.aggregator))
      .replace('127.0.0.1:8603', hostOf(urls.sensor))
      .replace('scrape_interval: 15s', 'scrape_interval: 1s');
    writeFileSync(join(folder, 'prometheus.yml'), ours);
    copyFileSync(join(SHIPPED, 'alerts.yml'), join(folder, 'alerts.yml'));
    const port = await freePort();
    api = `http://127.0.0.1:${port}/api/v1`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'series')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
  });

  afterAll(async () => {
    if (prometheus !== undefined && prometheus.exitCode === null) {
      const gone = new Promise((resolve) => prometheus?.once('exit', resolve));
      prometheus.kill('SIGTERM');
      await gone;
    }
    await endAll();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  test('scrapes both programs', async () => {
    const jobs = ['yagura-aggregator', 'yagura-sensor'];
    const up = await askUntil('up', (answer) => jobs.every((job) => answer[job] === 1));
    expect(up).toEqual({ 'yagura-aggregator': 1, 'yagura-sensor': 1 });
  });

  test('finds what the programs did', async () => {
    const packets = await askUntil('yagura_sensor_packets_total', (answer) => answer['yagura-sensor'] > 1000);
    expect(packets['yagura-sensor']).toBeGreaterThan(1000);
    const kept = 'sum by (job) (yagura_aggregator_ingest_records_total{result="accepted"})';
    const records = await askUntil(kept, (answer) => answer['yagura-aggregator'] > 0);
    expect(records['yagura-aggregator']).toBeGreaterThan(0);
  });

  test(`holds fewer than ${MAX_SERIES} series of both together`, async () => {
    const series = await ask('count by (job) ({job=~"yagura-.*"})');
    expect(Object.keys(series).sort()).toEqual(['yagura-aggregator', 'yagura-sensor']);
    const total = Object.values(series).reduce((a, b) => a + b);
    process.stderr.write(`Prometheus: ${JSON.stringify(series)}, ${total} series of ${MAX_SERIES}\n`);
    expect(total).toBeLessThan(MAX_SERIES);
  });

  test.each(['aggregator', 'sensor'] as const)(
    'promtool has nothing to say about the %s',
    async (program) => {
      expositions[program] = await (await fetch(urls[program])).text();
      const checked = spawnSync('promtool', ['check', 'metrics'], { input: expositions[program] });
      expect(`${checked.stdout}${checked.stderr}`).toBe('');
      expect(checked.status).toBe(0);
    },
  );

  test('no address that was watched stands in an exposition', () => {
    const both = Object.values(expositions).join('');
    expect(both).toContain('yagura_sensor_packets_total');
    expect(both).not.toMatch(/\b(10|172|192|198|203)\.\d+\.\d+\.\d+\b|[0-9a-f]{1,4}:[0-9a-f:]*::/);
  });

  test('the alerts that we ship are valid and speak of metrics that exist', async () => {
    execFileSync('promtool', ['check', 'config', join(SHIPPED, 'prometheus.yml')], { stdio: 'pipe' });
    const named = readFileSync(join(SHIPPED, 'alerts.yml'), 'utf8').match(/\byagura_\w+/g) ?? [];
    const both = Object.values(expositions).join('');
    const unknown = [...new Set(named)].filter((metric) => !both.includes(`# TYPE ${metric} `));
    expect(named.length).toBeGreaterThan(5);
    expect(unknown).toEqual([]);
  });
});
