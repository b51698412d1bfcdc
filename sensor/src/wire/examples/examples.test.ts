// The wire's frozen examples: version 1 is these bytes, and whoever reads it must go on reading them.
import { readdirSync, readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { type BatchHeader, BatchReply, type WireRecord } from '../batch.ts';
import { decodeHeader, decodeRecord, encodeBatch, encodeRecord, recordId } from '../codec.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const header = {
  v: 1,
  sensor: 'yagura://city-of-kaze/gate-1',
  epoch: '0123456789abcdef',
  profile: 'strict',
} as const;
const health = {
  time: '2026-01-01T00:00:12.345678Z',
  version: '0.1.0',
  packets: 123_456,
  bytes: 98_765_432,
  dropped_kernel: 0,
  dropped_decoder: 3,
  flows_active: 42,
  rules: 30,
  spool_bytes: 4096,
  spool_records: 3,
  spool_shed: 0,
};
const scan: WireRecord = {
  kind: 'alert',
  time: '2026-01-01T00:00:00.000001Z',
  rule: {
    id: 'port-scan',
    name: 'Port scan',
    kind: 'behaviour',
    severity: 'medium',
    confidence: 90,
    tags: ['attack.discovery', 'attack.t1046'],
  },
  reason: { en: '100 ports in 8 s.', ja: '8秒で100ポート。' },
  event_type: 'flow',
  src_ip: '2001:db8::1',
  src_port: 0,
  dest_ip: '2001:db8::2',
  dest_port: 0,
  proto: 'IPv6-ICMP',
  evidence: { 'yagura.ports': 100, 'yagura.share_refused': 0.97 },
  matched: [],
  withheld: [],
};
const lookup: WireRecord = {
  kind: 'alert',
  time: '2026-01-01T00:00:09.999999Z',
  rule: {
    id: 'a4f1c0de-0000-4000-8000-000000000001',
    name: 'Query for a name on a list',
    kind: 'sigma',
    severity: 'critical',
    confidence: 75,
    tags: [],
  },
  reason: { en: 'The name is on the list.', ja: '一覧にある名前です。' },
  event_type: 'dns',
  src_ip: '192.0.2.7',
  src_port: 53124,
  dest_ip: '192.0.2.53',
  dest_port: 53,
  proto: 'UDP',
  app_proto: 'dns',
  community_id: '1:AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  evidence: {
    'dns.queries.rrname': ['bad.example', 'worse.example'],
    'dns.answers.ttl': [60, 300],
    'dns.aa': false,
    'dns.rcode': 'NOERROR',
  },
  matched: ['dns.queries.rrname'],
  withheld: ['dns.answers.rdata'],
};
const series: WireRecord = {
  kind: 'series',
  bucket: '2026-01-01T00:00:00.000000Z',
  seconds: 10,
  packets: 1000,
  bytes: 640_000,
  flows: 12,
  events: { dns: 10, flow: 12 },
};
const blind: WireRecord = {
  kind: 'blind',
  from: '2026-01-01T00:00:03.000000Z',
  until: '2026-01-01T00:00:04.500000Z',
  reason: 'dropped',
  count: 250,
};

const examples: Record<string, { header: BatchHeader; records: WireRecord[]; reply: BatchReply }> = {
  alerts: {
    header: { ...header, first_seq: 0, count: 2, health },
    records: [scan, lookup],
    reply: { acked_through: 1, duplicates: 0, rejected: [] },
  },
  traffic: {
    header: { ...header, profile: 'standard', first_seq: 9_007_199_254_740_000, count: 2 },
    records: [series, blind],
    reply: {
      acked_through: 9_007_199_254_740_001,
      duplicates: 1,
      rejected: [{ index: 1, code: 'outside_scope', reason: 'The source address is outside the authority.' }],
    },
  },
  heartbeat: {
    header: { ...header, first_seq: 0, count: 0, health },
    records: [],
    reply: { acked_through: -1, duplicates: 0, rejected: [] },
  },
};

describe.each(Object.entries(examples))('v1 %s', (name, { header, records, reply }) => {
  const text = read(`v1-${name}.ndjson`);

  test('is written exactly so', () => {
    expect(encodeBatch(header, records.map(encodeRecord))).toBe(text);
  });

  test('is read', () => {
    const [head, ...lines] = text.trimEnd().split('\n');
    expect(decodeHeader(head!)).toEqual({ ok: true, value: header });
    expect(lines.map(decodeRecord)).toEqual(records.map((value) => ({ ok: true, value })));
    expect(lines).toHaveLength(header.count);
  });

  test('has a reply that is read', () => {
    const text = read(`v1-${name}.reply.ndjson`);
    const answer: unknown = JSON.parse(text);
    expect(text).toBe(`${JSON.stringify(reply)}\n`);
    expect(Compile(BatchReply).Check(answer)).toBe(true);
  });

  test('is read with a member that a later version adds', () => {
    const extended = text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/}$/, ',"later":{"deep":[1]}}'));
    expect(decodeHeader(extended[0]!).ok).toBe(true);
    for (const line of extended.slice(1)) expect(decodeRecord(line).ok).toBe(true);
  });
});

test('every example is tested', () => {
  const names = readdirSync(new URL('.', import.meta.url)).filter((name) => !name.endsWith('.ts'));
  const expected = Object.keys(examples).flatMap((name) => [`v1-${name}.ndjson`, `v1-${name}.reply.ndjson`]);
  expect(names.sort()).toEqual(expected.sort());
});

test("a record's identity is for all time", () => {
  expect(recordId('yagura://city-of-kaze/gate-1', '0123456789abcdef', 0)).toBe(
    'd7162b1aa8bb5e4924a6b54cd2578c02',
  );
  expect(recordId('yagura://a/b', '0', 11)).not.toBe(recordId('yagura://a/b', '01', 1));
});

test.each([
  ['another version', JSON.stringify({ ...header, v: 2, first_seq: 0, count: 0 }), decodeHeader, 'malformed'],
  [
    'an epoch in capitals',
    JSON.stringify({ ...header, epoch: 'ABCDEF0123456789', first_seq: 0, count: 0 }),
    decodeHeader,
    'malformed',
  ],
  [
    'a severity of its own',
    JSON.stringify({ ...scan, rule: { ...scan.rule, severity: 'urgent' } }),
    decodeRecord,
    'malformed',
  ],
  [
    'a time without a fraction',
    JSON.stringify({ ...blind, from: '2026-01-01T00:00:03Z' }),
    decodeRecord,
    'malformed',
  ],
  ['an unknown kind', '{"kind":"packet","bytes":"AA=="}', decodeRecord, 'unknown_kind'],
  ['no JSON', '{"kind":', decodeRecord, 'not_json'],
])('%s is refused', (_, line, decode, code) => {
  expect(decode(line)).toMatchObject({ ok: false, code });
});
