// Which sensors do not see, or lately did not: the silence of a queue is worth no more than this.
import type { Sensor } from '../api/shapes.ts';

const LATELY_MS = 24 * 3_600_000;

export type Gap =
  | { readonly kind: 'silent'; readonly sensor: string; readonly since: string }
  | { readonly kind: 'never'; readonly sensor: string }
  | { readonly kind: 'blind'; readonly sensor: string; readonly reason: Sensor['blind'][number]['reason'] };

/** A revoked sensor is meant to be silent. Sensors silent now come before those that had a gap within the last day. */
export function gaps(sensors: readonly Sensor[], now: number): Gap[] {
  const standing: Gap[] = [];
  const lately: Gap[] = [];
  for (const { name, status, last_seen, blind } of sensors) {
    if (status === 'revoked') continue;
    if (status === 'never' || last_seen === null) standing.push({ kind: 'never', sensor: name });
    else if (status === 'silent') standing.push({ kind: 'silent', sensor: name, since: last_seen });
    const span = blind.find(({ until }) => Date.parse(until) >= now - LATELY_MS);
    if (span) lately.push({ kind: 'blind', sensor: name, reason: span.reason });
  }
  return [...standing, ...lately];
}
