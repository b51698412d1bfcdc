// An alert of somebody else's Suricata as a finding of ours: whose rule it was, how grave they hold it, what it knows of ATT&CK.
import type { SaidName } from '../foreign/names.ts';
import { saidSlot } from '../foreign/names.ts';
import type { Told } from '../protocols/told.ts';
import { plain, suricataIdentity } from '../rules/suricata/identity.ts';
import { MAX_FACT_TEXT, type Scalar } from '../wire/field.ts';
import type { Finding } from './detector.ts';

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
  const identity = suricataIdentity({
    gid: generator,
    sid: signature,
    rev: revision,
    msg: text('alert.signature') ?? '',
    priority: number('alert.severity', 255) ?? 3,
    severity: text('alert.metadata.signature_severity'),
    confidence: text('alert.metadata.confidence'),
    tactics: all('alert.metadata.mitre_tactic_id'),
    techniques: all('alert.metadata.mitre_technique_id'),
  });
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
    rule: identity,
    reason: {
      en: `Suricata rule ${id} (revision ${revision}) fired at the body's own sensor: ${identity.name}`,
      ja: `団体自身のSuricataセンサーでルール${id}(リビジョン${revision})が発報しました:${identity.name}`,
    },
    matched: [],
    facts,
  };
}
