// Loading while packets flow: the same set as loading at once, shared with other threads, and nothing waits for long.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadRules, loadRulesAside } from './index.ts';
import { type IndicatorKind, kindNumber } from './indicators/kinds.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-aside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MANY = 200_000;
const name = (i: number): string => `n${Math.imul(i, 0x9e3779b1) >>> 0}.example`;
writeFileSync(join(folder, 'names.txt'), Array.from({ length: MANY }, (_, i) => name(i)).join('\n'));
writeFileSync(join(folder, 'bad.csv'), 'value\n192.0.2.1\nnot one\n');
const sigma = (i: number): string => `
title: Name ${i}
id: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}
logsource: {product: yagura, service: tls}
detection:
    selection: {tls.sni|endswith: x${i}.example}
    condition: selection
`;
for (let i = 0; i < 300; i++) writeFileSync(join(folder, `${i}.yml`), sigma(i));

test('the same set, problems and digest as at once', async () => {
  const [aside, once] = [await loadRulesAside([folder]), loadRules([folder])];
  expect(aside.digest).toBe(once.digest);
  expect(aside.rules.length).toBe(300);
  expect(aside.indicators.size).toBe(MANY + 1);
  expect(aside.problems.map(({ code, message }) => [code, message])).toEqual([
    ['indicator_invalid', 'bad.csv:3:1: "not one" is no domain of two labels or more'],
  ]);
  const domain: IndicatorKind = 'domain';
  for (let i = 0; i < MANY; i += 997)
    expect(aside.indicators.suffix(kindNumber(domain), `www.${name(i)}`, 0)).toBeGreaterThanOrEqual(0);
});

test('lists that were read already are shared, not read again', async () => {
  const { built } = await loadRulesAside([folder]);
  const shared = await loadRulesAside([folder], structuredClone(built));
  expect(shared.indicators.size).toBe(MANY + 1);
  expect(shared.digest).toBe(loadRules([folder]).digest);
  // Threads hand over the memory itself: a clone of it is the same.
  expect(new Int32Array(shared.built.memory.table.slots)).toEqual(new Int32Array(built.memory.table.slots));
});

test('this thread has its turn while rules and lists load', async () => {
  let busiest = 0;
  let turns = 0;
  let isOver = false;
  let before = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    busiest = Math.max(busiest, (user + system) / 1000);
    before = process.threadCpuUsage();
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await loadRulesAside([folder]);
  isOver = true;
  expect(turns).toBeGreaterThan(5);
  // ms of this thread's own work between two turns; the machine may have others.
  expect(busiest).toBeLessThan(50);
});
