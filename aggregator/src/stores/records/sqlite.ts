// The records store in one SQLite file: the embedded default. One room for each noun under sqlite/.
import type { SqliteFile } from '../sqlite.ts';
import type { Records, RecordsWriter } from './records.ts';
import { alerts } from './sqlite/alerts.ts';
import { groups } from './sqlite/groups.ts';
import { people } from './sqlite/people.ts';
import { registry } from './sqlite/registry.ts';

export function sqliteRecords(file: SqliteFile): Records {
  const rooms = {
    registry: registry(file),
    alerts: alerts(file),
    groups: groups(file),
    people: people(file),
  };
  const writes: RecordsWriter = {
    ...rooms.registry.writes,
    ...rooms.alerts.writes,
    ...rooms.groups.writes,
    ...rooms.people.writes,
  };
  return {
    engine: 'sqlite',
    write: (work) => file.transaction(() => work(writes)),
    close: () => file.close(),
    ...rooms.registry.reads,
    ...rooms.alerts.reads,
    ...rooms.groups.reads,
    ...rooms.people.reads,
  };
}
