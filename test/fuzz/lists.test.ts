// A short run over lists of indicators: never throws, says where what is wrong stands, takes no more than there is.
import { test } from 'vitest';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { lists } from './targets/lists.ts';

const INPUTS = 2_000;
const targets = await lists.targets();

test.each(targets.map((target) => [target.name, target] as const))(
  '%s',
  (_, target) => {
    fuzz(target, new Random(SEED), INPUTS * ROUNDS);
  },
  60_000 * ROUNDS,
);
