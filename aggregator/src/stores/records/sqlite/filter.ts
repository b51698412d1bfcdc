// What a reader asks for, as the WHERE of an SQL statement with its values.

import { GROUP_STATES } from '../../../alerts/group.ts';
import { severityRank } from '../../../alerts/priority.ts';
import type { GroupFilter } from '../records.ts';

export interface Where {
  readonly sql: string;
  readonly values: readonly (string | number | Uint8Array)[];
}

/** Text for LIKE with its wildcards taken literally. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Conditions on the columns of `groups` (as `g`). */
export function groupConditions(filter: GroupFilter): Where {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const ask = (condition: string, ...given: (string | number)[]) => {
    parts.push(condition);
    values.push(...given);
  };
  const { states, severity, body, sensor, rule, address, text, since } = filter;
  if (states !== undefined) ask(`g.state IN (${states.map((s) => GROUP_STATES.indexOf(s)).join(', ')})`);
  if (severity !== undefined) ask('g.severity >= ?', severityRank(severity));
  if (body !== undefined) ask('g.body = ?', body);
  if (sensor !== undefined) ask('instr(g.sensors, ?) > 0', JSON.stringify(sensor));
  if (rule !== undefined) ask('g.rule = ?', rule);
  if (address !== undefined) ask('(g.src_ip = ? OR g.dest_ip = ?)', address, address);
  if (text !== undefined) {
    const like = containing(text);
    ask(
      String.raw`(g.rule_name LIKE ? ESCAPE '\' OR g.src_ip LIKE ? ESCAPE '\' OR g.dest_ip LIKE ? ESCAPE '\')`,
      like,
      like,
      like,
    );
  }
  if (since !== undefined) ask('g.last_seen >= ?', since);
  return { sql: parts.join(' AND ') || 'TRUE', values };
}
