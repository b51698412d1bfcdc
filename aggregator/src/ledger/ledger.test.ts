// The ledger shows every change made behind its back: an entry edited, taken out, put in, cut off, or all of it rewritten.
import { expect, test } from 'vitest';
import { type Act, canonical, chain, type Entry, GENESIS, verify } from './ledger.ts';

const act = (n: number): Act => ({
  actor: 'analyst:a',
  action: 'groups.read',
  object: 'groups',
  detail: { count: n },
});

function ledgerOf(n: number): Entry[] {
  const entries: Entry[] = [];
  for (let i = 1; i <= n; i++) entries.push(chain(entries.at(-1), act(i), i * 1_000));
  return entries;
}

test('an untouched ledger verifies, an empty one too', async () => {
  expect(await verify([])).toEqual({ entries: 0, head: GENESIS });
  const entries = ledgerOf(5);
  expect(await verify(entries)).toEqual({ entries: 5, head: entries[4].hash });
});

test.each<[string, (entries: Entry[]) => Entry[], number]>([
  ['an edited detail', (e) => e.with(2, { ...e[2], detail: { count: 0 } }), 3],
  ['an edited actor', (e) => e.with(2, { ...e[2], actor: 'analyst:b' }), 3],
  ['an edited time', (e) => e.with(2, { ...e[2], time: 1 }), 3],
  ['an entry edited with its own hash made anew', (e) => e.with(2, chain(e[1], act(0), 3_000)), 4],
  ['an entry taken out', (e) => e.toSpliced(2, 1), 4],
  ['an entry put in', (e) => e.toSpliced(2, 0, chain(e[1], act(9), 2_500)), 3],
  ['two entries swapped', (e) => e.with(1, e[2]).with(2, e[1]), 3],
])('%s is found', async (_, tamper, at) => {
  expect((await verify(tamper(ledgerOf(5)))).broken?.seq).toBe(at);
});

test('a noted head shows a tail that was cut off or rewritten', async () => {
  const entries = ledgerOf(5);
  const noted = new Map([[4, entries[3].hash]]);
  expect((await verify(entries, noted)).broken).toBeUndefined();
  expect((await verify(entries.slice(0, 3), noted)).broken?.seq).toBe(4);
  const rewritten = entries.slice(0, 2);
  for (let i = 3; i <= 5; i++) rewritten.push(chain(rewritten.at(-1), act(100 + i), i * 1_000));
  expect((await verify(rewritten)).broken).toBeUndefined();
  expect((await verify(rewritten, noted)).broken?.seq).toBe(4);
});

test('canonical JSON is one text for one value', () => {
  expect(canonical({ b: [1, { d: null, c: 'x' }], a: true, gone: undefined })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
});
