// A run of the sensor: its sources at work, its blindness told, its settings read anew, its end in order.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, SourceConfig } from '../config/settings.ts';
import { shedByClass } from '../counters.ts';
import { SensorError } from '../errors.ts';
import type { Shares } from '../memory.ts';
import { openNotifier } from '../notify.ts';
import { eventFormats } from '../outputs/index.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { loadRules } from '../rules/index.ts';
import { loadSuppressions, type Suppression } from '../rules/suppressions.ts';
import type { Sensor } from '../sensor.ts';
import { Backlog } from '../sight/backlog.ts';
import { BlindSpans } from '../sight/blind-spans.ts';
import { ClockSteps } from '../sight/clock-steps.ts';
import { Mark } from '../sight/mark.ts';
import { newestFile } from '../sight/rule-age.ts';
import { Shedding } from '../sight/shedding.ts';
import { SuspendedRules } from '../sight/suspended-rules.ts';
import type { LiveStatistics } from '../sources/source.ts';
import type { Profile } from '../wire/field.ts';
import type { Terminal } from './command.ts';
import type { Feed } from './feed.ts';
import { InterfaceFeed } from './interface-feed.ts';
import { openPost, type Post } from './post.ts';
import { Lookout } from './reload.ts';
import { Remembering } from './remembering.ts';
import { sharesOf } from './shares.ts';
import { feedOf } from './sources.ts';
import { statsRecord, summary } from './stats.ts';
import { canShare, WatchingCrew } from './watching-crew.ts';

/** ms between two marks that it runs: as much is told as blind that was not when it is killed. */
const MARK_EVERY = 10_000;
/** ms: how often it looks after itself. */
const LOOK_EVERY = 1000;
/** µs by which packet time stays behind the wall clock where no packet brings it: others may be on their way. */
const LAG = 2e6;
const MIB = 1024 * 1024;
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** ms that closing may take after everything was written. */
const CLOSE_WITHIN = 5000;
/** What SIGHUP changes. All else is of a start. */
const CHANGEABLE = new Set(['rules', 'detectors', 'rule_budget', 'suppress']);

export class Watching {
  readonly #config: Config;
  readonly #read: () => Config;
  readonly #terminal: Terminal;
  readonly #shares: Required<Shares>;
  readonly #lookout: Lookout;
  readonly #remembering: Remembering;
  readonly #suppressions: readonly Suppression[];
  readonly #spans: BlindSpans;
  readonly #mark: Mark | undefined;
  readonly #shedding: Shedding;
  readonly #suspended: SuspendedRules;
  readonly #backlog: Backlog;
  readonly #clock: ClockSteps;
  readonly #started = performance.now();
  readonly #born = Date.now();
  readonly #reloads = { done: 0, failed: 0 };
  #feeds: readonly Feed[] = [];
  #post!: Post;
  #crew: WatchingCrew | undefined;
  #nextStats = 0;
  #nextRuleAge = 0;
  #nextMark = 0;
  #rules: readonly string[];
  #isReady = false;
  #reloading: Promise<void> = Promise.resolve();

  /** @param read the settings as they are now. @throws SensorError */
  constructor(config: Config, read: () => Config, terminal: Terminal) {
    this.#config = config;
    this.#read = read;
    this.#terminal = terminal;
    this.#shares = sharesOf(config);
    this.#rules = config.rules;
    const rules = loadRules(config.rules);
    for (const problem of rules.problems) terminal.say(problem.toString());
    this.#suppressions = suppressionsOf(config);
    this.#remembering = new Remembering(config.state ?? config.uplink, terminal.say);
    this.#lookout = new Lookout(rules, knobsOf(config), this.#remembering.memory);
    this.#mark = config.uplink === undefined ? undefined : new Mark(config.uplink);
    this.#clock = new ClockSteps(config.clock_step_seconds * 1000);
    this.#spans = new BlindSpans({
      tell: (blind) => {
        for (const output of this.#post.outputs) output.record?.(blind);
      },
      say: (line) => terminal.say(line),
    });
    this.#shedding = new Shedding(this.#spans);
    this.#suspended = new SuspendedRules(this.#spans);
    const limits = { seconds: config.backlog_seconds, bytes: config.backlog_size * MIB };
    this.#backlog = new Backlog(this.#spans, limits, this.#born);
  }

  async run(): Promise<number> {
    const { stop, environment, pid, say } = this.#terminal;
    const notifier = openNotifier(environment, pid, say);
    this.#crew = this.#newCrew();
    this.#post = await this.#openPost();
    const { sensor } = this.#post;
    const failing = new AbortController();
    const ending = AbortSignal.any([stop, failing.signal]);
    const { outputs, uplink } = this.#post;
    const state = this.#config.uplink;
    this.#feeds = this.#config.sources.map(
      (source) =>
        this.#sharedFeed(source) ??
        feedOf(source, { sensor, spans: this.#spans, stop: ending, say, outputs, uplink, state }),
    );
    try {
      // What cannot be opened at the start is a mistake of the settings; what goes later comes back.
      for (const feed of this.#feeds) await feed.open();
    } catch (error) {
      for (const feed of this.#feeds) feed.close();
      await this.#post.close();
      throw error;
    }
    ending.addEventListener('abort', () => {
      for (const feed of this.#feeds) feed.close();
    });
    this.#terminal.onReload(() => {
      notifier.tell('RELOADING=1');
      // One after the other: the last settings are in force in the end.
      this.#reloading = this.#reloading.then(() => this.#reload());
      void this.#reloading.then(() => notifier.tell('READY=1', this.#status()));
    });
    const look = setInterval(() => {
      this.#look(sensor);
      notifier.tell(this.#status());
    }, LOOK_EVERY);
    const alive =
      notifier.watchdog === undefined
        ? undefined
        : setInterval(() => notifier.tell('WATCHDOG=1'), notifier.watchdog);
    this.#tellRestart();
    this.#isReady = true;
    notifier.tell('READY=1', this.#status());
    say(`watching ${this.#feeds.map(({ name }) => name).join(', ')}`);
    let broken: unknown;
    const watch = (feed: Feed): Promise<void> =>
      feed.run().catch((error: unknown) => {
        broken ??= error;
        failing.abort();
      });
    // Recordings have times of their own: one after the other, as they are listed.
    const inTurn = async (): Promise<void> => {
      for (const feed of this.#feeds) if (feed.isRecording) await watch(feed);
    };
    await Promise.all([inTurn(), ...this.#feeds.filter(({ isRecording }) => !isRecording).map(watch)]);
    this.#isReady = false;
    clearInterval(look);
    notifier.tell('STOPPING=1');
    const isDrained = await this.#end(sensor);
    clearInterval(alive);
    if (broken !== undefined) throw broken;
    return isDrained && !this.#feeds.some(({ failed }) => failed) ? 0 : 1;
  }

  /** Threads for the interfaces, where there are to be several and the kernel lets them share. */
  #newCrew(): WatchingCrew | undefined {
    const { workers, sources } = this.#config;
    const interfaces = sources.filter((source) => source.kind === 'afpacket');
    if (workers === 1 || interfaces.length === 0) return undefined;
    const { pid, say } = this.#terminal;
    if (!canShare()) {
      say('one thread does all: without koffi and the ring of the kernel none can share an interface');
      return undefined;
    }
    return new WatchingCrew({
      ...{ config: this.#config, interfaces, shares: this.#shares, format: eventFormats[0].name, pid, say },
      ...{ detectors: this.#lookout, rules: this.#rules, spans: this.#spans },
      lists: () => this.#lookout.rules.built,
    });
  }

  #sharedFeed(source: SourceConfig): Feed | undefined {
    const crew = this.#crew;
    if (crew === undefined || source.kind !== 'afpacket') return undefined;
    const isFirst = this.#config.sources.find(({ kind }) => kind === 'afpacket') === source;
    return new InterfaceFeed(source, crew, this.#spans, isFirst ? () => crew.open(this.#post) : undefined);
  }

  #openPost(): Promise<Post> {
    const { profile, uplink, hash_key, authority, events, metrics } = this.#config;
    const turnstile = this.#crew?.turnstile ?? new SharedArrayBuffer(4);
    const { scope_look: look, scope_never: never } = this.#config;
    const [format] = eventFormats;
    return openPost({
      privacy: {
        profile: profile as Profile,
        isLive: true,
        uplink,
        hashKey: hash_key,
        authority,
        scope: { look, never },
      },
      shares: this.#shares,
      ...this.#crew?.post,
      detect: (sink) => this.#lookout.start(sink),
      rules: () => this.#lookout.rules,
      restraint: {
        suppressions: this.#suppressions,
        alertsPerMinute: this.#config.alerts_per_minute,
      },
      // With a turnstile lines are added to what is there: a start must not lose those of the run before.
      openEvents:
        events === undefined ? undefined : (gate) => format.open(events, gate, new Turnstile(turnstile)),
      epoch: () => randomBytes(8).toString('hex'),
      metrics,
      dropped: () => this.#together().dropped,
      watched: {
        sources: () => this.#feeds.map(({ name, statistics, refused }) => ({ ...statistics, name, refused })),
        blind: {
          seconds: () =>
            Object.fromEntries(
              Object.entries(this.#spans.milliseconds).map(([reason, ms]) => [reason, ms / 1000]),
            ),
          now: () => this.#spans.causes.length,
        },
        reloads: () => this.#reloads,
        costs: () => this.#lookout.costs(),
        evictions: () => this.#lookout.evictions(),
      },
      notReady: () => (this.#isReady ? undefined : 'not watching'),
      say: this.#terminal.say,
    });
  }

  #together(): LiveStatistics {
    const all = { received: 0, dropped: 0, freezes: 0 };
    for (const { statistics: one } of this.#feeds) {
      all.received += one.received;
      all.dropped += one.dropped;
      all.freezes += one.freezes;
    }
    return all;
  }

  #status(): string {
    const { packets } = this.#post.figures().counters;
    const { causes } = this.#spans;
    return `STATUS=${packets} packets, ${this.#together().dropped} dropped${causes.length > 0 ? `; blind: ${causes.join('; ')}` : ''}`;
  }

  /** Once a second: time goes on, and what is blind is told. */
  #look(sensor: Sensor): void {
    const [wall, steady] = [Date.now(), performance.now()];
    const step = this.#clock.look();
    if (step !== undefined)
      this.#spans.was(
        `the clock was set ${((step.now - step.expected) / 1000).toFixed(1)} s`,
        'clock',
        Math.min(step.now, step.expected),
        Math.max(step.now, step.expected),
      );
    for (const feed of this.#feeds) feed.tick(wall, steady);
    this.#lookAtLoss(sensor, wall);
    if (this.#feeds.some(({ isPresent }) => isPresent)) sensor.advance(wall * 1000 - LAG);
    this.#lookAtRules(wall);
    this.#suspended.look(this.#lookout.costs('suspended'), wall);
    if (wall >= this.#nextMark) {
      this.#nextMark = wall + MARK_EVERY;
      this.#mark?.set(wall);
    }
    this.#spans.tick(wall);
    this.#writeStats(wall, steady);
    this.#remembering.tick(wall, this.#lookout.started);
    for (const output of this.#post.outputs) output.flush?.();
  }

  /** What never came, what was given up, and what waits. */
  #lookAtLoss(sensor: Sensor, wall: number): void {
    const { uplink } = this.#post;
    // Workers know what their own sockets lost.
    const own = this.#feeds.filter((feed) => !(feed instanceof InterfaceFeed));
    sensor.lost = own.reduce((sum, { statistics, lost = 0 }) => sum + statistics.dropped + lost, 0);
    this.#shedding.look(shedByClass(this.#post.figures().counters), wall);
    if (uplink !== undefined) this.#backlog.look(uplink.waiting(), wall);
  }

  /** Between the run before and this one nobody watched. */
  #tellRestart(): void {
    const before = this.#mark?.last();
    const now = Date.now();
    if (before !== undefined && before < now) this.#spans.was('it did not run', 'restart', before, now);
    this.#mark?.set(now);
  }

  /** Old rules do not see what is new: told as a cause, while they are in force. */
  #lookAtRules(wall: number): void {
    const { rules_stale_days: days } = this.#config;
    if (days === 0 || this.#rules.length === 0 || wall < this.#nextRuleAge) return;
    this.#nextRuleAge = wall + HOUR;
    const newest = newestFile(this.#rules);
    const cause = `rules: none is younger than ${days} days`;
    if (newest !== undefined && wall - newest > days * DAY)
      this.#spans.dark(cause, 'stale', Math.max(newest + days * DAY, this.#born), wall);
    else this.#spans.light(cause, wall);
  }

  #writeStats(wall: number, steady: number): void {
    const { stats_seconds: every } = this.#config;
    if (every === 0 || steady < this.#nextStats) return;
    this.#nextStats = steady + every * 1000;
    this.#post.events?.stats(wall * 1000, this.#stats());
  }

  /** Suricata's names for what the kernel counts. */
  #stats(): object {
    const { received, dropped, freezes } = this.#together();
    return {
      ...statsRecord(this.#post.figures(), (performance.now() - this.#started) / 1000),
      capture: { kernel_packets: received + dropped, kernel_drops: dropped, freezes },
      sources: Object.fromEntries(
        this.#feeds.map(({ name, statistics, refused, details }) => [
          name,
          { ...statistics, refused, ...details },
        ]),
      ),
      blind: { now: this.#spans.causes.length, milliseconds: this.#spans.milliseconds },
    };
  }

  async #reload(): Promise<void> {
    const { say } = this.#terminal;
    const started = performance.now();
    try {
      const config = this.#read();
      const suppressions = suppressionsOf(config);
      const wrong = await this.#lookout.change(config.rules, knobsOf(config));
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
      this.#post.sensor.restraint.suppressions = suppressions;
      this.#rules = config.rules;
      this.#crew?.tell({ tells: 'rules', paths: config.rules, lists: this.#lookout.rules.built });
      this.#nextRuleAge = 0;
      this.#reloads.done++;
      const { rules, correlations, indicators, problems } = this.#lookout.rules;
      for (const problem of problems) say(problem.toString());
      const ms = (performance.now() - started).toFixed(0);
      say(`reloaded in ${ms} ms: ${rules.length + correlations.length} rules, ${indicators.size} indicators`);
      const later = changed(this.#config, config);
      if (later.length > 0) say(`these change with the next start: ${later.join(', ')}`);
    } catch (error) {
      this.#reloads.failed++;
      say(`${error instanceof SensorError ? error : (error as Error).message}`);
      say('not reloaded: rules and knobs stay as they were');
    }
    // Their file may have been moved away, whatever became of the rules.
    this.#crew?.tell({ tells: 'reopen' });
    await this.#post.reopenEvents().catch((error: unknown) => say(String(error)));
  }

  /** The end: flows end, everything is written, the aggregator gets its time. @returns whether it has everything */
  async #end(sensor: Sensor): Promise<boolean> {
    const { say } = this.#terminal;
    const wall = Date.now();
    for (const feed of this.#feeds) feed.tick(wall, performance.now());
    this.#lookAtLoss(sensor, wall);
    this.#spans.finish(wall);
    this.#mark?.set(wall);
    sensor.finish();
    this.#crew?.flush();
    this.#post.events?.stats(wall * 1000, this.#stats());
    for (const output of this.#post.outputs) output.flush?.();
    await this.#remembering.end(this.#lookout.started);
    const isDrained = await this.#post.drain(this.#config.drain_seconds);
    // What is written is written: whoever does not let go of a connection is not waited for.
    await Promise.race([this.#post.close(), sleep(CLOSE_WITHIN, undefined, { ref: false })]);
    say(summary(this.#post.figures(), (performance.now() - this.#started) / 1000));
    return isDrained;
  }
}

/** A rule's budget is a setting of its own; whoever turns the knob means it. */
const knobsOf = ({ detectors, rule_budget: budget }: Config): Config['detectors'] => ({
  ...detectors,
  'rule-match': { budget, ...detectors['rule-match'] },
});

/** @throws SensorError file_unreadable, suppression_invalid */
const suppressionsOf = ({ suppress }: Config): readonly Suppression[] =>
  suppress === undefined ? [] : loadSuppressions(suppress);

/** Settings that differ, and that a reload does not change. */
function changed(before: Config, after: Config): string[] {
  const [a, b] = [before, after] as unknown as Record<string, unknown>[];
  return Object.keys(b).filter(
    (word) => !CHANGEABLE.has(word) && JSON.stringify(a[word]) !== JSON.stringify(b[word]),
  );
}
