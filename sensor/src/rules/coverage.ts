// Coverage of ATT&CK: which rules see which technique, and which techniques nothing sees.
import { TECHNIQUES, tacticsOf, techniquesOf } from './attack.ts';
import type { Described } from './describe.ts';

export interface Technique {
  /** `T1595.001`. */
  readonly id: string;
  readonly name: string;
  /** Words of the tactics under which rules see it. */
  readonly tactics: readonly string[];
  /** Names of the rules that see it, those of its sub-techniques too. */
  readonly rules: readonly string[];
}

export interface Coverage {
  readonly techniques: readonly Technique[];
  /** Techniques that network traffic shows, and those of them that a rule sees. */
  readonly known: number;
  readonly seen: number;
}

/** Rules that are only counted see nothing by themselves: what counts them does. */
export function coverageOf(rules: readonly Described[]): Coverage {
  const telling = rules.filter(({ isSilent }) => !isSilent);
  const seenBy = new Map<string, { rules: Set<string>; tactics: Set<string> }>();
  for (const { identity } of telling)
    for (const id of techniquesOf(identity.tags))
      for (const level of new Set([id, id.split('.')[0]])) {
        const entry = seenBy.get(level) ?? { rules: new Set(), tactics: new Set() };
        entry.rules.add(identity.name);
        for (const tactic of tacticsOf(identity.tags)) entry.tactics.add(tactic);
        seenBy.set(level, entry);
      }
  const ids = [...new Set([...Object.keys(TECHNIQUES), ...seenBy.keys()])].toSorted();
  const techniques = ids.map((id): Technique => {
    const entry = seenBy.get(id);
    return {
      id,
      name: TECHNIQUES[id] ?? '',
      tactics: [...(entry?.tactics ?? [])].toSorted(),
      rules: [...(entry?.rules ?? [])].toSorted(),
    };
  });
  return {
    techniques,
    known: techniques.length,
    seen: techniques.filter(({ rules }) => rules.length > 0).length,
  };
}

const GRADIENT = { colors: ['#d6eaf8', '#1b4f72'], minValue: 1, maxValue: 10 };

/** A layer of the ATT&CK Navigator (layer format 4.5): a technique's score is how many rules see it. */
export function navigatorLayer({ techniques }: Coverage): object {
  return {
    name: 'Yagura',
    description: 'Techniques that the rules and detectors of this sensor see; the score counts them.',
    domain: 'enterprise-attack',
    versions: { attack: '17', navigator: '5.1.0', layer: '4.5' },
    sorting: 3,
    gradient: GRADIENT,
    showTacticRowBackground: true,
    techniques: techniques
      .filter(({ id, rules }) => rules.length > 0 && !id.startsWith('T0'))
      .map(({ id, rules }) => ({
        techniqueID: id,
        score: rules.length,
        comment: rules.join('; '),
        enabled: true,
        showSubtechniques: id.includes('.'),
      })),
  };
}
