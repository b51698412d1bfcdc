// Numbers that exporters left out: a span for each exporter, with the count, and a bound on how many are named.
import { expect, test } from 'vitest';
import type { Blind } from '../wire/health.ts';
import { BlindSpans } from './blind-spans.ts';
import { Gaps, type Numbered } from './gaps.ts';

const START = Date.now();

function stand() {
  const told: Blind[] = [];
  const spans = new BlindSpans({ tell: (blind) => told.push(blind), say: () => {} });
  const gaps = new Gaps('netflow-1', spans);
  const exporters: { address: string; counters: { lost: number } }[] = [];
  const look = (second: number): void => {
    const lost = exporters.reduce((sum, { counters }) => sum + counters.lost, 0);
    gaps.look(exporters as Iterable<Numbered>, lost, START + second * 1000);
  };
  const add = (address: string, lost = 0) => {
    const exporter = { address, counters: { lost } };
    exporters.push(exporter);
    return exporter;
  };
  return { told, spans, look, add };
}

test('each exporter has its span, which ends a minute after its last gap', () => {
  const { told, spans, look, add } = stand();
  const [one, two] = [add('198.51.100.1'), add('198.51.100.2')];
  look(1);
  expect(spans.causes).toEqual([]);
  one.counters.lost = 5;
  look(2);
  expect(spans.causes).toEqual(['netflow-1: numbers of exporter 198.51.100.1 are missing']);
  expect(told).toMatchObject([{ reason: 'dropped', count: 5 }]);
  two.counters.lost = 1;
  one.counters.lost = 7;
  look(3);
  expect(spans.causes).toHaveLength(2);
  look(62);
  expect(spans.causes).toHaveLength(2);
  look(63);
  expect(spans.causes).toEqual([]);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(8);
  expect(Math.max(...told.map(({ until }) => Date.parse(until)))).toBe(START + 3000);
});

test('of ten thousand at once 64 are named, and the others counted together', () => {
  const { told, spans, look, add } = stand();
  look(1);
  for (let i = 0; i < 10_000; i++) add(`10.0.${i >> 8}.${i & 255}`, 2);
  look(2);
  expect(spans.causes).toHaveLength(65);
  expect(spans.causes).toContain('netflow-1: numbers of further exporters are missing');
  spans.finish(START + 3000);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
});
