// Lines into a sensor: its clock, its rules and detectors, its scope, and the counts of what was not taken.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { theirTime } from '../../../test/support/eve-lines.ts';
import { newSensor } from '../../../test/support/sense.ts';
import { startDetectors } from '../detectors/index.ts';
import { loadRules } from '../rules/index.ts';
import type { Alert } from '../wire/alert.ts';
import type { WireRecord } from '../wire/batch.ts';
import { EveIntake } from './eve-intake.ts';

const START = Date.UTC(2026, 0, 5, 12);
const RULES = loadRules([]);

function stand(setting: Parameters<typeof newSensor>[0] = {}) {
  const records: WireRecord[] = [];
  const said: string[] = [];
  const sensed = newSensor({
    profile: 'strict',
    record: (record) => records.push(record),
    detect: (sink) => startDetectors(RULES, {}, sink),
    ...setting,
  });
  const intake = new EveIntake({ name: 'x', sensor: sensed.sensor, say: (line) => said.push(line) });
  let offset = 0;
  const text = (line: string): void => {
    const bytes = Buffer.from(line);
    intake.take(bytes, 0, bytes.length, offset);
    offset += bytes.length + 1;
  };
  /** @param second after the start */
  const take = (second: number, record: object): void =>
    text(
      JSON.stringify({
        ...{ timestamp: theirTime(START + second * 1000), proto: 'TCP', src_port: 40_000, dest_port: 443 },
        ...{ src_ip: '10.1.0.7', dest_ip: '198.51.100.9', event_type: 'tls', tls: { sni: 'a.example' } },
        ...record,
      }),
    );
  return { ...sensed, intake, take, text, said, records };
}

test('lines out of order keep their own time, and never turn the clock back', () => {
  const { take, sensor, events, records } = stand();
  const seconds = [0, 100, 3, 99, 101, -3600, 102];
  const clock: number[] = [];
  for (const second of seconds) {
    take(second, {});
    clock.push(sensor.now / 1000 - START);
  }
  expect(clock).toEqual([0, 100, 100, 100, 101, 101, 102].map((second) => second * 1000));
  expect(events.map(({ time }) => (time / 1000 - START) / 1000)).toEqual(seconds);
  sensor.finish();
  // Each is counted once, in a bucket that was open when it came.
  const series = records.filter((record) => record.kind === 'series');
  expect(series.map(({ bucket, events: { tls } }) => [Date.parse(bucket) - START, tls])).toEqual([
    [0, 1],
    [100_000, 6],
  ]);
});

test('a recording that is older begins in its own time', () => {
  const { take, sensor, intake } = stand();
  take(0, {});
  intake.begin();
  take(-86_400, {});
  expect(sensor.now / 1000 - START).toBe(-86_400_000);
});

test('a time that is yet to come is now', () => {
  const { take, sensor, events } = stand();
  take(0, { timestamp: '2099-01-01T00:00:00.000000+0000' });
  expect(Math.abs(sensor.now / 1000 - Date.now())).toBeLessThan(5000);
  expect(events[0]['time']).toBe(sensor.now);
});

test('detectors meet told flows: refused one after the other they are a scan', () => {
  const { take, records } = stand();
  for (let port = 1; port <= 300; port++)
    take(port / 100, {
      ...{
        event_type: 'flow',
        tls: undefined,
        dest_ip: '10.1.0.9',
        dest_port: port,
        src_port: 40_000 + port,
      },
      flow: {
        ...{ pkts_toserver: 1, pkts_toclient: 1, bytes_toserver: 74, bytes_toclient: 60, state: 'closed' },
        start: theirTime(START + port * 10),
      },
      tcp: { tcp_flags_ts: '02', tcp_flags_tc: '14', syn: true, rst: true, ack: true },
    });
  const alerts = records.filter((record): record is Alert => record.kind === 'alert');
  expect(alerts.map(({ rule }) => rule.kind)).toContain('behaviour');
  expect(alerts[0].rule.tags).toContain('attack.t1046');
});

test('rules and indicators meet told events as they meet ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-told-'));
  try {
    writeFileSync(join(folder, 'bad.txt'), '# kind: test\nbad.example\n192.0.2.66\n');
    writeFileSync(
      join(folder, 'rule.yml'),
      [
        ...[
          'title: Old TLS',
          'id: 5f0f2f6e-5b0c-4a57-9d5f-0c6f3b6f3a44',
          'status: test',
          'description: Old.',
        ],
        ...[
          'logsource: {product: yagura, service: tls}',
          'detection:',
          '    old: {tls.version: TLS 1.0, dest_port: 443}',
        ],
        ...['    condition: old', 'level: high'],
      ].join('\n'),
    );
    const rules = loadRules([folder], { strict: true });
    const { take, records } = stand({ detect: (sink) => startDetectors(rules, {}, sink) });
    take(0, { tls: { sni: 'good.example', version: 'TLS 1.3' } });
    take(1, { tls: { sni: 'www.bad.example', version: 'TLS 1.0' } });
    const dns = { version: 2, type: 'answer', rrname: 'a.example', grouped: { A: ['192.0.2.66'] } };
    take(2, { event_type: 'dns', tls: undefined, dns });
    const alerts = records.filter((record): record is Alert => record.kind === 'alert');
    expect(alerts.map(({ rule, event_type, matched }) => [rule.kind, event_type, matched])).toEqual([
      ['sigma', 'tls', ['tls.version', 'dest_port']],
      ['indicator', 'tls', ['tls.sni']],
      ['indicator', 'dns', ['dns.answers.rdata']],
    ]);
    expect(alerts[0].evidence).toMatchObject({ 'tls.version': 'TLS 1.0', 'tls.sni': 'www.bad.example' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an alert of theirs has the record that stands in it, as far as the profile lets it leave', () => {
  const { take, records } = stand();
  take(1, {
    ...{
      event_type: 'alert',
      app_proto: 'tls',
      payload: 'c2VjcmV0',
      alert: { signature_id: 5, severity: 2 },
    },
    tls: { sni: 'a.example', version: 'TLS 1.2', client: { subject: 'CN=secret' } },
  });
  const [alert] = records as Alert[];
  expect(alert).toMatchObject({
    ...{
      rule: { kind: 'suricata', id: 'suricata-1-5', severity: 'medium' },
      event_type: 'tls',
      app_proto: 'tls',
    },
    evidence: { 'tls.sni': 'a.example', 'tls.version': 'TLS 1.2', 'yagura.sid': 5 },
    ...{ src_ip: '10.1.0.7', dest_port: 443, proto: 'TCP', time: '2026-01-05T12:00:01.000000Z' },
  });
  expect(JSON.stringify(alert)).not.toContain('secret');
});

test('what is outside of the scope is counted, and nothing else', () => {
  const { take, events, sensor } = stand({ scope: { look: ['10.1.0.0/16'], never: ['10.1.9.0/24'] } });
  take(0, {});
  for (const ends of [
    { src_ip: '10.2.0.1' },
    { dest_ip: '10.1.9.1' },
    { src_ip: '10.1.9.1' },
    { tunnel: { src_ip: '10.1.9.1', dest_ip: '10.1.0.1' } },
    {
      event_type: 'arp',
      src_ip: undefined,
      dest_ip: undefined,
      arp: { src_ip: '10.1.9.1', dest_ip: '10.1.0.1' },
    },
  ])
    take(1, ends);
  expect(events).toHaveLength(1);
  expect(sensor.counters.outsideInner).toBe(5);
});

test('what is not taken is counted by type; of unreadable lines one in a thousand is spoken of, without its text', () => {
  const { take, text, intake, said } = stand();
  take(0, { tls: { sni: 'a', certificate: 'MIIB', chain: ['MIIC'], version: 3 }, in_iface: 'eth0' });
  take(0, { event_type: 'fileinfo', fileinfo: { filename: 'secret' } });
  take(0, { event_type: 'drop', drop: { reason: 'rules' } });
  take(0, { event_type: 'alert', alert: { signature: 'without its number' } });
  for (let n = 0; n < 100; n++) take(0, { event_type: `made_up_${n}` });
  for (let n = 0; n < 2001; n++) text(`secret ${n}`);
  text(`{"a":${'['.repeat(50)}`);
  const { untaken, unnamed, ...counts } = intake.counts;
  expect(counts).toEqual({ lines: 2106, events: 1, alerts: 0, broken: 2002, mistyped: 1 });
  expect(unnamed).toMatchObject({ tls: 3, fileinfo: 1, drop: 1 });
  expect(untaken).toMatchObject({ fileinfo: 1, drop: 1, alert: 1, other: 39 });
  expect(said).toHaveLength(3);
  expect(said[0]).toMatch(
    /^yagura-sensor: eve_unreadable: x: the line at byte \d+ is no JSON at its byte 0 /,
  );
  expect(said.join()).not.toContain('secret');
});
