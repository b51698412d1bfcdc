// Every attack in its plain form is told by its own detector, in every run; how far hiding helps is measured by `npm run limits`.
import { expect, test } from 'vitest';
import { attacks } from './attacks.ts';
import { isTold } from './limits.ts';

test.each(attacks.map((attack) => [`${attack.detector}: ${attack.title}`, attack] as const))(
  '%s',
  (_, attack) => {
    for (const seed of [1, 2, 3]) expect(isTold(attack, attack.values[0], seed)).toBe(true);
  },
);
