// `node test/bench/detection.ts`: what is found and what is wrongly cried, per detector: recall, precision, time to alert.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { loadRules, words } from '../../sensor/src/rules/index.ts';
import { compileRules, type RuleSet } from '../../sensor/src/rules/load.ts';
import { alertsOf } from '../support/alerting.ts';
import { type Attack, attacks, unjudged } from './detection-expected.ts';

const HELP = `node test/bench/detection.ts [options]

  --only TEXT      captures whose name contains it
  --no-rules       behaviours alone, without the rules of this repository
  --no-corpora     our own captures alone
  --json           the figures as JSON
`;

const ROOT = join(import.meta.dirname, '../..');
const OWN = join(ROOT, 'test/captures');
const CORPORA = join(ROOT, '../shared/corpora/pcap');
const LOUD = new Set(['medium', 'high', 'critical']);

interface Capture {
  readonly name: string;
  readonly path: string;
  readonly kind: 'attack' | 'benign' | 'unjudged';
  readonly addresses: readonly string[];
}

/** A capture's alerts of one rule. */
interface Row {
  readonly capture: Capture;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly count: number;
  /** Seconds from the attack's first flow to the first alert. */
  readonly after: number;
  readonly isWanted: boolean;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'no-rules': { type: 'boolean', default: false },
    'no-corpora': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const attacksOf = (name: string): readonly Attack[] => attacks.filter(({ capture }) => capture === name);

function own(): Capture[] {
  return readdirSync(OWN)
    .filter((file) => file.endsWith('.pcap.zst'))
    .map((file) => {
      const name = file.replace('.pcap.zst', '');
      const note = parse(readFileSync(join(OWN, `${name}.yaml`), 'utf8'));
      return {
        name,
        path: join(OWN, file),
        kind: note.kind,
        addresses: [...(note.attacker ?? []), ...(note.victims ?? [])],
      };
    });
}

function corpora(): Capture[] {
  if (values['no-corpora']) return [];
  if (!existsSync(CORPORA)) {
    console.error('The shared captures are not beside the repository: own captures alone.');
    return [];
  }
  return readdirSync(CORPORA, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(pcap|pcapng|cap)$/.test(file) && !basename(dirname(file)).includes('.'))
    .toSorted()
    .map((file) => {
      const name = file.replace(/\.(pcap|pcapng|cap)$/, '');
      const known = attacksOf(name);
      const kind = known.length > 0 ? 'attack' : unjudged[name] !== undefined ? 'unjudged' : 'benign';
      return {
        name,
        path: join(CORPORA, file),
        kind,
        addresses: known.flatMap(({ addresses }) => addresses ?? []),
      };
    });
}

async function judge(capture: Capture, rules: RuleSet): Promise<{ rows: Row[]; packets: number }> {
  const { alerts, packets, begun } = await alertsOf(capture.path, rules, capture.addresses);
  const wanted = new Set(attacksOf(capture.name).flatMap(({ by }) => by));
  const byRule = Map.groupBy(alerts, ({ rule }) => rule.id);
  const rows = [...byRule].map(([rule, list]) => ({
    capture,
    rule,
    title: list[0].rule.name,
    severity: list[0].rule.severity,
    count: list.length,
    after: (Date.parse(list[0].time) * 1000 - begun) / 1e6,
    isWanted: wanted.has(rule) || wanted.has(list[0].rule.name),
  }));
  return { rows, packets };
}

/** An alert in a capture of ordinary traffic is wrong; in one of an attack, another than the one that is waited for is not judged. */
const isWrong = ({ capture, severity }: Row): boolean => capture.kind === 'benign' && LOUD.has(severity);

const tells = (by: readonly string[], { rule, title }: Row): boolean =>
  by.includes(rule) || by.includes(title);

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

function table(rows: readonly Row[], heard: ReadonlySet<string>): void {
  console.log('\nAttacks');
  for (const { capture, what, by } of attacks) {
    if (!heard.has(capture)) continue;
    const told = rows.filter((row) => row.capture.name === capture && tells(by, row));
    const first = told.toSorted((a, b) => a.after - b.after)[0];
    const by_ = first
      ? `${first.rule} ×${first.count} after ${first.after.toFixed(1)} s`
      : `MISSED (${by.join(', ')})`;
    console.log(`  ${capture.padEnd(32)} ${what.padEnd(28)} ${by_}`);
  }
  console.log('\nDetector                         attacks  found   recall  wrong  precision  time to alert');
  const detectors = new Set([
    ...attacks.filter(({ capture }) => heard.has(capture)).flatMap(({ by }) => by),
    ...rows.filter(({ rule }) => rule.startsWith('behaviour.')).map(({ rule }) => rule),
  ]);
  for (const id of [...detectors].toSorted()) {
    const mine = attacks.filter(({ capture, by }) => heard.has(capture) && by.includes(id));
    const found = mine.filter(({ capture }) =>
      rows.some((row) => row.capture.name === capture && tells([id], row)),
    );
    const wrong = rows.filter((row) => tells([id], row) && isWrong(row)).length;
    const times = rows.filter((row) => tells([id], row) && row.isWanted).map(({ after }) => after);
    const middle = times.toSorted((a, b) => a - b)[times.length >> 1];
    console.log(
      `  ${id.padEnd(32)} ${String(mine.length).padStart(6)} ${String(found.length).padStart(6)} ${share(found.length, mine.length).padStart(8)} ${String(wrong).padStart(6)} ${share(found.length, found.length + wrong).padStart(10)} ${middle === undefined ? '' : `${middle.toFixed(1)} s`.padStart(12)}`,
    );
  }
}

function noise(rows: readonly Row[], packets: number): void {
  const benign = rows.filter(({ capture }) => capture.kind === 'benign');
  console.log('\nAlerts on ordinary captures (wrong above severity low)');
  for (const row of benign.toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a))))
    console.log(
      `  ${isWrong(row) ? '!' : ' '} ${row.severity.padEnd(8)} ${row.capture.name.padEnd(48)} ${row.count} × ${row.title}`,
    );
  const wrong = benign.filter(isWrong).reduce((sum, { count }) => sum + count, 0);
  console.log(
    `  ${wrong} wrong in ${packets} packets: ${((wrong * 1e6) / Math.max(1, packets)).toFixed(2)} per million`,
  );
  const behaviours = benign.filter((row) => isWrong(row) && row.rule.startsWith('behaviour.'));
  console.log(`  of them by behaviours: ${behaviours.reduce((sum, { count }) => sum + count, 0)}`);
  console.log('\nNot judged');
  for (const row of rows.filter((r) => r.capture.kind !== 'benign' && !r.isWanted))
    console.log(`    ${row.severity.padEnd(8)} ${row.capture.name.padEnd(48)} ${row.count} × ${row.title}`);
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(HELP);
  const rules = values['no-rules'] ? compileRules([], words) : loadRules(join(ROOT, 'rules'));
  const captures = [...own(), ...corpora()].filter(({ name }) => name.includes(values.only));
  const rows: Row[] = [];
  let ordinary = 0;
  for (const capture of captures) {
    const judged = await judge(capture, rules);
    rows.push(...judged.rows);
    if (capture.kind === 'benign') ordinary += judged.packets;
  }
  if (values.json) {
    console.log(
      JSON.stringify({
        ordinary,
        rows: rows.map((r) => ({ ...r, capture: r.capture.name, kind: r.capture.kind })),
      }),
    );
    return;
  }
  table(rows, new Set(captures.map(({ name }) => name)));
  noise(rows, ordinary);
}

await main();
