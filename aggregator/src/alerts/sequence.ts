// Stage 2: did everything come that the sensor numbered? What is missing becomes a fact "blind from–to".
import { hash } from 'node:crypto';
import type { Flight, Known } from './flight.ts';

export async function sequence(flight: Flight, known: Known): Promise<void> {
  const progress = new Map<string, { sensor: string; epoch: string; next: number }>();
  for (const { sensor, header, heard_before, received } of flight.submissions) {
    const { epoch, first_seq, count } = header;
    const key = `${sensor} ${epoch}`;
    let life = progress.get(key);
    if (life === undefined) {
      life = { sensor, epoch, next: (await known.progress(sensor, epoch)) ?? 0 };
      progress.set(key, life);
    }
    flight.expected.push(life.next);
    if (count === 0) continue;
    const missing = first_seq - life.next;
    if (missing > 0) {
      const id = hash('sha256', `gap ${key} ${life.next}`).slice(0, 32);
      const from = heard_before ?? received;
      flight.gaps.push({ id, sensor, from, until: received, reason: 'shed', count: missing });
    }
    life.next = Math.max(life.next, first_seq + count);
  }
  flight.progress = [...progress.values()];
}
