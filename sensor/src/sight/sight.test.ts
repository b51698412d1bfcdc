// Blindness as spans: what lasts is told while it lasts, what is over once, and no moment twice.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Blind } from '../wire/health.ts';
import { BlindSpans } from './blind-spans.ts';
import { ClockSteps } from './clock-steps.ts';
import { newestFile } from './rule-age.ts';

const START = Date.UTC(2026, 0, 5, 12);
const at = (second: number): number => START + second * 1000;

function spans(every = 60_000): {
  spans: BlindSpans;
  told: Blind[];
  said: string[];
  seconds: () => string[];
} {
  const told: Blind[] = [];
  const said: string[] = [];
  const seconds = (): string[] =>
    told.map(({ from, until, reason, count }) => {
      const [a, b] = [from, until].map((time) => (Date.parse(time) - START) / 1000);
      return `${a}–${b} ${reason} ${count}`;
    });
  const sink = { tell: (blind: Blind) => told.push(blind), say: (line: string) => said.push(line) };
  return { spans: new BlindSpans(sink, every), told, said, seconds };
}

test('a silent tap is told at once, while it lasts, and to its end: pieces that join', () => {
  const { spans: s, seconds, said } = spans();
  s.dark('tap', 'silent', at(0), at(60));
  s.dark('tap', 'silent', at(0), at(61));
  s.tick(at(90));
  s.tick(at(121));
  expect(s.causes).toEqual(['tap']);
  s.light('tap', at(150));
  s.light('tap', at(151));
  expect(seconds()).toEqual(['0–60 silent 0', '60–121 silent 0', '121–150 silent 0']);
  expect(s.milliseconds).toEqual({ silent: 150_000 });
  expect(s.causes).toEqual([]);
  expect(said).toHaveLength(2);
});

test('counts add up over the pieces, and none is lost or told twice', () => {
  const { spans: s, seconds, told } = spans();
  for (let second = 1; second <= 130; second++) {
    s.dark('drops', 'dropped', at(second - 1), at(second), 10);
    s.tick(at(second));
  }
  s.finish(at(130));
  expect(seconds()).toEqual([
    '0–1 dropped 10',
    '1–61 dropped 600',
    '61–121 dropped 600',
    '121–130 dropped 90',
  ]);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(1300);
});

test('a clock that is set back while it is blind makes no span that ends before it begins', () => {
  const { spans: s, told } = spans();
  s.dark('tap', 'silent', at(0), at(60));
  s.light('tap', at(-3600));
  for (const { from, until } of told) expect(until >= from).toBe(true);
});

test('a step of the clock is one, in either direction, and adjusting is none', () => {
  const now = { wall: START, steady: 5 };
  const steps = new ClockSteps(2000, { wall: () => now.wall, steady: () => now.steady });
  const pass = (wall: number, steady: number) => {
    now.wall += wall;
    now.steady += steady;
    return steps.look();
  };
  expect(pass(1000, 1000)).toBeUndefined();
  expect(pass(1900, 1000)).toBeUndefined();
  expect(pass(3_601_000, 1000)).toEqual({ expected: START + 3900, now: START + 3_603_900 });
  expect(pass(-60_000, 1000)).toMatchObject({ now: START + 3_543_900 });
  // The machine slept: the steady clock stood still.
  expect(pass(600_000, 0)).toBeDefined();
});

test('rules are as old as their newest file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-age-'));
  try {
    expect(newestFile([join(folder, 'none')])).toBeUndefined();
    for (const [name, seconds] of [
      ['a.yml', 1000],
      ['b.yml', 3000],
      ['c.txt', 2000],
    ] as const) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), seconds, seconds);
    }
    expect(newestFile([folder])).toBe(3_000_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
