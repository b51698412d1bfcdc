// What the sensor tells Prometheus: its own plain counters, read only when Prometheus asks; no address and no name; of rules the id of those that cost most.
import { Counter, Gauge, Registry } from 'prom-client';
import { type Counters, shedByClass } from './counters.ts';
import type { RuleCost } from './detectors/rule-meter.ts';
import { FATE, FATES } from './layers/packet.ts';
import type { SpoolStats } from './outputs/spool/spool.ts';
import type { Tally } from './outputs/uplink/tally.ts';

const PREFIX = 'yagura_sensor_';

/** What the metrics are read from. */
export interface Watched {
  readonly version: string;
  /** What was counted so far. */
  readonly figures: () => {
    readonly counters: Counters;
    readonly flows: {
      readonly active: number;
      readonly opened: number;
      readonly ended: Readonly<Record<string, number>>;
    };
    readonly held: Readonly<Record<string, number>>;
  };
  /** Rules and indicators that are loaded. */
  readonly rules: () => number;
  /** Packets that the kernel dropped; absent when the source cannot lose any. */
  readonly dropped?: () => number;
  /** What each source met, by its name in the settings. */
  readonly sources?: () => Iterable<{
    readonly name: string;
    readonly received: number;
    readonly dropped: number;
    readonly freezes: number;
    readonly refused: number;
  }>;
  /** Seconds of blindness told so far, by reason; causes that last. */
  readonly blind?: { readonly seconds: () => Readonly<Record<string, number>>; readonly now: () => number };
  /** Times that the settings were read anew, by outcome. */
  readonly reloads?: () => Readonly<Record<string, number>>;
  /** States given up for want of room, by detector. */
  readonly evictions?: () => Readonly<Record<string, number>>;
  /** What each rule cost and found, the dearest first. */
  readonly costs?: () => readonly RuleCost[];
  /** Absent when nothing is sent to an aggregator. */
  readonly uplink?:
    | { readonly tally: Tally; readonly certificateEnd: number; spool(): SpoolStats }
    | undefined;
}

type Row = readonly [value: number, label?: string];

/** Rules that are named: the dearest, and of the others none. */
const NAMED_RULES = 10;

/** A registry of its own; fewer than 200 series. */
export function sensorMetrics(watched: Watched): Registry {
  const registry = new Registry();
  const { figures, uplink } = watched;

  /** A counter whose value stands elsewhere; with a label, one row for each of its values. */
  const total = (name: string, help: string, label: string | undefined, rows: () => Iterable<Row>) =>
    new Counter({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, is] of rows()) this.inc(label === undefined ? {} : { [label]: is! }, value);
      },
    });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  const gaugeOf = (name: string, help: string, label: string, rows: () => Iterable<Row>) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, is] of rows()) this.set({ [label]: is! }, value);
      },
    });
  const one = (read: () => number) => () => [[read()]] as const;
  const each = (read: () => Readonly<Record<string, number>>) => () =>
    Object.entries(read()).map(([is, value]): Row => [value, is]);

  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the versions are in the labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: watched.version, node: process.versions.node }, 1);

  total(
    `${PREFIX}packets_total`,
    'Packets seen.',
    undefined,
    one(() => figures().counters.packets),
  );
  total(
    `${PREFIX}bytes_total`,
    'Bytes of the packets seen, whole frames.',
    undefined,
    one(() => figures().counters.bytes),
  );
  total(`${PREFIX}packets_not_decoded_total`, 'Packets by why their decoding ended early.', 'reason', () =>
    FATES.map((fate, index): Row => [figures().counters.fates[index]!, fate]).filter(
      ([, fate]) => fate !== FATES[FATE.decoded],
    ),
  );
  total(
    `${PREFIX}packets_shed_total`,
    'Packets given up because there was no time to read them, by class.',
    'class',
    each(() => shedByClass(figures().counters)),
  );
  total(`${PREFIX}out_of_scope_total`, 'What may not be looked at: dropped at decode.', 'where', () => [
    [figures().counters.outside, 'frame'],
    [figures().counters.outsideInner, 'inside'],
  ]);
  if (watched.dropped !== undefined)
    total(
      `${PREFIX}packets_dropped_total`,
      'Packets that the kernel dropped.',
      undefined,
      one(watched.dropped),
    );
  const { sources, blind, reloads } = watched;
  if (sources !== undefined) {
    const of = (read: 'received' | 'dropped' | 'freezes' | 'refused') => () =>
      [...sources()].map((source): Row => [source[read], source.name]);
    total(`${PREFIX}source_received_total`, 'Packets or records, by source.', 'source', of('received'));
    total(`${PREFIX}source_dropped_total`, 'Those for which there was no room.', 'source', of('dropped'));
    total(`${PREFIX}source_refused_total`, 'Those of strangers, or no traffic.', 'source', of('refused'));
    total(`${PREFIX}source_freezes_total`, 'Times that the room was full.', 'source', of('freezes'));
  }
  if (blind !== undefined) {
    total(
      `${PREFIX}blind_seconds_total`,
      'Time in which it did not see, all causes added up.',
      'reason',
      each(blind.seconds),
    );
    gauge(`${PREFIX}blind`, 'Causes for which it does not see now.', blind.now);
  }
  if (reloads !== undefined)
    total(`${PREFIX}reloads_total`, 'Times that rules and knobs were read anew.', 'outcome', each(reloads));
  gauge(`${PREFIX}flows_active`, 'Flows in the table.', () => figures().flows.active);
  total(
    `${PREFIX}flows_opened_total`,
    'Flows seen for the first time.',
    undefined,
    one(() => figures().flows.opened),
  );
  total(
    `${PREFIX}flows_ended_total`,
    'Flows ended, by reason.',
    'reason',
    each(() => figures().flows.ended),
  );
  total(
    `${PREFIX}events_total`,
    'Events by EVE type.',
    'type',
    each(() => figures().counters.events),
  );
  total(
    `${PREFIX}alerts_total`,
    'Alerts by severity.',
    'severity',
    each(() => figures().counters.alerts),
  );
  total(
    `${PREFIX}alerts_held_back_total`,
    'Alerts that were not told, by why.',
    'reason',
    each(() => figures().held),
  );
  gauge(`${PREFIX}rules`, 'Rules and indicators loaded.', watched.rules);
  const { costs } = watched;
  if (costs !== undefined) {
    const dearest = (read: (cost: RuleCost) => number) => () =>
      costs()
        .filter(({ spent, matches }) => spent > 0 || matches > 0)
        .slice(0, NAMED_RULES)
        .map((cost): Row => [read(cost), cost.identity.id]);
    total(
      `${PREFIX}rule_matches_total`,
      'Matches of the rules that cost most.',
      'rule',
      dearest(({ matches }) => matches),
    );
    total(
      `${PREFIX}rule_seconds_total`,
      'Time that they took, estimated from one event of many.',
      'rule',
      dearest(({ spent }) => spent / 1000),
    );
    gaugeOf(
      `${PREFIX}rule_last_match_timestamp_seconds`,
      'When they matched last, by packet time; 0 for never.',
      'rule',
      dearest(({ lastMatch }) => (Number.isNaN(lastMatch) ? 0 : lastMatch / 1e6)),
    );
    gauge(
      `${PREFIX}rules_suspended`,
      'Rules that are suspended because they took too much time.',
      () => costs().filter(({ suspendedAt }) => suspendedAt !== undefined).length,
    );
  }
  if (watched.evictions !== undefined)
    total(
      `${PREFIX}detector_evictions_total`,
      'States that a detector gave up for want of room.',
      'detector',
      each(watched.evictions),
    );

  if (uplink !== undefined) {
    const { tally } = uplink;
    gauge(`${PREFIX}spool_bytes`, 'Bytes that the spool takes on disk.', () => uplink.spool().bytes);
    gauge(`${PREFIX}spool_records`, 'Records not yet acknowledged.', () => uplink.spool().records);
    total(
      `${PREFIX}spool_shed_total`,
      'Records given up for want of room.',
      'class',
      each(() => uplink.spool().shed),
    );
    total(
      `${PREFIX}spool_corrupt_segments_total`,
      'Damaged segments found.',
      undefined,
      one(() => uplink.spool().corrupt),
    );
    total(
      `${PREFIX}uplink_batches_total`,
      'Batches sent, by outcome.',
      'code',
      each(() => tally.batches),
    );
    total(`${PREFIX}uplink_records_total`, 'Records acknowledged, by result.', 'result', () => [
      [tally.accepted, 'accepted'],
      [tally.duplicates, 'duplicate'],
    ]);
    total(`${PREFIX}uplink_rejected_total`, 'Records refused for good, by code.', 'code', () =>
      [...tally.rejected].map(([code, count]): Row => [count, code]),
    );
    gauge(
      `${PREFIX}uplink_last_ack_timestamp_seconds`,
      'When the aggregator last took records; 0 before the first.',
      () => tally.lastAck / 1000,
    );
    gauge(
      `${PREFIX}certificate_expiry_timestamp_seconds`,
      "When the sensor's certificate expires.",
      () => uplink.certificateEnd / 1000,
    );
  }

  const started = Date.now() / 1000 - process.uptime();
  gauge('process_start_time_seconds', 'When the process began.', () => started);
  gauge('process_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss());
  total('process_cpu_seconds_total', 'Processor time, user and system.', undefined, () => {
    const { user, system } = process.cpuUsage();
    return [[(user + system) / 1e6]];
  });
  return registry;
}
