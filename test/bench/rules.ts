// `node test/bench/rules.ts [--rules DIR] [--json]`: what Sigma rules cost per event: events/s for 100 to 10,000 rules.
//
// The events are those of this repository's recordings, dissected as ever; each is shown to the rules several times while
// it stands, and the time of that alone is taken. Fields are read anew each time: it is what a rule's look costs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import { words } from '../../sensor/src/rules/index.ts';
import { compileRules, type RuleSet, type RuleText } from '../../sensor/src/rules/load.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const CAPTURES = join(ROOT, 'test/captures');
/** How often an event is shown before its time is taken. */
const TIMES = 16;
/** Another engine publishes its rate for so many. */
const PUBLISHED = 3_132;

const { values } = parseArgs({
  options: {
    rules: { type: 'string' },
    json: { type: 'boolean', default: false },
    counts: { type: 'string', default: `0,100,1000,${PUBLISHED},10000` },
  },
});

/** Texts of rules, one document each. */
function documentsOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/^---\n/m));
}

/** So many rules, of documents of which some are refused: no wire shows what they speak of. */
function load(documents: readonly string[], count: number): RuleSet {
  const texts: RuleText[] = [];
  for (let i = 0; i < count; i += 500)
    texts.push({ file: `${i}.yml`, text: documents.slice(i, Math.min(i + 500, count)).join('---\n') });
  return compileRules(texts, words);
}

interface Cost {
  readonly rules: number;
  readonly events: number;
  readonly matches: number;
  readonly microseconds: number;
  readonly tried: number;
}

/** Of this thread, µs: others may work beside it. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

async function costOf(rules: RuleSet): Promise<Cost> {
  let spent = 0;
  let events = 0;
  let matches = 0;
  let tried = 0;
  const hit = () => matches++;
  const event = (happened: Event): void => {
    const row = rules.rows.get(happened.type);
    const dispatch = rules.dispatch.get(happened.type);
    events++;
    if (!row || !dispatch) return;
    tried += dispatch.free;
    const start = processorTime();
    for (let i = 0; i < TIMES; i++) {
      row.at(happened);
      dispatch.match(hit);
    }
    spent += processorTime() - start;
  };
  for (const name of readdirSync(CAPTURES).filter((file) => file.endsWith('.pcap.zst'))) {
    const sensor = new Sensor({
      protocols,
      detect: () => ({ event }),
      outputs: [],
      profile: 'strict',
      shares: { flows: 65_536, parsers: 4096, bufferBytes: 1 << 24 },
    });
    for await (const batch of openCapture(join(CAPTURES, name)).batches()) sensor.frames(batch);
    sensor.finish();
  }
  return {
    rules: rules.rules.length,
    events,
    matches: matches / TIMES,
    microseconds: spent / TIMES / events,
    tried: tried / events,
  };
}

const made = values.rules === undefined ? mkdtempSync(join(tmpdir(), 'yagura-rules-')) : undefined;
if (made !== undefined)
  execFileSync(process.execPath, [
    join(import.meta.dirname, 'burden.ts'),
    ...['--to', made, '--sigma', '22000', '--suricata', '0', '--indicators', '0'],
  ]);
try {
  const all = documentsOf(made === undefined ? (values.rules as string) : join(made, 'sigma'));
  const share = load(all, 2_000).rules.length / 2_000;
  const costs: Cost[] = [];
  // The first round is for the compiler.
  await costOf(load(all, 1_000));
  for (const count of values.counts.split(',').map(Number))
    costs.push(await costOf(load(all, Math.round(count / share))));
  if (values.json) console.log(JSON.stringify(costs));
  else {
    console.log(`${costs[0].events} events of the recordings`);
    console.log('  rules  µs/event    events/s  rules tried on every event  matches');
    for (const { rules, microseconds, matches, tried } of costs)
      console.log(
        `${String(rules).padStart(7)}${microseconds.toFixed(2).padStart(10)}${Math.round(1e6 / microseconds)
          .toLocaleString('en')
          .padStart(12)}${tried.toFixed(1).padStart(28)}${String(matches).padStart(9)}`,
      );
  }
} finally {
  if (made !== undefined) rmSync(made, { recursive: true });
}
