// Bounded structures: they count like a plain model, and never hold more than they say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lru } from './lru.ts';
import { Quiet } from './quiet.ts';
import { Ring } from './ring.ts';
import { EventWindow, ValueWindow } from './window.ts';

const rising = fc.array(fc.nat({ max: 20 }), { maxLength: 60 }).map((steps) => {
  let t = 0;
  return steps.map((step) => (t += step));
});

test('Lru keeps its cap, keeps what was touched lately, and counts what it forgets', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.array(fc.nat({ max: 12 }), { maxLength: 80 }),
      (cap, keys) => {
        const lru = new Lru<number, object>(cap);
        let made = 0;
        keys.forEach((key, i) => {
          const known = lru.peek(key);
          const value = lru.touch(key, () => {
            made++;
            return {};
          });
          expect(lru.peek(key)).toBe(value);
          if (known !== undefined) expect(value).toBe(known);
          const lately = new Set(
            keys
              .slice(0, i + 1)
              .toReversed()
              .slice(0, cap >> 1),
          );
          for (const recent of lately) expect(lru.peek(recent)).toBeDefined();
          expect(lru.size).toBeLessThanOrEqual(cap);
          expect(lru.size + lru.evicted).toBe(made);
        });
        expect([...lru].length).toBe(lru.size);
        for (const [key] of lru) expect(lru.delete(key)).toBe(true);
        expect(lru.size).toBe(0);
      },
    ),
  );
});

describe('windows', () => {
  test('EventWindow counts like a list of all times', () => {
    fc.assert(
      fc.property(
        rising,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 12 }),
        (times, span, capacity) => {
          const window = new EventWindow(capacity);
          const seen: number[] = [];
          for (const t of times) {
            seen.push(t);
            const all = seen.filter((s) => t - s <= span).length;
            expect(window.add(t, span)).toBe(Math.min(all, capacity));
          }
        },
      ),
    );
  });
  test('ValueWindow counts like a map of all values', () => {
    const values = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.constantFrom('a', 'b', 'c', 'd', 'e')), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 6 }),
        (steps, span, capacity) => {
          const window = new ValueWindow(capacity);
          const seen = new Map<string, number>();
          let t = 0;
          for (const [step, value] of steps) {
            t += step;
            seen.set(value, t);
            const all = () => [...seen.values()].filter((s) => t - s <= span).length;
            expect(window.add(value, t, span)).toBe(Math.min(all(), capacity));
            t += step;
            expect(window.count(t, span)).toBe(Math.min(all(), capacity));
          }
        },
      ),
    );
  });
});

test('Ring gives the last numbers in their order', () => {
  const ring = new Ring(3);
  for (let i = 0; i < 8; i++) ring.push(i);
  expect(ring.values()).toEqual([5, 6, 7]);
  expect(ring.size).toBe(3);
});

test('Quiet tells once a span, says how often it held back, and wakes when time jumps far back', () => {
  const quiet = new Quiet(10, 100);
  expect([0, 1, 9, 10, 11, 30].map((t) => quiet.tell('k', t))).toEqual([0, -1, -1, 2, -1, 1]);
  expect(quiet.tell('other', 30)).toBe(0);
  expect(quiet.tell('k', -1_000)).toBe(0);
});
