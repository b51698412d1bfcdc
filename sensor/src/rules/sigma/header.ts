// What every Sigma rule says about itself: title, id, level, tags, and the sentences people will read.
import { hash } from 'node:crypto';
import { isMap, type YAMLMap } from 'yaml';
import type { RuleIdentity } from '../../wire/alert.ts';
import { SEVERITIES, type Severity } from '../../wire/scale.ts';
import { hint } from '../fields.ts';
import type { Place } from '../place.ts';

export interface Header {
  readonly identity: RuleIdentity;
  /** Where it stands: `file:line`. */
  readonly place: string;
  /** What it sees and why it matters, as its writer says; empty when nothing is said. */
  readonly about: string;
  readonly reason: { readonly en: string; readonly ja: string };
  /** What correlations may call it by: id and `name`. */
  readonly names: readonly string[];
  readonly falsePositives: readonly string[];
  /** Our recordings that must raise it, and must not. */
  readonly captures: { readonly fires: readonly string[]; readonly silent: readonly string[] };
}

/** How sure a rule is when it does not say: its status tells how long it has proven itself. Percent. */
const CONFIDENCE: Readonly<Record<string, number>> = {
  stable: 90,
  test: 75,
  experimental: 60,
  deprecated: 40,
  unsupported: 40,
};
const DEFAULT_CONFIDENCE = 60;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const OWN_WORDS = ['reason', 'confidence', 'captures'];

export function readHeader(map: YAMLMap, kind: RuleIdentity['kind'], place: Place): Header {
  const title = place.text(map, 'title', 256);
  if (!title) throw place.fault(map, 'the rule has no "title"');
  const id = place.text(map, 'id', 64);
  if (id !== undefined && !UUID.test(id)) throw place.fault(place.get(map, 'id'), '"id" must be a UUID');
  const name = place.text(map, 'name', 256);
  const level = place.text(map, 'level', 32) ?? 'medium';
  if (!(SEVERITIES as readonly string[]).includes(level))
    throw place.fault(place.get(map, 'level'), `unknown level "${level}"${hint(level, SEVERITIES)}`);
  const tags = (place.texts(map, 'tags', 32) ?? []).map((tag) => tag.slice(0, 64));
  const status = place.text(map, 'status', 32) ?? '';
  const own = ownPart(map, place);
  return {
    identity: {
      id: id?.toLowerCase() ?? `title-${hash('sha256', title, 'hex').slice(0, 32)}`,
      name: title.slice(0, 200),
      kind,
      severity: level as Severity,
      confidence: own.confidence ?? CONFIDENCE[status] ?? DEFAULT_CONFIDENCE,
      tags,
    },
    place: place.at(map),
    about: (place.text(map, 'description', 10_000) ?? '').replace(/\s+/g, ' '),
    reason: own.reason ?? { en: `The rule "${title}" matched.`, ja: `ルール「${title}」に一致しました。` },
    names: [id, name].filter((word) => word !== undefined),
    falsePositives: place.texts(map, 'falsepositives', 50) ?? [],
    captures: own.captures,
  };
}

/** Our own key, `yagura:`. */
function ownPart(map: YAMLMap, place: Place) {
  const captures: Header['captures'] = { fires: [], silent: [] };
  const own = place.get(map, 'yagura');
  if (own === undefined || own === null) return { captures };
  const part = place.map(own, '"yagura"');
  place.only(part, OWN_WORDS, '"yagura"');
  const reasonNode = place.get(part, 'reason');
  let reason: Header['reason'] | undefined;
  if (reasonNode !== undefined) {
    const sentences = place.map(reasonNode, '"reason"');
    place.only(sentences, ['en', 'ja'], '"reason"');
    const [en, ja] = [place.text(sentences, 'en', 500), place.text(sentences, 'ja', 500)];
    if (!en || !ja) throw place.fault(reasonNode, '"reason" needs a sentence in "en" and one in "ja"');
    reason = { en, ja };
  }
  const sure = place.text(part, 'confidence', 8);
  if (sure !== undefined && !/^(100|\d{1,2})$/.test(sure))
    throw place.fault(place.get(part, 'confidence'), '"confidence" is a percentage, 0 to 100');
  const recorded = place.get(part, 'captures');
  if (!isMap(recorded))
    return { reason, confidence: sure === undefined ? undefined : Number(sure), captures };
  place.only(recorded, ['fires', 'silent'], '"captures"');
  return {
    reason,
    confidence: sure === undefined ? undefined : Number(sure),
    captures: {
      fires: place.texts(recorded, 'fires', 100) ?? [],
      silent: place.texts(recorded, 'silent', 100) ?? [],
    },
  };
}
