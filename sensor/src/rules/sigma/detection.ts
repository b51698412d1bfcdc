// The `detection` part of a rule as one test: selections, then the condition over them.
import { isMap, isScalar, isSeq } from 'yaml';
import { hint } from '../fields.ts';
import type { Place, Yaml } from '../place.ts';
import { type Condition, ConditionFault, parseCondition } from './condition.ts';
import { type Columns, compileItem, type Test } from './item.ts';

export interface Detection {
  readonly test: Test;
  /** Paths of the fields of those selections that hold now and that the condition wants to hold. */
  matched(): string[];
}

const MAX_SELECTIONS = 200;
/** Fields with so few values that asking for one of them rules hardly any event out. */
const FEW_VALUES = new Set(['dns.type', 'proto', 'app_proto', 'event_type', 'http.http_method']);

export const conjunction = (tests: readonly Test[]): Test => {
  if (tests.length === 1) return tests[0];
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  const guards = tests.flatMap(({ guard }) => guard ?? []);
  const guard = guards.find(({ slot }) => !FEW_VALUES.has(slot.path)) ?? guards[0];
  return {
    holds: () => {
      for (const test of sorted) if (!test.holds()) return false;
      return true;
    },
    cost: sorted.reduce((sum, test) => sum + test.cost, 0),
    slots: tests.flatMap((test) => test.slots),
    ...(guard && { guard }),
  };
};

const disjunction = (tests: readonly Test[]): Test => {
  if (tests.length === 1) return tests[0];
  const sorted = tests.toSorted((a, b) => a.cost - b.cost);
  const [first] = tests;
  // One field in every branch: the branches' values together still guard.
  const together = first.guard && tests.every((test) => test.guard?.slot === first.guard?.slot);
  return {
    holds: () => {
      for (const test of sorted) if (test.holds()) return true;
      return false;
    },
    cost: sorted.reduce((sum, test) => sum + test.cost, 0),
    slots: tests.flatMap((test) => test.slots),
    ...(together && {
      guard: { slot: first.guard!.slot, values: new Set(tests.flatMap((test) => [...test.guard!.values])) },
    }),
  };
};

/** Map: every line. List of maps: any of them. Texts alone: keywords. */
function selection(node: Yaml, keyNode: Yaml, columns: Columns, place: Place, depth = 0): Test {
  const value = place.resolve(node);
  if (depth > 4) throw place.fault(keyNode, 'selections nested too deep');
  if (isMap(value)) {
    const items = place.pairs(value);
    if (items.length === 0) throw place.fault(keyNode, 'an empty selection matches nothing');
    return conjunction(items.map((item) => compileItem(item.key, item.keyNode, item.value, columns, place)));
  }
  if (isSeq(value)) {
    if (value.items.length === 0) throw place.fault(keyNode, 'an empty selection matches nothing');
    const scalars = value.items.every((item) => !isMap(place.resolve(item as Yaml)));
    if (scalars) return compileItem('', keyNode, value, columns, place);
    return disjunction(
      value.items.map((item) => selection(item as Yaml, item as Yaml, columns, place, depth + 1)),
    );
  }
  if (isScalar(value) && value.value !== null) return compileItem('', keyNode, value, columns, place);
  throw place.fault(keyNode, 'a selection is a map, a list, or a keyword');
}

/** @throws SensorError with file, line and column */
export function compileDetection(node: Yaml, columns: Columns, place: Place): Detection {
  const map = place.map(node, '"detection"');
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
    else selections.set(key, selection(value, keyNode, columns, place));
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
  return {
    test: disjunction(parts),
    matched: () => {
      const paths = new Set<string>();
      for (const name of wanted) {
        const chosen = selections.get(name)!;
        if (chosen.holds()) for (const slot of chosen.slots) if (slot.count() > 0) paths.add(slot.path);
      }
      return [...paths];
    },
  };
}

function test(tree: Condition, selections: ReadonlyMap<string, Test>): Test {
  switch (tree.kind) {
    case 'name':
      return selections.get(tree.name)!;
    case 'not': {
      const inner = test(tree.of, selections);
      return { holds: () => !inner.holds(), cost: inner.cost, slots: inner.slots };
    }
    case 'and':
      return conjunction(tree.of.map((part) => test(part, selections)));
    case 'or':
      return disjunction(tree.of.map((part) => test(part, selections)));
    case 'some': {
      const tests = tree.names.map((name) => selections.get(name)!);
      if (tree.count === 1) return disjunction(tests);
      if (tree.count >= tests.length && tree.count !== Number.POSITIVE_INFINITY && tree.count > tests.length)
        return { holds: () => false, cost: 0, slots: [] };
      if (tree.count >= tests.length) return conjunction(tests);
      const atLeast = () => {
        let found = 0;
        for (const one of tests) if (one.holds() && ++found === tree.count) return true;
        return false;
      };
      const cost = tests.reduce((sum, one) => sum + one.cost, 0);
      return { holds: atLeast, cost, slots: tests.flatMap((one) => one.slots) };
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
