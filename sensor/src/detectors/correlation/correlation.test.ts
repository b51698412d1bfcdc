// Correlations: thresholds, edges of the window, groups, quiet, and bounds.
import { describe, expect, test } from 'vitest';
import { at, event, flow, type Raised, rulesOf, start } from '../../../../test/support/stage.ts';
import type { Forgetful } from '../detector.ts';

const BASE =
  'title: Base\nname: base\nlogsource:\n    product: yagura\n    service: http\ndetection:\n    s:\n        http.status: 401\n    condition: s\n';
const correlation = (body: string, type = 'event_count') =>
  `${BASE}---\ntitle: Counted\ncorrelation:\n    type: ${type}\n    rules: [base]\n    timespan: 1m\n${body}`;
const BY_SOURCE = '    group-by: [src_ip]\n    condition:\n        gte: 3\n';

interface Fed {
  readonly t: number;
  readonly src?: string;
  readonly host?: string | undefined;
}

function feed(text: string, events: readonly Fed[], until = 0): Raised[] {
  const rules = rulesOf({ 'c.yml': text });
  expect(rules.problems.map(String)).toEqual([]);
  const { watch, raised } = start('rule-match', {}, rules);
  for (const { t, src = '10.0.0.1', host } of events) {
    watch.tick?.(at(t));
    watch.event?.(event('http', { 'http.status': 401, 'http.hostname': host }, at(t), flow({ src_ip: src })));
  }
  if (until > 0) watch.tick?.(at(until));
  return raised;
}
const times = (...seconds: number[]): Fed[] => seconds.map((t) => ({ t }));
const names = (raised: readonly Raised[]) => raised.map(({ finding }) => finding.rule.name);

describe('event_count', () => {
  const text = correlation(BY_SOURCE);
  test.each<[string, Fed[], number]>([
    ['N-1', times(0, 1), 0],
    ['N', times(0, 1, 2), 1],
    ['N+1', times(0, 1, 2, 3), 1],
    ['the last of N exactly a timespan after the first', times(0, 30, 60), 1],
    ['a microsecond more', [...times(0, 30), { t: 60.000001 }], 0],
    ['slid: the first has left, three others are together', times(0, 50, 70, 80), 1],
    ['spread too thin for ever', times(0, 31, 62, 93, 124, 155), 0],
  ])('%s', (_, events, wanted) => expect(names(feed(text, events))).toEqual(Array(wanted).fill('Counted')));

  test('after firing a group is quiet for a timespan, then counts anew', () => {
    const everySecond = times(...Array.from({ length: 180 }, (_, i) => i));
    // Fires at 2 s; from 62 s on it counts again and fires at 64 s, and so on.
    expect(feed(text, everySecond).length).toBe(3);
  });
  test('groups are counted apart', () => {
    const mixed = ['a', 'b', 'a', 'b', 'a'].map((src, t) => ({ t, src }));
    const raised = feed(text, mixed);
    expect(raised.map(({ src }) => src)).toEqual(['a']);
    expect(raised[0].finding.facts).toEqual({ 'yagura.count': 3, 'yagura.seconds': 60 });
    expect(raised[0].finding.matched).toEqual(['src_ip']);
  });
  test('without group-by all events are one group', () => {
    const mixed = ['a', 'b', 'c'].map((src, t) => ({ t, src }));
    expect(feed(correlation('    condition:\n        gte: 3\n'), mixed).length).toBe(1);
  });
  test('gt fires one later than gte', () => {
    const gt = correlation(BY_SOURCE.replace('gte', 'gt'));
    expect(feed(gt, times(0, 1, 2)).length).toBe(0);
    expect(feed(gt, times(0, 1, 2, 3)).length).toBe(1);
  });
  test('counted rules are silent unless the correlation generates', () => {
    expect(names(feed(text, times(0)))).toEqual([]);
    const generating = correlation(`    generate: true\n${BY_SOURCE}`);
    expect(names(feed(generating, times(0, 1, 2)))).toEqual(['Base', 'Counted']);
  });
});

describe('bounds judged when the window closes', () => {
  const eq = correlation(BY_SOURCE.replace('gte: 3', 'eq: 2'));
  test('eq 2 holds for two events, and only once the window is over', () => {
    expect(feed(eq, times(0, 1), 59).length).toBe(0);
    expect(feed(eq, times(0, 1), 60).length).toBe(1);
  });
  test('three events are not two', () => expect(feed(eq, times(0, 1, 2), 61).length).toBe(0));
  test('an event in the next window judges the last one first', () =>
    expect(feed(eq, times(0, 1, 70)).length).toBe(1));
  test('lt and gte together are a band', () => {
    const band = correlation('    group-by: [src_ip]\n    condition:\n        gte: 2\n        lt: 4\n');
    expect([1, 2, 3, 4, 5].map((n) => feed(band, times(...Array(n).keys()), 61).length)).toEqual([
      0, 1, 1, 0, 0,
    ]);
  });
  test('the alert speaks of the group’s last flow', () =>
    expect(
      feed(
        eq,
        [
          { t: 0, src: 'a' },
          { t: 1, src: 'a' },
        ],
        60,
      )[0],
    ).toMatchObject({ src: 'a', dest: '198.51.100.9' }));
});

describe('value_count', () => {
  const text = correlation(
    '    group-by: [src_ip]\n    condition:\n        field: http.hostname\n        gte: 3\n',
    'value_count',
  );
  const hosts = (...list: (string | undefined)[]): Fed[] => list.map((host, t) => ({ t, host }));
  test('counts distinct values', () => {
    expect(feed(text, hosts('a', 'b')).length).toBe(0);
    expect(feed(text, hosts('a', 'b', 'a', 'b', 'a')).length).toBe(0);
    expect(feed(text, hosts('a', 'b', 'a', 'c')).length).toBe(1);
  });
  test('a value counts from when it was last seen', () => {
    const seen = (...pairs: [number, string][]) => pairs.map(([t, host]) => ({ t, host }));
    expect(feed(text, seen([0, 'a'], [40, 'b'], [61, 'c'])).length).toBe(0);
    expect(feed(text, seen([0, 'a'], [40, 'b'], [50, 'a'], [61, 'c'])).length).toBe(1);
  });
  test('events without the value or without a field of the group are not counted', () => {
    expect(feed(text, hosts(undefined, undefined, undefined, 'a', 'b')).length).toBe(0);
    const grouped = correlation('    group-by: [http.hostname]\n    condition:\n        gte: 2\n');
    expect(feed(grouped, hosts(undefined, undefined, undefined)).length).toBe(0);
    expect(feed(grouped, hosts('a', 'a')).length).toBe(1);
  });
});

test('aliases give a field another name per rule', () => {
  const text = correlation(
    '    group-by: [who]\n    aliases:\n        who:\n            base: src_ip\n    condition:\n        gte: 2\n',
  );
  expect(feed(text, times(0, 1)).length).toBe(1);
});

test('groups are bounded: the one touched longest ago is forgotten', () => {
  const rules = rulesOf({ 'c.yml': correlation(BY_SOURCE) });
  const { watch, raised } = start('rule-match', { groups: 10 }, rules);
  const hit = (src_ip: string, t: number) =>
    watch.event!(event('http', { 'http.status': 401 }, at(t), flow({ src_ip })));
  hit('first', 0);
  hit('first', 1);
  for (let i = 0; i < 10; i++) hit(`10.0.1.${i}`, 2);
  hit('first', 3);
  expect(raised).toEqual([]);
  expect((watch as Partial<Forgetful>).evicted).toBeGreaterThan(0);
});

test.each([
  [
    correlation(BY_SOURCE).replace('event_count', 'temproal'),
    'there is no correlation of type "temproal" (did you mean "temporal"?)',
  ],
  [correlation(BY_SOURCE).replace('[base]', '[bases]'), 'there is no rule "bases" (did you mean "base"?)'],
  [correlation(BY_SOURCE).replace('[base]', '[base, base]'), 'a rule is named twice in "rules"'],
  [correlation(BY_SOURCE).replace('1m', '1x'), '"timespan" is a number with s, m, h or d'],
  [correlation(BY_SOURCE).replace('1m', '32d'), 'up to 31d'],
  [
    correlation(BY_SOURCE).replace('[src_ip]', '[src_pi]'),
    'rule "base" has no field "src_pi" (did you mean "src_ip"?)',
  ],
  [correlation(BY_SOURCE).replace('gte: 3', 'gte: 99999'), 'a whole number up to 10000'],
  [correlation(BY_SOURCE).replace('gte: 3', 'gtee: 3'), 'unknown comparison "gtee" (did you mean "gte"?)'],
  [correlation(BY_SOURCE, 'value_count'), 'value_count needs "field"'],
])('%# is refused with its line', (text, wanted) => {
  const { problems } = rulesOf({ 'c.yml': text });
  expect(problems.map(({ message }) => message).join()).toContain(wanted);
  expect(problems[0].message).toMatch(/^c\.yml:\d+:\d+: /);
});
