// Stage 4: what the aggregator knows and the sensor does not: body, direction, time of arrival, group.
import { toRfc3339 } from '../time.ts';
import type { DirectionOfTraffic } from './alert.ts';
import { fingerprint, fingerprintKey } from './fingerprint.ts';
import type { Flight, Warrant } from './flight.ts';

export function enrich(flight: Flight): void {
  const groups = new Map<string, string>();
  const arrived = flight.submissions.map((s) => toRfc3339(s.received));
  flight.alerts = flight.admitted.map(({ id, alert, time, origin }) => {
    const { body, sensor, received, warrant } = flight.submissions[origin.submission];
    const key = fingerprintKey(body, alert);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = fingerprint(key)));
    const direction = directionOf(alert.src_ip, alert.dest_ip, warrant);
    return {
      alert: { id, group, body, sensor, received: arrived[origin.submission], direction, ...alert },
      time,
      received,
    };
  });
}

function directionOf(source: string, destination: string, { scope }: Warrant): DirectionOfTraffic {
  if (!scope.has(source)) return 'inbound';
  return scope.has(destination) ? 'internal' : 'outbound';
}
