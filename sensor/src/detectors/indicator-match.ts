// Where indicators are looked for in an event, and what an alert about one says.
import { hash } from 'node:crypto';
import type { Event } from '../protocols/event.ts';
import type { Field } from '../protocols/protocol.ts';
import { pathOf } from '../rules/fields.ts';
import type { Hit, IndicatorKind, IndicatorSet } from '../rules/indicators/set.ts';
import { parseAddress } from '../rules/prefix.ts';
import type { RuleIdentity } from '../wire/alert.ts';

/**
 * Fields that may hold an indicator. DNS names are looked up in questions only, so that a question and its answer are
 * one finding; addresses in answers, since the connection may never follow.
 */
const KINDS_OF: Readonly<Record<string, IndicatorKind>> = {
  'dns.queries.rrname': 'domain',
  'dns.answers.rdata': 'address',
  'tls.sni': 'domain',
  'quic.sni': 'domain',
  'http.hostname': 'domain',
  'tls.ja3.hash': 'ja3',
  'tls.ja3s.hash': 'ja3s',
  'tls.ja4': 'ja4',
  'quic.ja4': 'ja4',
};

interface Place {
  readonly field: Field;
  readonly path: string;
  readonly kind: IndicatorKind;
}

interface Places {
  readonly places: readonly Place[];
  /** `dns.type`, where the event has one. */
  readonly type: Field | undefined;
}

/** Per list of fields: those worth a look. */
const known = new WeakMap<readonly Field[], Places>();

function placesOf(fields: readonly Field[]): Places {
  let found = known.get(fields);
  if (!found) {
    const places = fields.flatMap((field) => {
      const path = pathOf(field);
      const kind = KINDS_OF[path];
      return kind ? [{ field, path, kind }] : [];
    });
    known.set(fields, (found = { places, type: fields.find(({ name }) => name === 'dns.type') }));
  }
  return found;
}

type Found = (hit: Hit, paths: readonly string[]) => void;

/** Looks up what the event shows. A flow is looked up by its addresses, at its end. */
export function findIndicators(event: Event, set: IndicatorSet, found: Found): void {
  if (event.type === 'flow') {
    const { src_ip, dest_ip } = event.flow;
    byAddress(dest_ip, 'dest_ip', set, found) || byAddress(src_ip, 'src_ip', set, found);
    return;
  }
  const { places, type } = placesOf(event.fields);
  const isAnswer = type?.read(event.message, event) === 'response';
  for (const { field, path, kind } of places) {
    if (isAnswer && kind === 'domain') continue;
    const value = field.read(event.message, event);
    if (value === undefined) continue;
    for (const element of typeof value === 'object' ? value : [value])
      if (typeof element === 'string' && lookUp(element, kind, path, set, found)) break;
  }
}

function lookUp(text: string, kind: IndicatorKind, path: string, set: IndicatorSet, found: Found): boolean {
  if (kind === 'address') return byAddress(text, path, set, found);
  const hit = kind === 'domain' ? (set.domain(text) ?? addressOf(text, set)) : set.fingerprint(kind, text);
  if (hit) found(hit, [path]);
  return hit !== undefined;
}

/** `http.hostname` may be an address. */
function addressOf(text: string, set: IndicatorSet): Hit | undefined {
  const words = parseAddress(text);
  return words && set.address(words, text);
}

function byAddress(text: string, path: string, set: IndicatorSet, found: Found): boolean {
  const hit = addressOf(text, set);
  if (hit) found(hit, [path]);
  return hit !== undefined;
}

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
