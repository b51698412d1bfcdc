// Rules and knobs that change while the sensor works: made ready aside, put in force at once, and only when all is right.
import type { Config } from '../config/settings.ts';
import type { AlertSink, PacketWatch, Watch } from '../detectors/detector.ts';
import { costsOf, evictionsOf, type Memory, type Started, startDetectors } from '../detectors/index.ts';
import type { RuleCost } from '../detectors/rule-meter.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import { loadRulesAside, type RuleSet } from '../rules/index.ts';

/** The detectors in force, behind one watch that stays the same. */
export class Lookout implements Required<Watch>, PacketWatch {
  rules: RuleSet;
  #sink: AlertSink | undefined;
  #started!: Started;
  #knobs: Config['detectors'];
  readonly #memory: Memory | undefined;

  /** @param memory what detectors had learnt before */
  constructor(rules: RuleSet, knobs: Config['detectors'], memory?: Memory) {
    this.rules = rules;
    this.#knobs = knobs;
    this.#memory = memory;
  }

  /** What rules in force cost and found, the dearest first. */
  costs(only?: 'suspended'): readonly RuleCost[] {
    return costsOf(this.#started, only);
  }

  /** States that detectors gave up for want of room. */
  evictions(): Record<string, number> {
    return evictionsOf(this.#started);
  }

  /** Those at work now. */
  get started(): Started {
    return this.#started;
  }

  start(sink: AlertSink): this {
    this.#sink = sink;
    this.#started = startDetectors(this.rules, this.#knobs, sink, undefined, this.#memory);
    return this;
  }

  /**
   * Packets go on while it loads. Entries of indicator lists that are refused do not keep the others out: feeds are made
   * by others, and one bad line of a million must not leave a sensor with yesterday's.
   * @returns what is wrong: then everything stays as it is
   * @throws SensorError file_unreadable, config_invalid
   */
  async change(paths: readonly string[], knobs: Config['detectors']): Promise<readonly Error[]> {
    const rules = await loadRulesAside(paths);
    const wrong = rules.problems.filter(({ code }) => code !== 'indicator_invalid');
    if (wrong.length > 0) return wrong;
    const started = startDetectors(rules, knobs, this.#sink as AlertSink, this.#started);
    this.#started = started;
    this.rules = rules;
    this.#knobs = knobs;
    return [];
  }

  /** As long as rules ask for packets. */
  get packet(): PacketWatch['packet'] {
    return this.#started.packet;
  }
  get packetHit(): PacketWatch['packetHit'] {
    return this.#started.packetHit;
  }
  opened(flow: FlowView): void {
    this.#started.opened(flow);
  }
  answered(flow: FlowView): void {
    this.#started.answered(flow);
  }
  refused(flow: FlowView): void {
    this.#started.refused(flow);
  }
  event(event: Event): void {
    this.#started.event(event);
  }
  unmatched(event: Event): void {
    this.#started.unmatched(event);
  }
  tick(now: number): void {
    this.#started.tick(now);
  }
  relieve(): void {
    this.#started.relieve();
  }
}
