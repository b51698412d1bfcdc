// What is held back, and that every count of it comes out again.
import { expect, test } from 'vitest';
import { at, event, flow } from '../../../test/support/stage.ts';
import type { Finding } from '../detectors/detector.ts';
import type { FlowView } from '../protocols/event.ts';
import { readSuppressions } from '../rules/suppressions.ts';
import { Restraint } from './restraint.ts';

const finding = (id = 'rule-1', severity: Finding['rule']['severity'] = 'medium'): Finding => ({
  rule: { id, name: `Name of ${id}`, kind: 'sigma', severity, confidence: 75, tags: [] },
  reason: { en: 'Why.', ja: '理由。' },
  matched: ['dns.type'],
  facts: { 'yagura.repeats': 4 },
});
const restraint = (suppressions = '', alertsPerMinute = 3) =>
  new Restraint({ suppressions: readSuppressions('quiet.yml', suppressions), alertsPerMinute });
const WHO = 'owner: soc, reason: known, until: 2027-01-01';

/** Whether each finding is told, at its second. */
const told = (to: Restraint, seconds: readonly number[], which = finding(), about: Partial<FlowView> = {}) =>
  seconds.map((second) => to.admits(which, event('dns', {}, at(second), flow(about)), at(second)));

test('a rule above its rate is told once more, at the end of its minute, with the count', () => {
  const to = restraint();
  expect(told(to, [0, 1, 2, 3, 59.9])).toEqual([true, true, true, false, false]);
  expect(told(to, [4], finding('rule-2'))).toEqual([true]);
  const said: [Finding, FlowView][] = [];
  to.tick(at(59), (...all) => said.push(all));
  expect(said).toEqual([]);
  to.tick(at(60), (...all) => said.push(all));
  expect(
    said.map(([{ rule, matched, facts }, { src_ip }]) => ({ id: rule.id, matched, facts, src_ip })),
  ).toEqual([
    { id: 'rule-1', matched: [], facts: { 'yagura.repeats': 4, 'yagura.held_back': 2 }, src_ip: '10.1.0.7' },
  ]);
  expect(told(to, [60, 61, 62, 63])).toEqual([true, true, true, false]);
  expect(to.held).toEqual({ suppressed: 0, limited: 0, rate: 3 });
});

test('the end says what waits; a clock that is set back does not silence', () => {
  const to = restraint('', 1);
  expect(told(to, [1000, 1001])).toEqual([true, false]);
  const counts: unknown[] = [];
  to.finish(({ facts }) => counts.push(facts?.['yagura.held_back']));
  to.finish(() => counts.push('twice'));
  expect(counts).toEqual([1]);
  expect(told(to, [0])).toEqual([true]);
});

test('a minute without anything held back ends by itself', () => {
  const to = restraint('', 2);
  expect(told(to, [0, 30, 61, 62, 63])).toEqual([true, true, true, true, false]);
});

test('suppressed alerts are counted where the suppression stands, until it ends', () => {
  const to = restraint(`- {rule: rule-1, src: 10.1.0.7, ${WHO}}\n`);
  expect(told(to, [0, 1])).toEqual([false, false]);
  expect(told(to, [2], finding('rule-2'))).toEqual([true]);
  expect(told(to, [2], finding('rule-1', 'high'))).toEqual([true]);
  expect(told(to, [2], finding(), { src_ip: '10.1.0.8' })).toEqual([true]);
  expect(to.bySuppression).toEqual(new Map([['quiet.yml:1', 2]]));
  expect(to.held.suppressed).toBe(2);
  const end = Date.UTC(2027, 0, 1) * 1000;
  expect(to.admits(finding(), event('dns', {}, end), end)).toBe(true);
});

test('a limit tells the first of each span, for each that is tracked', () => {
  const limit = (track: string) =>
    `- {rule: rule-*, limit: {count: 2, timespan: 10s, track: ${track}}, ${WHO}}\n`;
  // The span is closed on the right: the alert at 10 s is still of the first.
  const bySource = restraint(limit('by_src'), 100);
  expect(told(bySource, [0, 5, 10, 10.1, 11, 12])).toEqual([true, true, false, true, true, false]);
  expect(told(bySource, [12], finding(), { src_ip: '10.1.0.8' })).toEqual([true]);
  expect(told(bySource, [12], finding('rule-9'))).toEqual([true]);
  expect(bySource.held.limited).toBe(2);
  const byBoth = restraint(limit('by_both'), 100);
  expect(told(byBoth, [0, 1], finding())).toEqual([true, true]);
  expect(told(byBoth, [2], finding(), { src_ip: '198.51.100.9', dest_ip: '10.1.0.7' })).toEqual([false]);
  const byTarget = restraint(limit('by_dst'), 100);
  expect(told(byTarget, [0, 1, 2], finding(), { src_ip: '10.1.0.8' })).toEqual([true, true, false]);
});
