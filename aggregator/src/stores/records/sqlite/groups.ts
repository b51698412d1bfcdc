// Groups and their history in SQLite.

import { SEVERITIES } from 'yagura-sensor/wire';
import { GROUP_STATES, type Group, type HistoryEntry } from '../../../alerts/group.ts';
import { severityRank } from '../../../alerts/priority.ts';
import type { SqliteFile } from '../../sqlite.ts';
import type { Records, RecordsWriter } from '../records.ts';
import { groupConditions } from './filter.ts';

const key = (id: string): Buffer => Buffer.from(id, 'hex');
type Stored = { record: string } | undefined;
const parse = (row: Stored): Group | undefined => row && (JSON.parse(row.record) as Group);

type Reads = Pick<Records, 'groups' | 'group' | 'groupsById' | 'history' | 'openGroups'>;
type Writes = Pick<RecordsWriter, 'groups' | 'keepGroups' | 'keepHistory'>;

export function groups({ writer, reader }: SqliteFile): { reads: Reads; writes: Writes } {
  const one = reader.prepare('SELECT record FROM groups WHERE id = ?');
  const forChange = writer.prepare('SELECT record FROM groups WHERE id = ?');
  const history = reader.prepare(
    'SELECT time, actor, action, note FROM history WHERE group_id = ? ORDER BY row DESC LIMIT 200',
  );
  const open = reader.prepare('SELECT severity, count(*) AS n FROM groups WHERE state < 2 GROUP BY severity');
  const openOf = reader.prepare(
    'SELECT severity, count(*) AS n FROM groups WHERE state < 2 AND body = ? GROUP BY severity',
  );
  const keep = writer.prepare(
    `INSERT INTO groups (id, body, rule, rule_name, src_ip, dest_ip, state, severity, priority, last_seen, version, sensors, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET rule_name = excluded.rule_name, state = excluded.state, severity = excluded.severity,
       priority = excluded.priority, last_seen = excluded.last_seen, version = excluded.version,
       sensors = excluded.sensors, record = excluded.record`,
  );
  const keepHistory = writer.prepare(
    'INSERT INTO history (group_id, time, actor, action, note) VALUES (?, ?, ?, ?, ?)',
  );

  return {
    reads: {
      async groups(filter, sort, { limit, after }) {
        const where = groupConditions(filter);
        const order = sort === 'priority' ? ['g.priority', 'g.last_seen', 'g.id'] : ['g.last_seen', 'g.id'];
        const begin =
          after === undefined ? '' : `AND (${order.join(', ')}) < (${order.map(() => '?').join(', ')})`;
        const position = after?.map((value) => (typeof value === 'string' ? key(value) : value)) ?? [];
        const rows = reader
          .prepare(
            `SELECT record FROM groups g WHERE ${where.sql} ${begin} ORDER BY ${order.join(' DESC, ')} DESC LIMIT ?`,
          )
          .all(...where.values, ...position, limit + 1) as Stored[];
        const items = rows.slice(0, limit).map((row) => parse(row)!);
        const last = items.at(-1);
        if (rows.length <= limit || last === undefined) return { items };
        const { priority, last_seen, id } = last;
        return { items, next: sort === 'priority' ? [priority, last_seen, id] : [last_seen, id] };
      },
      group: async (id) => parse(one.get(key(id)) as Stored),
      groupsById: async (ids) =>
        ids.map((id) => parse(one.get(key(id)) as Stored)).filter((group) => group !== undefined),
      history: async (id) =>
        (history.all(key(id)) as Omit<HistoryEntry, 'group'>[]).map((entry) => ({ ...entry, group: id })),
      async openGroups(body) {
        const rows = (body === undefined ? open.all() : openOf.all(body)) as {
          severity: number;
          n: number;
        }[];
        return Object.fromEntries(rows.map((row) => [SEVERITIES[row.severity], row.n]));
      },
    },
    writes: {
      async groups(ids) {
        const found = new Map<string, Group>();
        for (const id of ids) {
          const group = parse(forChange.get(key(id)) as Stored);
          if (group !== undefined) found.set(id, group);
        }
        return found;
      },
      async keepGroups(list) {
        for (const g of list) {
          const [state, severity] = [GROUP_STATES.indexOf(g.state), severityRank(g.severity)];
          keep.run(
            ...[
              key(g.id),
              g.body,
              g.rule.id,
              g.rule.name,
              g.src_ip,
              g.dest_ip,
              state,
              severity,
              g.priority,
              g.last_seen,
            ],
            ...[g.version, JSON.stringify(g.sensors), JSON.stringify(g)],
          );
        }
      },
      async keepHistory(list) {
        for (const { group, time, actor, action, note } of list)
          keepHistory.run(key(group), time, actor, action, note);
      },
    },
  };
}
