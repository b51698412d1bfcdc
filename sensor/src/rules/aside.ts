// Loads rules while packets flow: lists of indicators in a thread of their own, all else a little at a time.
import { setImmediate as immediately } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Vocabulary } from './fields.ts';
import type { BuiltLists, ListSource } from './indicators/build.ts';
import { isListName } from './indicators/index.ts';
import { compilingRules, type LoadOptions, type RuleSet, type RuleSource, sourcesAt } from './load.ts';

/** Beside this file, as source or as built. */
const BUILDER = import.meta.url.endsWith('.ts') ? './list-builder.ts' : './list-builder.js';

/** ms of work before everything else in this thread has its turn. */
const TURN = 8;

/**
 * The same as `loadRules`, without a pause.
 * @param lists those among them, where they are built already
 * @throws SensorError file_unreadable, rule_invalid
 */
export async function loadRulesAside(
  paths: readonly string[],
  vocabulary: Vocabulary,
  lists?: BuiltLists,
): Promise<RuleSet> {
  const sources: RuleSource[] = [];
  await inTurns(gather(paths, sources));
  const named = sources.filter(({ file }) => isListName(file)) as ListSource[];
  const options: LoadOptions = { lists: lists ?? (await build(named)) };
  return inTurns(compilingRules(sources, vocabulary, options));
}

function* gather(paths: readonly string[], into: RuleSource[]): Generator<void, void> {
  for (const source of sourcesAt(paths)) {
    into.push(source);
    yield;
  }
}

/** Runs to its end, and lets everything else have its turn between two steps when some time has passed. */
async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  let until = performance.now() + TURN;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await immediately();
    until = performance.now() + TURN;
  }
}

function build(sources: readonly ListSource[]): Promise<BuiltLists> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(BUILDER, import.meta.url), { workerData: sources });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that reads lists ended with ${code}`)));
  });
}
