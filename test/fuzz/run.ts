// `npm run fuzz`: every registry for a while, its seconds shared among its members. What it finds it writes down, and fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random, SEED } from './random.ts';
import { shrink } from './shrink.ts';
import type { Registry, Target } from './target.ts';
import { captures } from './targets/captures.ts';
import { eve } from './targets/eve.ts';
import { exports } from './targets/exports.ts';
import { layers } from './targets/layers.ts';
import { lists } from './targets/lists.ts';
import { protocols } from './targets/protocols.ts';
import { sensor } from './targets/sensor.ts';

const REGISTRIES: readonly Registry[] = [captures, eve, exports, layers, lists, protocols, sensor];
/** Findings of one target; then it is left: the same mistake is seldom made only once. */
const ENOUGH = 5;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    registry: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(SEED) },
    out: { type: 'string' },
  },
});
const only = options.only?.split(',');
/** A protocol's name stands for all its transports. */
const isWanted = ({ name }: Target): boolean =>
  only === undefined || only.some((wanted) => name === wanted || name.startsWith(`${wanted}/`));

const seed = Number(options.seed);
let found = 0;
let tried = 0;

/** Writes an input down as hex, a line a piece, so that it can become a test. */
function keep(target: Target, pieces: readonly Uint8Array[], finding: unknown, n: number): void {
  const error = finding instanceof Error ? finding : new Error(String(finding));
  console.error(`  ${target.name}: ${error.message.substring(0, 2000)}`);
  if (options.out === undefined) return;
  mkdirSync(options.out, { recursive: true });
  const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
  const hex = pieces.map((piece) => Buffer.from(piece).toString('hex'));
  const path = join(options.out, `${target.name.replace('/', '-')}-${seed}-${n}.txt`);
  writeFileSync(path, `${hex.join('\n')}\n\n${error.message}\n${stack}\n`);
}

function work(target: Target, seconds: number): void {
  const random = new Random(seed);
  const started = performance.now();
  const end = started + seconds * 1000;
  let inputs = 0;
  let bytes = 0;
  let findings = 0;
  // Ends: with the time, or with enough findings.
  while (performance.now() < end && findings < ENOUGH) {
    const trial = target.make(random);
    try {
      trial.attempt(trial.pieces);
    } catch (error) {
      const { pieces, finding } = shrink(trial, error);
      keep(target, pieces, finding, ++findings);
    }
    inputs++;
    for (const { length } of trial.pieces) bytes += length;
  }
  tried += inputs;
  found += findings;
  const took = (performance.now() - started) / 1000;
  console.log(
    `${target.name.padEnd(24)} ${(inputs / took).toFixed(0).padStart(8)}/s ${String(inputs).padStart(9)} inputs ` +
      `${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${findings} findings`,
  );
}

for (const registry of REGISTRIES) {
  if (options.registry !== undefined && !options.registry.split(',').includes(registry.name)) continue;
  const targets = (await registry.targets()).filter(isWanted);
  if (targets.length === 0) continue;
  console.log(`${registry.name}: ${targets.length} targets, ${options.seconds} s`);
  for (const target of targets) work(target, Number(options.seconds) / targets.length);
}
console.log(`fuzz: ${tried} inputs, ${found} findings, seed ${seed}`);
if (tried === 0) console.error('fuzz: no such target');
process.exitCode = found > 0 || tried === 0 ? 1 : 0;
