// `rules explain`: what one rule looks for, what it reads and what of that leaves, in words.
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { TECHNIQUES, tacticsOf, techniquesOf } from '../rules/attack.ts';
import type { Described } from '../rules/describe.ts';
import { hint } from '../rules/fields.ts';
import { isProfile, PROFILES, type Profile, treatment } from '../wire/field.ts';
import type { Command } from './command.ts';
import { describedIn } from './rules-described.ts';

const OPTIONS = {
  profile: {
    kind: 'text',
    default: 'strict',
    about: `what leaves under it: ${Object.keys(PROFILES).join(', ')}`,
  },
} as const;

const LEAVES = {
  clear: 'leaves',
  hashed: 'leaves as a keyed hash',
  withheld: 'matched in place, never leaves',
};

export const explainRules: Command = {
  help: `yagura-sensor rules explain RULE PATH… [options]

Tells what a rule looks for, which fields it reads, and what of them leaves the sensor. RULE is an id, or part of a title.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    const [wanted, ...paths] = rest;
    if (wanted === undefined)
      throw new SensorError('usage', 'rules explain needs a rule (its id, or part of its title), then paths');
    const { profile } = options;
    if (!isProfile(profile))
      throw new SensorError(
        'usage',
        `there is no profile "${profile}"${hint(profile, Object.keys(PROFILES))}`,
      );
    const { all } = describedIn(paths, true);
    const named = all.filter(({ identity }) => isNamed(identity, wanted.toLowerCase()));
    if (named.length === 0)
      throw new SensorError(
        'usage',
        `there is no rule "${wanted}"${hint(
          wanted,
          all.flatMap(({ identity }) => [identity.id, identity.name]),
        )}`,
      );
    const byId = new Map(all.map((rule) => [rule.identity.id, rule]));
    terminal.out(`${named.map((rule) => explained(rule, byId, profile)).join('\n\n')}\n`);
    return 0;
  },
};

const isNamed = ({ id, name }: Described['identity'], wanted: string): boolean =>
  id.toLowerCase() === wanted || name.toLowerCase().includes(wanted);

function explained(rule: Described, all: ReadonlyMap<string, Described>, profile: Profile): string {
  const { identity, reason, reads, counts } = rule;
  const techniques = techniquesOf(identity.tags).map((id) => [id, TECHNIQUES[id]].filter(Boolean).join(' '));
  const rows: readonly (readonly [string, string])[] = [
    ['rule', `${identity.name} (${identity.id})`],
    ['stands in', rule.place],
    ['about', rule.about],
    [
      'alert',
      `${identity.severity}, confidence ${identity.confidence} %${rule.isSilent ? '; silent: it is only counted' : ''}`,
    ],
    ['says', reason.en],
    ['', reason.ja],
    ['looks at', `${rule.types.join(', ')} events`],
    ['found by', rule.foundBy ?? ''],
    ...counts.map((id): [string, string] => ['counts', `${all.get(id)?.identity.name ?? ''} (${id})`]),
    ...reads.map((field): [string, string] => [
      'reads',
      `${field.path} (${field.class}: ${LEAVES[treatment(profile, field.class)]} under ${profile})`,
    ]),
    ['ATT&CK', [...tacticsOf(identity.tags), ...techniques].join(', ')],
    ...rule.falsePositives.map((text): [string, string] => ['may be wrong', text]),
    ['fires on', rule.captures.fires.join(', ')],
    ['silent on', rule.captures.silent.join(', ')],
  ];
  return rows
    .filter(([, text]) => text !== '')
    .map(([word, text], i, kept) => `${(i > 0 && kept[i - 1][0] === word ? '' : word).padEnd(13)}${text}`)
    .join('\n');
}
