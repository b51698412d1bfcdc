// The condition grammar: what binds how, what is refused and where.
import { describe, expect, test } from 'vitest';
import { type Condition, ConditionFault, parseCondition } from './condition.ts';

const NAMES = ['a', 'b', 'c', 'sel_1', 'sel_2', '_hidden'];
const show = (c: Condition): string => {
  if (c.kind === 'name') return c.name;
  if (c.kind === 'not') return `!${show(c.of)}`;
  if (c.kind === 'some')
    return `${c.count === Number.POSITIVE_INFINITY ? 'all' : c.count}{${c.names.join()}}`;
  return `(${c.of.map(show).join(c.kind === 'and' ? '&' : '|')})`;
};

describe('reads', () => {
  test.each([
    ['a', 'a'],
    ['a or b and not c', '(a|(b&!c))'],
    ['not a and b', '(!a&b)'],
    ['not (a or b)', '!(a|b)'],
    ['not not a', '!!a'],
    ['(a or b) and c', '((a|b)&c)'],
    ['A_or', undefined],
    ['a AND b OR c', '((a&b)|c)'],
    ['1 of sel_*', '1{sel_1,sel_2}'],
    ['all of sel_* and a', '(all{sel_1,sel_2}&a)'],
    ['1 of them', '1{a,b,c,sel_1,sel_2}'],
    ['all of them', 'all{a,b,c,sel_1,sel_2}'],
    ['any of sel_*', '1{sel_1,sel_2}'],
    ['2 of them', '2{a,b,c,sel_1,sel_2}'],
    ['1 of *_1', '1{sel_1}'],
    ['1 of _*', '1{_hidden}'],
    ['not 1 of sel_*', '!1{sel_1,sel_2}'],
    ['a and(b)', '(a&b)'],
  ])('%s', (text, wanted) => {
    if (wanted === undefined) expect(() => parseCondition(text, NAMES)).toThrow(ConditionFault);
    else expect(show(parseCondition(text, NAMES))).toBe(wanted);
  });
});

describe('refuses', () => {
  test.each([
    ['', 0, 'missing'],
    ['a and', 5, 'missing'],
    ['a b', 2, 'expected'],
    ['(a', 0, 'without its )'],
    ['a)', 1, 'expected'],
    ['x', 0, 'no selection "x"'],
    ['a and nope', 6, 'no selection "nope"'],
    ['1 of nope_*', 5, 'no selection is named'],
    ['0 of them', 0, 'always true'],
    ['a | count() > 5', 2, 'correlation'],
    ['1 of', 4, 'needs a name'],
    ['('.repeat(100) + 'a' + ')'.repeat(100), 50, 'nested'],
    ['not '.repeat(100) + 'a', 200, 'nested'],
    ['a or '.repeat(2_000) + 'a', 0, 'longer'],
  ])('%.40s', (text, at, reason) => {
    try {
      parseCondition(text, NAMES);
      expect.unreachable();
    } catch (fault) {
      expect(fault).toBeInstanceOf(ConditionFault);
      expect((fault as ConditionFault).message).toContain(reason);
      expect((fault as ConditionFault).at).toBe(at);
    }
  });
});
