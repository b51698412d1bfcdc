// The README names every protocol that is registered in its table of what is read, and no other.
import { expect, test } from 'vitest';
import { protocols } from '../../sensor/src/protocols/index.ts';
import { textOf } from './tree.ts';

test('the table of what is read is that of the registry', () => {
  const [, table] = textOf('README.md').split('| What it reads |');
  const rows = table.split('\n\n')[0].split('\n').slice(2);
  const named = rows.flatMap((row) => [...row.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual(protocols.map(({ name }) => name).sort());
});
