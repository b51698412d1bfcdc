// What baselines are made of: watched time, what is known since when, sums of slots, the growth of long flows.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flow } from '../../../../test/support/stage.ts';
import { Growth } from './growth.ts';
import { Key } from './key.ts';
import { Known } from './known.ts';
import { Slots } from './slots.ts';
import { Sums } from './sums.ts';
import { Watched } from './watched.ts';

const MINUTE = 60e6;
const keyOf = (n: number): Key => new Key().begin().word(n);

describe('Watched', () => {
  test('counts what was seen: neither a year between two recordings nor a step back', () => {
    const watched = new Watched();
    for (let i = 0; i <= 10; i++) watched.tick(i * MINUTE);
    expect(watched.seconds).toBe(600);
    watched.tick(365 * 86_400e6);
    expect(watched.seconds).toBe(1_200);
    watched.tick(0);
    watched.tick(MINUTE);
    expect(watched.seconds).toBe(1_260);
  });

  test('goes on after a restart, and believes no nonsense', () => {
    expect(new Watched(90).seconds).toBe(90);
    for (const nonsense of [undefined, Number.NaN, -1, '7', {}])
      expect(new Watched(nonsense).seconds).toBe(0);
  });
});

describe('Known', () => {
  test('says since when, counts, and forgets what nobody meets', () => {
    const [watched, known] = [new Watched(), new Known(100)];
    expect(known.meet(keyOf(1), watched)).toBe(-1);
    known.add();
    watched.tick(0);
    watched.tick(5 * MINUTE);
    expect(known.meet(keyOf(1), watched)).toBe(300);
    expect(known.count).toBe(1);
    expect(known.age(keyOf(2), watched)).toBe(-1);
    expect([known.count, known.size]).toEqual([0, 1]);
    known.add();
    // A flood of keys that never return puts out its own kind, not those who return now and then.
    for (let n = 10; n < 5_000; n++) {
      known.meet(keyOf(n), watched);
      if (n % 90 === 0) known.meet(keyOf(1), watched);
    }
    expect(known.age(keyOf(1), watched)).toBe(300);
    expect([known.size, known.evicted]).toEqual([100, 4_891]);
  });

  test('another goes on with what one has learnt', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 500 }), (met) => {
        const [watched, known] = [new Watched(1_000), new Known(200)];
        for (const n of met) {
          known.meet(keyOf(n), watched);
          known.add();
        }
        const saved = structuredClone(known.learnt());
        const next = new Known(200, saved);
        expect(next.learnt()).toEqual(saved);
        expect(next.size).toBe(known.size);
        for (const n of met) {
          expect(next.age(keyOf(n), watched)).toBe(known.age(keyOf(n), watched));
          expect(next.count).toBe(known.count);
        }
        next.meet(keyOf(1_000), watched);
        expect(next.age(keyOf(1_000), watched)).toBe(0);
      }),
    );
  });
});

test('Sums are right to a twelfth of their span, each slot for itself', () => {
  const steps = fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 100 }), fc.nat({ max: 2 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const span = 1_200;
      const slots = new Slots(8);
      const sums = new Sums(slots, span);
      const seen: [number, number, number][] = [];
      let t = 50_000;
      for (const [step, amount, n] of list) {
        t += step;
        seen.push([t, amount, n]);
        const within = (from: number) =>
          seen.filter(([s, , of]) => s > from && of === n).reduce((sum, [, a]) => sum + a, 0);
        const sum = sums.add(slots.claim(keyOf(n)), amount, t);
        expect(sum).toBeGreaterThanOrEqual(within(t - span + span / 12));
        expect(sum).toBeLessThanOrEqual(within(t - span));
      }
      // An older recording begins anew.
      expect(sums.add(slots.claim(keyOf(0)), 7, 100)).toBe(7);
    }),
  );
});

test('Growth counts the bytes of a long flow once', () => {
  const growth = new Growth(16);
  const told = (id: number, payload_toserver: number, isOver = false): number =>
    growth.of(flow({ id, payload_toserver, payload_toclient: payload_toserver * 2 }), isOver).sent;
  expect([told(1, 10), told(1, 25), told(2, 7, true), told(1, 30, true)]).toEqual([10, 15, 7, 5]);
  expect(growth.received).toBe(10);
  // The number is another flow's after a restart of the source.
  expect([told(1, 9), told(1, 9, true)]).toEqual([9, 0]);
});
