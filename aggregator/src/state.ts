// The state directory: what a running aggregator and the operator's commands open alike.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CertificateAuthority, openCertificateAuthority } from './authority/certificates.ts';
import { Problem } from './errors.ts';
import { type Records, sqliteRecords } from './stores/records/index.ts';
import { type SeriesStore, SqliteSeries } from './stores/series/index.ts';
import { SqliteFile } from './stores/sqlite.ts';

export interface State {
  readonly records: Records;
  readonly series: SeriesStore;
  readonly ca: CertificateAuthority;
}

/** Opens the state directory, making what is missing. @throws Problem state_unusable */
export async function openState(directory: string, ingestNames: readonly string[] = []): Promise<State> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Problem('state_unusable', `${directory}: ${(error as Error).message}`);
  }
  const file = new SqliteFile(join(directory, 'yagura.db'));
  const ca = await openCertificateAuthority(join(directory, 'identity'), ingestNames);
  return { records: sqliteRecords(file), series: new SqliteSeries(file), ca };
}

/** In the state directory while an aggregator runs there. */
export const ADDRESSES_FILE = 'addresses.json';

/** Addresses in use. */
export interface Addresses {
  readonly web: string;
  readonly ingest: string;
  readonly metrics: string;
}
