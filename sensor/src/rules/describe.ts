// What each rule says of itself and reads: for lists, the catalogue and the coverage of ATT&CK.
import type { RuleIdentity } from '../wire/alert.ts';
import type { PrivacyClass } from '../wire/field.ts';
import type { RuleSet } from './load.ts';
import { type Correlation, leavesOf } from './sigma/correlation.ts';
import type { SigmaRule } from './sigma/rule.ts';
import type { CompiledSignature } from './suricata/compiled.ts';

export interface FieldRead {
  readonly path: string;
  readonly class: PrivacyClass;
}

export interface Described {
  readonly identity: RuleIdentity;
  readonly place: string;
  readonly about: string;
  readonly reason: { readonly en: string; readonly ja: string };
  readonly falsePositives: readonly string[];
  readonly captures: { readonly fires: readonly string[]; readonly silent: readonly string[] };
  /** Types of events that it looks at. */
  readonly types: readonly string[];
  readonly reads: readonly FieldRead[];
  /** What it counts, by id; empty for a rule about single events. */
  readonly counts: readonly string[];
  /** Counted by others, and silent by itself. */
  readonly isSilent: boolean;
  /** How the matching event is found: by one of these values, or by looking at every event of the type. */
  readonly foundBy: string | undefined;
}

/** Every rule and correlation, in the order of their files. @param classOf a field by its path */
export function describeRules(set: RuleSet, classOf: (path: string) => PrivacyClass): Described[] {
  const silent = new Set<unknown>();
  for (const { inputs, generate } of set.correlations)
    if (!generate) for (const { rule } of inputs) silent.add(rule);
  const reads = (paths: Iterable<string>): FieldRead[] =>
    [...new Set(paths)].toSorted().map((path) => ({ path, class: classOf(path) }));

  const plain = (rule: SigmaRule): Described => ({
    ...said(rule),
    types: [rule, ...rule.elsewhere].map(({ type }) => type),
    reads: reads(rule.test.slots.map(({ path }) => path)),
    counts: [],
    isSilent: silent.has(rule),
    foundBy: rule.test.guards?.map(({ slot }) => slot.path).join(', '),
  });
  const counting = (rule: Correlation): Described => ({
    ...said(rule),
    types: [...new Set(leavesOf(rule).map(({ type }) => type))],
    reads: reads(rule.inputs.flatMap(({ group, values }) => [...group, ...values].map(({ path }) => path))),
    counts: rule.inputs.map((input) => input.rule.identity.id),
    isSilent: silent.has(rule),
    foundBy: undefined,
  });
  const signature = (rule: CompiledSignature): Described => ({
    ...{ identity: rule.identity, place: `${rule.file}:${rule.line}`, reason: rule.reason },
    ...{ about: rule.category, falsePositives: [], captures: { fires: [], silent: [] } },
    types: [rule.scope === 'event' ? (rule.protocols?.join(', ') ?? 'event') : rule.scope],
    reads: reads(rule.paths),
    counts: [],
    isSilent: rule.noalert,
    foundBy: undefined,
  });
  const signatures = set.signatures.rules.map(signature);
  return [...set.rules.map(plain), ...set.correlations.map(counting), ...signatures];
}

const said = ({ identity, place, about, reason, falsePositives, captures }: SigmaRule | Correlation) => ({
  ...{ identity, place, about, reason, falsePositives, captures },
});
