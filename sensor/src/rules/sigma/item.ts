// One line of a selection (`field|modifiers: values`) as a test of the row.
import { isScalar, isSeq } from 'yaml';
import { hint } from '../fields.ts';
import type { Place, Yaml } from '../place.ts';
import { expanded, type Placeholders } from '../placeholders.ts';
import type { Slot } from '../row.ts';
import { allOf, anyOf, COST, type SlotTest, slotTest } from './slot-test.ts';
import { once, type Test } from './test.ts';
import { appended, prepended } from './text.ts';
import {
  type Chain,
  chainOf,
  changed,
  MODIFIERS,
  type RuleValue,
  readValue,
  type TimePart,
  textValue,
} from './values.ts';

/** Where words become columns: given by the log source. */
export interface Columns {
  /** The column of a word, or undefined when it is none. */
  column(word: string): Slot | undefined;
  /** A part of the time in a word's column, as a number. */
  part(word: string, part: TimePart): Slot | undefined;
  /** Valid words, for suggestions. */
  words(): Iterable<string>;
  /** Every column, for keywords that stand without a field. */
  every(): readonly Slot[];
  /** The values of every column as one. */
  whole(): Slot;
  /** Why no wire shows what a word stands for in such logs; undefined for a word that nobody knows. */
  unseen(word: string): string | undefined;
}

/** What a rule is compiled on. */
export interface Ground {
  readonly columns: Columns;
  readonly place: Place;
  readonly placeholders: Placeholders;
}

const MAX_VALUES = 10_000;
/** Longer lists are hardly ever the same. */
const MAX_ALIKE = 200;

/** @throws SensorError that says why there is no such field */
export function columnOf(word: string, { columns, place }: Ground, node: Yaml): Slot {
  const slot = columns.column(word);
  if (slot) return slot;
  const reason = columns.unseen(word);
  throw place.fault(
    node,
    reason ? `no wire shows "${word}": ${reason}` : `unknown field "${word}"${hint(word, columns.words())}`,
  );
}

/**
 * @param key `field|modifier|…`; an empty field means keywords, looked for in every field
 * @throws SensorError with file, line and column
 */
export function compileItem(key: string, keyNode: Yaml, value: Yaml, ground: Ground): Test {
  const { place } = ground;
  const [word, ...modifiers] = key.split('|');
  const chain = chainOf(modifiers, place, keyNode, (w) => hint(w, MODIFIERS));
  const slot = slotOf(word, chain.part, ground, keyNode);
  const list = isSeq(value) ? (value.items as Yaml[]) : [value];
  if (list.length === 0) throw place.fault(value ?? keyNode, 'an empty list matches nothing');
  if (list.length > MAX_VALUES)
    throw place.fault(value, `more than ${MAX_VALUES} values: use an indicator list`);
  if (chain.all && list.length < 2) throw place.fault(keyNode, '"all" with one value has no meaning');
  const same = likeness(modifiers, list, place);
  const known = same === undefined ? undefined : compiled.get(slot)?.get(same);
  if (known) return known;
  const test = once(
    chain.exists
      ? existsTest(word === '' ? undefined : slot, list[0], place, keyNode)
      : valuesTest({ word, slot, chain, list, keyNode, value }, ground),
    slot,
  );
  if (same !== undefined) {
    const of = compiled.get(slot) ?? new Map<string, Test>();
    compiled.set(slot, of.set(same, test));
  }
  return test;
}

/** Tests by their columns, and by what they ask: what several rules ask alike is one test. */
const compiled = new WeakMap<Slot, Map<string, Test>>();

/** The same for items that ask the same of one column; undefined when that takes more than a look at them. */
function likeness(modifiers: readonly string[], list: readonly Yaml[], place: Place): string | undefined {
  if (list.length > MAX_ALIKE || modifiers.includes('fieldref') || modifiers.includes('expand'))
    return undefined;
  const values = list.map((node) => {
    const scalar = place.resolve(node);
    return isScalar(scalar)
      ? [typeof scalar.value, String(scalar.value)]
      : isScalar(node) || !node
        ? null
        : node;
  });
  return values.some((value) => value !== null && !Array.isArray(value))
    ? undefined
    : JSON.stringify([modifiers, values]);
}

interface Item {
  readonly word: string;
  readonly slot: Slot;
  readonly chain: Chain;
  readonly list: readonly Yaml[];
  readonly keyNode: Yaml;
  readonly value: Yaml;
}

function valuesTest(item: Item, ground: Ground): Test {
  const { word, slot, chain } = item;
  const others: Slot[] = [];
  const tests = testsOf(item, ground, others);
  return word === ''
    ? keywordTest(tests, chain, slot, ground.columns)
    : fieldTest(chain.all ? allOf(tests) : anyOf(tests), chain, slot, others);
}

// What is kept of a rule is made where nothing of the file is at hand: a closure keeps everything that its neighbours use.

/** A test for each value, or for each that it stands for. @param others takes the other columns that are compared with */
function testsOf({ word, chain, list, keyNode, value }: Item, ground: Ground, others: Slot[]): SlotTest[] {
  const pathOf = (name: string): string => {
    others.push(columnOf(name, ground, value));
    return name;
  };
  return list.flatMap((node) =>
    givenBy(node, chain.change.includes('expand'), ground).map((given) => {
      let rule = given;
      // A keyword stands anywhere in a value.
      if (word === '' && rule.kind === 'number')
        rule = { kind: 'text', pattern: [String(rule.number)], source: '' };
      if (word === '' && rule.kind === 'text') rule = { ...rule, pattern: appended(prepended(rule.pattern)) };
      const variants = changed(rule, chain, ground.place, node ?? value ?? keyNode, pathOf);
      return anyOf(
        variants.map((variant) => slotTest(variant, chain.cased, (path) => columnOf(path, ground, value))),
      );
    }),
  );
}

function fieldTest({ test, cost, needs }: SlotTest, { not }: Chain, slot: Slot, others: Slot[]): Test {
  return {
    holds: not ? () => !test(slot) : () => test(slot),
    cost,
    slots: [slot, ...others],
    ...(needs && !not && { guards: [{ slot, needs }] }),
  };
}

/** Looked for in every field; of several keywords that must all stand, each may stand in a field of its own. */
function keywordTest(tests: readonly SlotTest[], { all, not }: Chain, slot: Slot, columns: Columns): Test {
  const joined = all ? allOf(tests) : anyOf(tests);
  const apart = all ? tests : [joined];
  const found = () => {
    for (const { test } of apart) if (!test(slot)) return false;
    return true;
  };
  const { needs } = joined;
  return {
    holds: not ? () => !found() : found,
    cost: COST.keyword,
    slots: [],
    ...(needs && !not && { guards: [{ slot, needs }] }),
    where: () =>
      columns
        .every()
        .filter((column) => tests.some(({ test }) => test(column)))
        .map(({ path }) => path),
  };
}

function slotOf(word: string, part: TimePart | undefined, ground: Ground, node: Yaml): Slot {
  const { columns, place } = ground;
  const slot = part && columns.part(word, part);
  if (slot) return slot;
  const plain = word === '' ? columns.whole() : columnOf(word, ground, node);
  if (part) throw place.fault(node, `"${part}" needs a field that holds a time`);
  return plain;
}

/** The value as written, or those that its placeholders make of it. */
function givenBy(node: Yaml, expand: boolean, { place, placeholders }: Ground): RuleValue[] {
  if (!expand) return [readValue(node, place)];
  const scalar = place.resolve(node);
  if (!isScalar(scalar) || typeof scalar.value !== 'string')
    throw place.fault(node, '"expand" takes a text with a placeholder such as %name%');
  return expanded(scalar.value, placeholders, place, node).map(textValue);
}

function existsTest(slot: Slot | undefined, value: Yaml, place: Place, node: Yaml): Test {
  if (!slot || !isScalar(value) || typeof value.value !== 'boolean')
    throw place.fault(node, '"exists" takes a field, and true or false');
  const wanted = value.value;
  return { holds: () => slot.count() > 0 === wanted, cost: COST.exists, slots: [slot] };
}
