// When a correlation holds: bounds of what it measures, or which of its rules were met.
import { isMap, isScalar, type YAMLMap } from 'yaml';
import { hint } from '../fields.ts';
import type { Place, Yaml } from '../place.ts';
import { type Condition, ConditionFault, parseCondition } from './condition.ts';

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'temporal',
  'temporal_ordered',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
export interface Bound {
  readonly is: Comparison;
  readonly than: number;
}

export interface Judged {
  /** All must hold; empty where `met` decides. */
  readonly bounds: readonly Bound[];
  /** Given which rules were met, by their places: does it hold? */
  readonly met?: (isMet: (step: number) => boolean) => boolean;
  /** Fields whose values are counted, added up or ranked. */
  readonly fields: readonly string[];
  /** Which percentile is compared; undefined: how many percent of the events have the event's own value. */
  readonly percentile?: number;
  /** More matches may undo it: it is judged when the window is over. */
  readonly atClose: boolean;
}

const COMPARISONS: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
/** Bounds that more matches can only fulfil. */
const GROWING: readonly string[] = ['gt', 'gte'];
/** Counts above this would need memory without bound. */
export const MAX_COUNT = 10_000;

/** @param names the rules of the correlation, as it writes them */
export function readJudgement(
  type: CorrelationType,
  names: readonly string[],
  body: YAMLMap,
  place: Place,
): Judged {
  const node = place.get(body, 'condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (temporal) {
    if (node === undefined || node === null) return allMet(names.length);
    if (isScalar(node)) return readExpression(type, names, node, place);
  }
  if (!isMap(node)) throw place.fault(node ?? body, '"condition" must be a map such as "gte: 10"');
  const counts = temporal || type === 'event_count' || type === 'value_count';
  const bounds: Bound[] = [];
  const fields: string[] = [];
  let percentile: number | undefined;
  for (const { key, keyNode, value } of place.pairs(node)) {
    if (key === 'field') fields.push(...(place.texts(node, 'field', 8) ?? []));
    else if (key === 'percentile' && type === 'value_percentile')
      percentile = numberOf(value ?? keyNode, key, 100, false, place);
    else if (!COMPARISONS.includes(key))
      throw place.fault(keyNode, `unknown comparison "${key}"${hint(key, [...COMPARISONS, 'field'])}`);
    else {
      const most = temporal ? names.length : counts ? MAX_COUNT : Number.MAX_SAFE_INTEGER;
      bounds.push({ is: key as Comparison, than: numberOf(value ?? keyNode, key, most, counts, place) });
    }
  }
  if (bounds.length === 0)
    throw place.fault(node, '"condition" compares with nothing: add "gte: 10" or the like');
  if (type.startsWith('value') && fields.length === 0)
    throw place.fault(node, `${type} needs "field" in its condition`);
  if (fields.length > 1 && type !== 'value_count') throw place.fault(node, `${type} takes one field`);
  if (type === 'temporal_ordered') {
    const all = bounds.every(({ is, than }) => (is === 'gte' || is === 'eq') && than === names.length);
    if (!all) throw place.fault(node, 'an ordered correlation needs all its rules: leave "condition" out');
    return allMet(names.length);
  }
  const grows = bounds.every(({ is }) => GROWING.includes(is));
  // An average and a percentile go up and down; a value's share is that of the moment.
  const atClose =
    type === 'value_percentile' ? percentile !== undefined : type === 'value_avg' ? true : !grows;
  return { bounds, fields, atClose, ...(percentile !== undefined && { percentile }) };
}

function numberOf(node: Yaml, key: string, most: number, whole: boolean, place: Place): number {
  const number = isScalar(node) ? node.value : undefined;
  const fits =
    typeof number === 'number' && (whole ? Number.isInteger(number) && number >= 0 : Number.isFinite(number));
  if (fits && Math.abs(number) <= most) return number;
  throw place.fault(node, `"${key}" takes a ${whole ? 'whole ' : ''}number up to ${most}`);
}

const allMet = (count: number): Judged => ({
  bounds: [],
  met: (isMet) => {
    for (let step = 0; step < count; step++) if (!isMet(step)) return false;
    return true;
  },
  fields: [],
  atClose: false,
});

/** `rule_a and not rule_b`: the names are those of the correlation's rules. */
function readExpression(type: CorrelationType, names: readonly string[], node: Yaml, place: Place): Judged {
  const scalar = node as { value?: unknown; type?: string };
  let tree: Condition;
  try {
    tree = parseCondition(String(scalar.value), names);
  } catch (fault) {
    if (!(fault instanceof ConditionFault)) throw fault;
    const near = fault.word ? hint(fault.word, names) : '';
    const quoted = scalar.type?.startsWith('QUOTE') ? 1 : 0;
    throw place.fault(node, `condition: ${fault.message}${near}`, quoted + fault.at);
  }
  if (type === 'temporal_ordered') {
    const parts = tree.kind === 'and' ? tree.of : [tree];
    const named = new Set(parts.flatMap((part) => (part.kind === 'name' ? [part.name] : [])));
    if (named.size < names.length || parts.length > named.size)
      throw place.fault(node, 'what comes in an order is all of "rules", joined with "and"');
    return allMet(names.length);
  }
  const places = new Map(names.map((name, step) => [name, step]));
  const { holds, negated } = compiled(tree, places);
  return { bounds: [], met: holds, fields: [], atClose: negated };
}

interface Compiled {
  readonly holds: (isMet: (step: number) => boolean) => boolean;
  readonly negated: boolean;
}

function compiled(tree: Condition, places: ReadonlyMap<string, number>): Compiled {
  switch (tree.kind) {
    case 'name': {
      const step = places.get(tree.name)!;
      return { holds: (isMet) => isMet(step), negated: false };
    }
    case 'not': {
      const inner = compiled(tree.of, places);
      return { holds: (isMet) => !inner.holds(isMet), negated: true };
    }
    case 'some': {
      const steps = tree.names.map((name) => places.get(name)!);
      const least = tree.count === Number.POSITIVE_INFINITY ? steps.length : tree.count;
      return { holds: (isMet) => steps.filter(isMet).length >= least, negated: false };
    }
    default: {
      const parts = tree.of.map((part) => compiled(part, places));
      const every = tree.kind === 'and';
      return {
        holds: (isMet) =>
          every ? parts.every(({ holds }) => holds(isMet)) : parts.some(({ holds }) => holds(isMet)),
        negated: parts.some(({ negated }) => negated),
      };
    }
  }
}
