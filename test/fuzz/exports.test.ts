// A short run over what exporters send: never throws, never looks beyond its end, always ends, and counts are counts.
import { test } from 'vitest';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { exports } from './targets/exports.ts';

const INPUTS = 1500;
const targets = await exports.targets();

test.each(targets.map((target) => [target.name, target] as const))(
  '%s',
  (_, target) => {
    fuzz(target, new Random(SEED), INPUTS * ROUNDS);
  },
  60_000 * ROUNDS,
);
