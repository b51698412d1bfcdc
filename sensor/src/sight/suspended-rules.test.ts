// A suspended rule is told as a cause while it lasts, once, and no longer when rules were read anew.
import { expect, test } from 'vitest';
import type { RuleCost } from '../detectors/rule-meter.ts';
import type { Blind } from '../wire/health.ts';
import { BlindSpans } from './blind-spans.ts';
import { SuspendedRules } from './suspended-rules.ts';

test('comes, stays, and goes', () => {
  const told: Blind[] = [];
  const said: string[] = [];
  const spans = new BlindSpans({ tell: (blind) => told.push(blind), say: (line) => said.push(line) });
  const rules = new SuspendedRules(spans);
  const slow = {
    identity: { id: 'r-1', name: 'Slow one' },
    suspendedAt: 0.314,
  } as unknown as RuleCost;
  const start = 1_767_600_000_000;
  rules.look([], start);
  expect(spans.causes).toEqual([]);
  rules.look([slow], start + 1000);
  rules.look([slow], start + 2000);
  expect(spans.causes).toEqual(['rule "Slow one" (r-1) is suspended: it took 31 % of the time']);
  expect(said).toHaveLength(1);
  rules.look([], start + 5000);
  expect(spans.causes).toEqual([]);
  expect(told.at(-1)).toMatchObject({ reason: 'suspended', until: '2026-01-05T08:00:05.000000Z' });
});
