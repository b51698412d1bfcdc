// A Sigma correlation rule, read: which rules it counts, per group, over which span of time.
import { hash } from 'node:crypto';
import { isScalar, type YAMLMap } from 'yaml';
import type { Written } from '../documents.ts';
import { hint } from '../fields.ts';
import type { Place } from '../place.ts';
import { Carried, type Column } from './carried.ts';
import {
  CORRELATION_TYPES,
  type CorrelationType,
  type Judged,
  readJudgement,
} from './correlation-condition.ts';
import { type Header, readHeader } from './header.ts';
import type { SigmaRule } from './rule.ts';

export interface Correlation extends Header, Judged {
  readonly type: CorrelationType;
  /** µs. */
  readonly span: number;
  readonly groupBy: readonly string[];
  /** The rules it counts still alert themselves. */
  readonly generate: boolean;
  /** How many rules it speaks of. */
  readonly steps: number;
  /** What it counts, with the columns of the group and of the values counted. */
  readonly inputs: readonly Input[];
  /** Of its text and of those of the rules it counts, hex. */
  readonly digest: string;
}

export interface Input {
  readonly rule: SigmaRule | Correlation;
  /** Its place among the rules that the correlation names. */
  readonly step: number;
  readonly group: readonly Column[];
  readonly values: readonly Column[];
  /** Of a correlation that is counted: the columns above, to be filled when it fires. */
  readonly carried?: readonly Carried[];
}

export const isCorrelation = (rule: SigmaRule | Correlation): rule is Correlation => 'inputs' in rule;

const WORDS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_DAYS = 31;
const MAX_RULES = 100;

/** Where a correlation's rules are found. */
export interface Finder {
  /** By id or name; compiled when need be. @throws SensorError when it counts itself */
  find(name: string): SigmaRule | Correlation | undefined;
  known(): Iterable<string>;
}

/** @throws SensorError with file, line and column */
export function compileCorrelation({ map, place, source }: Written, finder: Finder): Correlation {
  const header = readHeader(map, 'correlation', place);
  const body = place.map(place.get(map, 'correlation'), '"correlation"');
  place.only(body, WORDS, '"correlation"');
  const type = readType(body, place);
  const names = place.texts(body, 'rules', MAX_RULES) ?? [];
  if (names.length === 0) throw place.fault(body, '"rules" is missing');
  if (new Set(names).size < names.length)
    throw place.fault(place.get(body, 'rules'), 'a rule is named twice in "rules"');
  const judged = readJudgement(type, names, body, place);
  const groupBy = place.texts(body, 'group-by', 16) ?? [];
  const aliases = readAliases(body, place);
  const rules = names.map((name) => {
    const rule = finder.find(name);
    if (rule) return rule;
    throw place.fault(place.get(body, 'rules'), `there is no rule "${name}"${hint(name, finder.known())}`);
  });
  const inputs = rules.flatMap((rule, step) =>
    inputsOf(rule, step, (columnOf) => {
      const column = (word: string, key: string): Column => {
        const own = aliases.get(word)?.find(([name]) => rule.names.includes(name))?.[1] ?? word;
        const found = columnOf(own);
        if (typeof found !== 'string') return found;
        throw place.fault(place.get(body, key), `rule "${names[step]}" ${found}`);
      };
      return {
        group: groupBy.map((word) => column(word, 'group-by')),
        values: judged.fields.map((word) => column(word, 'condition')),
      };
    }),
  );
  const digests = rules.map(({ digest }) => digest).join();
  return {
    ...header,
    ...judged,
    type,
    span: readSpan(body, place),
    groupBy,
    generate: place.text(body, 'generate', 8) === 'true',
    steps: names.length,
    inputs,
    digest: hash('sha256', `${source}${digests}`, 'hex'),
  };
}

function readType(body: YAMLMap, place: Place): CorrelationType {
  const type = place.text(body, 'type', 32) ?? '';
  const found = CORRELATION_TYPES.find((known) => known === type);
  if (found) return found;
  throw place.fault(
    place.get(body, 'type') ?? body,
    `there is no correlation of type "${type}"${hint(type, CORRELATION_TYPES)}; there are ${CORRELATION_TYPES.join(', ')}`,
  );
}

/** Finds the column of a word; a text says why there is none. */
type ColumnOf = (word: string) => Column | string;
type Columns = (columnOf: ColumnOf) => Pick<Input, 'group' | 'values'>;

/** One input for each kind of events that the rule means; of a correlation, one whose columns it fills. */
function inputsOf(rule: SigmaRule | Correlation, step: number, columns: Columns): Input[] {
  if (isCorrelation(rule)) {
    const carried: Carried[] = [];
    const found = columns((word) => {
      const column = carriedFrom(rule, word);
      if (typeof column !== 'string') carried.push(column);
      return column;
    });
    return [{ rule, step, carried, ...found }];
  }
  const of = (one: SigmaRule): Input => ({
    rule: one,
    step,
    ...columns(
      (word) => one.columns.column(word) ?? `has no field "${word}"${hint(word, one.columns.words())}`,
    ),
  });
  // Events of other types that lack a field of the group are in no group.
  const elsewhere = rule.elsewhere.flatMap((one) => {
    try {
      return [of(one)];
    } catch {
      return [];
    }
  });
  return [of(rule), ...elsewhere];
}

/** What a correlation that fired still knows: its group, and the event that made it fire, if one did. */
function carriedFrom(inner: Correlation, word: string): Carried | string {
  const at = inner.groupBy.indexOf(word);
  if (at >= 0) return new Carried(inner.inputs[0].group[at].path, at);
  if (inner.atClose)
    return `is judged when its window closes and knows only what it groups by${hint(word, inner.groupBy)}: "${word}" is not among it`;
  const columns = new Map<SigmaRule, Column>();
  for (const leaf of leavesOf(inner)) {
    const column = leaf.columns.column(word);
    if (!column) return `has no field "${word}"${hint(word, leaf.columns.words())}`;
    columns.set(leaf, column);
  }
  const [first] = columns.values();
  return new Carried(first.path, columns);
}

/** The rules about single events that a correlation rests on in the end. */
export const leavesOf = (correlation: Correlation): SigmaRule[] =>
  correlation.inputs.flatMap(({ rule }) => (isCorrelation(rule) ? leavesOf(rule) : [rule]));

function readSpan(body: YAMLMap, place: Place): number {
  const text = place.text(body, 'timespan', 16);
  if (text === undefined) throw place.fault(body, '"timespan" is missing');
  const match = /^(\d{1,8})([smhd])$/.exec(text);
  const seconds = match ? Number(match[1]) * SECONDS[match[2]] : 0;
  if (seconds < 1 || seconds > MAX_DAYS * SECONDS['d'])
    throw place.fault(
      place.get(body, 'timespan'),
      `"timespan" is a number with s, m, h or d, up to ${MAX_DAYS}d`,
    );
  return seconds * 1e6;
}

/** alias → (rule, field) pairs. */
function readAliases(body: YAMLMap, place: Place): Map<string, [string, string][]> {
  const out = new Map<string, [string, string][]>();
  const node = place.get(body, 'aliases');
  if (!node || (isScalar(node) && node.value === null)) return out;
  for (const { key, value } of place.pairs(place.map(node, '"aliases"'))) {
    const per = place.map(value, `alias "${key}"`);
    out.set(
      key,
      place.pairs(per).map(({ key: rule }) => [rule, place.text(per, rule, 128) ?? '']),
    );
  }
  return out;
}
