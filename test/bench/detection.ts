// `node test/bench/detection.ts`: what is found and what is wrongly cried, per detector: recall, precision, time to alert.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRules, words } from '../../sensor/src/rules/index.ts';
import { compileRules, type RuleSet } from '../../sensor/src/rules/load.ts';
import {
  type Capture,
  capturesOf,
  hasCorpora,
  type Judged,
  judge,
  linesOf,
  wrongIn,
} from './detection-judge.ts';
import { pageOf, seconds, share } from './detection-page.ts';
import { generate } from './generate.ts';

const HELP = `node test/bench/detection.ts [options]

  --only TEXT      captures whose name contains it
  --no-rules       behaviours alone, without the rules of this repository
  --no-corpora     our own captures alone
  --page           write docs/detection.md, which the catalogue of rules holds; a million generated packets more
  --json           the figures as JSON
`;

const GENERATED = 1_000_000;
const ROOT = join(import.meta.dirname, '../..');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'no-rules': { type: 'boolean', default: false },
    'no-corpora': { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function print(judged: Judged): void {
  console.log('\nAttacks');
  for (const { attack, row } of judged.told) {
    const by = row
      ? `${row.title} ×${row.count} after ${seconds(row.after)}`
      : `MISSED (${attack.missed ?? attack.by.join(', ')})`;
    console.log(`  ${attack.capture.padEnd(44)} ${attack.what.padEnd(44)} ${by}`);
  }
  console.log(
    '\nDetector                               attacks  found   recall  wrong  precision  time to alert',
  );
  for (const line of linesOf(judged)) {
    const { id, attacks, found, right, wrong, after } = line;
    console.log(
      `  ${id.padEnd(38)} ${String(attacks).padStart(5)} ${String(found).padStart(6)} ${share(found, attacks).padStart(8)} ${String(wrong).padStart(6)} ${share(right, right + wrong).padStart(10)} ${seconds(after).padStart(12)}`,
    );
  }
  console.log('\nAlerts without a verdict (wrong above severity low)');
  for (const row of judged.rows.toSorted((a, b) => b.verdict.localeCompare(a.verdict)))
    if (row.verdict !== 'right')
      console.log(
        `  ${row.verdict === 'wrong' ? '!' : ' '} ${row.severity.padEnd(13)} ${row.capture.padEnd(48)} ${row.count} × ${row.title}`,
      );
  for (const what of judged.silent) console.log(`  demanded, and silent: ${what}`);
  const wrong = wrongIn(judged.rows);
  console.log(
    `  ${wrong} wrong; ${judged.ordinary} ordinary packets: ${((wrong * 1e6) / Math.max(1, judged.ordinary)).toFixed(2)} per million`,
  );
}

/** Ordinary traffic as the benchmark makes it: few kinds, but many hosts and many packets. */
async function onGenerated(rules: RuleSet): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-detection-'));
  const path = join(folder, 'generated.pcap');
  generate(path, GENERATED);
  const capture: Capture = { name: 'generated', path, kind: 'benign', isOwn: true, addresses: [] };
  try {
    return await judge([capture], rules);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(HELP);
  const withCorpora = !values['no-corpora'];
  if (withCorpora && !hasCorpora())
    console.error('The shared captures are not beside the repository: own captures alone.');
  const rules = values['no-rules'] ? compileRules([], words) : loadRules(join(ROOT, 'rules'));
  const captures = capturesOf(withCorpora).filter(({ name }) => name.includes(values.only));
  const judged = await judge(captures, rules);
  if (values.page)
    writeFileSync(join(ROOT, 'docs/detection.md'), pageOf(judged, captures, await onGenerated(rules)));
  if (values.json) console.log(JSON.stringify({ ...judged, lines: linesOf(judged) }));
  else print(judged);
}

await main();
