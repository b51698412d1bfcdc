// What an alert about an indicator says.
import { hash } from 'node:crypto';
import type { Hit } from '../rules/indicators/set.ts';
import type { RuleIdentity } from '../wire/alert.ts';

const NOUNS = {
  domain: ['domain name', 'ドメイン名'],
  address: ['address', 'アドレス'],
  ja3: ['TLS client fingerprint (JA3)', 'TLSクライアント指紋(JA3)'],
  ja3s: ['TLS server fingerprint (JA3S)', 'TLSサーバー指紋(JA3S)'],
  ja4: ['TLS client fingerprint (JA4)', 'TLSクライアント指紋(JA4)'],
} as const;

/** The rule an indicator stands for: its id is the same in every sensor and every run. */
export function indicatorIdentity({ kind, value, label }: Hit): {
  identity: RuleIdentity;
  reason: { en: string; ja: string };
} {
  const [en, ja] = NOUNS[kind];
  return {
    identity: {
      id: `indicator-${hash('sha256', `${kind}:${value}`, 'hex').slice(0, 32)}`,
      name: `${label.name}: ${value}`.slice(0, 200),
      kind: 'indicator',
      severity: label.severity,
      confidence: label.confidence,
      tags: [],
    },
    reason: {
      en: `The ${en} "${value.slice(0, 255)}" stands on the indicator list "${label.list}".`,
      ja: `${ja}「${value.slice(0, 255)}」が指標リスト「${label.list}」に載っています。`,
    },
  };
}
