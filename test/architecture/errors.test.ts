// Every error in a catalogue is one that people can meet: a code that nothing raises is dead.
import { expect, test } from 'vitest';
import { codeOf, sources } from './tree.ts';

test.each(['sensor', 'aggregator'])('%s: each coded error is raised somewhere', (program) => {
  const catalogue = `${program}/src/errors.ts`;
  const codes = [...codeOf(catalogue).matchAll(/^ {2}([a-z_]+): ['[\n]/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  const others = sources.filter((file) => file.startsWith(`${program}/src/`) && file !== catalogue);
  const code = others.map(codeOf).join('\n');
  const lookUps = codeOf(catalogue).split('} as const')[1];
  const dead = codes.filter((c) => !code.includes(`'${c}'`) && !lookUps.includes(`'${c}'`));
  expect(dead).toEqual([]);
});
