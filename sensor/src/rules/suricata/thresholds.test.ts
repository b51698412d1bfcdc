// Thresholds as Suricata's engine counts: before, at and behind the count, and at the last moment of a window.
import { expect, test } from 'vitest';
import {
  Counters,
  type Ends,
  MAX_COUNTED,
  parseDetectionFilter,
  parseThreshold,
  type Threshold,
} from './thresholds.ts';

const ENDS: Ends = { id: 1, src_ip: '10.0.0.1', dest_ip: '10.0.0.2', src_port: 1000, dest_port: 80 };
const option = (name: string, value: string) => ({ name, value, at: 0, valueAt: 0 });
const threshold = (value: string): Threshold => parseThreshold(option('threshold', value));
const filter = (value: string): Threshold => parseDetectionFilter(option('detection_filter', value));

/** One letter a match, a match a second: A told, . silent. */
function run(rule: Threshold, seconds: readonly number[], ends: (i: number) => Ends = () => ENDS): string {
  const counters = new Counters();
  return seconds
    .map((s, i) => (counters.judge('1:1', rule, ends(i), s * 1e6) === 'alert' ? 'A' : '.'))
    .join('');
}
const each = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test.each([
  ['type limit, track by_src, count 2, seconds 60', each(5), 'AA...'],
  ['type threshold, track by_src, count 3, seconds 60', each(7), '..A..A.'],
  ['type threshold, track by_src, count 1, seconds 60', each(3), 'AAA'],
  ['type both, track by_src, count 3, seconds 60', each(7), '..A....'],
  // A window still holds what comes exactly at its end; what comes behind begins a new one.
  ['type limit, track by_src, count 1, seconds 10', [0, 10, 11, 21, 22], 'A.A.A'],
  ['type threshold, track by_src, count 2, seconds 10', [0, 11, 21], '..A'],
  ['type both, track by_src, count 2, seconds 10', [0, 10, 11, 12], '.A.A'],
  // Another recording, of an earlier time.
  ['type limit, track by_src, count 1, seconds 60', [100, 101, 5, 6], 'A.A.'],
  ['type backoff, track by_flow, count 1, multiplier 10', each(11), 'A........A.'],
] as const)('%s', (value, seconds, wanted) => {
  expect(run(threshold(value), seconds)).toBe(wanted);
});

test('detection_filter tells what comes behind the count', () => {
  expect(run(filter('track by_src, count 3, seconds 60'), each(6))).toBe('...AAA');
  expect(run(filter('track by_src, count 2, seconds 10'), [0, 1, 10, 11, 12, 13])).toBe('..A..A');
});

test('unique_on counts what is distinct', () => {
  const rule = filter('track by_src, count 2, seconds 60, unique_on src_port');
  const ports = [1, 1, 2, 2, 3, 3];
  expect(run(rule, each(6), (i) => ({ ...ENDS, src_port: ports[i] }))).toBe('....AA');
});

test('sources, destinations, pairs, rules and flows are counted apart', () => {
  const other = (change: Partial<Ends>) => (i: number) => (i % 2 === 0 ? ENDS : { ...ENDS, ...change });
  const limit = (track: string) => threshold(`type limit, track ${track}, count 1, seconds 60`);
  const back = { src_ip: ENDS.dest_ip, dest_ip: ENDS.src_ip };
  expect(run(limit('by_src'), each(4), other({ src_ip: '10.0.0.9' }))).toBe('AA..');
  expect(run(limit('by_dst'), each(4), other({ src_ip: '10.0.0.9' }))).toBe('A...');
  expect(run(limit('by_both'), each(4), other(back))).toBe('A...');
  expect(run(limit('by_both'), each(4), other({ dest_ip: '10.0.0.9' }))).toBe('AA..');
  expect(run(limit('by_rule'), each(4), other({ src_ip: '10.0.0.9', dest_ip: '10.0.0.8' }))).toBe('A...');
  expect(run(limit('by_flow'), each(4), other({ id: 2 }))).toBe('AA..');
});

test('rate_filter turns matches above its count silent for a while', () => {
  const rule: Threshold = {
    type: 'rate_filter',
    track: 'by_rule',
    count: 2,
    span: 10e6,
    newAction: 'pass',
    timeout: 30e6,
  };
  expect(run(rule, [0, 1, 2, 3, 20, 32, 33])).toBe('AA....A');
});

test('what is counted is bounded, and what is forgotten is counted', () => {
  const counters = new Counters();
  const rule = threshold('type limit, track by_src, count 1, seconds 60');
  for (let i = 0; i < MAX_COUNTED + 10; i++)
    counters.judge('1:1', rule, { ...ENDS, src_ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }, 0);
  expect([counters.size, counters.forgotten]).toEqual([MAX_COUNTED, 10]);
});
