// Evidence as a tree: nesting, lit and withheld fields, and hostile names.
import { describe, expect, it } from 'vitest';
import type { StoredAlert } from '../api/shapes.ts';
import { eveText, evidenceRows } from './evidence-tree.ts';

const alert = (change: Partial<StoredAlert>): StoredAlert => ({
  kind: 'alert',
  id: 'a',
  group: 'g',
  body: 'tokyo',
  sensor: 'tokyo-1',
  received: '2026-05-01T00:00:01.000000Z',
  time: '2026-05-01T00:00:00.000001Z',
  rule: { id: 'r1', name: 'Rule', kind: 'sigma', severity: 'high', confidence: 80, tags: [] },
  reason: { en: '', ja: '' },
  event_type: 'dns',
  src_ip: '192.0.2.1',
  src_port: 5353,
  dest_ip: '198.51.100.1',
  dest_port: 53,
  proto: 'UDP',
  evidence: {},
  matched: [],
  withheld: [],
  ...change,
});

describe('evidenceRows', () => {
  it('nests paths and marks matched and withheld fields in their places', () => {
    const rows = evidenceRows(
      alert({
        evidence: { 'dns.rrname': 'evil.example', 'dns.answers.rdata': ['192.0.2.9'] },
        matched: ['dns.rrname', 'http.url'],
        withheld: ['http.url'],
      }),
    );
    const told = rows.slice(6).map((row) => [row.depth, row.path, row.value, row.matched, row.withheld]);
    expect(told).toEqual([
      [0, 'dns', undefined, false, false],
      [1, 'dns.rrname', 'evil.example', true, false],
      [1, 'dns.answers', undefined, false, false],
      [2, 'dns.answers.rdata', ['192.0.2.9'], false, false],
      [0, 'http', undefined, false, false],
      [1, 'http.url', undefined, true, true],
    ]);
  });

  it('keeps a value whose path goes on', () => {
    const rows = evidenceRows(alert({ evidence: { 'tls.ja3': 'abc', 'tls.ja3.hash': 'def' } }));
    expect(rows.filter(({ value }) => value === 'abc' || value === 'def')).toHaveLength(2);
  });
});

describe('eveText', () => {
  it('nests evidence as EVE does and leaves out what was withheld', () => {
    const record = JSON.parse(
      eveText(alert({ evidence: { 'dns.rrname': 'evil.example' }, withheld: ['http.url'] })),
    );
    expect(record).toMatchObject({
      src_ip: '192.0.2.1',
      dns: { rrname: 'evil.example' },
      alert: { signature: 'Rule' },
    });
    expect(record.http).toBeUndefined();
  });

  it('loses no value to a clash of paths and touches no prototype', () => {
    const text = eveText(
      alert({ evidence: { 'tls.ja3': 'abc', 'tls.ja3.hash': 'def', '__proto__.polluted': 'yes' } }),
    );
    expect(text).toContain('abc');
    expect(text).toContain('def');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
