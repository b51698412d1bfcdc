// From the file and the command line to the settings in force: everything that is wrong is said, each with its place.
import { type Knobs, settle } from '../detectors/index.ts';
import { SensorError } from '../errors.ts';
import { hint } from '../rules/fields.ts';
import { wrongScope } from '../sight/scope.ts';
import {
  type Config,
  SETTINGS,
  type Setting,
  SOURCES,
  type SourceConfig,
  type SourceKind,
} from './settings.ts';
import { wrongPlace, wrongWith } from './value.ts';
import { type Entry, SettingsFile } from './yaml.ts';

/** What the command line said: settings by their words, and sources. */
export interface Given {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sources: readonly { readonly kind: SourceKind; readonly place: string }[];
  readonly detectors: Knobs;
}

export interface Reading {
  readonly config: Config;
  /** Empty when it may be used. */
  readonly faults: readonly SensorError[];
}

const MOST_SOURCES = 32;
const WORDS = [...Object.keys(SETTINGS), 'sources', 'detectors'];
const settings: Readonly<Record<string, Setting>> = SETTINGS;
const kinds = Object.keys(SOURCES) as SourceKind[];

/**
 * @param file as it is to be named in errors; undefined when there is none
 * @param given wins over the file
 */
export function readConfig(file: { name: string; text: string } | undefined, given: Given): Reading {
  const values: Record<string, unknown> = {};
  for (const [word, setting] of Object.entries(settings)) values[word] = setting.default;
  const yaml = new SettingsFile(file?.name ?? '', file?.text ?? '');
  const parts = new Parts(yaml);
  for (const { key, at, value } of yaml.entries())
    if (key === 'sources') parts.sources(value);
    else if (key === 'detectors') parts.detectors(value);
    else if (!Object.hasOwn(settings, key)) yaml.fault(at, `there is no setting "${key}"${hint(key, WORDS)}`);
    else parts.set(values, key, settings[key], { key, at, value });
  const faults = [...yaml.faults];
  const flag = (what: string): void => void faults.push(new SensorError('config_invalid', what, FLAG_MEND));
  for (const [word, value] of Object.entries(given.settings)) {
    const wrong = wrongWith(word, settings[word], value);
    if (wrong === undefined) values[word] = value;
    else flag(`--${dashed(word)} ${wrong}`);
  }
  const sources = [...parts.found];
  for (const { kind, place } of given.sources) {
    const wrong = wrongPlace(SOURCES[kind].place, place);
    if (wrong === undefined) sources.push(defaultsOf(kind, place));
    else flag(`--${kind} ${wrong}`);
  }
  const detectors = merged(parts.knobs, given.detectors);
  try {
    settle(given.detectors);
  } catch (error) {
    flag(`--knob: ${(error as Error).message}`);
  }
  const hidden = wrongScope({
    look: values['scope_look'] as string[],
    never: values['scope_never'] as string[],
  });
  if (hidden !== undefined) faults.push(new SensorError('config_invalid', hidden));
  for (const name of twice(sources))
    faults.push(new SensorError('config_invalid', `two sources are called "${name}"`));
  return { config: { ...values, sources: named(sources), detectors } as unknown as Config, faults };
}

const FLAG_MEND = 'Mend the option named; "yagura-sensor run --help" tells them.';
export const dashed = (word: string): string => word.replaceAll('_', '-');

type Draft = Omit<SourceConfig, 'name'> & { readonly name: string | undefined };

function defaultsOf(kind: SourceKind, place: string): Draft {
  const own = Object.entries(SOURCES[kind].settings as Readonly<Record<string, Setting>>);
  return { kind, place, ...Object.fromEntries(own.map(([word, s]) => [word, s.default])) } as Draft;
}

/** Those without a name are called by their kind and number. */
function named(drafts: readonly Draft[]): SourceConfig[] {
  const count: Record<string, number> = {};
  return drafts.map((draft) => {
    const number = (count[draft.kind] = (count[draft.kind] ?? 0) + 1);
    return { ...draft, name: draft.name ?? `${draft.kind}-${number}` } as SourceConfig;
  });
}

const twice = (drafts: readonly Draft[]): string[] => {
  const names = named(drafts).map(({ name }) => name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
};

const merged = (below: Knobs, above: Knobs): Knobs =>
  Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((name) => [
      name,
      { ...below[name], ...above[name] },
    ]),
  );

/** The parts of the file that are more than a word and a value. */
class Parts {
  readonly found: Draft[] = [];
  readonly knobs: Record<string, Record<string, number>> = {};
  readonly #yaml: SettingsFile;

  constructor(yaml: SettingsFile) {
    this.#yaml = yaml;
  }

  set(into: Record<string, unknown>, word: string, setting: Setting, { at, value }: Entry): void {
    const plain = this.#yaml.plain(value);
    // A word without a value is as good as no word: people keep them to know what there is.
    if (plain === null) return;
    const listed = setting.kind === 'list' && typeof plain === 'string' ? [plain] : plain;
    const wrong = wrongWith(word, setting, listed);
    if (wrong === undefined) into[word] = listed;
    else this.#yaml.fault(value ?? at, `"${word}" ${wrong}`);
  }

  sources(node: Entry['value']): void {
    const items = this.#yaml.list(node, '"sources"');
    if (items.length > MOST_SOURCES)
      this.#yaml.fault(node, `"sources" has more than ${MOST_SOURCES} entries`);
    for (const item of items.slice(0, MOST_SOURCES)) this.#source(item);
  }

  #source(node: Entry['value']): void {
    const yaml = this.#yaml;
    const entries = yaml.map(node, 'a source');
    if (entries.length === 0) return;
    const called = entries.filter(({ key }) => (kinds as string[]).includes(key));
    if (called.length !== 1) {
      const [first] = entries;
      const near = called.length === 0 ? hint(first.key, kinds) : '';
      return yaml.fault(first.at, `a source has one of the words ${kinds.join(', ')}${near}`);
    }
    const [{ key, at, value }] = called;
    const kind = key as SourceKind;
    const { place, settings: own } = SOURCES[kind];
    const known: Readonly<Record<string, Setting>> = own;
    const plain = yaml.plain(value);
    const where = typeof plain === 'number' ? String(plain) : plain;
    const wrong = wrongPlace(place, where);
    if (wrong !== undefined) yaml.fault(value ?? at, `"${kind}" ${wrong}`);
    const draft: Record<string, unknown> = { ...defaultsOf(kind, String(where)) };
    for (const entry of entries)
      if (Object.hasOwn(known, entry.key)) this.set(draft, entry.key, known[entry.key], entry);
      else if (entry.key !== kind)
        yaml.fault(entry.at, `"${kind}" has no setting "${entry.key}"${hint(entry.key, Object.keys(known))}`);
    this.found.push(draft as unknown as Draft);
  }

  detectors(node: Entry['value']): void {
    const yaml = this.#yaml;
    for (const { key: name, at, value } of yaml.map(node, '"detectors"')) {
      if (!this.#accepts(name, {}, at)) continue;
      for (const knob of yaml.map(value, `"${name}"`)) {
        const plain = yaml.plain(knob.value) as number;
        if (this.#accepts(name, { [knob.key]: plain }, knob.at)) (this.knobs[name] ??= {})[knob.key] = plain;
      }
    }
  }

  /** The detectors know their knobs. */
  #accepts(name: string, knobs: Readonly<Record<string, number>>, at: Entry['at']): boolean {
    try {
      settle({ [name]: knobs });
      return true;
    } catch (error) {
      this.#yaml.fault(at, (error as Error).message);
      return false;
    }
  }
}
