// `read`: captures in, events and alerts out, to a file, a pipe or the aggregator.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setImmediate as immediately } from 'node:timers/promises';
import { SETTINGS } from '../config/settings.ts';
import { type Started, settle, startDetectors } from '../detectors/index.ts';
import { SensorError } from '../errors.ts';
import { shareOut, usualMemory } from '../memory.ts';
import { describeOptions, type Options, parseOptions } from '../options.ts';
import type { Gate } from '../outputs/gate.ts';
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat, Output } from '../outputs/output.ts';
import { loadRules, type RuleSet, saidOf } from '../rules/index.ts';
import { loadSuppressions, type Suppression } from '../rules/suppressions.ts';
import type { Sensor } from '../sensor.ts';
import { parseEntry, type ScopeText, wrongScope } from '../sight/scope.ts';
import { openCapture } from '../sources/index.ts';
import { isProfile, PROFILES, type Profile } from '../wire/field.ts';
import type { Command, Terminal } from './command.ts';
import { EveFiles } from './eve-files.ts';
import { ExportFiles, FILE_SOURCES, fileSource } from './exports.ts';
import { jobEpoch, layEndToEnd, type Part } from './job.ts';
import { readKnobs } from './knobs.ts';
import { Pace } from './pace.ts';
import { openPost } from './post.ts';
import { Progress } from './progress.ts';
import type { ReadingCrew } from './reading-crew.ts';
import { Remembering } from './remembering.ts';
import { statsRecord, summary } from './stats.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  rules: {
    kind: 'list',
    about:
      'folder or file of rules (Sigma .yml, Suricata .rules) and indicator lists (.txt); may be given several times',
  },
  suppress: { kind: 'text', about: 'file of alerts that are not told, or less often' },
  'alerts-per-minute': {
    kind: 'number',
    default: SETTINGS.alerts_per_minute.default,
    unit: 'alerts',
    about: 'of one rule that are told; how many more there were is told at the end of the minute',
  },
  events: { kind: 'text', about: 'write every event as EVE lines to this file; - is standard output' },
  source: {
    kind: 'text',
    default: 'capture',
    about: `what the files hold: ${Object.keys(FILE_SOURCES).join(', ')} (captures; datagrams of exporters, or captures of them; lines of a Suricata)`,
  },
  format: {
    kind: 'text',
    default: eventFormats[0].name,
    about: `how events are written: ${eventFormats.map((format) => format.name).join(', ')}`,
  },
  profile: {
    kind: 'text',
    default: 'strict',
    about: `what leaves in clear: ${Object.keys(PROFILES).join(', ')}`,
  },
  'hash-key': {
    kind: 'text',
    about: 'file with the key of the hashes that "standard" makes of identifiers; made when it is not there',
  },
  authority: {
    kind: 'text',
    about: 'the order under which "lawful-order" watches live traffic without --uplink',
  },
  'scope-look': { kind: 'list', about: 'only packets with a side in this prefix; "from" or "to" before it' },
  'scope-never': { kind: 'list', about: 'no packets with a side in this prefix, whatever else is said' },
  uplink: {
    kind: 'text',
    about: 'send alerts to the aggregator; the value is the state folder that "enrol" made',
  },
  speed: { kind: 'number', default: 0, unit: 'times', about: 'pace of a replay; 0 is as fast as possible' },
  'end-at': {
    kind: 'text',
    about: 'lay the captures end to end so that the last packet falls at this time (RFC 3339)',
  },
  memory: {
    kind: 'text',
    about:
      'most memory that the program takes (default: 256MiB, and 144MiB for each of several workers); what is full sheds, and counts what it shed',
  },
  workers: {
    kind: 'number',
    default: 1,
    unit: 'threads',
    about: 'threads that share the flows of a capture; one more detects what needs to see all of them',
  },
  knob: { kind: 'list', about: 'detector.knob=value; see --print-config' },
  metrics: { kind: 'text', about: 'serve /metrics, /-/healthy and /-/ready at this address and port' },
  report: { kind: 'text', about: 'write the closing counts as JSON to this file' },
  stay: { kind: 'flag', about: 'after the last capture, keep heartbeats and metrics until stopped' },
  'drain-seconds': {
    kind: 'number',
    default: 60,
    unit: 's',
    about: 'how long to wait at the end for the aggregator to take everything',
  },
  state: {
    kind: 'text',
    about: 'folder where detectors keep what they have learnt, for captures that follow one another',
  },
  'no-detect': { kind: 'flag', about: 'only events: no rules, no detectors, no alerts' },
  strict: { kind: 'flag', about: 'a rule that does not load ends the run' },
  quiet: { kind: 'flag', about: 'no summary' },
  'print-config': { kind: 'flag', about: 'print every setting with its value and end' },
} as const;
type ReadOptions = Options<typeof OPTIONS>;

export const read: Command = {
  help: `yagura-sensor read FILE… [options]

FILE is a pcap or pcapng file, plain or compressed (.gz, .zst); - is standard input, taken as live traffic.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    if (options['print-config']) {
      terminal.out(`${JSON.stringify(printedConfig(options), null, 2)}\n`);
      return 0;
    }
    if (rest.length === 0) throw new SensorError('usage', 'read needs at least one capture file');
    if (!isProfile(options.profile))
      throw new SensorError(
        'config_invalid',
        `there is no profile "${options.profile}"; there are ${Object.keys(PROFILES).join(', ')}`,
      );
    if (options.state !== undefined && options.uplink !== undefined)
      throw new SensorError(
        'config_invalid',
        '--state goes without --uplink: the same captures must give the same alerts whenever they are sent again',
      );
    checkScope({ look: options['scope-look'], never: options['scope-never'] });
    return new Reading(options, options.profile, eventFormat(options.format), rest, terminal).run();
  },
};

/** @throws SensorError config_invalid */
function checkScope(scope: ScopeText): void {
  const bad = [...scope.look, ...scope.never].find((entry) => parseEntry(entry) === undefined);
  const wrong = bad === undefined ? wrongScope(scope) : `there is no network "${bad}"`;
  if (wrong !== undefined) throw new SensorError('config_invalid', wrong);
}

/** @throws SensorError config_invalid */
function eventFormat(name: string): EventFormat {
  const formats: readonly EventFormat[] = eventFormats;
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  const names = formats.map((format) => format.name).join(', ');
  throw new SensorError('config_invalid', `there is no format "${name}"; there are ${names}`);
}

/** Every setting in force, and in the place of `knob` every detector's knobs. @throws SensorError config_invalid */
function printedConfig({ 'print-config': _, knob, ...others }: ReadOptions): object {
  return { ...others, detectors: settle(readKnobs(knob)) };
}

class Reading {
  readonly #options: ReadOptions;
  readonly #profile: Profile;
  readonly #format: EventFormat;
  readonly #paths: readonly string[];
  readonly #terminal: Terminal;
  readonly #rules: RuleSet;
  readonly #suppressions: readonly Suppression[];
  readonly #isLive: boolean;
  readonly #remembering: Remembering;
  #detectors: Started | undefined;
  #failed = false;

  constructor(
    options: ReadOptions,
    profile: Profile,
    format: EventFormat,
    paths: readonly string[],
    terminal: Terminal,
  ) {
    this.#options = options;
    this.#profile = profile;
    this.#format = format;
    this.#paths = paths;
    this.#terminal = terminal;
    this.#isLive = paths.includes('-');
    this.#remembering = new Remembering(options.state, terminal.say);
    this.#rules = loadRules(options.rules, { strict: options.strict });
    for (const line of saidOf(this.#rules)) terminal.say(line);
    this.#suppressions = options.suppress === undefined ? [] : loadSuppressions(options.suppress);
  }

  async run(): Promise<number> {
    const parts = await this.#parts();
    const started = performance.now();
    const { workers, events } = this.#options;
    const crew = workers > 1 ? await this.#crew() : undefined;
    const post = await openPost({
      shares: crew?.post.shares ?? shareOut(this.#memory),
      ...crew?.post,
      privacy: {
        profile: this.#profile,
        isLive: this.#isLive,
        uplink: this.#options.uplink,
        hashKey: this.#options['hash-key'],
        authority: this.#options.authority,
        scope: this.#scope,
      },
      detect: (sink) => {
        if (this.#options['no-detect']) return {};
        const knobs = readKnobs(this.#options.knob);
        const { memory } = this.#remembering;
        this.#detectors = startDetectors(this.#rules, knobs, sink, undefined, memory);
        crew?.detectWith(this.#detectors);
        return this.#detectors;
      },
      rules: () => this.#rules,
      restraint: {
        suppressions: this.#suppressions,
        alertsPerMinute: this.#options['alerts-per-minute'],
      },
      openEvents:
        events === undefined
          ? undefined
          : (gate) =>
              crew === undefined
                ? this.#format.open(events, gate)
                : crew.openEvents(this.#format, events, gate),
      epoch: (gate) => this.#epoch(parts, gate),
      metrics: this.#options.metrics,
      say: (line) => this.#terminal.say(line),
    });
    const { sensor, outputs } = post;
    const progress = new Progress(this.#terminal, () => sensor.counters.packets);
    const pace = new Pace(this.#options.speed, this.#terminal.stop);
    const source = fileSource(this.#options.source);
    const exports =
      source === 'capture'
        ? undefined
        : source === 'eve'
          ? new EveFiles(sensor, outputs, (line) => this.#terminal.say(line))
          : new ExportFiles(source, sensor);
    if (crew !== undefined) this.#failed = await crew.read(post, parts, this.#terminal);
    else
      for (const part of parts)
        if (exports === undefined) await this.#readPart(sensor, part, outputs, pace, progress);
        else await this.#readExports(part.path, exports);
    // A replay that was cut short makes records at its end that the whole one would not: the uplink must not number them.
    const isCutShort = !this.#isLive && this.#terminal.stop.aborted;
    if (isCutShort) post.withoutUplink();
    sensor.finish();
    if (!isCutShort && this.#detectors !== undefined) await this.#remembering.end(this.#detectors);
    progress.end();
    const seconds = (performance.now() - started) / 1000;
    const figures = post.figures();
    post.events?.stats(figures.now, statsRecord(figures, seconds));
    if (!isCutShort && !(await post.drain(this.#options['drain-seconds']))) this.#failed = true;
    if (!this.#options.quiet && exports === undefined && !(this.#failed && figures.counters.packets === 0))
      this.#terminal.say(summary(figures, seconds));
    if (!this.#options.quiet && exports !== undefined && !exports.isEmpty)
      this.#terminal.say(exports.summary());
    if (this.#options.report !== undefined)
      writeReport(this.#options.report, statsRecord(figures, seconds), figures.counters.alertsByRule);
    if (this.#options.stay) await stopped(this.#terminal.stop);
    await post.close();
    return this.#failed ? 1 : 0;
  }

  /** Several threads at the captures. @throws SensorError config_invalid */
  async #crew(): Promise<ReadingCrew> {
    const { workers, events, rules } = this.#options;
    const alone = ['metrics', 'speed'] as const;
    const wrong = alone.find((name) => Boolean(this.#options[name]));
    if (wrong !== undefined || this.#options.source !== 'capture')
      throw new SensorError(
        'config_invalid',
        `--workers ${workers} goes without --${wrong ?? 'source'}: threads share captures, as fast as they can`,
      );
    const once = this.#paths.find((path) => !isFile(path));
    if (once !== undefined)
      throw new SensorError(
        'config_invalid',
        `--workers ${workers}: ${once} is no file, and every worker reads the capture for itself`,
      );
    const { ReadingCrew } = await import('./reading-crew.ts');
    return new ReadingCrew({
      workers,
      memory: this.#memory,
      events,
      format: this.#format.name,
      scope: this.#scope,
      rules: this.#options['no-detect'] ? undefined : rules,
      lists: this.#rules.built,
    });
  }

  get #scope(): ScopeText {
    return { look: this.#options['scope-look'], never: this.#options['scope-never'] };
  }

  get #memory(): string {
    const { memory, workers } = this.#options;
    return memory ?? usualMemory(workers > 1 ? workers + 1 : 1);
  }

  async #parts(): Promise<Part[]> {
    const endAt = this.#options['end-at'];
    if (endAt === undefined) return this.#paths.map((path) => ({ path, shift: 0 }));
    const end = Date.parse(endAt);
    if (Number.isNaN(end))
      throw new SensorError('config_invalid', `--end-at ${endAt}: write it as 2026-01-31T12:00:00Z`);
    return layEndToEnd(this.#paths, end * 1000);
  }

  #epoch(parts: readonly Part[], gate: Gate): string {
    if (this.#isLive) return randomBytes(8).toString('hex');
    // Everything that decides what is found: with a rule mended, a capture read again is another job.
    const { knob, suppress } = this.#options;
    return jobEpoch(parts, [
      VERSION,
      this.#profile,
      gate.mark,
      this.#rules.digest,
      this.#memory,
      String(this.#options['no-detect']),
      JSON.stringify(this.#scope),
      suppress === undefined ? '' : readFileSync(suppress, 'utf8'),
      String(this.#options['alerts-per-minute']),
      ...knob,
    ]);
  }

  async #readPart(
    sensor: Sensor,
    part: Part,
    outputs: readonly Output[],
    pace: Pace,
    progress: Progress,
  ): Promise<void> {
    const { stop } = this.#terminal;
    sensor.shift = part.shift;
    if (stop.aborted) return;
    const before = sensor.counters.packets;
    try {
      const source = openCapture(part.path);
      stop.addEventListener('abort', () => source.close(), { once: true });
      for await (const batch of source.batches()) {
        for (let from = 0; from < batch.count && !stop.aborted; ) {
          const to = await pace.due(batch, from, part.shift);
          sensor.frames(batch, from, to);
          from = to;
        }
        if (!this.#isLive) for (const output of outputs) if (output.busy?.()) await output.ready?.();
        // Files are read without waiting: the uplink and the metrics get their turn here.
        if (outputs.length > 0) await immediately();
        progress.show(source.progress());
        if (stop.aborted) return;
      }
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      if (error.code === 'output_unwritable') throw error;
      if (stop.aborted) return;
      // A cut or damaged capture gave what it held, and says so; one that gave nothing is a failure.
      if (sensor.counters.packets === before) this.#failed = true;
      this.#terminal.say(error.toString());
    }
  }

  async #readExports(path: string, exports: ExportFiles | EveFiles): Promise<void> {
    const { stop } = this.#terminal;
    if (stop.aborted) return;
    try {
      await exports.read(path, (source) =>
        stop.addEventListener('abort', () => source.close(), { once: true }),
      );
    } catch (error) {
      if (!(error instanceof SensorError) || error.code === 'output_unwritable') throw error;
      if (stop.aborted) return;
      this.#failed = true;
      this.#terminal.say(error.toString());
    }
  }
}

/** What is not there is opened, and then said to be missing. */
const isFile = (path: string): boolean =>
  path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);

function writeReport(path: string, stats: object, alertsByRule: Readonly<Record<string, number>>): void {
  try {
    writeFileSync(path, `${JSON.stringify({ ...stats, alerts_by_rule: alertsByRule })}\n`);
  } catch (error) {
    throw new SensorError('output_unwritable', `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const stopped = async (stop: AbortSignal): Promise<void> => {
  if (!stop.aborted) await once(stop, 'abort');
};
