// `npm run limits`: plays every attack in all its forms; writes the curves beside the rules, and their edges as a page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attacks } from './attacks.ts';
import { edgeOf, limitOf } from './limits.ts';
import { picture } from './picture.ts';
import { page } from './table.ts';

const RUNS = 20;
const ROOT = join(import.meta.dirname, '../..');
const limits = attacks.map((attack) => {
  const limit = limitOf(attack, RUNS);
  const row = limit.told.map((share, i) => `${attack.values[i]}: ${Math.round(100 * share)} %`).join('  ');
  console.log(
    `${attack.detector}: ${attack.title} (${attack.turned})\n  ${row}\n  edge: ${edgeOf(limit) ?? 'never told'}`,
  );
  return limit;
});
writeFileSync(join(ROOT, 'rules/limits.svg'), picture(limits));
writeFileSync(join(ROOT, 'docs/limits.md'), page(limits, RUNS));
