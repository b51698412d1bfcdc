// Metrics over HTTP: the counters as they stand, few series, and nothing else served.
import { afterEach, expect, test } from 'vitest';
import { Counters } from './counters.ts';
import { FATE } from './layers/packet.ts';
import { sensorMetrics, type Watched } from './metrics.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import { LANES } from './outputs/spool/lanes.ts';
import { Tally } from './outputs/uplink/tally.ts';

let monitor: Monitor | undefined;
afterEach(async () => {
  await monitor?.close();
  monitor = undefined;
});

function watched(): Watched {
  const counters = new Counters();
  counters.packets = 1234;
  counters.fates[FATE.ipv4_bad] = 7;
  for (let n = 0; n < 20; n++) counters.events[`type_${n}`] = n;
  for (const severity of ['low', 'critical']) counters.alerts[severity] = 3;
  const tally = new Tally();
  tally.accepted = 9;
  for (let n = 0; n < 100; n++) tally.reject(`code_${n}`);
  const shed = Object.fromEntries(LANES.map((lane) => [lane, 1])) as Record<(typeof LANES)[number], number>;
  return {
    version: '0.1.0',
    figures: () => ({
      counters,
      flows: { active: 5, opened: 6, ended: { timeout: 1, forced: 2 } },
      held: { suppressed: 8, limited: 0, rate: 2 },
    }),
    rules: () => 30,
    dropped: () => 4,
    costs: () =>
      Array.from({ length: 40 }, (_, n) => ({
        identity: { id: `rule-${n}`, name: '', kind: 'sigma', severity: 'low', confidence: 1, tags: [] },
        matches: n === 0 ? 12 : 0,
        lastMatch: n === 0 ? 1_767_600_000e6 : Number.NaN,
        spent: 1000 - n,
        suspendedAt: n === 1 ? 0.4 : undefined,
      })),
    evictions: () => ({ 'port-scan': 2 }),
    uplink: { tally, certificateEnd: 5000, spool: () => ({ bytes: 100, records: 2, shed, corrupt: 1 }) },
  };
}

test('says what the counters say at the moment it is asked', async () => {
  const from = watched();
  const registry = sensorMetrics(from);
  const before = await registry.metrics();
  expect(before).toContain('\nyagura_sensor_packets_total 1234\n');
  expect(before).toContain('\nyagura_sensor_packets_not_decoded_total{reason="ipv4_bad"} 7\n');
  expect(before).toContain('\nyagura_sensor_alerts_total{severity="critical"} 3\n');
  expect(before).toContain('\nyagura_sensor_alerts_held_back_total{reason="suppressed"} 8\n');
  expect(before).toContain('\nyagura_sensor_flows_ended_total{reason="forced"} 2\n');
  expect(before).toContain('\nyagura_sensor_spool_shed_total{class="series"} 1\n');
  expect(before).toContain('\nyagura_sensor_uplink_records_total{result="accepted"} 9\n');
  expect(before).toContain('\nyagura_sensor_uplink_rejected_total{code="other"} 76\n');
  expect(before).toContain('\nyagura_sensor_certificate_expiry_timestamp_seconds 5\n');
  expect(before).toContain('\nyagura_sensor_rule_matches_total{rule="rule-0"} 12\n');
  expect(before).toContain('\nyagura_sensor_rule_seconds_total{rule="rule-9"} 0.991\n');
  expect(before).toContain('\nyagura_sensor_rule_last_match_timestamp_seconds{rule="rule-0"} 1767600000\n');
  expect(before).toContain('\nyagura_sensor_rule_last_match_timestamp_seconds{rule="rule-1"} 0\n');
  expect(before).toContain('\nyagura_sensor_rules_suspended 1\n');
  expect(before).not.toContain('rule="rule-10"');
  expect(before).not.toContain('reason="decoded"');
  from.figures().counters.packets++;
  expect(await registry.metrics()).toContain('\nyagura_sensor_packets_total 1235\n');
});

test('stays below 200 series, each named as Prometheus asks', async () => {
  const text = await sensorMetrics(watched()).metrics();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(series.length).toBeGreaterThan(60);
  expect(series.length).toBeLessThan(200);
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    expect(name).toMatch(/^(yagura_sensor|process)_[a-z_]+$/);
    expect(name!.endsWith('_total')).toBe(type === 'counter');
  }
});

test('serves metrics, alive and ready on loopback, and refuses all else', async () => {
  let why: string | undefined = 'the rules are being read';
  monitor = await startMonitor({
    port: 0,
    registry: sensorMetrics(watched()),
    rules: () => [],
    notReady: () => why,
  });
  expect(monitor.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(monitor!.url + path, init);
    return [response.status, await response.text()] as const;
  };
  expect((await get('/metrics'))[1]).toContain('yagura_sensor_build_info{version="0.1.0"');
  expect(await get('/-/healthy')).toEqual([200, 'healthy\n']);
  expect(await get('/-/ready')).toEqual([503, 'the rules are being read\n']);
  why = undefined;
  expect(await get('/-/ready')).toEqual([200, 'ready\n']);
  expect((await get('/'))[0]).toBe(404);
  expect((await get('/metrics', { method: 'POST' }))[0]).toBe(405);
  const port = Number(new URL(monitor.url).port);
  await expect(
    startMonitor({ port, registry: sensorMetrics(watched()), rules: () => [], notReady: () => why }),
  ).rejects.toMatchObject({ code: 'output_unwritable' });
});
