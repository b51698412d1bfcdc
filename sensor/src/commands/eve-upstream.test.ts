// Their capture's counts as our blindness: what was dropped, and a Suricata that runs behind a tap that is silent.
import { expect, test } from 'vitest';
import { newSensor } from '../../../test/support/sense.ts';
import { BlindSpans } from '../sight/blind-spans.ts';
import type { Blind } from '../wire/health.ts';
import { Upstream } from './eve-upstream.ts';

const START = Date.UTC(2026, 0, 5, 12);

function stand() {
  const told: Blind[] = [];
  const spans = new BlindSpans({ tell: (blind) => told.push(blind), say: () => {} });
  const { sensor } = newSensor();
  const upstream = new Upstream({ name: 'x', silent_seconds: 60 }, { spans, sensor });
  const seconds = (): string[] =>
    told.map(({ from, until, reason, count }) => {
      const [a, b] = [from, until].map((time) => (Date.parse(time) - START) / 1000);
      return `${a}–${b} ${reason} ${count}`;
    });
  const stats = (second: number, packets: number, dropped = 0): void =>
    upstream.told({ packets, dropped }, START + second * 1000);
  return { stats, seconds, spans, upstream, sensor };
}

test('what was dropped between two records is a span with its count; before we came it is none', () => {
  const { stats, seconds, spans, upstream, sensor } = stand();
  stats(0, 1000, 900);
  stats(8, 2000, 900);
  stats(16, 3000, 930);
  stats(24, 4000, 940);
  stats(32, 5000, 940);
  expect(seconds()).toEqual(['8–16 dropped 30', '16–24 dropped 10']);
  expect(spans.causes).toEqual([]);
  // Started anew, it counts from nothing.
  stats(100, 50, 5);
  expect(seconds().at(-1)).toBe('32–100 dropped 5');
  expect(upstream).toMatchObject({ packets: 4050, dropped: 45 });
  expect(sensor.counters.reported).toBe(4005);
});

test('a Suricata that writes and sees nothing is a silent tap, from its last packet on', () => {
  const { stats, seconds, spans } = stand();
  stats(0, 1000);
  stats(8, 1001);
  for (let second = 16; second <= 64; second += 8) stats(second, 1001);
  expect(seconds()).toEqual([]);
  stats(72, 1001);
  expect(spans.causes).toEqual(['x: Suricata runs, and has seen no packet for more than 60 s']);
  stats(80, 1001);
  stats(88, 1002);
  expect(seconds()).toEqual(['8–72 silent 0', '72–88 silent 0']);
});
