// Records for tests: the same number always gives the same record.
import type { Alert, Severity } from '../../sensor/src/wire/alert.ts';
import type { Blind } from '../../sensor/src/wire/health.ts';
import type { Series } from '../../sensor/src/wire/series.ts';

/** A second of packet time for each number. */
export const timeOf = (number: number): string =>
  new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString().replace('Z', '000Z');

/** @param padding length of a piece of evidence, to make records of different sizes */
export const alertOf = (number: number, severity: Severity = 'medium', padding = 0): Alert => ({
  kind: 'alert',
  time: timeOf(number),
  rule: {
    id: 'test-rule',
    name: 'Test rule',
    kind: 'sigma',
    severity,
    confidence: 80,
    tags: ['attack.t1046'],
  },
  reason: { en: `Number ${number}.`, ja: `第${number}号。` },
  event_type: 'dns',
  src_ip: '10.1.0.2',
  src_port: 40_000 + (number % 20_000),
  dest_ip: '10.1.0.53',
  dest_port: 53,
  proto: 'UDP',
  app_proto: 'dns',
  evidence: { 'dns.query': `n${number}.example`, 'yagura.padding': 'x'.repeat(padding) },
  matched: ['dns.query'],
  withheld: [],
});

export const seriesOf = (number: number): Series => ({
  kind: 'series',
  bucket: timeOf(number * 10),
  seconds: 10,
  packets: number,
  bytes: number * 100,
  flows: 1,
  events: { dns: number },
});

export const blindOf = (number: number): Blind => ({
  kind: 'blind',
  from: timeOf(number),
  until: timeOf(number + 1),
  reason: 'dropped',
  count: number,
});
