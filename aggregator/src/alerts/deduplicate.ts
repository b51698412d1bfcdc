// Stage 3: what was kept before, or comes twice at once, is counted and let go. Makes a resend harmless.
import type { Origin } from './alert.ts';
import type { Flight, Known } from './flight.ts';

export async function deduplicate(flight: Flight, known: Known): Promise<void> {
  const seen = new Set(await known.alerts(flight.admitted.map((a) => a.id)));
  flight.admitted = flight.admitted.filter(({ id, origin }) => {
    const fresh = !seen.has(id);
    seen.add(id);
    flight.outcomes[origin.submission][fresh ? 'accepted' : 'duplicates']++;
    return fresh;
  });
  // Series are absolute and blind spans carry their id: the store takes them again without harm, so they are only counted.
  for (const { origin } of [...flight.series, ...flight.blinds]) {
    flight.outcomes[origin.submission][isResend(flight, origin) ? 'duplicates' : 'accepted']++;
  }
}

/** The record came before. */
export const isResend = (flight: Flight, { submission, index }: Origin): boolean =>
  flight.submissions[submission].header.first_seq + index < flight.expected[submission];
