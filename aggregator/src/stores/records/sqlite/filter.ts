// What a reader asks for, as the WHERE of an SQL statement with its values.

import { severityRank } from '../../../alerts/priority.ts';
import type { GroupFilter } from '../records.ts';

export interface Where {
  readonly sql: string;
  readonly values: readonly (string | number | Uint8Array)[];
}

/** Text for LIKE with its wildcards taken literally. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Conditions on the columns of `groups` (as `g`), but for its state. */
export function groupConditions(filter: Omit<GroupFilter, 'states'>): Where {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const ask = (condition: string, ...given: (string | number)[]) => {
    parts.push(condition);
    values.push(...given);
  };
  const { severity, body, sensor, rule, address, text, since } = filter;
  if (severity !== undefined) ask('g.severity >= ?', severityRank(severity));
  if (body !== undefined) ask('g.body = ?', body);
  if (sensor !== undefined) ask('instr(g.sensors, ?) > 0', JSON.stringify(sensor));
  if (rule !== undefined) ask('g.rule = ?', rule);
  // By the narrow indexes first: the planner would rather walk the queue and look into every wide row.
  if (address !== undefined) {
    const of = (column: string) => `SELECT row FROM groups WHERE ${column} = ?`;
    ask(`g.row IN (${of('src_ip')} UNION ALL ${of('dest_ip')})`, address, address);
  }
  if (text !== undefined) {
    const like = containing(text);
    const columns = ['rule_name', 'src_ip', 'dest_ip'].map(
      (column) => String.raw`${column} LIKE ? ESCAPE '\'`,
    );
    ask(
      `g.row IN (SELECT row FROM groups INDEXED BY groups_text WHERE ${columns.join(' OR ')})`,
      ...[like, like, like],
    );
  }
  if (since !== undefined) ask('g.last_seen >= ?', since);
  return { sql: parts.join(' AND ') || 'TRUE', values };
}
