// What a reading amounts to, as plain numbers: of one sensor, or of several that shared the work.
import type { Counters } from '../counters.ts';
import type { Sensor } from '../sensor.ts';

/** Everything that the summary and the `stats` record say, without the sensor itself. */
export interface Figures {
  readonly counters: Counters;
  readonly flows: Pick<Sensor['flows'], 'opened' | 'active' | 'ended'>;
  readonly streams: Sensor['streams'];
  readonly fragments: Pick<Sensor['fragments'], 'counters' | 'waiting'>;
  /** By their place in the list of oddities. */
  readonly oddities: readonly number[];
  readonly profile: string;
  /** Alerts that were not told, by why. */
  readonly held: Readonly<Record<string, number>>;
  /** Fields that the gate turned away. */
  readonly refused: Readonly<Record<string, number>>;
  /** Packet time of the last packet, µs. */
  readonly now: number;
}

export const figuresOf = (sensor: Sensor): Figures => ({
  counters: { ...sensor.counters, fates: sensor.counters.fates, inner: sensor.counters.inner },
  flows: { opened: sensor.flows.opened, active: sensor.flows.active, ended: { ...sensor.flows.ended } },
  streams: { ...sensor.streams },
  fragments: { counters: { ...sensor.fragments.counters }, waiting: sensor.fragments.waiting },
  oddities: [...sensor.oddities.counts],
  profile: sensor.gate.profile,
  held: { ...sensor.restraint.held },
  refused: Object.fromEntries(sensor.gate.refused),
  now: sensor.now,
});

const LEAST = new Set(['firstTime']);
const MOST = new Set(['lastTime', 'now']);

/** What several counted who shared the work: counts add up, times span. */
export const together = <T>(all: readonly T[]): T => all.reduce((a, b) => joined(a, b) as T);

function joined(a: unknown, b: unknown, name = ''): unknown {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a)) return b;
    if (Number.isNaN(b)) return a;
    return LEAST.has(name) ? Math.min(a, b) : MOST.has(name) ? Math.max(a, b) : a + b;
  }
  if (a instanceof Float64Array && b instanceof Float64Array) return a.map((n, i) => n + b[i]);
  if (Array.isArray(a) && Array.isArray(b)) return a.map((n, i) => joined(n, b[i]));
  if (typeof a !== 'object' || typeof b !== 'object') return a;
  const [left, right] = [a, b] as Record<string, unknown>[];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...names].map((key) => [key, joined(left[key], right[key], key)]));
}
