// Bodies, authorities and sensors in SQLite.

import type { KeptBlind } from '../../../alerts/alert.ts';
import type { Authority, Body } from '../../../authority/authority.ts';
import type { Sensor } from '../../../authority/sensor.ts';
import type { SqliteFile } from '../../sqlite.ts';
import type { Records, RecordsWriter } from '../records.ts';

type Row = Record<string, string | number | null>;

const readBody = (row: Row): Body =>
  ({ id: row['id'], name: { en: row['name_en'], ja: row['name_ja'] }, kind: row['kind'] }) as Body;

const readAuthority = (row: Row): Authority =>
  ({
    ...row,
    prefixes: JSON.parse(row['prefixes'] as string),
    discloses: JSON.parse(row['discloses'] as string),
  }) as Authority;

const readSensor = (row: Row): Sensor =>
  ({ ...row, health: row['health'] === null ? null : JSON.parse(row['health'] as string) }) as Sensor;

function readBlind({ counts, ...row }: Row): KeptBlind {
  return {
    ...row,
    ...(counts === null ? {} : { counts: JSON.parse(counts as string) }),
  } as unknown as KeptBlind;
}

type Reads = Pick<Records, 'bodies' | 'body' | 'authorities' | 'sensors' | 'sensor' | 'blinds' | 'refusals'>;
type Writes = Pick<
  RecordsWriter,
  | 'addBody'
  | 'addAuthority'
  | 'enrolSensor'
  | 'revokeSensor'
  | 'heard'
  | 'refused'
  | 'progress'
  | 'keepProgress'
  | 'keepBlinds'
>;

export function registry({ writer, reader }: SqliteFile): { reads: Reads; writes: Writes } {
  const bodies = reader.prepare('SELECT * FROM bodies ORDER BY id');
  const body = reader.prepare('SELECT * FROM bodies WHERE id = ?');
  const authorities = reader.prepare('SELECT * FROM authorities WHERE body = ? ORDER BY valid_from, id');
  const sensors = reader.prepare('SELECT * FROM sensors ORDER BY id');
  const sensor = reader.prepare('SELECT * FROM sensors WHERE id = ?');
  const blinds = reader.prepare(
    'SELECT id, sensor, start AS "from", until, reason, count, counts FROM blinds WHERE sensor = ? ORDER BY until DESC LIMIT ?',
  );
  const refusals = reader.prepare('SELECT code, count FROM refusals WHERE sensor = ? ORDER BY code');

  const addBody = writer.prepare('INSERT INTO bodies (id, name_en, name_ja, kind) VALUES (?, ?, ?, ?)');
  const addAuthority = writer.prepare(
    `INSERT INTO authorities (id, body, article, instrument, prefixes, valid_from, valid_until, discloses)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const enrol = writer.prepare(
    `INSERT INTO sensors (id, body, name, serial, certificate_until) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET serial = excluded.serial, certificate_until = excluded.certificate_until, revoked = NULL`,
  );
  const revoke = writer.prepare('UPDATE sensors SET revoked = coalesce(revoked, ?) WHERE id = ?');
  const heard = writer.prepare(
    `UPDATE sensors SET last_seen = max(coalesce(last_seen, 0), ?), health = coalesce(?, health),
       clock_skew_s = coalesce(?, clock_skew_s) WHERE id = ?`,
  );
  const refused = writer.prepare(
    `INSERT INTO refusals (sensor, code, count) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const progress = writer.prepare('SELECT next FROM progress WHERE sensor = ? AND epoch = ?');
  const keepProgress = writer.prepare(
    `INSERT INTO progress (sensor, epoch, next) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET next = max(next, excluded.next)`,
  );
  const keepBlind = writer.prepare(
    'INSERT OR IGNORE INTO blinds (id, sensor, start, until, reason, count, counts) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );

  return {
    reads: {
      bodies: async () => (bodies.all() as Row[]).map(readBody),
      async body(id) {
        const row = body.get(id) as Row | undefined;
        return row && readBody(row);
      },
      authorities: async (of) => (authorities.all(of) as Row[]).map(readAuthority),
      sensors: async () => (sensors.all() as Row[]).map(readSensor),
      async sensor(id) {
        const row = sensor.get(id) as Row | undefined;
        return row && readSensor(row);
      },
      blinds: async (of, limit) => (blinds.all(of, limit) as Row[]).map(readBlind),
      refusals: async (of) =>
        Object.fromEntries(
          (refusals.all(of) as { code: string; count: number }[]).map((r) => [r.code, r.count]),
        ),
    },
    writes: {
      async addBody({ id, name, kind }) {
        addBody.run(id, name.en, name.ja, kind);
      },
      async addAuthority(a) {
        const [prefixes, discloses] = [JSON.stringify(a.prefixes), JSON.stringify(a.discloses)];
        addAuthority.run(
          a.id,
          a.body,
          a.article,
          a.instrument,
          prefixes,
          a.valid_from,
          a.valid_until,
          discloses,
        );
      },
      async enrolSensor(s) {
        enrol.run(s.id, s.body, s.name, s.serial, s.certificate_until);
      },
      revokeSensor: async (id, at) => revoke.run(at, id).changes > 0,
      async heard(id, { last_seen, health, clock_skew_s }) {
        heard.run(last_seen, health ? JSON.stringify(health) : null, clock_skew_s ?? null, id);
      },
      async refused(id, code, count) {
        refused.run(id, code, count);
      },
      progress: async (id, epoch) => progress.get(id, epoch)?.['next'] as number | undefined,
      async keepProgress(list) {
        for (const { sensor, epoch, next } of list) keepProgress.run(sensor, epoch, next);
      },
      async keepBlinds(list) {
        for (const { id, sensor: of, from, until, reason, count, counts } of list)
          keepBlind.run(id, of, from, until, reason, count, counts ? JSON.stringify(counts) : null);
      },
    },
  };
}
