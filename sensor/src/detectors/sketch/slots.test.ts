// Tables without objects: they find what they hold, forget what was not asked for, and count like plain sets.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flow } from '../../../../test/support/stage.ts';
import { Distinct } from './distinct.ts';
import { Key } from './key.ts';
import { age, moment } from './moment.ts';
import { Silence } from './silence.ts';
import { Slots } from './slots.ts';
import { Tally } from './tally.ts';

const key = new Key();
const keyOf = (n: number): Key => key.begin().word(n);

describe('Slots', () => {
  test('holds what was claimed, up to its cap, with its columns', () => {
    const ops = fc.array(fc.nat({ max: 300 }), { maxLength: 900 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), ops, fc.nat({ max: 900 }), (cap, keys, ageAt) => {
        const slots = new Slots(cap);
        const column = slots.words(2);
        let made = 0;
        keys.forEach((n, i) => {
          if (i === ageAt) slots.age();
          const before = slots.find(keyOf(n));
          const slot = slots.claim(keyOf(n));
          expect(slots.isNew).toBe(before < 0);
          if (slots.isNew) {
            made++;
            expect([...column.cells.subarray(slot * 2, slot * 2 + 2)]).toEqual([0, 0]);
            column.cells[slot * 2 + 1] = n;
          } else expect([slot, column.cells[slot * 2 + 1]]).toEqual([before, n]);
          expect(slots.find(keyOf(n))).toBe(slot);
          expect(slots.size).toBeLessThanOrEqual(cap);
          expect(slots.size + slots.evicted).toBe(made);
        });
        const held = [...new Set(keys)].filter((n) => slots.find(keyOf(n)) >= 0);
        expect(held.length).toBe(slots.size);
        for (const n of held) expect(column.cells[slots.find(keyOf(n)) * 2 + 1]).toBe(n);
      }),
    );
  });
  test('a storm of keys that never return does not put out those that do', () => {
    const slots = new Slots(1000);
    for (let n = 0; n < 100_000; n++) {
      slots.claim(keyOf(1_000_000 + n));
      slots.claim(keyOf(n % 100));
    }
    for (let n = 0; n < 100; n++) expect(slots.find(keyOf(n))).toBeGreaterThanOrEqual(0);
    expect(slots.evicted).toBe(100_000 + 100 - 1000);
  });
  test('gives its room back when memory is short, and keeps who was touched lately', () => {
    const slots = new Slots(100_000);
    const column = slots.floats(4);
    for (let n = 0; n < 50_000; n++) slots.claim(keyOf(n));
    for (let n = 0; n < 100; n++) slots.claim(keyOf(n));
    const before = column.cells.length;
    slots.age();
    expect(slots.size).toBe(100);
    expect(column.cells.length).toBeLessThan(before / 100);
    for (let n = 0; n < 100; n++) expect(slots.find(keyOf(n))).toBeGreaterThanOrEqual(0);
  });
});

test('Distinct counts like a map of values and times', () => {
  const values = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 6 })), { maxLength: 80 });
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 6 }),
      (steps, span, most) => {
        const slots = new Slots(4);
        const distinct = new Distinct(slots, most);
        const slot = slots.claim(keyOf(1));
        const seen = new Map<number, number>();
        let t = 0;
        for (const [step, value] of steps) {
          t += step;
          seen.set(value, t);
          const all = [...seen.values()].filter((s) => t - s <= span).length;
          expect(distinct.add(slot, value, t, span)).toBe(Math.min(all, most));
        }
      },
    ),
  );
});

describe('Tally', () => {
  const spread = (n: number): number => key.begin().word(n).short;
  test.each([10, 50, 100, 300])('%d values in 256 bits, right to a sixth', (count) => {
    const slots = new Slots(1);
    const tally = new Tally(slots, 256, 10_000);
    const slot = slots.claim(keyOf(1));
    for (let round = 0; round < 3; round++) for (let n = 0; n < count; n++) tally.add(slot, spread(n), 1000);
    expect(Math.abs(tally.count(slot, 1000) - count)).toBeLessThanOrEqual(Math.ceil(count / 6));
  });
  test('forgets after a window, not before its half, and when time jumps', () => {
    const slots = new Slots(1);
    const tally = new Tally(slots, 64, 1000);
    const slot = slots.claim(keyOf(1));
    const add = (n: number, t: number) => tally.add(slot, spread(n), t);
    expect([add(1, 5_000), add(1, 5_400), add(1, 5_600), add(2, 5_700)]).toEqual([true, false, false, true]);
    expect(tally.count(slot, 5_999)).toBe(2);
    expect(tally.count(slot, 6_499)).toBe(2);
    expect(tally.count(slot, 6_500)).toBe(0);
    add(3, 9_000);
    expect(tally.count(slot, 2_000)).toBe(0);
  });
});

test('moments: ages are right, and what lies ahead is old', () => {
  expect(age(moment(5e6), moment(9e6))).toBe(4000);
  expect(age(moment(9e6), moment(5e6))).toBeGreaterThan(4e9);
  expect(age(2 ** 32 - 1000, 500)).toBe(1500);
});

test('Silence tells once a span, and when time jumps far back', () => {
  const silence = new Silence(10, 100);
  expect([0, 1, 9, 10, 11, 30].map((t) => silence.tell(keyOf(1), t))).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
  expect(silence.tell(keyOf(2), 30)).toBe(true);
  expect(silence.tell(keyOf(1), -1_000)).toBe(true);
});

test('keys: the same ends give the same key, whoever asks; others another', () => {
  const two = [new Key(), new Key()];
  const a = flow({ src_ip: '10.1.0.7', dest_ip: '2001:db8::1' });
  two[0].begin().source(a).destination(a).word(7);
  two[1].begin().source(a).destination(a).word(8);
  expect(two[0].low === two[1].low && two[0].high === two[1].high).toBe(false);
  const words = new Uint32Array([0, 0, 0, 0x0a010007]);
  expect(two[0].begin().source(a).short).toBe(two[1].begin().address(words, 0, 4).short);
  expect(two[0].begin().text('WWW.Example').short).toBe(two[1].begin().text('x.www.example', 2).short);
  expect(two[0].begin().text('ab').word(1).short).not.toBe(two[1].begin().text('a').word(98).short);
  const seen = new Set(Array.from({ length: 100_000 }, (_, n) => `${keyOf(n).high} ${key.low}`));
  expect(seen.size).toBe(100_000);
});
