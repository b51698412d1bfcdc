// What an alert about an indicator says: what was found, on whose list, how sure they are, and who may be told.
import { hash } from 'node:crypto';
import type { IndicatorKind } from '../rules/indicators/kinds.ts';
import type { Hit } from '../rules/indicators/where.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import { MAX_FACT_TEXT, type Scalar } from '../wire/field.ts';
import type { Finding } from './detector.ts';

const NOUNS: Readonly<Record<IndicatorKind | 'pattern', readonly [en: string, ja: string]>> = {
  domain: ['domain name', 'ドメイン名'],
  address: ['address', 'アドレス'],
  endpoint: ['address and port', 'アドレスとポート'],
  url: ['URL', 'URL'],
  ja3: ['TLS client fingerprint (JA3)', 'TLSクライアント指紋(JA3)'],
  ja3s: ['TLS server fingerprint (JA3S)', 'TLSサーバー指紋(JA3S)'],
  ja4: ['TLS client fingerprint (JA4)', 'TLSクライアント指紋(JA4)'],
  hassh: ['SSH client fingerprint (HASSH)', 'SSHクライアント指紋(HASSH)'],
  hasshserver: ['SSH server fingerprint (HASSH)', 'SSHサーバー指紋(HASSH)'],
  'cert-sha1': ['certificate (SHA-1)', '証明書(SHA-1)'],
  'cert-sha256': ['certificate (SHA-256)', '証明書(SHA-256)'],
  'cert-serial': ['certificate serial number', '証明書のシリアル番号'],
  email: ['mail address', 'メールアドレス'],
  'email-domain': ['mail domain', 'メールのドメイン'],
  'user-agent': ['user agent', 'ユーザーエージェント'],
  user: ['user name', 'ユーザー名'],
  'file-name': ['file name', 'ファイル名'],
  pattern: ['STIX pattern', 'STIXパターン'],
};

/** Words of a list that are for its receiver alone stay in the sensor. */
const RED = 'Indicator marked TLP:RED';
const MAX_NAME = 200;
const MAX_SHOWN = 200;
const MAX_TAGS = 32;
const MAX_MATCHED = 16;
/** What no name of a list needs, and a terminal or a page might obey. */
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

const plain = (text: string, most: number): string => text.replace(CONTROL, ' ').slice(0, most);

/** What of the value may be written out: never what stands in a field that may be withheld. */
function shown({ value, shows }: Hit): string {
  switch (shows) {
    case 'value':
      return value;
    case 'host':
      return `${value.slice(0, value.indexOf('/'))}/…`;
    case 'domain':
      return `…${value.slice(value.lastIndexOf('@'))}`;
    case 'nothing':
      return '';
  }
}

/**
 * The rule an indicator stands for: its id is the same in every sensor and every run.
 * @param held how often it was held back since it was last told
 */
export function indicatorFinding(hit: Hit, paths: readonly string[], held = 0): Finding {
  const { kind, value, label, sources } = hit;
  const isRed = label.tlp === 'red';
  const [en, ja] = NOUNS[kind];
  const text = isRed ? '' : plain(shown(hit), MAX_SHOWN);
  const list = plain(label.list, MAX_FACT_TEXT);
  const quoted = text === '' ? ['', ''] : [` "${text}"`, `「${text}」`];
  const rule: RuleIdentity = {
    id: `indicator-${hash('sha256', `${kind}:${value}`, 'hex').slice(0, 32)}`,
    name: plain(isRed ? RED : text === '' ? `${label.name}: ${en}` : `${label.name}: ${text}`, MAX_NAME),
    kind: 'indicator',
    severity: label.severity,
    confidence: label.confidence,
    tags: (label.tags ?? []).slice(0, MAX_TAGS),
  };
  const facts: Record<string, Scalar> = {};
  if (held > 0) facts['yagura.repeats'] = held;
  if (!isRed) facts['yagura.list'] = list;
  if (label.tlp !== undefined) facts['yagura.tlp'] = label.tlp;
  if (sources > 1) facts['yagura.sources'] = sources;
  if (label.until !== undefined) facts['yagura.valid_until'] = dateOf(label.until);
  if (label.description !== undefined && !isRed)
    facts['yagura.description'] = plain(label.description, MAX_FACT_TEXT);
  const reason = isRed
    ? {
        en: `The ${en} stands on an indicator list whose words are for its receiver alone (TLP:RED).`,
        ja: `${ja}が、受領者限り(TLP:RED)の指標リストに載っています。`,
      }
    : {
        en: `The ${en}${quoted[0]} stands on the indicator list "${list}"${sources > 1 ? ` and ${sources - 1} more` : ''}.`,
        ja: `${ja}${quoted[1]}が指標リスト「${list}」${sources > 1 ? `ほか${sources - 1}件` : ''}に載っています。`,
      };
  return { rule, reason, matched: paths.slice(0, MAX_MATCHED), facts };
}

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';
