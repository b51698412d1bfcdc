// Alerts in SQLite: the JSON as it is served, beside the few columns that it is found by.
import type { StoredAlert } from '../../../alerts/alert.ts';
import { severityRank } from '../../../alerts/priority.ts';
import type { SqliteFile } from '../../sqlite.ts';
import type { AlertFilter, Records, RecordsWriter } from '../records.ts';
import { groupConditions, type Where } from './filter.ts';

const key = (id: string): Buffer => Buffer.from(id, 'hex');
interface Stored {
  row: number;
  record: string;
}
const parse = ({ record }: Stored): StoredAlert => JSON.parse(record) as StoredAlert;

type Reads = Pick<Records, 'alerts' | 'alert' | 'alertsAfter' | 'lastRow'>;
type Writes = Pick<RecordsWriter, 'alerts' | 'keepAlerts'>;

/** What all alerts of a group share is asked of the group. */
function conditions({ group, severity, sensor, since, ...shared }: AlertFilter): Where {
  const parts: string[] = [];
  const values: (string | number | Uint8Array)[] = [];
  const ask = (condition: string, value: string | number | Uint8Array) => {
    parts.push(condition);
    values.push(value);
  };
  if (group !== undefined) ask('a.group_id = ?', key(group));
  if (severity !== undefined) ask('a.severity >= ?', severityRank(severity));
  if (sensor !== undefined) ask('a.sensor = ?', sensor);
  if (since !== undefined) ask('a.time >= ?', since);
  const ofGroup = groupConditions(shared);
  if (ofGroup.values.length > 0) {
    parts.push(`a.group_id IN (SELECT g.id FROM groups g WHERE ${ofGroup.sql})`);
    values.push(...ofGroup.values);
  }
  return { sql: parts.join(' AND ') || 'TRUE', values };
}

export function alerts({ writer, reader }: SqliteFile): { reads: Reads; writes: Writes } {
  const one = reader.prepare('SELECT row, record FROM alerts WHERE id = ?');
  const after = reader.prepare('SELECT row, record FROM alerts WHERE row > ? ORDER BY row LIMIT ?');
  const last = reader.prepare('SELECT max(row) AS row FROM alerts');
  const known = writer.prepare('SELECT 1 FROM alerts WHERE id = ?');
  const keep = writer.prepare(
    'INSERT OR IGNORE INTO alerts (id, group_id, time, severity, sensor, record) VALUES (?, ?, ?, ?, ?, ?)',
  );

  return {
    reads: {
      async alerts(filter, { limit, after: position }) {
        const where = conditions(filter);
        const begin = position === undefined ? '' : 'AND a.row < ?';
        const rows = reader
          .prepare(`SELECT row, record FROM alerts a WHERE ${where.sql} ${begin} ORDER BY a.row DESC LIMIT ?`)
          .all(...where.values, ...(position?.slice(0, 1) ?? []), limit + 1) as unknown as Stored[];
        const items = rows.slice(0, limit).map(parse);
        return rows.length > limit ? { items, next: [rows[limit - 1].row] } : { items };
      },
      async alert(id) {
        const row = one.get(key(id)) as Stored | undefined;
        return row && parse(row);
      },
      alertsAfter: async (row, limit) =>
        (after.all(row, limit) as unknown as Stored[]).map((r) => ({ row: r.row, alert: parse(r) })),
      lastRow: async () => (last.get()?.['row'] as number | null) ?? 0,
    },
    writes: {
      alerts: async (ids) => new Set(ids.filter((id) => known.get(key(id)) !== undefined)),
      async keepAlerts(list) {
        for (const { alert, time } of list) {
          const severity = severityRank(alert.rule.severity);
          keep.run(key(alert.id), key(alert.group), time, severity, alert.sensor, JSON.stringify(alert));
        }
      },
    },
  };
}
