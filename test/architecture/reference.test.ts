// The generated pages say what the registry and the packs say: nothing is missing, nothing is left over.
import { expect, test } from 'vitest';
import { catalogue } from '../../docs/catalogue.ts';
import { referencePage } from '../../docs/page.ts';
import { textOf } from './tree.ts';

const { page, layer } = catalogue();

test.each([
  ['docs/protocols.md', referencePage()],
  ['rules/CATALOGUE.md', page],
  ['rules/navigator.json', layer],
])('%s is current: if not, run "npm run reference" and commit it', (file, text) => {
  const [written, made] = [textOf(file), text].map((one) => one.split('\n'));
  const missing = made.filter((line) => !written.includes(line));
  const left = written.filter((line) => !made.includes(line));
  expect({ missing, left }, `run "npm run reference" and commit ${file}`).toEqual({ missing: [], left: [] });
  expect(written.join('\n')).toBe(made.join('\n'));
});
