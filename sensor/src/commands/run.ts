// `run`: watches live traffic of several sources at once, until it is stopped.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { printConfig } from '../config/print.ts';
import { dashed, type Given, readConfig } from '../config/read.ts';
import { type Config, SETTINGS, type Setting, SOURCES, type SourceKind } from '../config/settings.ts';
import type { Knobs } from '../detectors/index.ts';
import { SensorError } from '../errors.ts';
import { describeOptions, type Option, type OptionTable, parseOptions } from '../options.ts';
import { giveUp, refuseRoot } from '../privilege.ts';
import { loadRules } from '../rules/index.ts';
import { loadSuppressions } from '../rules/suppressions.ts';
import type { Command, Terminal } from './command.ts';
import { readKnobs } from './knobs.ts';
import { sharesOf } from './shares.ts';
import { Watching } from './watching.ts';

const settings = Object.entries(SETTINGS as Readonly<Record<string, Setting>>);

const option = ({ kind, default: standard, unit, about }: Setting, withDefault: boolean): Option => ({
  kind,
  unit,
  about,
  ...(withDefault &&
    !Array.isArray(standard) &&
    standard !== undefined && { default: standard as string | number }),
});

const table = (withDefaults: boolean): OptionTable => ({
  config: { kind: 'text', about: 'the file of settings (YAML)' },
  'check-config': { kind: 'flag', about: 'say "ok", or everything that is wrong, and end' },
  'print-config': { kind: 'flag', about: 'print the settings in force as a file of settings, and end' },
  ...Object.fromEntries(
    Object.entries(SOURCES).map(([kind, { about, place }]) => [
      kind,
      { kind: 'list', about: `${about} The value is its ${place}.` } satisfies Option,
    ]),
  ),
  knob: { kind: 'list', about: 'detector.knob=value; see --print-config' },
  ...Object.fromEntries(settings.map(([word, setting]) => [dashed(word), option(setting, withDefaults)])),
});

export const run: Command = {
  help: `yagura-sensor run --config sensor.yaml [options]

Every setting of the file is an option of the same name, which wins over the file. SIGHUP reads rules and knobs anew and
opens the file of events again; SIGTERM ends all flows, writes everything out and waits for the aggregator.

${describeOptions(table(true))}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, table(false));
    if (rest.length > 0)
      throw new SensorError(
        'usage',
        `run takes no "${rest[0]}": sources stand in the file, or behind an option`,
      );
    const read = (): Config => settled(options);
    if (options['print-config']) {
      terminal.out(printConfig(read()));
      return 0;
    }
    if (options['check-config']) return check(read, terminal);
    const config = read();
    if (config.sources.length === 0)
      throw new SensorError(
        'config_invalid',
        'there is no source to watch',
        `Name one of ${Object.keys(SOURCES).join(', ')} under "sources", or as an option.`,
      );
    refuseRoot(userInfo().uid, config.allow_root || config.user !== undefined);
    giveUp({ user: config.user, ring: config.sources.some(({ kind }) => kind === 'afpacket') }, terminal.say);
    return new Watching(config, read, terminal).run();
  },
};

/** Several errors, one a line; each says by itself how to mend it. */
class SettingsError extends SensorError {
  readonly #all: readonly Error[];

  constructor(all: readonly Error[]) {
    super('config_invalid', all.map(({ message }) => message).join('; '));
    this.#all = all;
  }

  override toString(): string {
    return this.#all.map(String).join('\n');
  }
}

/** @throws SensorError config_invalid, file_unreadable */
function settled(options: Readonly<Record<string, unknown>>): Config {
  const path = options['config'] as string | undefined;
  const file = path === undefined ? undefined : { name: path, text: textOf(path) };
  const given: Record<string, unknown> = {};
  for (const [word, { kind }] of settings) {
    const value = options[dashed(word)];
    const isGiven =
      kind === 'list'
        ? (value as string[]).length > 0
        : kind === 'flag'
          ? value === true
          : value !== undefined;
    if (isGiven) given[word] = value;
  }
  const sources: Given['sources'] = (Object.keys(SOURCES) as SourceKind[]).flatMap((kind) =>
    (options[kind] as string[]).map((place) => ({ kind, place })),
  );
  const detectors: Knobs = readKnobs(options['knob'] as string[]);
  const { config, faults } = readConfig(file, { settings: given, sources, detectors });
  if (faults.length > 0) throw new SettingsError(faults);
  return config;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SensorError('file_unreadable', `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** What a start or a reload would stumble over, without either. */
function check(read: () => Config, terminal: Terminal): number {
  try {
    const config = read();
    sharesOf(config);
    if (config.suppress !== undefined) loadSuppressions(config.suppress);
    const { problems } = loadRules(config.rules);
    if (problems.length > 0) throw new SettingsError(problems);
  } catch (error) {
    if (!(error instanceof SensorError)) throw error;
    terminal.say(String(error));
    return error.code === 'file_unreadable' ? 1 : 2;
  }
  terminal.out('ok\n');
  return 0;
}
