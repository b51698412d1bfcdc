// An aggregator that is behind: told from the record that waits longest, until nothing does.
import { expect, test } from 'vitest';
import type { Blind } from '../wire/health.ts';
import { Backlog, type Queue } from './backlog.ts';
import { BlindSpans } from './blind-spans.ts';

const START = Date.UTC(2026, 0, 5, 12);
const MIB = 1024 * 1024;

function stand(seconds = 60) {
  const told: Blind[] = [];
  const spans = new BlindSpans({ tell: (blind) => told.push(blind), say: () => {} });
  const backlog = new Backlog(spans, { seconds, bytes: 64 * MIB }, START);
  const second = (text: string): number => (Date.parse(text) - START) / 1000;
  return {
    look: (at: number, queues: readonly Queue[], heard = at, bytes = 0) =>
      backlog.look({ bytes, queues, lastHeard: heard === 0 ? 0 : START + heard * 1000 }, START + at * 1000),
    spans: () => told.map((b) => `${b.reason} ${second(b.from)}–${second(b.until)}`),
    causes: () => spans.causes.length,
  };
}
const queue = (name: string, next: number, acked: number): Queue => ({ name, next, acked });

test('a record that waits too long begins the span when it came, and its acknowledgement ends it', () => {
  const { look, spans, causes } = stand();
  look(0, [queue('low', 0, -1)]);
  for (let s = 1; s <= 10; s++) look(s, [queue('low', s, -1)]);
  // Acknowledged up to the fifth: the sixth, of second 6, waits longest.
  for (let s = 11; s <= 66; s++) look(s, [queue('low', 10, 4)]);
  expect([spans(), causes()]).toEqual([[], 0]);
  look(67, [queue('low', 10, 4)]);
  expect([spans(), causes()]).toEqual([['backlog 6–67'], 1]);
  look(70, [queue('low', 11, 9)]);
  expect([spans(), causes()]).toEqual([['backlog 6–67', 'backlog 67–70'], 0]);
  look(140, [queue('low', 11, 10)]);
  expect(causes()).toBe(0);
});

test('one lane that is passed over by others is told of', () => {
  const { look, spans } = stand();
  look(0, [queue('series', 1, -1)]);
  for (let s = 1; s <= 61; s++) look(s, [queue('series', 1, -1), queue('critical', s, s - 1)]);
  expect(spans()).toEqual(['backlog 0–61']);
});

test('what a run before left behind waits since the start', () => {
  const { look, spans } = stand();
  for (let s = 1; s <= 61; s++) look(s, [queue('old', 500, 99)]);
  expect(spans()).toEqual(['backlog 0–61']);
});

test('ages stay known over a long outage, in bounded memory', () => {
  const { look, spans } = stand(3600);
  for (let s = 1; s <= 3700; s++) look(s, [queue('low', s, -1)]);
  expect(spans()[0]).toMatch(/^backlog [01]–360[12]$/);
});

test('an aggregator that does not answer, also from the very start', () => {
  const { look, spans, causes } = stand();
  for (let s = 1; s <= 61; s++) look(s, [], 0);
  expect(spans()).toEqual(['uplink 0–61']);
  look(62, [], 62);
  expect([spans().at(-1), causes()]).toEqual(['uplink 61–62', 0]);
  for (let s = 63; s <= 123; s++) look(s, [], 62);
  expect(spans().at(-1)).toBe('uplink 62–123');
});

test('an aggregator that answers each heartbeat is not silent, however little may wait', () => {
  const { look, causes } = stand(2);
  for (let s = 1; s <= 60; s++) look(s, [], Math.floor(s / 10) * 10 || 1);
  expect(causes()).toBe(0);
  for (let s = 61; s <= 95; s++) look(s, [], 60);
  expect(causes()).toBe(1);
});

test('too much on disk', () => {
  const { look, spans, causes } = stand();
  look(1, [], 1, 64 * MIB);
  look(2, [], 2, 64 * MIB + 1);
  expect(spans()).toEqual(['backlog 1–2']);
  look(3, [], 3, 10);
  expect([spans().at(-1), causes()]).toEqual(['backlog 2–3', 0]);
});

test('0 seconds is never', () => {
  const { look, causes } = stand(0);
  look(1000, [queue('low', 9, -1)], 0, 1e12);
  expect(causes()).toBe(0);
});
