// The `detection` part of a rule as one test: selections, then the condition over them.
import { isMap, isScalar, isSeq } from 'yaml';
import { hint } from '../fields.ts';
import type { Yaml } from '../place.ts';
import { type Condition, ConditionFault, parseCondition } from './condition.ts';
import { compileItem, type Ground } from './item.ts';
import { atLeast, conjunction, disjunction, negation, pathsOf, type Test } from './test.ts';

export interface Detection {
  readonly test: Test;
  /** Paths of the fields of those selections that hold now and that the condition wants to hold. */
  matched(): string[];
}

const MAX_SELECTIONS = 200;
const isLeaf = (node: Yaml): boolean => !isMap(node) && !isSeq(node);

/** Map: every line. List of maps: any of them. Texts alone: keywords. */
function selection(node: Yaml, keyNode: Yaml, ground: Ground, depth = 0): Test {
  const { place } = ground;
  const value = place.resolve(node);
  if (depth > 4) throw place.fault(keyNode, 'selections nested too deep');
  if (isMap(value)) {
    const items = place.pairs(value);
    if (items.length === 0) throw place.fault(keyNode, 'an empty selection matches nothing');
    return conjunction(items.map((item) => compileItem(item.key, item.keyNode, item.value, ground)));
  }
  if (isSeq(value)) {
    if (value.items.length === 0) throw place.fault(keyNode, 'an empty selection matches nothing');
    const scalars = value.items.every((item) => isLeaf(place.resolve(item as Yaml)));
    if (scalars) return compileItem('', keyNode, value, ground);
    return disjunction(value.items.map((item) => selection(item as Yaml, item as Yaml, ground, depth + 1)));
  }
  if (isScalar(value) && value.value !== null) return compileItem('', keyNode, value, ground);
  throw place.fault(keyNode, 'a selection is a map, a list, or a keyword');
}

/** @throws SensorError with file, line and column */
export function compileDetection(node: Yaml, ground: Ground, what = 'detection'): Detection {
  const { place } = ground;
  const map = place.map(node, `"${what}"`);
  const selections = new Map<string, Test>();
  let conditions: { text: string; node: Yaml }[] | undefined;
  for (const { key, keyNode, value } of place.pairs(map)) {
    if (key === 'condition') {
      const nodes = isSeq(value) ? (value.items as Yaml[]) : [value];
      conditions = nodes.map((entry) => {
        const scalar = place.resolve(entry);
        if (!isScalar(scalar) || typeof scalar.value !== 'string')
          throw place.fault(entry ?? keyNode, '"condition" must be a text');
        return { text: scalar.value, node: scalar };
      });
    } else if (key === 'timeframe')
      throw place.fault(keyNode, '"timeframe" belongs to a correlation rule ("timespan")');
    else selections.set(key, selection(value, keyNode, ground));
  }
  if (!conditions || conditions.length === 0) throw place.fault(map, '"condition" is missing');
  if (selections.size > MAX_SELECTIONS) throw place.fault(map, `more than ${MAX_SELECTIONS} selections`);

  const names = [...selections.keys()];
  const wanted = new Set<string>();
  const parts = conditions.map(({ text, node: at }) => {
    try {
      const tree = parseCondition(text, names);
      wantedNames(tree, true, wanted);
      return test(tree, selections);
    } catch (fault) {
      if (!(fault instanceof ConditionFault)) throw fault;
      const quoted = isScalar(at) && at.type?.startsWith('QUOTE') ? 1 : 0;
      const near = fault.word ? hint(fault.word, names) : '';
      throw place.fault(at, `condition: ${fault.message}${near}`, quoted + fault.at);
    }
  });
  return { test: disjunction(parts), matched: matchedBy([...wanted].map((name) => selections.get(name)!)) };
}

/** Apart from the file that the selections were read from: it is not to be kept. */
const matchedBy = (wanted: readonly Test[]) => (): string[] => {
  const paths = new Set<string>();
  for (const selection of wanted)
    if (selection.holds()) for (const path of pathsOf(selection)) paths.add(path);
  return [...paths];
};

function test(tree: Condition, selections: ReadonlyMap<string, Test>): Test {
  switch (tree.kind) {
    case 'name':
      return selections.get(tree.name)!;
    case 'not':
      return negation(test(tree.of, selections));
    case 'and':
      return conjunction(tree.of.map((part) => test(part, selections)));
    case 'or':
      return disjunction(tree.of.map((part) => test(part, selections)));
    case 'some': {
      const tests = tree.names.map((name) => selections.get(name)!);
      return atLeast(tree.count === Number.POSITIVE_INFINITY ? tests.length : tree.count, tests);
    }
  }
}

function wantedNames(tree: Condition, wanted: boolean, names: Set<string>): void {
  if (tree.kind === 'name') {
    if (wanted) names.add(tree.name);
  } else if (tree.kind === 'some') {
    if (wanted) for (const name of tree.names) names.add(name);
  } else if (tree.kind === 'not') wantedNames(tree.of, !wanted, names);
  else for (const part of tree.of) wantedNames(part, wanted, names);
}
