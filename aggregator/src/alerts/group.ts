// A group of alerts that say the same: its life from new to archived, and how an alert joins it.
import { type Coverage, type RuleIdentity, SEVERITIES, type Severity } from 'yagura-sensor/wire';
import type { DirectionOfTraffic, KeptAlert } from './alert.ts';
import { worst } from './coverage.ts';
import { addTimes, type Histogram } from './histogram.ts';
import { priority, severityRank } from './priority.ts';

export const GROUP_STATES = ['new', 'in_progress', 'resolved', 'archived'] as const;
export type GroupState = (typeof GROUP_STATES)[number];
export const isOpen = (state: GroupState): boolean => state === 'new' || state === 'in_progress';

/** Different ports that a group remembers, each side; the count stops there. */
export const PORTS_KEPT = 64;
/** Sensors that a group remembers. */
export const SENSORS_KEPT = 64;

export interface Group {
  readonly id: string;
  readonly body: string;
  readonly rule: RuleIdentity;
  readonly reason: { readonly en: string; readonly ja: string };
  readonly src_ip: string;
  readonly dest_ip: string;
  readonly src_ports: readonly number[];
  readonly dest_ports: readonly number[];
  readonly proto: string;
  readonly app_proto: string | null;
  readonly direction: DirectionOfTraffic;
  readonly sensors: readonly string[];
  readonly state: GroupState;
  /** The highest that any of its alerts had. */
  readonly severity: Severity;
  readonly priority: number;
  readonly count: number;
  /** µs, packet time. */
  readonly first_seen: number;
  readonly last_seen: number;
  /** µs, our clock. */
  readonly received_last: number;
  readonly histogram: Histogram;
  /** The worst that any of its alerts rested on; null, or nothing in a group of before, where none told. */
  readonly coverage?: Coverage | null;
  /** Grows with every change; the base of the ETag. */
  readonly version: number;
}

/** One step of a group's life. */
export interface HistoryEntry {
  readonly group: string;
  /** µs. */
  readonly time: number;
  readonly actor: string;
  readonly action: 'reopened' | GroupState;
  readonly note: string | null;
}

export const etagOf = (group: Group): string => `"${group.version}"`;

/** Open groups by body and severity; none where there is no number. */
export type OpenGroups = Readonly<Record<string, Partial<Record<Severity, number>>>>;

/** Open groups of one body, or of all, by severity; most severe first. */
export function openBySeverity(open: OpenGroups, body?: string): Record<Severity, number> {
  const counted = body === undefined ? Object.values(open) : [open[body] ?? {}];
  const sum = (severity: Severity) => counted.reduce((n, counts) => n + (counts[severity] ?? 0), 0);
  return Object.fromEntries(SEVERITIES.toReversed().map((s) => [s, sum(s)])) as Record<Severity, number>;
}

function remember<T>(kept: readonly T[], seen: Iterable<T>, most: number): readonly T[] {
  const all = new Set(kept);
  for (const value of seen) if (all.size < most) all.add(value);
  return all.size === kept.length ? kept : [...all];
}

/**
 * A group after more alerts with its fingerprint joined it. Pure.
 * A resolved or archived group is hit again: it is new once more.
 */
export function join(group: Group | undefined, joining: readonly KeptAlert[]): Group {
  const latest = joining.reduce((best, a) => (a.time >= best.time ? a : best));
  const { alert } = latest;
  const known = group !== undefined && group.last_seen > latest.time ? group : undefined;
  const severity = joining.reduce(
    (most, a) => Math.max(most, severityRank(a.alert.rule.severity)),
    group === undefined ? 0 : severityRank(group.severity),
  );
  const joined = {
    id: alert.group,
    body: alert.body,
    rule: known?.rule ?? alert.rule,
    reason: known?.reason ?? alert.reason,
    src_ip: alert.src_ip,
    dest_ip: alert.dest_ip,
    src_ports: remember(
      group?.src_ports ?? [],
      joining.map((a) => a.alert.src_port),
      PORTS_KEPT,
    ),
    dest_ports: remember(
      group?.dest_ports ?? [],
      joining.map((a) => a.alert.dest_port),
      PORTS_KEPT,
    ),
    proto: known?.proto ?? alert.proto,
    app_proto: alert.app_proto ?? group?.app_proto ?? null,
    direction: alert.direction,
    sensors: remember(
      group?.sensors ?? [],
      joining.map((a) => a.alert.sensor),
      SENSORS_KEPT,
    ),
    state: group === undefined || !isOpen(group.state) ? 'new' : group.state,
    severity: SEVERITIES[severity],
    count: (group?.count ?? 0) + joining.length,
    first_seen: joining.reduce((min, a) => Math.min(min, a.time), group?.first_seen ?? latest.time),
    last_seen: Math.max(group?.last_seen ?? 0, latest.time),
    received_last: joining.reduce((max, a) => Math.max(max, a.received), group?.received_last ?? 0),
    histogram: addTimes(
      group?.histogram,
      joining.map((a) => a.time),
    ),
    coverage: worst(
      group?.coverage ?? null,
      joining.map((a) => a.alert.coverage),
    ),
    version: (group?.version ?? 0) + 1,
  } as const satisfies Omit<Group, 'priority'>;
  return {
    ...joined,
    priority: priority({
      severity: joined.severity,
      confidence: joined.rule.confidence,
      count: joined.count,
      sensors: joined.sensors.length,
      ports: joined.dest_ports.length,
    }),
  };
}
