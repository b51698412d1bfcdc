// An alert of somebody else's Suricata as a finding of ours: whose rule it was, how grave they hold it, what it knows of ATT&CK.
import type { SaidName } from '../foreign/names.ts';
import { saidSlot } from '../foreign/names.ts';
import type { Told } from '../protocols/told.ts';
import { TACTICS } from '../rules/attack.ts';
import type { Severity } from '../wire/alert.ts';
import { MAX_FACT_TEXT, type Scalar } from '../wire/field.ts';
import type { Finding } from './detector.ts';

/** Suricata's priorities, where the rule says no more: 1 is the gravest; without a classification a rule has 3. */
const OF_PRIORITY: Readonly<Record<number, Severity>> = { 1: 'high', 2: 'medium', 3: 'low' };
/** `signature_severity` of the rule's metadata, as the Emerging Threats rules have it. It wins: a class speaks of many rules. */
const OF_METADATA: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  major: 'high',
  minor: 'medium',
  informational: 'informational',
};
/** Percent. `confidence` of the rule's metadata; without it as our own rules that say nothing. */
const CONFIDENCE: Readonly<Record<string, number>> = { high: 85, medium: 60, low: 30 };
const USUAL_CONFIDENCE = 60;

const TECHNIQUE = /^T\d{4}(\.\d{3})?$/;
/** Bounds of the wire. */
const MAX_NAME = 200;
const MAX_TAGS = 32;
/** What no rule's name holds, and a terminal or a page might obey. */
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

const plain = (text: string): string => text.replace(CONTROL, ' ').trim();

/** @returns undefined for one that does not say which rule it was */
export function suricataFinding(told: Told): Finding | undefined {
  const text = (name: SaidName): string | undefined => {
    const value = told.values[saidSlot(name)];
    const first = typeof value === 'object' ? value[0] : value;
    return typeof first === 'string' ? plain(first) : undefined;
  };
  const number = (name: SaidName, most: number): number | undefined => {
    const value = told.values[saidSlot(name)];
    return typeof value === 'number' && value >= 0 && value <= most ? value : undefined;
  };
  const all = (name: SaidName): string[] => {
    const value = told.values[saidSlot(name)];
    return (typeof value === 'object' ? value : [value]).filter(
      (one): one is string => typeof one === 'string',
    );
  };
  const signature = number('alert.signature_id', 2 ** 32);
  if (signature === undefined) return undefined;
  const generator = number('alert.gid', 2 ** 32) ?? 1;
  const revision = number('alert.rev', 2 ** 32) ?? 0;
  const name = (text('alert.signature') || `Suricata rule ${signature}`).substring(0, MAX_NAME);
  const sure = CONFIDENCE[text('alert.metadata.confidence')?.toLowerCase() ?? ''];
  const grave = OF_METADATA[text('alert.metadata.signature_severity')?.toLowerCase() ?? ''];
  const tags = [
    ...all('alert.metadata.mitre_tactic_id').map((tactic) => TACTICS[tactic.toUpperCase()]),
    ...all('alert.metadata.mitre_technique_id')
      .map((technique) => technique.toUpperCase())
      .filter((technique) => TECHNIQUE.test(technique))
      .map((technique) => technique.toLowerCase()),
  ].filter((tag) => tag !== undefined);
  const facts: Record<string, Scalar> = {
    'yagura.gid': generator,
    'yagura.sid': signature,
    'yagura.rev': revision,
  };
  const category = text('alert.category');
  if (category) facts['yagura.category'] = category.substring(0, MAX_FACT_TEXT);
  const action = text('alert.action');
  if (action === 'allowed' || action === 'blocked') facts['yagura.action'] = action;
  const id = `${generator}:${signature}`;
  return {
    rule: {
      // Without the revision: a rule that is mended goes on in its groups, and in what people decided about it.
      id: `suricata-${generator}-${signature}`,
      name,
      kind: 'suricata',
      severity: grave ?? OF_PRIORITY[number('alert.severity', 255) ?? 3] ?? 'informational',
      confidence: sure ?? USUAL_CONFIDENCE,
      tags: [...new Set(tags)].slice(0, MAX_TAGS).map((tag) => `attack.${tag}`),
    },
    reason: {
      en: `Suricata rule ${id} (revision ${revision}) fired at the body's own sensor: ${name}`,
      ja: `団体自身のSuricataセンサーでルール${id}(リビジョン${revision})が発報しました:${name}`,
    },
    matched: [],
    facts,
  };
}
