// Time series in the records' SQLite file: written in the transaction that keeps the alerts, so counts are exact.
import type { StatementSync } from 'node:sqlite';
import { SECOND } from '../../time.ts';
import type { SqliteFile } from '../sqlite.ts';
import type { Point, SeriesQuery, SeriesStore, Split, Sum } from './series.ts';

/** Seconds of a bucket as it arrives, and of the roll-up that long spans are read from. */
const FINE = 10;
const COARSE = 600;

const COLUMN: Record<Split, string> = { sensor: 'sensor', type: 'label', severity: 'label' };

export class SqliteSeries implements SeriesStore {
  readonly engine = 'sqlite';
  readonly #file: SqliteFile;
  readonly #value: StatementSync;
  readonly #add: StatementSync;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#value = file.writer.prepare(
      'SELECT value FROM series WHERE metric = ? AND step = ? AND bucket = ? AND sensor = ? AND label = ?',
    );
    this.#add = file.writer.prepare(
      `INSERT INTO series (metric, step, bucket, sensor, label, body, value) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET value = value + excluded.value`,
    );
  }

  async put(points: readonly Point[]): Promise<void> {
    for (const point of points) {
      const { metric, bucket, sensor, label, value } = point;
      const kept = this.#value.get(metric, FINE, bucket, sensor, label)?.['value'] as number | undefined;
      if (kept !== value) this.#grow(point, value - (kept ?? 0));
    }
  }

  async add(points: readonly Point[]): Promise<void> {
    for (const point of points) this.#grow(point, point.value);
  }

  #grow({ metric, bucket, sensor, label, body }: Point, by: number): void {
    const span = COARSE * SECOND;
    this.#add.run(metric, FINE, bucket, sensor, label, body, by);
    this.#add.run(metric, COARSE, Math.floor(bucket / span) * span, sensor, label, body, by);
  }

  async sums({ metric, from, until, step, body, sensor, by }: SeriesQuery): Promise<Sum[]> {
    const source = step % COARSE === 0 ? COARSE : FINE;
    const where = ['metric = ?', 'step = ?', 'bucket >= ?', 'bucket < ?'];
    const values: (string | number)[] = [metric, source, from, until];
    if (body !== undefined) where.push('body = ?') && values.push(body);
    if (sensor !== undefined) where.push('sensor = ?') && values.push(sensor);
    const micros = step * SECOND;
    const rows = this.#file.reader
      .prepare(
        `SELECT ${by === undefined ? "''" : COLUMN[by]} AS name, bucket / ${micros} * ${micros} AS at, sum(value) AS value
         FROM series WHERE ${where.join(' AND ')} GROUP BY 1, 2 ORDER BY 2`,
      )
      .all(...values);
    return rows as unknown as Sum[];
  }
}
