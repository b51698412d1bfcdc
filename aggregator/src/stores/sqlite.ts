// One SQLite file: how it is opened so that a commit survives a power cut, how it is migrated, and who writes when.
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '../errors.ts';

/** How long a command waits for another process's transaction, ms. */
const BUSY_MS = 10_000;
const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * The file's two connections: one writes, one reads what is committed. Both block, so a transaction is short;
 * other processes (the operator's commands) may open the same file at the same time.
 */
export class SqliteFile {
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    try {
      // For the owner alone; the log beside it takes the same mode.
      closeSync(openSync(path, 'a', 0o600));
      this.writer = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
      // FULL: in WAL mode a commit returns after the log is on the disk, so an acknowledged batch is durable.
      this.writer.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000',
      );
      this.writer.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
      this.#migrate();
      this.reader = new DatabaseSync(path, { timeout: BUSY_MS });
      this.reader.exec('PRAGMA query_only = ON; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456');
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem('state_unusable', `${path}: ${(error as Error).message}`);
    }
  }

  /** Runs `work` in a transaction after all that asked before. Statements inside use `writer`. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      this.writer.exec('BEGIN IMMEDIATE');
      try {
        const result = await work();
        this.writer.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.writer.isTransaction) this.writer.exec('ROLLBACK');
        throw error;
      }
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Applies the numbered `.sql` files of `migrations/` that this state has not seen. */
  #migrate(): void {
    const files = readdirSync(MIGRATIONS)
      .filter((name) => /^\d{3}-.+\.sql$/.test(name))
      .sort();
    this.writer.exec('BEGIN IMMEDIATE');
    try {
      const { user_version: done } = this.writer.prepare('PRAGMA user_version').get() as {
        user_version: number;
      };
      if (done > files.length)
        throw new Problem('state_unusable', 'The state was written by a newer yagura-aggregator.');
      for (const name of files.slice(done)) this.writer.exec(readFileSync(join(MIGRATIONS, name), 'utf8'));
      this.writer.exec(`PRAGMA user_version = ${files.length}`);
      this.writer.exec('COMMIT');
    } catch (error) {
      this.writer.exec('ROLLBACK');
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    this.reader.close();
    this.writer.close();
  }
}
