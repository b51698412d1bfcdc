// The post that traffic is watched from, whether it is read or run: gate, sensor, events, uplink and metrics.
import { formatTime } from '../bytes/time.ts';
import { listenOf } from '../config/address.ts';
import { type Figures, figuresOf, together } from '../crew/figures.ts';
import type { AlertSink, Watch } from '../detectors/detector.ts';
import type { RuleCost } from '../detectors/rule-meter.ts';
import { SensorError } from '../errors.ts';
import type { Shares } from '../memory.ts';
import type { Watched } from '../metrics.ts';
import type { Monitor } from '../monitor.ts';
import type { Drained, Uplink } from '../outputs/aggregator.ts';
import { Gate, type GateOptions } from '../outputs/gate.ts';
import type { EventOutput, Output } from '../outputs/output.ts';
import { Restraint, type RestraintOptions } from '../outputs/restraint.ts';
import { protocols } from '../protocols/index.ts';
import type { RuleSet } from '../rules/index.ts';
import { Sensor } from '../sensor.ts';
import type { Totals } from '../sight/coverage.ts';
import { scopeOf } from '../sight/scope.ts';
import { gateOptions, type PrivacyOptions } from './privacy.ts';
import { sight, VERSION } from './version.ts';

export interface PostOptions {
  readonly privacy: PrivacyOptions;
  /** Its own part of the memory. */
  readonly shares: Shares;
  /** What alerts rest on, where others share the traffic. */
  readonly rests?: Totals;
  /** What others count who share the work. */
  readonly others?: () => readonly Figures[];
  /** Stands before the outputs. */
  readonly before?: (outputs: readonly Output[]) => Output;
  readonly detect: (sink: AlertSink) => Watch;
  /** Those in force: they may change. */
  readonly rules: () => RuleSet;
  /** What of the findings is not told. */
  readonly restraint: RestraintOptions;
  /** Opens what events are written to; undefined: nowhere. */
  readonly openEvents: ((gate: Gate) => EventOutput) | undefined;
  /** One life of the spool; asked when there is an uplink. */
  readonly epoch: (gate: Gate) => string;
  /** Where to serve metrics. */
  readonly metrics: string | undefined;
  /** Packets that the kernel dropped; absent when the source cannot lose any. */
  readonly dropped?: () => number;
  /** What else the metrics are read from. */
  readonly watched?: Partial<Watched>;
  /** What keeps it from working, in a few words. */
  readonly notReady?: () => string | undefined;
  readonly say: (line: string) => void;
}

/** @throws SensorError what cannot be opened; what was opened before is closed */
export async function openPost(options: PostOptions): Promise<Post> {
  const post = new Post(options, await gateOptions(options.privacy, options.say));
  try {
    await post.open();
  } catch (error) {
    await post.close();
    throw error;
  }
  return post;
}

export class Post {
  readonly sensor: Sensor;
  /** What the sensor writes to; may change while it works. */
  readonly outputs: Output[] = [];
  events: EventOutput | undefined;
  uplink: Uplink | undefined;
  /** What its gate was made from: others who share the work have the same. */
  readonly gate: GateOptions;
  readonly #options: PostOptions;
  #monitor: Monitor | undefined;

  constructor(options: PostOptions, gate: GateOptions) {
    this.#options = options;
    this.gate = gate;
    this.sensor = new Sensor({
      protocols,
      detect: options.detect,
      outputs: options.before === undefined ? this.outputs : [options.before(this.outputs)],
      profile: options.privacy.profile,
      gate: new Gate(gate),
      scope: scopeOf(options.privacy.scope),
      ...(options.rests !== undefined && { rests: options.rests }),
      isIndicator: (words) => options.rules().indicators.hasAddress(words),
      shares: options.shares,
      restraint: new Restraint(options.restraint),
    });
  }

  /** What was counted so far, by all who share the work. */
  figures(): Figures {
    return together([figuresOf(this.sensor), ...(this.#options.others?.() ?? [])]);
  }

  async open(): Promise<void> {
    const { openEvents } = this.#options;
    this.events = openEvents?.(this.sensor.gate);
    if (this.events !== undefined) this.outputs.push(this.events);
    this.uplink = await this.#openUplink();
    if (this.uplink !== undefined) this.outputs.push(this.uplink);
    this.#monitor = await this.#openMonitor();
  }

  /** Closes the events and opens them again: their file was moved away. */
  async reopenEvents(): Promise<void> {
    const { events } = this;
    const { openEvents } = this.#options;
    if (events === undefined || openEvents === undefined) return;
    const next = openEvents(this.sensor.gate);
    this.outputs[this.outputs.indexOf(events)] = next;
    this.events = next;
    await events.close();
  }

  /** The uplink takes no more: what comes now is no record of its own. */
  withoutUplink(): void {
    if (this.uplink !== undefined) this.outputs.splice(this.outputs.indexOf(this.uplink), 1);
  }

  /** Waits for the aggregator, at most so long. @returns whether it has everything */
  async drain(seconds: number): Promise<boolean> {
    const { left, because }: Drained = (await this.uplink?.drain(seconds * 1000)) ?? {
      left: 0,
      because: undefined,
    };
    if (left > 0)
      this.#options.say(`yagura-sensor: ${left} records wait in the spool for the next run (${because})`);
    return left === 0;
  }

  async close(): Promise<void> {
    for (const output of new Set([...this.outputs, this.uplink])) await output?.close();
    await this.#monitor?.close();
  }

  async #openUplink(): Promise<Uplink | undefined> {
    const { privacy, epoch, rules, dropped, say } = this.#options;
    if (privacy.uplink === undefined) return undefined;
    // Loaded when needed: certificates and schemas cost a reading without an aggregator its start.
    const { openUplink } = await import('../outputs/aggregator.ts');
    return openUplink({
      state: privacy.uplink,
      epoch: epoch(this.sensor.gate),
      live: privacy.isLive,
      profile: privacy.profile,
      sight: () => sight(this.figures(), rules(), dropped?.()),
      log: say,
    });
  }

  async #openMonitor(): Promise<Monitor | undefined> {
    const { metrics, rules, dropped, watched, notReady, say } = this.#options;
    if (metrics === undefined) return undefined;
    const listen = listenOf(metrics);
    if (listen === undefined)
      throw new SensorError('config_invalid', `--metrics ${metrics}: write it as 127.0.0.1:9100`);
    const [{ sensorMetrics }, { startMonitor }] = await Promise.all([
      import('../metrics.ts'),
      import('../monitor.ts'),
    ]);
    const registry = sensorMetrics({
      ...watched,
      version: VERSION,
      figures: () => this.figures(),
      rules: () => rules().rules.length + rules().correlations.length + rules().signatures.rules.length,
      ...(dropped !== undefined && { dropped }),
      uplink: this.uplink,
    });
    const monitor = await startMonitor({
      ...listen,
      registry,
      rules: () => (watched?.costs?.() ?? []).map(account),
      notReady: notReady ?? (() => undefined),
    });
    say(`metrics at ${monitor.url}/metrics`);
    return monitor;
  }
}

/** A rule's account for people and their tools: seconds, and times as RFC 3339. */
const account = ({ identity, matches, lastMatch, spent, suspendedAt }: RuleCost): object => ({
  id: identity.id,
  name: identity.name,
  matches,
  last_match: Number.isNaN(lastMatch) ? null : formatTime(lastMatch),
  seconds: spent / 1000,
  suspended: suspendedAt !== undefined,
});
