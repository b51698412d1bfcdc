// `run` with an aggregator: alerts are there while it watches, and so is when it did not see, before, between and after.
import { execFileSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nameOf, Stand } from '../faults/stand.ts';
import { captureHeader, questions } from '../support/dns-capture.ts';
import { type Program, start } from '../support/program.ts';

let stand: Stand;
afterEach(() => stand.end());

const within = { timeout: 15_000, interval: 50 };

test('alerts at once, blind spans, and the time between two runs', { timeout: 90_000 }, async () => {
  stand = new Stand();
  await stand.prepare();
  const pipe = join(stand.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const settings = join(stand.folder, 's.yaml');
  writeFileSync(
    settings,
    [
      `sources: [{capture: ${pipe}, silent_seconds: 1}]`,
      `rules: ${stand.rules}`,
      `uplink: ${stand.sensor}`,
      'allow_root: true',
    ].join('\n'),
  );
  const run = async (): Promise<Program> => {
    const program = start('sensor', 'run', '--config', settings);
    await program.says(/^watching /m);
    return program;
  };
  const reasons = (): string[] => [...new Set(stand.blinds().map(({ reason }) => reason))].sort();

  const first = await run();
  const recorder = createWriteStream(pipe);
  recorder.write(Buffer.concat([captureHeader(), questions([nameOf(1)], 0)]));
  await expect.poll(() => stand.arrived().names, within).toEqual([nameOf(1)]);
  // Nothing more comes: that is known there while it lasts.
  await expect.poll(reasons, within).toEqual(['silent']);
  recorder.write(questions([nameOf(2)], 1));
  await expect.poll(() => stand.arrived().names.sort(), within).toEqual([nameOf(1), nameOf(2)].sort());
  await first.stop();
  expect(await first.ended).toBe(0);
  const stopped = Date.now();

  const second = await run();
  await expect.poll(reasons, within).toEqual(['restart', 'silent']);
  const between = stand.blinds().filter(({ reason }) => reason === 'restart');
  expect(between).toHaveLength(1);
  expect(between[0].from).toBeLessThanOrEqual(stopped);
  expect(between[0].until).toBeGreaterThanOrEqual(stopped);
  await second.stop();
  recorder.destroy();
});
