// What a worker does: its own share of the packets becomes flows and events; what must see the whole goes over its ring.
import { framesOf } from '../counters.ts';
import type { Shares } from '../memory.ts';
import { Gate, type GateOptions } from '../outputs/gate.ts';
import { eventFormats } from '../outputs/index.ts';
import type { EventFormat, EventOutput, Output } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import { protocols } from '../protocols/index.ts';
import { type BuiltLists, loadRules, loadRulesAside, type RuleSet } from '../rules/index.ts';
import { Sensor } from '../sensor.ts';
import { type ScopeText, scopeOf } from '../sight/scope.ts';
import { type Figures, figuresOf } from './figures.ts';
import { Bell, Outlet, type Shed } from './outlet.ts';
import { Sender } from './sender.ts';
import { Sieve } from './sieve.ts';
import { Signals } from './signals.ts';

/** A capture to be read by all. */
export interface Capture {
  readonly path: string;
  /** µs to add to its packets' times. */
  readonly shift: number;
}

/** An interface that all of them listen to. */
export interface Listening {
  /** What the settings call it. */
  readonly name: string;
  readonly interface: string;
  readonly snapLength: number;
  readonly filter: string | undefined;
  readonly group: number;
}

/** What all workers of a crew are given. */
export interface Task {
  readonly workers: number;
  /** A worker's own. */
  readonly shares: Required<Shares>;
  readonly gate: GateOptions;
  readonly scope: ScopeText | undefined;
  /** What events are written to; undefined: nowhere. */
  readonly events: string | undefined;
  /** Name of the format of events. */
  readonly format: string;
  /** Where the rules stand; undefined: nothing is detected. */
  readonly rules: readonly string[] | undefined;
  /** The lists of indicators among them, for all workers together; absent: each reads them for itself. */
  readonly lists?: BuiltLists | undefined;
  readonly from: { readonly captures: readonly Capture[] } | { readonly interfaces: readonly Listening[] };
}

/** What one of them is given beside. */
export interface Member extends Task {
  readonly number: number;
  /** Number of its first flow. */
  readonly firstFlow: number;
  readonly turnstile: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
}

/** What a worker came to. */
export interface Work {
  readonly figures: Figures;
  readonly shed: Shed;
  /** What is wrong with the captures; every worker meets the same. */
  readonly said: readonly string[];
  /** A capture gave nothing. */
  readonly failed: boolean;
}

const listsOf = ({ lists }: Member) => (lists === undefined ? {} : { lists });

/** A worker's sensor with all around it. */
export class Workplace {
  readonly sensor: Sensor;
  readonly sender: Sender;
  readonly outlet: Outlet;
  readonly signals: Signals;
  readonly member: Member;
  readonly #outputs: Output[];
  readonly #gate: Gate;
  #rules: RuleSet;
  #changing: Promise<void> = Promise.resolve();
  #events: EventOutput | undefined;

  /** @param isLive packets come when they come: the order is that of time, and nobody waits for room */
  constructor(member: Member, isLive: boolean, ruleSet = loadRules(member.rules ?? [], listsOf(member))) {
    const { workers, firstFlow, shares, rules } = member;
    this.#rules = ruleSet;
    this.member = member;
    this.signals = new Signals(member.signals);
    this.#gate = new Gate(member.gate);
    this.outlet = new Outlet(member.ring, new Bell(member.bell), !isLive);
    this.sender = new Sender({
      outlet: this.outlet,
      sieve: new Sieve(ruleSet),
      order: () => (isLive ? this.sensor.now : this.sensor.place),
      now: () => this.sensor.now,
      totals: (into) => {
        this.sensor.sight.totals(into);
        into.copyWithin(1, 0);
        into[0] = framesOf(this.sensor.counters);
      },
    });
    this.#events = this.#openEvents();
    const { sender } = this;
    this.#outputs = [{ name: 'crew', record: (record) => sender.record(record), close: async () => {} }];
    if (this.#events !== undefined) this.#outputs.unshift(this.#events);
    this.sensor = new Sensor({
      protocols,
      detect: () => (rules === undefined ? {} : this.sender),
      outputs: this.#outputs,
      profile: member.gate.profile,
      gate: this.#gate,
      scope: scopeOf(member.scope),
      isIndicator: (words) => this.#rules.indicators.hasAddress(words),
      shares,
      // No two workers number a flow alike.
      numbering: { first: firstFlow, step: workers },
    });
  }

  #openEvents(): EventOutput | undefined {
    const { events, format, turnstile } = this.member;
    if (events === undefined) return undefined;
    const found = (eventFormats as readonly EventFormat[]).find(({ name }) => name === format);
    return (found ?? eventFormats[0]).open(events, this.#gate, new Turnstile(turnstile));
  }

  /** Writes out what is gathered: live traffic does not fill it soon. */
  flush(): void {
    this.#events?.flush?.();
  }

  /** From now on these are what events are sieved by. */
  changeRules(paths: readonly string[], lists: BuiltLists): Promise<void> {
    const change = async (): Promise<void> => {
      this.#rules = await loadRulesAside(paths, lists);
      this.sender.sieve = new Sieve(this.#rules);
    };
    // One after the other: what was told last is in force in the end.
    this.#changing = this.#changing.then(change, change);
    return this.#changing;
  }

  /** Opens the file of events again: it was moved away. */
  async reopenEvents(): Promise<void> {
    const before = this.#events;
    if (before === undefined) return;
    this.#events = this.#openEvents();
    this.#outputs[0] = this.#events as EventOutput;
    await before.close();
  }

  /** All flows end, and everything is written. */
  async finish(): Promise<Pick<Work, 'figures' | 'shed'>> {
    this.sensor.finish();
    await this.#events?.close();
    await this.sender.close();
    return { figures: figuresOf(this.sensor), shed: { ...this.outlet.shed } };
  }
}
