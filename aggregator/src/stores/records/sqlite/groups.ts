// Groups and their history in SQLite.

import { SEVERITIES, type Severity } from 'yagura-sensor/wire';
import { GROUP_STATES, type Group, type HistoryEntry } from '../../../alerts/group.ts';
import { severityRank } from '../../../alerts/priority.ts';
import type { SqliteFile } from '../../sqlite.ts';
import type { Position, Records, RecordsWriter } from '../records.ts';
import { groupConditions } from './filter.ts';

const key = (id: string): Buffer => Buffer.from(id, 'hex');
type Stored = { record: string } | undefined;
const parse = (row: Stored): Group | undefined => row && (JSON.parse(row.record) as Group);

const ORDER = {
  priority: ['g.priority', 'g.last_seen', 'g.id'],
  last_seen: ['g.last_seen', 'g.id'],
} as const;

/** A group's place in an order. */
const place = ({ priority, last_seen, id }: Group, sort: keyof typeof ORDER): Position =>
  sort === 'priority' ? [priority, last_seen, id] : [last_seen, id];

function compare(a: Position, b: Position): number {
  const i = a.findIndex((value, k) => value !== b[k]);
  return i < 0 ? 0 : a[i] < b[i] ? -1 : 1;
}

type Reads = Pick<Records, 'groups' | 'group' | 'groupsById' | 'history' | 'openGroups'>;
type Writes = Pick<RecordsWriter, 'groups' | 'keepGroups' | 'keepHistory'>;

export function groups({ writer, reader }: SqliteFile): { reads: Reads; writes: Writes } {
  const one = reader.prepare('SELECT record FROM groups WHERE id = ?');
  const forChange = writer.prepare('SELECT record FROM groups WHERE id = ?');
  const history = reader.prepare(
    'SELECT time, actor, action, note FROM history WHERE group_id = ? ORDER BY row DESC LIMIT 200',
  );
  const open = reader.prepare(
    'SELECT body, severity, count(*) AS n FROM groups WHERE state < 2 GROUP BY body, severity',
  );
  const keep = writer.prepare(
    `INSERT INTO groups (id, body, rule, rule_name, src_ip, dest_ip, state, severity, priority, last_seen, version, sensors, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, severity = excluded.severity,
       priority = excluded.priority, last_seen = excluded.last_seen, version = excluded.version,
       sensors = excluded.sensors, record = excluded.record`,
  );
  // Apart, so that the index over names is written only when a name changed.
  const rename = writer.prepare('UPDATE groups SET rule_name = ? WHERE id = ? AND rule_name <> ?');
  const keepHistory = writer.prepare(
    'INSERT INTO history (group_id, time, actor, action, note) VALUES (?, ?, ?, ?, ?)',
  );

  return {
    reads: {
      async groups({ states = GROUP_STATES, ...filter }, sort, { limit, after }) {
        const where = groupConditions(filter);
        const order = ORDER[sort];
        const begin =
          after === undefined ? '' : `AND (${order.join(', ')}) < (${order.map(() => '?').join(', ')})`;
        const position = after?.map((value) => (typeof value === 'string' ? key(value) : value)) ?? [];
        const ofState = reader.prepare(
          `SELECT record FROM groups g WHERE g.state = ? AND ${where.sql} ${begin}
           ORDER BY ${order.join(' DESC, ')} DESC LIMIT ?`,
        );
        // Each state is read in the order of its index; the few read are merged here.
        const found = states
          .flatMap((state) =>
            ofState
              .all(GROUP_STATES.indexOf(state), ...where.values, ...position, limit + 1)
              .map((row) => parse(row as Stored)!),
          )
          .sort((a, b) => compare(place(b, sort), place(a, sort)));
        const items = found.slice(0, limit);
        return found.length > limit ? { items, next: place(items[limit - 1], sort) } : { items };
      },
      group: async (id) => parse(one.get(key(id)) as Stored),
      groupsById: async (ids) =>
        ids.map((id) => parse(one.get(key(id)) as Stored)).filter((group) => group !== undefined),
      history: async (id) =>
        (history.all(key(id)) as Omit<HistoryEntry, 'group'>[]).map((entry) => ({ ...entry, group: id })),
      async openGroups() {
        const counts: Record<string, Partial<Record<Severity, number>>> = {};
        for (const row of open.all() as { body: string; severity: number; n: number }[])
          (counts[row.body] ??= {})[SEVERITIES[row.severity]] = row.n;
        return counts;
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
          const id = key(g.id);
          const fixed = [id, g.body, g.rule.id, g.rule.name, g.src_ip, g.dest_ip];
          const lists = [JSON.stringify(g.sensors), JSON.stringify(g)];
          keep.run(...fixed, state, severity, g.priority, g.last_seen, g.version, ...lists);
          rename.run(g.rule.name, id, g.rule.name);
        }
      },
      async keepHistory(list) {
        for (const { group, time, actor, action, note } of list)
          keepHistory.run(key(group), time, actor, action, note);
      },
    },
  };
}
