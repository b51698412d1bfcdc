// The catalogue of rules as Markdown, and the coverage of ATT&CK as a layer of the Navigator: what `npm run reference` writes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describedIn } from '../sensor/src/commands/rules-described.ts';
import type { Detector } from '../sensor/src/detectors/detector.ts';
import { detectors } from '../sensor/src/detectors/index.ts';
import { tacticsOf, techniquesOf } from '../sensor/src/rules/attack.ts';
import { type Coverage, coverageOf, navigatorLayer } from '../sensor/src/rules/coverage.ts';
import type { Described } from '../sensor/src/rules/describe.ts';
import { type PrivacyClass, treatment } from '../sensor/src/wire/field.ts';
import { code, table } from './markdown.ts';

const RULES = join(import.meta.dirname, '../rules');
/** What `node test/bench/detection.ts --page` wrote when it was last run over our captures and the public ones. */
const MEASURED = join(import.meta.dirname, 'detection.md');

interface Pack {
  readonly name: string;
  readonly about: string;
  readonly rules: readonly Described[];
}

function packs(): Pack[] {
  return readdirSync(RULES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(RULES, entry.name, 'pack.yaml')))
    .map(({ name }) => {
      const { all, problems } = describedIn([join(RULES, name)], false);
      if (problems.length > 0) throw problems[0];
      const note = parse(readFileSync(join(RULES, name, 'pack.yaml'), 'utf8')) as { about: string };
      return { name, about: note.about.trim().replace(/\s+/g, ' '), rules: all };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Fields whose text does not leave under the strict profile are marked. */
const reads = (fields: Described['reads']): string =>
  fields.map(({ path, class: one }) => code(path) + marked(one)).join(', ');
const marked = (one: PrivacyClass): string => (treatment('strict', one) === 'clear' ? '' : '\\*');

const ruleTable = (rules: readonly Described[]): string =>
  table(
    ['rule', 'severity', 'ATT&CK', 'reads', 'fires on', 'may be wrong'],
    rules.map(({ identity, isSilent, captures, falsePositives, reads: fields }) => [
      `${identity.name}${isSilent ? ' (only counted)' : ''}`,
      identity.severity,
      techniquesOf(identity.tags).join(', '),
      reads(fields),
      captures.fires.map(code).join(', '),
      falsePositives.join('; '),
    ]),
  );

const behaviourSection = ({ name, about, raises, knobs }: Detector): string =>
  [
    `### ${name}`,
    about,
    table(
      ['alert', 'severity', 'confidence', 'ATT&CK'],
      raises.map(({ name: title, severity, confidence, tags }) => [
        title,
        severity,
        `${confidence} %`,
        [...tacticsOf(tags), ...techniquesOf(tags)].join(', '),
      ]),
    ),
    table(
      ['knob', 'default', 'why'],
      Object.entries(knobs).map(([knob, { default: value, unit, about: why }]) => [
        code(`${name}.${knob}`),
        `${value} ${unit}`,
        why,
      ]),
    ),
  ].join('\n\n');

const coverageTable = ({ techniques }: Coverage): string =>
  table(
    ['technique', 'name', 'tactics', 'seen by'],
    techniques
      .filter(({ rules }) => rules.length > 0)
      .map(({ id, name, tactics, rules }) => [id, name, tactics.join(', '), rules.join('; ')]),
  );

export function catalogue(): { readonly page: string; readonly layer: string } {
  const known = packs();
  const telling = (detectors as readonly Detector[]).filter(({ raises }) => raises.length > 0);
  const { all } = describedIn([RULES], true);
  const coverage = coverageOf(all);
  const unseen = coverage.techniques.filter(({ rules }) => rules.length === 0);
  const rules = known.reduce((sum, pack) => sum + pack.rules.length, 0);
  const page = [
    '# Catalogue of rules',
    'Made from the packs and the detectors by `npm run reference`; whoever changes one of them runs it again.',
    `${rules} rules in ${known.length} packs, and ${telling.flatMap(({ raises }) => raises).length} alerts of ${telling.length} detectors. They see ${coverage.seen} of the ${coverage.known} techniques of ATT&CK that network traffic shows (${((100 * coverage.seen) / coverage.known).toFixed(0)} %). Fields marked \\* are matched in place: under the strict profile their text never leaves the sensor.`,
    ...(existsSync(MEASURED) ? ['## Measured', readFileSync(MEASURED, 'utf8').trim()] : []),
    '## Packs',
    ...known.flatMap((pack) => [`### ${pack.name}`, pack.about, ruleTable(pack.rules)]),
    '## Behaviour',
    ...telling.map(behaviourSection),
    '## ATT&CK',
    coverageTable(coverage),
    `Nothing sees these, though traffic would show them: ${unseen.map(({ id, name }) => `${id} ${name}`).join('; ')}.`,
  ];
  return { page: `${page.join('\n\n')}\n`, layer: `${JSON.stringify(navigatorLayer(coverage), null, 2)}\n` };
}
