// A Sigma correlation rule, read: which rules it counts, per group, over which span of time.
import { isMap, isScalar, type YAMLMap } from 'yaml';
import { hint } from '../fields.ts';
import type { Place, Yaml } from '../place.ts';
import type { Slot } from '../row.ts';
import { type Header, readHeader } from './header.ts';
import type { SigmaRule } from './rule.ts';

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';

export interface Correlation extends Header {
  readonly counts: 'events' | 'values';
  /** µs. */
  readonly span: number;
  /** All must hold. */
  readonly bounds: readonly { readonly is: Comparison; readonly than: number }[];
  readonly groupBy: readonly string[];
  /** The rules it counts still alert themselves. */
  readonly generate: boolean;
  /** What it counts, with the columns of the group and of the values counted. */
  readonly inputs: readonly Input[];
}

export interface Input {
  readonly rule: SigmaRule;
  readonly group: readonly Slot[];
  readonly values: readonly Slot[];
}

const WORDS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const COMPARISONS: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const COUNTS: Readonly<Record<string, Correlation['counts']>> = {
  event_count: 'events',
  value_count: 'values',
};
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Counts above this would need memory without bound. */
export const MAX_COUNT = 10_000;
const MAX_DAYS = 7;

/** @param find a rule about single events by id or name */
export function compileCorrelation(
  map: YAMLMap,
  place: Place,
  find: (name: string) => SigmaRule | undefined,
  known: () => Iterable<string>,
): Correlation {
  const header = readHeader(map, 'correlation', place);
  const body = place.map(place.get(map, 'correlation'), '"correlation"');
  place.only(body, WORDS, '"correlation"');
  const type = place.text(body, 'type', 32) ?? '';
  const counts = COUNTS[type];
  if (!counts)
    throw place.fault(
      place.get(body, 'type') ?? body,
      `correlations of type "${type}" are not supported: event_count and value_count are${hint(type, Object.keys(COUNTS))}`,
    );
  const names = place.texts(body, 'rules', 100) ?? [];
  if (names.length === 0) throw place.fault(body, '"rules" is missing');
  const { bounds, fields } = readCondition(place.get(body, 'condition'), body, place);
  if (counts === 'values' && fields.length === 0)
    throw place.fault(place.get(body, 'condition'), 'value_count needs "field" in its condition');
  const groupBy = place.texts(body, 'group-by', 16) ?? [];
  const aliases = readAliases(body, place);
  const rulesNode = place.get(body, 'rules');
  const inputs = names.map((name): Input => {
    const rule = find(name);
    if (!rule)
      throw place.fault(rulesNode, `there is no rule "${name}" about single events${hint(name, known())}`);
    const column = (word: string, key: string): Slot => {
      const inRule = aliases.get(word)?.find(([ruleName]) => rule.names.includes(ruleName))?.[1] ?? word;
      const slot = rule.columns.column(inRule);
      if (slot) return slot;
      throw place.fault(
        place.get(body, key),
        `rule "${name}" has no field "${inRule}"${hint(inRule, rule.columns.words())}`,
      );
    };
    return {
      rule,
      group: groupBy.map((word) => column(word, 'group-by')),
      values: fields.map((word) => column(word, 'condition')),
    };
  });
  return {
    ...header,
    counts,
    span: readSpan(body, place),
    bounds,
    groupBy,
    generate: place.text(body, 'generate', 8) === 'true',
    inputs,
  };
}

function readSpan(body: YAMLMap, place: Place): number {
  const text = place.text(body, 'timespan', 16);
  if (text === undefined) throw place.fault(body, '"timespan" is missing');
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const seconds = match ? Number(match[1]) * SECONDS[match[2]] : 0;
  if (seconds < 1 || seconds > MAX_DAYS * SECONDS['d'])
    throw place.fault(
      place.get(body, 'timespan'),
      `"timespan" is a number with s, m, h or d, up to ${MAX_DAYS}d`,
    );
  return seconds * 1e6;
}

function readCondition(node: Yaml, body: YAMLMap, place: Place) {
  if (!isMap(node)) throw place.fault(node ?? body, '"condition" must be a map such as "gte: 10"');
  const bounds: { is: Comparison; than: number }[] = [];
  const fields: string[] = [];
  for (const { key, keyNode, value } of place.pairs(node)) {
    if (key === 'field') fields.push(...(place.texts(node, 'field', 8) ?? []));
    else if (!COMPARISONS.includes(key))
      throw place.fault(keyNode, `unknown comparison "${key}"${hint(key, [...COMPARISONS, 'field'])}`);
    else {
      const than = isScalar(value) ? value.value : undefined;
      if (typeof than !== 'number' || !Number.isInteger(than) || than < 0 || than > MAX_COUNT)
        throw place.fault(value ?? keyNode, `"${key}" takes a whole number up to ${MAX_COUNT}`);
      bounds.push({ is: key as Comparison, than });
    }
  }
  if (bounds.length === 0)
    throw place.fault(node, '"condition" compares with nothing: add "gte: 10" or the like');
  return { bounds, fields };
}

/** alias → (rule, field) pairs. */
function readAliases(body: YAMLMap, place: Place): Map<string, [string, string][]> {
  const out = new Map<string, [string, string][]>();
  const node = place.get(body, 'aliases');
  if (!node) return out;
  for (const { key, value } of place.pairs(place.map(node, '"aliases"'))) {
    const per = place.map(value, `alias "${key}"`);
    out.set(
      key,
      place.pairs(per).map(({ key: rule }) => [rule, place.text(per, rule, 128) ?? '']),
    );
  }
  return out;
}
