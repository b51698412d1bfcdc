// A sensor as the aggregator knows it: whose it is, how it proves who it is, and when it was last heard.
import type { Health } from 'yagura-sensor/wire';

export interface Sensor {
  /** `yagura://<body>/<sensor>`, the SAN URI of its certificate. */
  readonly id: string;
  readonly body: string;
  readonly name: string;
  /** Serial number of the newest certificate, hex; older ones are no longer accepted. */
  readonly serial: string;
  /** µs. */
  readonly certificate_until: number;
  /** µs; null while it is trusted. */
  readonly revoked: number | null;
  /** µs, our clock; null before the first batch. */
  readonly last_seen: number | null;
  readonly health: Health | null;
  /** Its clock minus ours, at the last health report. */
  readonly clock_skew_s: number | null;
}

export type SensorStatus = 'live' | 'silent' | 'never';

export function sensorStatus(sensor: Sensor, at: number, silentAfter: number): SensorStatus {
  if (sensor.last_seen === null) return 'never';
  return at - sensor.last_seen > silentAfter ? 'silent' : 'live';
}

export const sensorId = (body: string, name: string): string => `yagura://${body}/${name}`;

const ID = /^[a-z0-9-]{1,64}$/;
/** A body's or a sensor's own name inside `yagura://<body>/<sensor>`. */
export const isId = (text: string): boolean => ID.test(text);
