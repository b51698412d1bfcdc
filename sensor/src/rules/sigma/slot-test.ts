// What a value of a rule asks of a column: equal text, part of it, order of numbers, prefix of addresses, expression.
import type { Scalar } from '../../wire/field.ts';
import { holds, type Prefix } from '../prefix.ts';
import type { Slot } from '../row.ts';
import { containsAny, MANY } from './many.ts';
import type { Need } from './test.ts';
import { ANY, compileText, literalOf, mustStand, type Pattern } from './text.ts';
import type { Order, RuleValue } from './values.ts';

export interface SlotTest {
  readonly test: (slot: Slot) => boolean;
  readonly cost: number;
  /** Text in lower case that a value must equal, or contain. */
  readonly literal?: string | undefined;
  readonly contains?: string | undefined;
  /** Texts of which one must stand in a value for the test to hold. */
  readonly needs?: readonly Need[] | undefined;
}

export const COST = {
  exists: 1,
  equal: 2,
  number: 2,
  prefix: 4,
  contains: 6,
  glob: 12,
  regex: 30,
  keyword: 60,
} as const;

const anyText = (slot: Slot, cased: boolean, test: (text: string) => boolean): boolean => {
  const count = slot.count();
  for (let i = 0; i < count; i++) if (test(cased ? slot.text(i) : slot.lower(i))) return true;
  return false;
};
const anyValue = (slot: Slot, test: (value: Scalar) => boolean): boolean => {
  const count = slot.count();
  for (let i = 0; i < count; i++) if (test(slot.value(i))) return true;
  return false;
};
const anyAddress = (slot: Slot, prefix: Prefix): boolean => {
  const count = slot.count();
  for (let i = 0; i < count; i++) {
    const address = slot.address(i);
    if (address && holds(prefix, address)) return true;
  }
  return false;
};

const lowerLiteral = (pattern: Pattern): Pattern =>
  pattern.map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece));

/** Beyond ASCII a letter may be lowered otherwise alone than in its word. */
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function needOf(pattern: Pattern, cased: boolean): readonly Need[] | undefined {
  const need = mustStand(pattern);
  if (!need || (cased && !isAscii(need.text))) return undefined;
  return [{ ...need, text: need.text.toLowerCase() }];
}

function textTest(pattern: Pattern, cased: boolean): SlotTest {
  const test = compileText(cased ? pattern : lowerLiteral(pattern));
  const needs = needOf(pattern, cased);
  const literal = literalOf(pattern);
  if (literal !== undefined) {
    // A key with an empty value and a key that is absent look the same in a log.
    const equal = (slot: Slot) =>
      literal === '' ? slot.count() === 0 || anyText(slot, true, test) : anyText(slot, cased, test);
    return {
      test: equal,
      cost: COST.equal,
      literal: cased || literal === '' ? undefined : literal.toLowerCase(),
      needs,
    };
  }
  const wild = pattern.filter((piece) => typeof piece !== 'string');
  const cost =
    wild.length === 1 && wild[0] === ANY ? COST.prefix : pattern.length === 3 ? COST.contains : COST.glob;
  const [first, middle, last] = pattern;
  const inside =
    pattern.length === 3 && first === ANY && last === ANY && typeof middle === 'string' && !cased;
  return {
    test: (slot) => anyText(slot, cased, test),
    cost,
    contains: inside ? (middle as string).toLowerCase() : undefined,
    needs,
  };
}

/** Numbers and texts of numbers are compared as numbers. */
function orderTest(than: Order, bound: number): SlotTest {
  const compare: Record<Order, (n: number) => boolean> = {
    lt: (n) => n < bound,
    lte: (n) => n <= bound,
    gt: (n) => n > bound,
    gte: (n) => n >= bound,
  };
  const test = compare[than];
  return {
    test: (slot) => anyValue(slot, (v) => v !== '' && typeof v !== 'boolean' && test(Number(v))),
    cost: COST.number,
  };
}

const SHAPES = {
  equal: (a: string, b: string) => a === b,
  starts: (a: string, b: string) => a.startsWith(b),
  ends: (a: string, b: string) => a.endsWith(b),
  contains: (a: string, b: string) => a.includes(b),
};

/** @param columnOf the column of another field that is compared with */
export function slotTest(value: RuleValue, cased: boolean, columnOf: (path: string) => Slot): SlotTest {
  switch (value.kind) {
    case 'text':
      return textTest(value.pattern, cased);
    case 'number':
      return textTest([String(value.number)], false);
    case 'boolean':
      return textTest([String(value.boolean)], false);
    case 'null':
      return { test: (slot) => slot.count() === 0, cost: COST.exists };
    case 'regex':
      return { test: (slot) => anyText(slot, true, value.search), cost: COST.regex };
    case 'order':
      return orderTest(value.than, value.number);
    case 'cidr':
      return { test: (slot) => anyAddress(slot, value.prefix), cost: COST.prefix };
    case 'field': {
      const other = columnOf(value.path);
      const shape = SHAPES[value.shape];
      const test = (slot: Slot) => anyText(slot, cased, (a) => anyText(other, cased, (b) => shape(a, b)));
      return { test, cost: COST.contains };
    }
    case 'bytes':
      return textTest([value.bytes.toString('latin1')], cased);
  }
}

export function allOf(tests: readonly SlotTest[]): SlotTest {
  if (tests.length === 1) return tests[0];
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  // Any of them must hold: the one that asks for the longest text says most.
  const shortest = (needs: readonly Need[]): number =>
    needs.reduce((least, { text }) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
  const [needs] = tests
    .flatMap(({ needs: own }) => (own ? [own] : []))
    .toSorted((a, b) => shortest(b) - shortest(a));
  return {
    test: (slot) => sorted.every(({ test }) => test(slot)),
    cost: sorted[sorted.length - 1].cost,
    needs,
  };
}

/** Equal-to tests of a list become one look-up in a set, contained texts one automaton. */
export function anyOf(tests: readonly SlotTest[]): SlotTest {
  if (tests.length === 1) return tests[0];
  const literals = new Set(tests.flatMap(({ literal }) => literal ?? []));
  const contained = tests.flatMap(({ contains }) => contains ?? []);
  const automaton = contained.length >= MANY ? containsAny(contained) : undefined;
  const rest = tests
    .filter(({ literal, contains }) => literal === undefined && (contains === undefined || !automaton))
    .toSorted((a, b) => a.cost - b.cost);
  if (automaton) rest.push({ test: (slot) => anyText(slot, false, automaton), cost: COST.contains });
  if (literals.size > 0)
    rest.unshift({ test: (slot) => anyText(slot, false, (text) => literals.has(text)), cost: COST.equal });
  const needs = tests.every((test) => test.needs) ? tests.flatMap((test) => test.needs ?? []) : undefined;
  if (rest.length === 1) return { ...rest[0], needs };
  return {
    test: (slot) => rest.some(({ test }) => test(slot)),
    cost: rest[rest.length - 1].cost,
    needs,
  };
}
