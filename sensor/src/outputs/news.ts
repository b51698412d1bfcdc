// What happened, on its way to everybody: events to outputs and detectors, alerts and other records to outputs; all counted.
import type { Finding, Watch } from '../detectors/detector.ts';
import { type Event, type FlowView, ReusedEvent } from '../protocols/event.ts';
import { eventFields, eventTypes } from '../protocols/index.ts';
import type { WireRecord } from '../wire/batch.ts';
import type { Coverage } from '../wire/coverage.ts';
import { alertRecord } from './alert-record.ts';
import type { Gate } from './gate.ts';
import type { Output } from './output.ts';
import type { Restraint } from './restraint.ts';
import type { SeriesBuckets } from './series-buckets.ts';

const FIELDS = eventTypes.map((type) => eventFields[type]);

const flowEvent = (flow: FlowView, time: number): Event => ({
  type: 'flow',
  time,
  flow,
  message: flow,
  fields: eventFields['flow'],
});

/** Counts by name. */
export interface NewsCounters {
  readonly events: Record<string, number>;
  readonly alerts: Record<string, number>;
  readonly alertsByRule: Record<string, number>;
}

export class News {
  watch: Watch = {};
  readonly #event = new ReusedEvent();
  /** Events that are not yet counted by name. */
  readonly #events = new Float64Array(eventTypes.length);
  readonly #outputs: readonly Output[];
  readonly #gate: Gate;
  readonly #counters: NewsCounters;
  readonly #coverage: () => Coverage | undefined;
  readonly #restraint: Restraint;

  /**
   * @param outputs may change while it works
   * @param coverage what an alert rests on now
   * @param restraint what is not told
   */
  constructor(
    outputs: readonly Output[],
    gate: Gate,
    counters: NewsCounters,
    coverage: () => Coverage | undefined,
    restraint: Restraint,
  ) {
    this.#coverage = coverage;
    this.#restraint = restraint;
    this.#outputs = outputs;
    this.#gate = gate;
    this.#counters = counters;
  }

  /** @param type its place among `eventTypes` @param now µs of packet time */
  publish(flow: FlowView, type: number, message: unknown, now: number): void {
    const event = this.#event;
    event.renew();
    event.type = eventTypes[type];
    event.time = now;
    event.flow = flow;
    event.message = message;
    event.fields = FIELDS[type];
    this.#events[type]++;
    for (const output of this.#outputs) output.event?.(event);
    this.watch.event?.(event);
  }

  /** An event that is one already: somebody else's sensor saw it. */
  tell(event: Event): void {
    this.#events[eventTypes.indexOf(event.type)]++;
    for (const output of this.#outputs) output.event?.(event);
    this.watch.event?.(event);
  }

  alert(finding: Finding, about: Event | FlowView, now: number): void {
    const event = 'fields' in about ? about : flowEvent(about, now);
    if (this.#restraint.admits(finding, event, now)) this.#alert(finding, event);
  }

  /** Says how many alerts were held back until now. µs of packet time */
  tick(now: number): void {
    this.#restraint.tick(now, (finding, flow) => this.#alert(finding, flowEvent(flow, now)));
  }

  /** The end: what was held back is said, and the last events are counted. */
  finish(now: number, series: SeriesBuckets): void {
    this.#restraint.finish((finding, flow) => this.#alert(finding, flowEvent(flow, now)));
    this.count(series);
  }

  #alert(finding: Finding, event: Event): void {
    const { alerts, alertsByRule } = this.#counters;
    alerts[finding.rule.severity] = (alerts[finding.rule.severity] ?? 0) + 1;
    alertsByRule[finding.rule.name] = (alertsByRule[finding.rule.name] ?? 0) + 1;
    this.record(alertRecord(finding, event, this.#gate, this.#coverage()));
  }

  record(record: WireRecord): void {
    for (const output of this.#outputs) output.record?.(record);
  }

  /** Events are counted in a column, and by name once a second of packet time. */
  count(series: SeriesBuckets): void {
    const { events } = this.#counters;
    for (let i = 0; i < eventTypes.length; i++) {
      const count = this.#events[i];
      if (count === 0) continue;
      const type = eventTypes[i];
      events[type] = (events[type] ?? 0) + count;
      series.events(type, count);
      this.#events[i] = 0;
    }
  }
}
