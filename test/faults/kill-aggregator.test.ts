// kill -9 of the aggregator at random moments of a live run, fixed seed: every alert arrives, and none twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { captureHeader, questions } from '../support/dns-capture.ts';
import { KILLS, nameOf, random, Stand } from './stand.ts';

let stand: Stand;
afterEach(() => stand.end());

test(`the aggregator, killed ${KILLS} times while it takes records`, {
  timeout: 300_000,
}, async (context) => {
  stand = new Stand();
  let aggregator = await stand.prepare();
  const sensor = stand.startSensor(['-']);
  const names: string[] = [];
  sensor.stdin.write(captureHeader());
  const feeding = setInterval(() => {
    const some = Array.from({ length: 10 }, (_, index) => nameOf(names.length + index));
    sensor.stdin.write(questions(some, names.length));
    names.push(...some);
  }, 50);
  try {
    const next = random(2);
    const counts: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // The sensor comes back at its own pace; most kills shall hit an aggregator that is taking something.
      const before = stand.arrived().names.length;
      for (let tries = 0; tries < 30 && stand.arrived().names.length === before; tries++) await sleep(50);
      await sleep(next() * 300);
      await aggregator.kill();
      counts.push(stand.arrived().names.length);
      aggregator = await stand.startAggregator();
    }
    clearInterval(feeding);
    sensor.stdin.end();
    expect(await sensor.ended, sensor.said()).toBe(0);
    stand.expectEachOnce(names);
    const grew = counts.filter((count, kill) => count > (counts[kill - 1] ?? 0)).length;
    await context.annotate(
      `${KILLS} kills; ${grew} hit an aggregator that had just taken some of ${names.length}`,
    );
  } finally {
    clearInterval(feeding);
  }
  await aggregator.stop();
});
