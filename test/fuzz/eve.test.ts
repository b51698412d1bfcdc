// A short run over lines of EVE: never throws, never looks beyond its end, takes what JSON.parse takes, keeps no more than it may.
import { test } from 'vitest';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { eve } from './targets/eve.ts';

const INPUTS = 20_000;
const targets = await eve.targets();

test.each(targets.map((target) => [target.name, target] as const))(
  '%s',
  (_, target) => {
    fuzz(target, new Random(SEED), INPUTS * ROUNDS);
  },
  60_000 * ROUNDS,
);
