// Every type of correlation at play: what the specification's words come to at the edges.
import { describe, expect, test } from 'vitest';
import { at, event, flow, type Raised, remember, rulesOf, start } from '../../../../test/support/stage.ts';
import { startDetectors } from '../index.ts';

/** Rules a, b and c hold for status 1, 2 and 3; `any` for all. */
const RULES = ['a', 'b', 'c']
  .map((name, i) => base(name, `http.status: ${i + 1}`))
  .concat(base('any', 'http.status|gt: 0'))
  .join('---\n');
function base(name: string, line: string): string {
  return `title: ${name}\nname: ${name}\nlogsource:\n    product: yagura\n    service: http\ndetection:\n    s:\n        ${line}\n    condition: s\n`;
}
const correlation = (type: string, rules: string, more = '', head = 'title: Counted') =>
  `---\n${head}\ncorrelation:\n    type: ${type}\n    rules: [${rules}]\n    timespan: 1m\n${more}`;
const BY_SOURCE = '    group-by: [src_ip]\n';
const when = (text: string) => `    condition: ${text}\n`;

interface Fed {
  readonly t: number;
  /** a, b or c. */
  readonly rule?: string;
  readonly src?: string;
  readonly bytes?: number | undefined;
  readonly host?: string | undefined;
}
const AB: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3 };

function feed(text: string, events: readonly Fed[], until = 0, knobs = {}): Raised[] {
  const rules = rulesOf({ 'c.yml': RULES + text });
  expect(rules.problems.map(({ message }) => message)).toEqual([]);
  const { watch, raised } = start('rule-match', knobs, rules);
  for (const { t, rule = 'a', src = '10.0.0.1', bytes, host } of events) {
    watch.tick?.(at(t));
    const values = { 'http.status': AB[rule], 'http.length': bytes, 'http.hostname': host };
    watch.event?.(event('http', values, at(t), flow({ src_ip: src })));
  }
  if (until > 0) watch.tick?.(at(until));
  return raised.filter(({ finding }) => finding.rule.name.startsWith('Counted'));
}
/** `a0 b30 c60`: rule and second. */
const play = (text: string, src?: string): Fed[] =>
  text
    .split(' ')
    .map((word) => ({ rule: word[0], t: Number(word.slice(1)), ...(src !== undefined && { src }) }));
const facts = (raised: readonly Raised[]) => raised.map(({ finding }) => finding.facts);

describe('temporal: each rule at least once within the span, in any order', () => {
  const text = correlation('temporal', 'a, b, c', BY_SOURCE);
  test.each<[string, number]>([
    ['a0 b1 c2', 1],
    ['c0 a1 b2', 1],
    ['a0 b1', 0],
    ['a0 b1 b2 a3', 0],
    ['a0 b30 c60', 1],
    ['a0 b30 c60.000001', 0],
    ['a0 b30 c61 a80', 1],
    // The first has left, but was met again.
    ['a0 b1 a50 c61', 1],
    ['a0 b1 a50 c70', 0],
    // Quiet for a span after it fired, then anew.
    ['a0 b1 c2 a3 b4 c5', 1],
    ['a0 b1 c2 a70 b71 c72', 2],
  ])('%s: %i', (events, wanted) => expect(feed(text, play(events)).length).toBe(wanted));

  test('the group is the same in all', () => {
    const mixed = [...play('a0 b1', 'x'), ...play('c2', 'y')];
    expect(feed(text, mixed).length).toBe(0);
    expect(feed(text, [...mixed, ...play('c3', 'x')]).map(({ src }) => src)).toEqual(['x']);
  });
  test('without group-by all events are one group', () =>
    expect(feed(correlation('temporal', 'a, b'), [...play('a0', 'x'), ...play('b1', 'y')]).length).toBe(1));
  test('an event that lacks a field of the group is in none', () => {
    const byHost = correlation('temporal', 'a, b', '    group-by: [http.hostname]\n');
    expect(feed(byHost, play('a0 b1')).length).toBe(0);
    expect(
      feed(
        byHost,
        play('a0 b1').map((e) => ({ ...e, host: 'h' })),
      ).length,
    ).toBe(1);
  });
  test('one event may be met by two rules', () =>
    expect(feed(correlation('temporal', 'a, any'), play('a0')).length).toBe(1));
  test('the alert says how many rules, and in which span', () =>
    expect(facts(feed(text, play('a0 b1 c2')))).toEqual([{ 'yagura.rules': 3, 'yagura.seconds': 60 }]));
  test('a condition counts different rules', () => {
    const two = correlation('temporal', 'a, b, c', `${BY_SOURCE}    condition:\n        gte: 2\n`);
    expect(feed(two, play('a0 a1')).length).toBe(0);
    expect(feed(two, play('a0 c1')).length).toBe(1);
  });
});

describe('temporal with a condition of rules', () => {
  const text = (condition: string) => correlation('temporal', 'a, b, c', BY_SOURCE + when(condition));
  test.each<[string, string, number]>([
    ['a and b', 'a0 b1', 1],
    ['a or b', 'b0', 1],
    ['a and (b or c)', 'a0 c1', 1],
    ['a AND b AND c', 'a0 b1', 0],
    ['2 of them', 'a0 c1', 1],
    ['all of them', 'a0 c1', 0],
  ])('%s at %s: %i at once', (condition, events, wanted) =>
    expect(feed(text(condition), play(events)).length).toBe(wanted),
  );
  test.each<[string, string, number]>([
    ['a and not b', 'a0', 1],
    ['a and not b', 'a0 b59', 0],
    ['a and not b', 'b0 a1', 0],
    // The window ends before the 60th second: what comes then opens the next.
    ['a and not b', 'a0 b60', 1],
    ['a and b and not c', 'a0 b1', 1],
    ['a and b and not c', 'a0 b1 c2', 0],
    ['not a and b', 'b0', 1],
  ])('%s at %s: %i when the window has closed', (condition, events, wanted) => {
    expect(feed(text(condition), play(events).slice(0, 1)).length).toBe(0);
    expect(feed(text(condition), play(events), 200).length).toBe(wanted);
  });
});

describe('temporal_ordered: each at or after the one before', () => {
  const text = correlation('temporal_ordered', 'a, b, c', BY_SOURCE);
  test.each<[string, number]>([
    ['a0 b1 c2', 1],
    ['a0 c1 b2', 0],
    ['a0 c1 b2 c3', 1],
    ['b0 a1 c2', 0],
    ['b0 a1 b2 c3', 1],
    ['a0 b0 c0', 1],
    // What happens at the same time is in order, whichever is looked at first.
    ['c0 b0 a0', 1],
    ['a0 b30 c60', 1],
    ['a0 b30 c60.000001', 0],
    // The row may begin with a later one of the first.
    ['a0 a20 b30 c70', 1],
    ['a0 b10 a20 c70', 0],
    ['a0 b1 c2 c3 c4', 1],
  ])('%s: %i', (events, wanted) => expect(feed(text, play(events)).length).toBe(wanted));
  test('groups are rows of their own', () =>
    expect(
      feed(text, [...play('a0', 'x'), ...play('b1', 'y'), ...play('c2', 'x'), ...play('b3 c4', 'x')]).length,
    ).toBe(1));
  test('all rules joined with "and" say the same', () => {
    const said = correlation('temporal_ordered', 'a, b, c', BY_SOURCE + when('a AND b AND c'));
    expect(feed(said, play('a0 b1 c2')).length).toBe(1);
    expect(feed(said, play('c0 b1 a2')).length).toBe(0);
  });
});

describe('value_sum', () => {
  const text = correlation(
    'value_sum',
    'any',
    `${BY_SOURCE}    condition:\n        field: http.length\n        gt: 1000\n`,
  );
  const bytes = (...list: [number, number | undefined][]): Fed[] => list.map(([t, b]) => ({ t, bytes: b }));
  test.each<[string, Fed[], number]>([
    ['as much as the bound', bytes([0, 500], [1, 500]), 0],
    ['one more', bytes([0, 500], [1, 501]), 1],
    ['a span apart', bytes([0, 600], [60, 600]), 1],
    ['a microsecond more', bytes([0, 600], [60.000001, 600]), 0],
    ['slid', bytes([0, 900], [50, 300], [70, 600], [80, 200]), 2],
    ['events without the value', bytes([0, 999], [1, undefined]), 0],
  ])('%s', (_, events, wanted) => expect(feed(text, events).length).toBe(Math.min(wanted, 1)));
  test('says the sum', () =>
    expect(facts(feed(text, bytes([0, 700], [1, 700])))).toEqual([
      { 'yagura.sum': 1400, 'yagura.seconds': 60 },
    ]));
  test('less than is judged when the window is over', () => {
    const less = text.replace('gt: 1000', 'lt: 1000');
    expect(feed(less, bytes([0, 100], [1, 100]), 59).length).toBe(0);
    expect(facts(feed(less, bytes([0, 100], [1, 100]), 60))).toEqual([
      { 'yagura.sum': 200, 'yagura.seconds': 60 },
    ]);
    expect(feed(less, bytes([0, 1000]), 60).length).toBe(0);
  });
});

describe('value_avg', () => {
  const text = correlation(
    'value_avg',
    'any',
    `${BY_SOURCE}    condition:\n        field: http.length\n        gt: 500\n`,
  );
  test('is judged when the window is over', () => {
    const events = [
      { t: 0, bytes: 900 },
      { t: 1, bytes: 300 },
      { t: 2, bytes: undefined },
    ];
    expect(feed(text, events, 59).length).toBe(0);
    expect(facts(feed(text, events, 60))).toEqual([{ 'yagura.average': 600, 'yagura.seconds': 60 }]);
    expect(feed(text, [...events, { t: 3, bytes: 300 }], 60).length).toBe(0);
  });
  test('without a value there is no average', () =>
    expect(feed(text.replace('gt: 500', 'neq: 5'), [{ t: 0 }], 60).length).toBe(0));
});

describe('value_percentile', () => {
  const ranked = (bounds: string) =>
    correlation(
      'value_percentile',
      'any',
      `${BY_SOURCE}    condition:\n        field: http.length\n${bounds}`,
    );
  const hundred: Fed[] = Array.from({ length: 100 }, (_, i) => ({ t: i / 10, bytes: (i * 37) % 100 }));
  test.each([
    [50, 49],
    [95, 94],
    [1, 0],
    [100, 99],
    [0, 0],
  ])('percentile %i of 0 … 99 is %i, by the nearest rank', (percentile, value) => {
    const is = ranked(`        percentile: ${percentile}\n        eq: ${value}\n`);
    expect(facts(feed(is, hundred, 60))).toEqual([{ 'yagura.percentile': value, 'yagura.seconds': 60 }]);
    expect(feed(is, hundred, 59).length).toBe(0);
  });
  test('of more than 512 values the newest are ranked: within 2.2 points of a hundred', () => {
    const many: Fed[] = Array.from({ length: 3_000 }, (_, i) => ({ t: i / 100, bytes: (i * 7919) % 1000 }));
    const near = ranked('        percentile: 90\n        gte: 878\n        lte: 922\n');
    expect(feed(near, many, 60).length).toBe(1);
  });
  const seldom = correlation(
    'value_percentile',
    'any',
    `${BY_SOURCE}    condition:\n        field: http.hostname\n        lte: 1\n`,
  );
  const hosts = (count: number): Fed[] =>
    Array.from({ length: count }, (_, i) => ({ t: i / 100, host: 'h' }));
  test('without one it is the share of the event’s own value: a seldom one among a hundred', () => {
    expect(facts(feed(seldom, [...hosts(99), { t: 2, host: 'rare' }]))).toEqual([
      { 'yagura.percentile': 1, 'yagura.seconds': 60 },
    ]);
    expect(feed(seldom, [...hosts(98), { t: 2, host: 'rare' }]).length).toBe(0);
    expect(feed(seldom, [...hosts(99), { t: 2, host: 'h' }]).length).toBe(0);
    const twice = [{ t: 0, host: 'rare' }, ...hosts(99), { t: 2, host: 'rare' }];
    expect(feed(seldom, twice).length).toBe(0);
  });
});

describe('chains', () => {
  const burst = correlation(
    'event_count',
    'a',
    `${BY_SOURCE}    condition:\n        gte: 3\n`,
    'title: Burst\nname: burst',
  );
  const then = correlation('temporal_ordered', 'burst, b', BY_SOURCE);
  test('three of one rule, then another one: only the outermost is told', () => {
    const rules = rulesOf({ 'c.yml': RULES + then + burst });
    expect(rules.problems).toEqual([]);
    expect(rules.correlations.map(({ identity }) => identity.name)).toEqual(['Burst', 'Counted']);
    expect(feed(then + burst, play('a0 a1 a2 b3')).length).toBe(1);
    expect(feed(then + burst, play('a0 a1 b3')).length).toBe(0);
    expect(feed(then + burst, play('b0 a1 a2 a3')).length).toBe(0);
    expect(feed(then + burst, play('a0 a1 a2 b62')).length).toBe(1);
    expect(feed(then + burst, play('a0 a1 a2 b62.000001')).length).toBe(0);
  });
  test('it groups by its own fields, of what the inner one grouped by or of the event that made it fire', () => {
    const perHost = `${correlation('temporal_ordered', 'burst, b', '    group-by: [http.hostname]\n')}${burst}`;
    const host = (list: Fed[], name: string) => list.map((fed) => ({ ...fed, host: name }));
    expect(feed(perHost, [...host(play('a0 a1 a2'), 'x'), ...host(play('b3'), 'x')]).length).toBe(1);
    expect(feed(perHost, [...host(play('a0 a1 a2'), 'x'), ...host(play('b3'), 'y')]).length).toBe(0);
  });
  test('bursts may be counted', () => {
    const bursts = correlation('event_count', 'burst', '    condition:\n        gte: 2\n') + burst;
    expect(feed(bursts, [...play('a0 a1 a2', 'x'), ...play('a3 a4 a5', 'y')]).length).toBe(1);
    expect(feed(bursts, play('a0 a1 a2 a3 a4 a5', 'x')).length).toBe(0);
  });
  test('what is judged at its window’s end is counted then', () => {
    const twice = burst.replace('gte: 3', 'eq: 2');
    const ends = correlation('event_count', 'burst', `${BY_SOURCE}    condition:\n        gte: 1\n`) + twice;
    expect(feed(ends, play('a0 a1'), 59).length).toBe(0);
    expect(feed(ends, play('a0 a1'), 60).map(({ src }) => src)).toEqual(['10.0.0.1']);
  });
  test('with generate the inner one is told, too', () => {
    const inner = burst.replace('title: Burst', 'title: Counted inside');
    const text = then + inner;
    expect(feed(text, play('a0 a1 a2')).length).toBe(0);
    const loud = text.replace('timespan: 1m', 'timespan: 1m\n    generate: true');
    expect(feed(loud, play('a0 a1 a2')).map(({ finding }) => finding.rule.name)).toEqual(['Counted inside']);
  });
  test.each([
    [correlation('temporal', 'counted', '', 'title: C\nname: counted'), 'the correlation counts itself'],
    [
      correlation('event_count', 'burst', '    group-by: [http.hostname]\n    condition:\n        gte: 1\n') +
        burst.replace('gte', 'lte'),
      'is judged when its window closes and knows only what it groups by: "http.hostname" is not among it',
    ],
    [correlation('temporal', 'a, b', when('a and d')), 'condition: there is no selection "d"'],
    [correlation('temporal_ordered', 'a, b', when('a and not b')), 'all of "rules", joined with "and"'],
    [correlation('temporal_ordered', 'a, b', '    condition:\n        gte: 1\n'), 'needs all its rules'],
    [correlation('value_sum', 'a', '    condition:\n        gte: 1\n'), 'value_sum needs "field"'],
    [
      correlation(
        'value_sum',
        'a',
        '    condition:\n        field: [http.length, src_port]\n        gte: 1\n',
      ),
      'value_sum takes one field',
    ],
    [
      correlation(
        'value_percentile',
        'a',
        '    condition:\n        field: http.length\n        percentile: 101\n',
      ),
      '"percentile" takes a number up to 100',
    ],
  ])('%# is refused with its line', (text, wanted) => {
    const { problems } = rulesOf({ 'c.yml': RULES + text });
    expect(problems.map(({ message }) => message).join()).toContain(wanted);
    expect(problems[0].message).toMatch(/^c\.yml:\d+:\d+: /);
  });
});

describe('time that goes back: another recording, older than the last', () => {
  test('what came later does not count', () => {
    const text = correlation('temporal', 'a, b', BY_SOURCE);
    expect(feed(text, play('a5000 b1')).length).toBe(0);
    expect(feed(text, play('a5000 a1 b2')).length).toBe(1);
  });
  test('and quiet is over', () => {
    const text = correlation('event_count', 'a', `${BY_SOURCE}    condition:\n        gte: 2\n`);
    expect(feed(text, play('a5000 a5001 a0 a1')).length).toBe(2);
  });
});

describe('rules that change while they count', () => {
  const counted = correlation('event_count', 'a', `${BY_SOURCE}    condition:\n        gte: 3\n`);
  const other = base('other', 'http.url: /x');
  const knobs = {};
  /** Shows two matches to the first rules, and one to those that come after. */
  function across(first: string, second: string): number {
    const { raised, sink } = remember();
    const show = (text: string, times: number[], former?: ReturnType<typeof startDetectors>) => {
      const rules = rulesOf({ 'c.yml': text });
      expect(rules.problems).toEqual([]);
      const started = startDetectors(rules, knobs, sink, former);
      for (const t of times) started.event(event('http', { 'http.status': 1 }, at(t)));
      return started;
    };
    show(second, [2], show(first, [0, 1]));
    return raised.filter(({ finding }) => finding.rule.name === 'Counted').length;
  }
  test('a correlation whose text and rules are the same goes on with what it has counted', () => {
    expect(across(RULES + counted, RULES + counted)).toBe(1);
    expect(across(RULES + counted, `${other}---\n${RULES}${counted}`)).toBe(1);
  });
  test('one that changed begins anew, and so does one whose rule changed', () => {
    expect(across(RULES + counted, RULES + counted.replace('1m', '2m'))).toBe(0);
    expect(
      across(RULES + counted, RULES.replace('http.status: 1\n', 'http.status: [1, 9]\n') + counted),
    ).toBe(0);
  });
});
