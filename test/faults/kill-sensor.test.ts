// kill -9 of the sensor at random moments of a replay, fixed seed: every alert arrives, and none twice.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { captureHeader, questions } from '../support/dns-capture.ts';
import type { Program } from '../support/program.ts';
import { KILLS, nameOf, random, Stand } from './stand.ts';

const CAPTURES = 100;
const EACH = 100;

let stand: Stand;
afterEach(() => stand.end());

/** A killed sensor leaves its lock behind: what counts is whose it is. */
function holdsSpool(sensor: Program): boolean {
  const lock = join(stand.sensor, 'spool', 'lock');
  return existsSync(lock) && readFileSync(lock, 'utf8').startsWith(`${sensor.pid} `);
}

test(`the sensor, killed ${KILLS} times while it reads and sends`, { timeout: 180_000 }, async (context) => {
  stand = new Stand();
  const names = Array.from({ length: CAPTURES * EACH }, (_, number) => nameOf(number));
  const captures = Array.from({ length: CAPTURES }, (_, part) => {
    const path = join(stand.folder, `${part}.pcap`);
    const some = names.slice(part * EACH, (part + 1) * EACH);
    writeFileSync(path, Buffer.concat([captureHeader(), questions(some, part * EACH)]));
    return path;
  });
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
