// kill -9 of the sensor at random moments of a replay, fixed seed: every alert arrives, and none twice.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { captureHeader, questions } from '../support/dns-capture.ts';
import type { Program } from '../support/program.ts';
import { KILLS, nameOf, random, Stand } from './stand.ts';

let stand: Stand;
afterEach(() => stand.end());

/** A killed sensor leaves its lock behind: what counts is whose it is. */
function holdsSpool(sensor: Program): boolean {
  const lock = join(stand.sensor, 'spool', 'lock');
  return existsSync(lock) && readFileSync(lock, 'utf8').startsWith(`${sensor.pid} `);
}

/** `parts` captures that follow one another. */
function capturesOf(names: readonly string[], parts: number): string[] {
  const each = names.length / parts;
  return Array.from({ length: parts }, (_, part) => {
    const path = join(stand.folder, `${part}.pcap`);
    const some = names.slice(part * each, (part + 1) * each);
    writeFileSync(path, Buffer.concat([captureHeader(), questions(some, part * each)]));
    return path;
  });
}

test(`the sensor, killed ${KILLS} times while it reads and sends`, { timeout: 180_000 }, async (context) => {
  stand = new Stand();
  const names = Array.from({ length: 5_000 }, (_, number) => nameOf(number));
  const captures = capturesOf(names, 50);
  const aggregator = await stand.prepare();
  const next = random(1);
  const counts: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const sensor = stand.startSensor(captures);
    // From the moment on at which it holds its spool: before, there is nothing to lose.
    while (!holdsSpool(sensor)) await sleep(2);
    await sleep(next() * 800);
    await sensor.kill();
    counts.push(stand.arrived().names.length);
  }
  const last = stand.startSensor(captures);
  expect(await last.ended, last.said()).toBe(0);
  stand.expectEachOnce(names);
  const partly = counts.filter((count) => count > 0 && count < names.length).length;
  await context.annotate(
    `${KILLS} kills; after ${partly} of them a part of ${names.length} alerts had arrived`,
  );
  await aggregator.stop();
});

test('a replay that is told to stop and started again counts nothing twice', {
  timeout: 60_000,
}, async () => {
  stand = new Stand();
  const names = Array.from({ length: 1_000 }, (_, number) => nameOf(number));
  const captures = capturesOf(names, 4);
  const aggregator = await stand.prepare();
  for (const after of [300, 600]) {
    const sensor = stand.startSensor(captures, '--speed', '1');
    while (!holdsSpool(sensor)) await sleep(2);
    await sleep(after);
    await sensor.stop();
  }
  const last = stand.startSensor(captures);
  expect(await last.ended, last.said()).toBe(0);
  stand.expectEachOnce(names);
  await aggregator.stop();
});
