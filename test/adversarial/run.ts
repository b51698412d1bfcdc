// `npm run limits`: plays every attack in all its forms, and writes the curves beside the rules.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attacks } from './attacks.ts';
import { edgeOf, limitOf } from './limits.ts';
import { picture } from './picture.ts';

const RUNS = 20;
const limits = attacks.map((attack) => {
  const limit = limitOf(attack, RUNS);
  const row = limit.told.map((share, i) => `${attack.values[i]}: ${Math.round(100 * share)} %`).join('  ');
  console.log(
    `${attack.detector}: ${attack.title} (${attack.turned})\n  ${row}\n  edge: ${edgeOf(limit) ?? 'never told'}`,
  );
  return limit;
});
writeFileSync(join(import.meta.dirname, '../../rules/limits.svg'), picture(limits));
