// Loads rule files and indicator lists: what is right is compiled, what is wrong is reported with its line.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SensorError } from '../errors.ts';
import { Dispatch } from './dispatch.ts';
import type { Vocabulary } from './fields.ts';
import type { BuiltLists, ListSource } from './indicators/build.ts';
import { buildLists, isListName } from './indicators/index.ts';
import { type ListReport, problemsOf } from './indicators/intake.ts';
import { Patterns } from './indicators/patterns.ts';
import { IndicatorSet } from './indicators/set.ts';
import { columnsOf, LOOKED_AT, Lookup } from './indicators/where.ts';
import { Row } from './row.ts';
import { SigmaCollection } from './sigma/collection.ts';
import type { Correlation } from './sigma/correlation.ts';
import type { SigmaRule } from './sigma/rule.ts';
import { isSuricataName, loadingSignatures } from './suricata/load.ts';
import type { SignatureSet } from './suricata/set.ts';

export interface RuleSet {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly Correlation[];
  /** Suricata's rules. */
  readonly signatures: SignatureSet;
  readonly indicators: IndicatorSet;
  /** What came of each list of indicators. */
  readonly lists: readonly ListReport[];
  /** The lists as other threads may have them, without reading them again. */
  readonly built: BuiltLists;
  /** Per event type: where an event's values are, the rules it meets, the indicators it may hold. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly dispatch: ReadonlyMap<string, Dispatch>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Of every text that was read, hex: the same digest, the same rules. */
  readonly digest: string;
  /** What did not load, and why. */
  readonly problems: readonly SensorError[];
}

export interface LoadOptions {
  /** The first problem is thrown instead of reported. */
  readonly strict?: boolean;
  /** The lists among the sources, where another thread has read them already. */
  readonly lists?: BuiltLists;
}

/** A rule text with the name it has in errors. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
  /** Where it lies, when it is a file. */
  readonly path?: string;
}

/** A file of rules with what stands in it, or a list of indicators, which is read where it is needed. */
export type RuleSource = RuleText | ListSource;

/** Of Suricata's files some have the endings of lists. */
const isList = (file: string): boolean => isListName(file) && !isSuricataName(file);

const MAX_FILE = 64 * 1024 * 1024;
const MAX_FILES = 20_000;
const MAX_DEPTH = 8;
/** What stands among rules and is none: what a pack says of itself, the layer that is made of them all. */
const NO_RULES = new Set(['pack.yaml', 'navigator.json']);

/** Files below a folder in the order of their names: rules (.yml, .yaml) and lists of indicators. */
function filesBelow(path: string, depth = 0): string[] {
  let names: string[];
  try {
    if (!statSync(path).isDirectory()) return [path];
    names = readdirSync(path).sort();
  } catch (error) {
    throw new SensorError('file_unreadable', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (depth >= MAX_DEPTH) return [];
  const wanted = names.filter((name) => !name.startsWith('.') && !NO_RULES.has(name));
  const out: string[] = [];
  for (const name of wanted) {
    const below = join(path, name);
    if (statSync(below).isDirectory()) out.push(...filesBelow(below, depth + 1));
    else if (/\.ya?ml$/.test(name) || isSuricataName(name) || isListName(name)) out.push(below);
    if (out.length > MAX_FILES)
      throw new SensorError('rule_invalid', `${path} holds more than ${MAX_FILES} files`);
  }
  return out;
}

/**
 * Reads rules and lists from files or folders.
 * @throws SensorError file_unreadable; rule_invalid or indicator_invalid when strict
 */
export function loadRules(
  paths: string | readonly string[],
  vocabulary: Vocabulary,
  options: LoadOptions = {},
): RuleSet {
  return compileRules([...sourcesAt(paths)], vocabulary, options);
}

/** @throws SensorError file_unreadable, rule_invalid */
export function* sourcesAt(paths: string | readonly string[]): Generator<RuleSource> {
  for (const path of typeof paths === 'string' ? [paths] : paths)
    for (const file of filesBelow(path)) {
      const shown = file === path ? file : relative(path, file);
      if (isList(file)) {
        yield { file: shown, path: file };
        continue;
      }
      if (statSync(file).size > MAX_FILE)
        throw new SensorError('rule_invalid', `${file} is larger than 64 MiB`);
      yield { file: shown, path: file, text: readFileSync(file, 'utf8') };
    }
}

/** Compiles rule texts; files with names such as `.txt`, `.csv` and `.json` are lists of indicators. */
export function compileRules(
  sources: readonly RuleSource[],
  vocabulary: Vocabulary,
  options: LoadOptions = {},
): RuleSet {
  const work = compilingRules(sources, vocabulary, options);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** The same a little at a time: whoever asks may do something else between two steps. @returns the set, at the end */
export function* compilingRules(
  sources: readonly RuleSource[],
  vocabulary: Vocabulary,
  options: LoadOptions,
): Generator<void, RuleSet> {
  const texts = sources.filter((source): source is RuleText => !isList(source.file));
  const built =
    options.lists ?? buildLists(sources.filter((source): source is ListSource => isList(source.file)));
  const problems: SensorError[] = [];
  const rows = new Map<string, Row>();
  const row = (type: string): Row => {
    let found = rows.get(type);
    if (!found) rows.set(type, (found = new Row()));
    return found;
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SensorError) || options.strict) throw error;
      problems.push(error);
    }
  };

  const indicators = new IndicatorSet(built.memory);
  const wrong = [
    ...built.failures.map(({ code, what }) => new SensorError(code, what)),
    ...built.reports.flatMap(problemsOf),
  ];
  for (const problem of wrong)
    guarded(() => {
      throw problem;
    });
  const sigma = new SigmaCollection({ vocabulary, row }, guarded);
  for (const { file, text } of texts) {
    if (isSuricataName(file)) continue;
    yield;
    sigma.read(file, text);
  }
  yield* sigma.compile();
  const { rules, correlations } = sigma;

  const dispatch = new Map<string, Dispatch>();
  const met = rules.flatMap((rule) => [rule, ...rule.elsewhere]);
  for (const [type, own] of Map.groupBy(met, (rule) => rule.type)) {
    dispatch.set(type, new Dispatch(row(type), own));
    yield;
  }
  const signatures = yield* loadingSignatures(
    texts.filter(({ file }) => isSuricataName(file)),
    vocabulary,
    row,
    guarded,
  );
  const lookups = new Map<string, Lookup>();
  if (indicators.size > 0) {
    const patterns = new Patterns(indicators, vocabulary, (type) => columnsOf(type, vocabulary, row(type)));
    // A pattern may speak of events of any kind.
    const types = indicators.memory.patterns.length > 0 ? vocabulary.types.keys() : LOOKED_AT;
    for (const type of types) {
      if (!vocabulary.types.has(type)) continue;
      const lookup = new Lookup(type, indicators, vocabulary, row(type), patterns);
      if (!lookup.isIdle) lookups.set(type, lookup);
    }
  }
  const digest = digestOf(texts, built.digest);
  const lists = built.reports;
  return {
    rules,
    correlations,
    signatures,
    indicators,
    lists,
    built,
    rows,
    dispatch,
    lookups,
    digest,
    problems,
  };
}

function digestOf(texts: readonly RuleText[], lists: string): string {
  const hash = createHash('sha256').update(lists);
  for (const { file, text } of texts) hash.update(`${file.length}:${file}${text.length}:${text}`);
  return hash.digest('hex');
}
