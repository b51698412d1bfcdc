// The bounded stream beside RITA's formula over all calls: how far they are apart.
import { describe, expect, test } from 'vitest';
import { noise } from '../../../../test/laws/detectors.plays.ts';
import { Key } from '../sketch/key.ts';
import { scoresOf } from '../sketch/rita.ts';
import { Calls } from './calls.ts';

const START = 1_767_571_200;
const key = new Key().begin().word(7);

/** Seconds and sizes of calls every `gap` seconds, each off by up to `jitter` of it. */
function train(count: number, gap: number, jitter: number) {
  const random = noise(count + gap);
  let t = START;
  return Array.from({ length: count }, () => {
    t += gap * (1 + jitter * random());
    return { time: Math.floor(t), size: Math.round(600 + 200 * jitter * random()) };
  });
}

describe('scores of a stream', () => {
  test.each([
    [60, 0.05, 100],
    [60, 0.2, 1_000],
    [300, 0.5, 280],
    [10, 0.3, 8_000],
    [1_200, 0.9, 70],
    [45, 0, 1_900],
  ])('every %d s ± %d, %d calls: as over all of them, to 0.05', (gap, jitter, count) => {
    const calls = new Calls(1);
    const all = train(count, gap, jitter);
    for (const { time, size } of all) calls.add(key, time, size);
    const stream = calls.judge(key, 4)!;
    const [from, to] = [all[0].time, all[count - 1].time];
    const batch = scoresOf(
      all.map(({ time }) => time),
      all.map(({ size }) => size),
      from,
      to,
    )!;
    for (const part of ['ts', 'ds', 'dur', 'hist'] as const)
      expect(
        Math.abs(stream[part] - batch[part]),
        `${part} ${stream[part]} ${batch[part]}`,
      ).toBeLessThanOrEqual(0.15);
    expect(Math.abs(stream.score - batch.score)).toBeLessThanOrEqual(0.05);
    expect(stream.calls).toBe(count);
  });
  test('a day later only that day is left', () => {
    const calls = new Calls(1);
    for (const { time, size } of train(3_000, 60, 0.1)) calls.add(key, time, size);
    expect(calls.judge(key, 4)!.span).toBeLessThanOrEqual(48 * 2048);
  });
  test('another recording, older by a month, begins anew', () => {
    const calls = new Calls(1);
    for (const { time, size } of train(50, 60, 0.1)) calls.add(key, time, size);
    for (const { time, size } of train(50, 60, 0.1)) calls.add(key, time - 2_592_000, size);
    expect(calls.judge(key, 4)!.span).toBeLessThanOrEqual(48 * 2048);
  });
});
