// Sigma's filters: what a place knows to be harmless, taken out of rules that other people wrote.
import { hash } from 'node:crypto';
import { isSeq, YAMLMap } from 'yaml';
import type { SensorError } from '../../errors.ts';
import type { Written } from '../documents.ts';
import { hint } from '../fields.ts';
import { agrees, type LogSourceKey } from '../logsources/known.ts';
import type { Place, Yaml } from '../place.ts';
import { compileDetection } from './detection.ts';
import { readLogSource, type Setting, type SigmaRule } from './rule.ts';
import { conjunction } from './test.ts';

export interface Filter {
  readonly place: Place;
  readonly body: YAMLMap;
  readonly logSource: LogSourceKey;
  /** Ids and names of rules; undefined for all of the log source. */
  readonly rules: readonly string[] | undefined;
  readonly source: string;
}

const EVERY = ['any', 'all'];

/** @throws SensorError with file, line and column */
export function readFilter({ map, place, source }: Written): Filter {
  if (!place.text(map, 'title', 256)) throw place.fault(map, 'the filter has no "title"');
  const filter = place.map(place.get(map, 'filter'), '"filter"');
  const named = place.texts(filter, 'rules', 10_000);
  if (!named) throw place.fault(filter, '"rules" is missing: ids or names of rules, or "any"');
  const alone = !isSeq(place.get(filter, 'rules')) && EVERY.includes(named[0].toLowerCase());
  const condition = place.text(filter, 'condition', 4_000);
  if (condition === undefined) throw place.fault(filter, '"condition" is missing');
  if (!/\bnot\b/i.test(condition))
    throw place.fault(
      place.get(filter, 'condition'),
      'a filter’s condition is added to the rule’s with "and": without "not" it would silence all that it does not name; write "not selection"',
    );
  const body = new YAMLMap();
  body.items = filter.items.filter((pair) => String((pair.key as { value?: unknown }).value) !== 'rules');
  body.range = filter.range ?? null;
  return {
    place,
    body,
    logSource: readLogSource(map, place),
    rules: alone || named.length === 0 ? undefined : named,
    source,
  };
}

/**
 * Adds the filters to the rules they speak of. A filter that does not fit a rule is a problem, and the rule stays as it is:
 * it says too much rather than nothing.
 */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly Filter[],
  setting: Setting,
  guarded: (work: () => void) => void,
): SigmaRule[] {
  if (filters.length === 0) return [...rules];
  const names = new Set(rules.flatMap((rule) => rule.names));
  for (const filter of filters)
    for (const name of filter.rules ?? [])
      if (!names.has(name)) guarded(() => throwing(unknown(filter, name, names)));
  return rules.map((rule) => {
    const own = filters.filter(
      (filter) =>
        agrees(filter.logSource, rule.logSource) &&
        (filter.rules === undefined || filter.rules.some((name) => rule.names.includes(name))),
    );
    if (own.length === 0) return rule;
    const filtered = (one: SigmaRule): SigmaRule => {
      const tests = [one.test];
      for (const { body, place } of own)
        guarded(() => {
          const ground = { columns: one.columns, place, placeholders: setting.placeholders };
          tests.push(compileDetection(body as Yaml, ground, 'filter').test);
        });
      const digest = hash('sha256', one.digest + own.map(({ source }) => source).join(), 'hex');
      return { ...one, test: conjunction(tests), digest };
    };
    return { ...filtered(rule), elsewhere: rule.elsewhere.map(filtered) };
  });
}

const unknown = ({ place, body }: Filter, name: string, names: Iterable<string>): SensorError =>
  place.fault(body, `there is no rule "${name}"${hint(name, names)}`);

function throwing(error: SensorError): never {
  throw error;
}
