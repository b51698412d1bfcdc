// Alerts of Suricata as findings: the table of severities, ATT&CK, and names that are only names.

import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { EveLine } from '../foreign/line.ts';
import { RuleIdentity } from '../wire/alert.ts';
import type { Finding } from './detector.ts';
import { suricataFinding } from './suricata-alert.ts';

const check = Compile(RuleIdentity);
const line = new EveLine();

function found(alert: object): Finding {
  const record = {
    timestamp: '2026-01-05T12:00:00Z',
    event_type: 'alert',
    src_ip: '10.1.0.7',
    dest_ip: '10.1.0.8',
    alert,
  };
  const bytes = Buffer.from(JSON.stringify(record));
  expect(line.read(bytes, 0, bytes.length)).toBeUndefined();
  const finding = suricataFinding(line.reading)!;
  if (finding !== undefined) expect(check.Check(finding.rule)).toBe(true);
  return finding;
}

const RULE = {
  gid: 1,
  signature_id: 2_012_345,
  rev: 3,
  signature: 'ET SCAN something',
  category: 'Attempted Recon',
};

test('a rule is its generator and number; revision, category and action stand beside', () => {
  expect(found({ ...RULE, severity: 2, action: 'blocked' })).toMatchObject({
    rule: {
      id: 'suricata-1-2012345',
      name: 'ET SCAN something',
      kind: 'suricata',
      severity: 'medium',
      tags: [],
    },
    reason: {
      en: "Suricata rule 1:2012345 (revision 3) fired at the body's own sensor: ET SCAN something",
      ja: '団体自身のSuricataセンサーでルール1:2012345(リビジョン3)が発報しました:ET SCAN something',
    },
    facts: {
      ...{ 'yagura.gid': 1, 'yagura.sid': 2_012_345, 'yagura.rev': 3 },
      ...{ 'yagura.category': 'Attempted Recon', 'yagura.action': 'blocked' },
    },
  });
});

describe('severity', () => {
  test.each<[number | undefined, string | undefined, string]>([
    [1, undefined, 'high'],
    [2, undefined, 'medium'],
    [3, undefined, 'low'],
    [4, undefined, 'informational'],
    [255, undefined, 'informational'],
    [undefined, undefined, 'low'],
    [1, 'Informational', 'informational'],
    [3, 'Critical', 'critical'],
    [3, 'Major', 'high'],
    [1, 'Minor', 'medium'],
    [2, 'Unheard of', 'medium'],
  ])('priority %s, signature_severity %s → %s', (severity, word, ours) => {
    const metadata = word === undefined ? undefined : { signature_severity: [word] };
    expect(found({ ...RULE, severity, metadata }).rule.severity).toBe(ours);
  });
});

test('ATT&CK and confidence of the metadata; what is no tactic or technique is left out', () => {
  const metadata = {
    mitre_tactic_id: ['TA0007', 'TA9999', 'x'],
    mitre_technique_id: ['T1046', 'T1110.001', 'T1', 'secret'],
    confidence: ['High'],
    affected_product: ['Any'],
  };
  expect(found({ ...RULE, metadata }).rule).toMatchObject({
    tags: ['attack.discovery', 'attack.t1046', 'attack.t1110.001'],
    confidence: 85,
  });
});

test('a name has no control characters and is bounded', () => {
  const { rule, reason } = found({ ...RULE, signature: `a\u001b]0;b\u0007\n\u202ec ${'x'.repeat(3000)}` });
  expect(rule.name).toMatch(/^a \]0;b c x+$/);
  expect(rule.name).toHaveLength(200);
  expect(reason.en.length).toBeLessThanOrEqual(500);
  expect(found({ ...RULE, signature: undefined }).rule.name).toBe('Suricata rule 2012345');
});

test('an alert that does not say which rule it was is none', () => {
  expect(found({ ...RULE, signature_id: undefined })).toBeUndefined();
  expect(found({ ...RULE, signature_id: -1 })).toBeUndefined();
});
