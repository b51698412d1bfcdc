// Stage 6: counts per sensor, severity and bucket of packet time, from which charts of alerts are drawn.
import { BUCKET_SECONDS } from 'yagura-sensor/wire';
import { SECOND } from '../time.ts';
import type { AlertTally, Flight } from './flight.ts';

const BUCKET = BUCKET_SECONDS * SECOND;

export function tally(flight: Flight): void {
  const tallies = new Map<string, AlertTally>();
  for (const { alert, time } of flight.alerts) {
    const { body, sensor, rule } = alert;
    const bucket = Math.floor(time / BUCKET) * BUCKET;
    const key = `${bucket} ${sensor} ${rule.severity}`;
    const known = tallies.get(key);
    if (known === undefined) tallies.set(key, { body, sensor, severity: rule.severity, bucket, count: 1 });
    else known.count++;
  }
  flight.tallies = [...tallies.values()];
}
