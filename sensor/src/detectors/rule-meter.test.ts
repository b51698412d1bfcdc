// What rules are said to cost, by a clock that the test turns.
import { expect, test } from 'vitest';
import type { RuleIdentity } from '../wire/alert.ts';
import { RuleMeter } from './rule-meter.ts';

const rule = (id: string) => ({
  identity: { id, name: id, kind: 'sigma', severity: 'low', confidence: 50, tags: [] } as RuleIdentity,
});
const [cheap, dear] = [rule('cheap'), rule('dear')];

function stand(budget: number) {
  let now = 0;
  const meter = new RuleMeter([cheap, dear], budget, () => now);
  const suspended = () =>
    meter
      .costs()
      .flatMap(({ identity, suspendedAt }) =>
        suspendedAt === undefined ? [] : [[identity.id, suspendedAt]],
      );
  const takes =
    (ms: number, result = false) =>
    () => {
      now += ms;
      return result;
    };
  /** Events of a second, of which some are measured. */
  const second = (events: number, cheapMs: number, dearMs: number): void => {
    const ends = now + 1000;
    for (let i = 0; i < events; i++)
      if (meter.isTurn()) {
        meter.measured(cheap, takes(cheapMs));
        meter.measured(dear, takes(dearMs));
      }
    now = Math.max(now, ends);
    meter.look();
  };
  return { meter, suspended, takes, second };
}

test('one event in 61 is measured and stands for all', () => {
  const { meter, second } = stand(0);
  second(6100, 0.001, 0.004);
  const costs = meter.costs().map(({ identity, spent }) => [identity.id, spent]);
  expect(costs).toEqual([
    ['dear', expect.closeTo(24.4, 6)],
    ['cheap', expect.closeTo(6.1, 6)],
  ]);
});

test('a rule above its share for ten seconds is suspended, once, and said', () => {
  const { meter, suspended, second } = stand(0.1);
  for (let i = 0; i < 9; i++) second(610, 0.01, 0.2);
  expect(suspended()).toEqual([]);
  second(610, 0.01, 0.2);
  expect(suspended()).toEqual([['dear', expect.closeTo(0.122, 6)]]);
  expect([meter.isSuspended(dear), meter.isSuspended(cheap)]).toEqual([true, false]);
  for (let i = 0; i < 10; i++) second(610, 0.01, 0.2);
  expect(suspended()).toEqual([['dear', expect.closeTo(0.122, 6)]]);
});

test('a short peak, few samples, or no budget suspend nothing', () => {
  const peak = stand(0.1);
  peak.second(6100, 0, 0.15);
  for (let i = 0; i < 9; i++) peak.second(610, 0, 0.001);
  expect(peak.suspended()).toEqual([]);
  const few = stand(0.1);
  for (let i = 0; i < 10; i++) few.second(61, 0, 5);
  expect(few.suspended()).toEqual([]);
  const free = stand(0);
  for (let i = 0; i < 10; i++) free.second(610, 0, 5);
  expect(free.suspended()).toEqual([]);
});

test('counts matches and says what a test said', () => {
  const { meter, takes } = stand(0);
  expect(meter.measured(dear, takes(0, true))).toBe(true);
  meter.matched(dear, 5e6);
  meter.matched(dear, 9e6);
  expect(meter.costs()[0]).toMatchObject({ identity: { id: 'dear' }, matches: 2, lastMatch: 9e6 });
});
