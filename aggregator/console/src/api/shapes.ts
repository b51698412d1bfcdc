// What the aggregator's HTTP API answers with, as the console reads it.
import type { Alert, Blind, Coverage, Health, RuleIdentity, Severity } from 'yagura-sensor/wire';

export type { Severity };

export const SEVERITY_ORDER = [
  'critical',
  'high',
  'medium',
  'low',
  'informational',
] as const satisfies readonly Severity[];

export const GROUP_STATES = ['new', 'in_progress', 'resolved', 'archived'] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** One text in both languages of the console. */
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}

/** A page of a list; `next` is the opaque cursor of the page after it. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next: string | null;
}

export interface Group {
  readonly id: string;
  readonly etag: string;
  readonly state: GroupState;
  readonly severity: Severity;
  /** 0–100, the order of the queue. */
  readonly priority: number;
  readonly rule: Pick<RuleIdentity, 'id' | 'name' | 'kind' | 'tags' | 'confidence'>;
  readonly reason: Bilingual;
  readonly body: { readonly id: string; readonly name: Bilingual };
  readonly sensors: string[];
  /** A group has one pair of addresses; `distinct` counts ports and stops at 64, `port` is the first alert's. */
  readonly src: { readonly ip: string; readonly distinct: number };
  readonly dest: { readonly ip: string; readonly port: number; readonly distinct: number };
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly proto: string;
  readonly app_proto: string | null;
  readonly count: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly received_last: string;
  /** 24 counts, `histogram_step_s` seconds each, from `histogram_from`. */
  readonly histogram: number[];
  readonly histogram_from: string;
  readonly histogram_step_s: number;
  /** The least that any of its alerts rested on; null where no sensor told. */
  readonly coverage: Coverage | null;
}

/** Newest first. */
export interface HistoryEntry {
  readonly time: string;
  readonly actor: string;
  readonly action: string;
  readonly note: string | null;
}
export type GroupWithHistory = Group & { readonly history: HistoryEntry[] };

export interface GroupCounts {
  readonly open: number;
  readonly by_severity: Readonly<Record<Severity, number>>;
}
export type GroupPage = Page<Group> & { readonly counts: GroupCounts };

export type StoredAlert = Alert & {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  readonly sensor: string;
  readonly received: string;
};

export interface Body {
  readonly id: string;
  readonly name: Bilingual;
  readonly kind: string;
  readonly authority:
    | { readonly status: 'none' }
    | {
        readonly status: 'valid' | 'lapsed' | 'not_yet';
        readonly id: string;
        readonly article: string;
        readonly instrument: string;
        readonly prefixes: string[];
        readonly valid_from: string;
        readonly valid_until: string;
      };
  readonly sensors: number;
  readonly open_groups: number;
}

export interface Sensor {
  /** `yagura://<body>/<sensor>` */
  readonly id: string;
  readonly name: string;
  readonly body: { readonly id: string; readonly name: Bilingual };
  readonly status: 'live' | 'silent' | 'never' | 'revoked';
  readonly last_seen: string | null;
  readonly health: Health | null;
  /** Of all packets that came, the part dropped unseen. */
  readonly drops_ratio: number;
  /** Newest first. */
  readonly blind: Pick<Blind, 'from' | 'until' | 'reason' | 'count' | 'counts'>[];
  readonly certificate_until: string;
  readonly clock_skew_s: number | null;
  readonly refused: Readonly<Record<string, number>>;
}

export const METRICS = ['packets', 'bytes', 'flows', 'events', 'alerts'] as const;
export type Metric = (typeof METRICS)[number];

export interface SeriesAnswer {
  readonly from: string;
  readonly until: string;
  /** Seconds of one bucket. */
  readonly step: number;
  readonly unit: string;
  /** Of each bucket, the part of the packets that was looked at; null where no sensor told. */
  readonly coverage: (number | null)[];
  readonly series: { readonly name: string; readonly values: (number | null)[] }[];
}

export interface LedgerEntry {
  readonly seq: number;
  readonly time: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly detail: unknown;
  readonly hash: string;
}

export interface Session {
  readonly name: string;
  readonly role: string;
  readonly until: string;
}

/** Data of `event: alert` in the live stream. */
export interface LiveAlert {
  readonly alert: StoredAlert;
  readonly group: Group;
}
