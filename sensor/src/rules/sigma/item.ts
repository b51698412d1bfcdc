// One line of a selection (`field|modifiers: values`) as a test of the row.
import { isScalar, isSeq } from 'yaml';
import type { Scalar } from '../../wire/field.ts';
import { hint } from '../fields.ts';
import type { Place, Yaml } from '../place.ts';
import { holds, type Prefix } from '../prefix.ts';
import type { Slot } from '../row.ts';
import { containsAny, MANY } from './many.ts';
import { ANY, appended, compileText, literalOf, type Pattern, prepended } from './text.ts';
import { chainOf, changed, MODIFIERS, type RuleValue, readValue } from './values.ts';

/** A compiled test of the current row. Cheap ones are tried first. */
export interface Test {
  readonly holds: () => boolean;
  readonly cost: number;
  /** Fields it reads. */
  readonly slots: readonly Slot[];
  /** When present: the test can only hold if one of the field's values, in lower case, is among these. */
  readonly guard?: { readonly slot: Slot; readonly values: ReadonlySet<string> };
}

/** Where words become columns: given by the log source. */
export interface Columns {
  /** The column of a word, or undefined when it is none. */
  column(word: string): Slot | undefined;
  /** Valid words, for suggestions. */
  words(): Iterable<string>;
  /** Every column, for keywords that stand without a field. */
  every(): readonly Slot[];
}

const COST = {
  exists: 1,
  equal: 2,
  number: 2,
  prefix: 4,
  contains: 6,
  glob: 12,
  regex: 30,
  keyword: 60,
} as const;
const MAX_VALUES = 10_000;

interface SlotTest {
  readonly test: (slot: Slot) => boolean;
  readonly cost: number;
  /** Text in lower case that a value must equal, or contain. */
  readonly literal?: string | undefined;
  readonly contains?: string | undefined;
}

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

function textTest(pattern: Pattern, cased: boolean): SlotTest {
  const test = compileText(cased ? pattern : lowerLiteral(pattern));
  const literal = literalOf(pattern);
  if (literal !== undefined) {
    // A key with an empty value and a key that is absent look the same in a log.
    const equal = (slot: Slot) =>
      literal === '' ? slot.count() === 0 || anyText(slot, true, test) : anyText(slot, cased, test);
    return {
      test: equal,
      cost: COST.equal,
      literal: cased || literal === '' ? undefined : literal.toLowerCase(),
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
  };
}

/** Numbers and texts of numbers are compared as numbers. */
function orderTest(than: string, bound: number): SlotTest {
  const compare: Record<string, (n: number) => boolean> = {
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

function valueTest(value: RuleValue, cased: boolean, columns: Columns): SlotTest {
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
      const other = columns.column(value.path)!;
      const shapes = {
        equal: (a: string, b: string) => a === b,
        starts: (a: string, b: string) => a.startsWith(b),
        ends: (a: string, b: string) => a.endsWith(b),
        contains: (a: string, b: string) => a.includes(b),
      };
      const shape = shapes[value.shape];
      const test = (slot: Slot) => anyText(slot, cased, (a) => anyText(other, cased, (b) => shape(a, b)));
      return { test, cost: COST.contains };
    }
    case 'bytes':
      return textTest([value.bytes.toString('latin1')], cased);
  }
}

/**
 * @param key `field|modifier|…`; an empty field means keywords, looked for in every field
 * @throws SensorError with file, line and column
 */
export function compileItem(key: string, keyNode: Yaml, value: Yaml, columns: Columns, place: Place): Test {
  const [word, ...modifiers] = key.split('|');
  const chain = chainOf(modifiers, place, keyNode, (w) => hint(w, MODIFIERS));
  const slot = word === '' ? undefined : columns.column(word);
  if (word !== '' && !slot)
    throw place.fault(keyNode, `unknown field "${word}"${hint(word, columns.words())}`);
  const list = isSeq(value) ? (value.items as Yaml[]) : [value];
  if (list.length === 0) throw place.fault(value ?? keyNode, 'an empty list matches nothing');
  if (list.length > MAX_VALUES)
    throw place.fault(value, `more than ${MAX_VALUES} values: use an indicator list`);
  if (chain.all && list.length < 2) throw place.fault(keyNode, '"all" with one value has no meaning');
  if (chain.exists) return existsTest(slot, list[0], place, keyNode);

  const pathOf = (name: string): string => {
    if (columns.column(name)) return name;
    throw place.fault(value, `unknown field "${name}"${hint(name, columns.words())}`);
  };
  const tests = list.map((node) => {
    let rule = readValue(node, place);
    // A keyword stands anywhere in a value.
    if (!slot && rule.kind === 'number') rule = { kind: 'text', pattern: [String(rule.number)], source: '' };
    if (!slot && rule.kind === 'text') rule = { ...rule, pattern: appended(prepended(rule.pattern)) };
    const variants = changed(rule, chain, place, node ?? value ?? keyNode, pathOf);
    return anyOf(variants.map((variant) => valueTest(variant, chain.cased, columns)));
  });
  const slots = slot ? [slot] : [];
  const joined = chain.all ? allOf(tests) : anyOf(tests);
  const holdsNow = slot
    ? () => joined.test(slot)
    : () => columns.every().some((column) => joined.test(column));
  // Of several keywords that must all stand, each may stand in a field of its own.
  const keywords = !slot && chain.all;
  const found = keywords ? () => tests.every(({ test }) => columns.every().some(test)) : holdsNow;
  const guard = slot && !chain.not && !chain.all ? guardOf(slot, tests) : undefined;
  const cost = slot ? joined.cost : COST.keyword;
  return { holds: chain.not ? () => !found() : found, cost, slots, ...(guard && { guard }) };
}

function existsTest(slot: Slot | undefined, value: Yaml, place: Place, node: Yaml): Test {
  if (!slot || !isScalar(value) || typeof value.value !== 'boolean')
    throw place.fault(node, '"exists" takes a field, and true or false');
  const wanted = value.value;
  return { holds: () => slot.count() > 0 === wanted, cost: COST.exists, slots: [slot] };
}

function guardOf(slot: Slot, tests: readonly SlotTest[]): Test['guard'] {
  const values = new Set<string>();
  for (const { literal } of tests) {
    if (literal === undefined) return undefined;
    values.add(literal);
  }
  return { slot, values };
}

function allOf(tests: readonly SlotTest[]): SlotTest {
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  return { test: (slot) => sorted.every(({ test }) => test(slot)), cost: sorted.at(-1)!.cost };
}

/** Equal-to tests of a list become one look-up in a set, contained texts one automaton. */
function anyOf(tests: readonly SlotTest[]): SlotTest {
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
  if (rest.length === 1) return rest[0];
  return { test: (slot) => rest.some(({ test }) => test(slot)), cost: rest.at(-1)!.cost };
}
