// The reference page says what the registry says: no field, alias, port or anomaly is missing, none is left over.
import { expect, test } from 'vitest';
import { referencePage } from '../../docs/page.ts';
import { textOf } from './tree.ts';

test('docs/protocols.md is current: if not, run "npm run reference" and commit it', () => {
  const [written, made] = [textOf('docs/protocols.md'), referencePage()].map((page) => page.split('\n'));
  const missing = made.filter((line) => !written.includes(line));
  const left = written.filter((line) => !made.includes(line));
  expect({ missing, left }, 'run "npm run reference" and commit docs/protocols.md').toEqual({
    missing: [],
    left: [],
  });
  expect(written.join('\n')).toBe(made.join('\n'));
});
