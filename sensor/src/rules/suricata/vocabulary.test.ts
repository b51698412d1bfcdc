// The tables of buffers and numbers: every path is a field of ours, and every word has one meaning.
import { expect, test } from 'vitest';
import { words } from '../index.ts';
import { BUFFERS } from './buffers.ts';
import { isHeadPath } from './http-head.ts';
import { NUMBERS } from './numbers.ts';

test('every path is a field of its type of event', () => {
  const missing = [...BUFFERS, ...NUMBERS].flatMap(({ name, places }) =>
    places
      .filter(({ type, path }) => !isHeadPath(path) && !words.types.get(type)?.has(path))
      .map(({ type, path }) => `${name}: ${type} ${path}`),
  );
  expect(missing).toEqual([]);
});

test('no word stands twice', () => {
  const all = [...BUFFERS, ...NUMBERS].flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([]);
});
