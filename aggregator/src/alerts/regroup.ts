// Stage 5: alerts that say the same join their group; a group that was closed and is hit again opens anew.
import type { KeptAlert } from './alert.ts';
import type { Flight, Known } from './flight.ts';
import { isOpen, join } from './group.ts';

export async function regroup(flight: Flight, known: Known): Promise<void> {
  const joining = Map.groupBy(flight.alerts, (a: KeptAlert) => a.alert.group);
  const before = await known.groups([...joining.keys()]);
  for (const [id, alerts] of joining) {
    const group = before.get(id);
    const joined = join(group, alerts);
    flight.groups.push(joined);
    if (group !== undefined && !isOpen(group.state)) {
      const note = `was ${group.state}`;
      flight.reopened.push({
        group: id,
        time: joined.received_last,
        actor: 'system',
        action: 'reopened',
        note,
      });
    }
  }
}
