// What a rule of Suricata is to us: how grave, how sure, which techniques of ATT&CK, and what an analyst reads.
import type { RuleIdentity, Severity } from '../../wire/alert.ts';
import { TACTICS } from '../attack.ts';

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

/** A text of a rule without what a terminal might obey. */
export const plain = (text: string): string => text.replace(CONTROL, ' ').trim();

export interface SuricataRule {
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  readonly msg: string;
  readonly priority: number;
  /** `signature_severity`, `confidence`, of the metadata. */
  readonly severity: string | undefined;
  readonly confidence: string | undefined;
  /** `mitre_tactic_id`, `mitre_technique_id`. */
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
}

export function suricataIdentity(rule: SuricataRule): RuleIdentity {
  const sure = CONFIDENCE[rule.confidence?.toLowerCase() ?? ''];
  const grave = OF_METADATA[rule.severity?.toLowerCase() ?? ''];
  const tags = [
    ...rule.tactics.map((tactic) => TACTICS[tactic.toUpperCase()]),
    ...rule.techniques
      .map((technique) => technique.toUpperCase())
      .filter((technique) => TECHNIQUE.test(technique))
      .map((technique) => technique.toLowerCase()),
  ].filter((tag) => tag !== undefined);
  return {
    // Without the revision: a rule that is mended goes on in its groups, and in what people decided about it.
    id: `suricata-${rule.gid}-${rule.sid}`,
    name: (rule.msg || `Suricata rule ${rule.sid}`).substring(0, MAX_NAME),
    kind: 'suricata',
    severity: grave ?? OF_PRIORITY[rule.priority] ?? 'informational',
    confidence: sure ?? USUAL_CONFIDENCE,
    tags: [...new Set(tags)].slice(0, MAX_TAGS).map((tag) => `attack.${tag}`),
  };
}
