// What travels through the pipeline: batches that arrived together, and what each stage adds to them.
import type { BatchHeader, PrivacyClass, WireRecord } from 'yagura-sensor/wire';
import type { Authority } from '../authority/authority.ts';
import type { Scope } from '../authority/scope.ts';
import type {
  AdmittedAlert,
  AdmittedBlind,
  AdmittedSeries,
  Arrival,
  KeptAlert,
  KeptBlind,
  Refusal,
} from './alert.ts';
import type { Group, HistoryEntry } from './group.ts';

/** Field name (without list marks) → its privacy class: the closed schema. */
export type Vocabulary = ReadonlyMap<string, PrivacyClass>;

/** Under what the batch is judged: an authority in force when it arrived, and what that lets in. */
export interface Warrant {
  readonly authority: Authority;
  readonly scope: Scope;
  readonly vocabulary: Vocabulary;
}

/** One batch, authenticated and decoded. */
export interface Submission {
  /** `yagura://<body>/<sensor>` of the client certificate. */
  readonly sensor: string;
  readonly body: string;
  /** µs, our clock; when the sensor was heard before. */
  readonly heard_before: number | null;
  readonly header: BatchHeader;
  readonly arrivals: readonly Arrival<WireRecord>[];
  /** Records refused while decoding. */
  readonly refused: readonly Refusal[];
  readonly warrant: Warrant;
  /** µs, our clock. */
  readonly received: number;
}

/** What became of one batch. */
export interface Outcome {
  accepted: number;
  duplicates: number;
  /** Evidence fields taken out because the closed schema or the profile does not let them in. */
  stripped: number;
  refused: Refusal[];
}

/** How many alerts of one severity a sensor raised in one bucket of packet time. */
export interface AlertTally {
  readonly body: string;
  readonly sensor: string;
  readonly severity: string;
  /** µs. */
  readonly bucket: number;
  count: number;
}

/** The next sequence number expected of one life of a sensor's spool. */
export interface Progress {
  readonly sensor: string;
  readonly epoch: string;
  next: number;
}

export interface Flight {
  readonly submissions: readonly Submission[];
  /** One for each submission, same order. */
  readonly outcomes: readonly Outcome[];
  /** What `admit` let through; `deduplicate` leaves what is new. */
  admitted: AdmittedAlert[];
  series: AdmittedSeries[];
  blinds: AdmittedBlind[];
  /** Records that never came, by `sequence`. */
  gaps: KeptBlind[];
  progress: Progress[];
  /** For each submission, the sequence number expected before it; below it everything is a resend. */
  expected: number[];
  /** What `enrich` made of the admitted alerts. */
  alerts: KeptAlert[];
  groups: Group[];
  reopened: HistoryEntry[];
  tallies: AlertTally[];
}

/** What stages ask of the store, inside the transaction in which the flight will be kept. */
export interface Known {
  /** Those of the ids that are stored already. */
  alerts(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Groups by id, held for change until the transaction ends. */
  groups(ids: readonly string[]): Promise<ReadonlyMap<string, Group>>;
  /** Next sequence number expected; undefined for an epoch never seen. */
  progress(sensor: string, epoch: string): Promise<number | undefined>;
}

export type Stage = (flight: Flight, known: Known) => Promise<void> | void;

export const newFlight = (submissions: readonly Submission[]): Flight => ({
  submissions,
  outcomes: submissions.map((s) => ({ accepted: 0, duplicates: 0, stripped: 0, refused: [...s.refused] })),
  admitted: [],
  series: [],
  blinds: [],
  gaps: [],
  progress: [],
  expected: [],
  alerts: [],
  groups: [],
  reopened: [],
  tallies: [],
});
