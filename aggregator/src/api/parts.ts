// What the routes are given: the stores, the certificate authority, the settings and the instruments.
import type { Outcome, Submission, Vocabulary } from '../alerts/flight.ts';
import type { CertificateAuthority } from '../authority/certificates.ts';
import type { Metrics } from '../metrics.ts';
import type { Queue } from '../stores/queue/index.ts';
import type { Records } from '../stores/records/index.ts';
import type { SeriesStore } from '../stores/series/index.ts';
import type { Warrants } from './ingest/warrants.ts';
import type { Tail } from './tail.ts';

export interface Parts {
  readonly records: Records;
  readonly series: SeriesStore;
  readonly queue: Queue<Submission, Outcome>;
  readonly ca: CertificateAuthority;
  readonly warrants: Warrants;
  readonly vocabulary: Vocabulary;
  readonly metrics: Metrics;
  readonly tail: Tail;
  readonly limits: Limits;
  readonly about: { readonly version: string; readonly started: number };
}

export interface Limits {
  /** Batches that one sensor may have on the way. */
  readonly sensorBatches: number;
  /** µs. */
  readonly silentAfter: number;
  readonly sessionHours: number;
  /** Host names under which the console is reached. */
  readonly webNames: readonly string[];
  /** True when the console is served over TLS. */
  readonly webTls: boolean;
}
