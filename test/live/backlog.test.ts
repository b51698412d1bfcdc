// An aggregator that is away: how long its analysts read of the past is told, and reaches them when it is back.
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nameOf, Stand } from '../faults/stand.ts';
import { captureHeader, questions } from '../support/dns-capture.ts';
import { start } from '../support/program.ts';

let stand: Stand;
afterEach(() => stand.end());

/** ms: it looks once a second, when the machine lets it. */
const LATE = 4000;

const within = { timeout: 20_000, interval: 50 };

test('what waited while the aggregator was away', { timeout: 90_000 }, async () => {
  stand = new Stand();
  const aggregator = await stand.prepare();
  const pipe = join(stand.folder, 'pipe');
  const eve = join(stand.folder, 'eve.json');
  execFileSync('mkfifo', [pipe]);
  const settings = join(stand.folder, 's.yaml');
  const lines = [
    `sources: [{capture: ${pipe}, silent_seconds: 0}]`,
    `rules: ${stand.rules}`,
    `uplink: ${stand.sensor}`,
    `events: ${eve}`,
    'backlog_seconds: 2',
    'allow_root: true',
  ];
  writeFileSync(settings, lines.join('\n'));
  const program = start('sensor', 'run', '--config', settings);
  await program.says(/^watching /m);
  const recorder = createWriteStream(pipe);
  recorder.write(Buffer.concat([captureHeader(), questions([nameOf(1)], 0)]));
  await expect.poll(() => stand.arrived().names, within).toEqual([nameOf(1)]);
  await aggregator.kill();
  const away = Date.now();
  recorder.write(questions([nameOf(2)], 1));
  const told = (): { reason: string; from: string }[] =>
    existsSync(eve)
      ? readFileSync(eve, 'utf8')
          .split('\n')
          .filter((line) => line.includes('"event_type":"blind"'))
          .map((line) => JSON.parse(line).blind)
      : [];
  await expect.poll(() => told().map(({ reason }) => reason), within).toEqual(['backlog']);
  expect(program.said()).toMatch(/blind since .*: records wait for the aggregator for more than 2 s/);
  expect(stand.arrived().names).toEqual([nameOf(1)]);

  await stand.startAggregator();
  const back = Date.now();
  await expect.poll(() => stand.arrived().names.sort(), within).toEqual([nameOf(1), nameOf(2)].sort());
  await expect.poll(() => program.said(), within).toMatch(/sees again since .*: records wait/);
  const spans = () => stand.blinds().filter(({ reason }) => reason === 'backlog');
  // Its beginning was told while it lasted, its end now.
  await expect.poll(() => spans().length, within).toBe(2);
  expect(spans()[0].from).toBeGreaterThanOrEqual(away - LATE);
  expect(spans()[0].from).toBeLessThan(away + LATE);
  expect(spans()[1].until).toBeGreaterThanOrEqual(back - LATE);
  expect(stand.blinds().every(({ reason }) => reason === 'backlog')).toBe(true);
  await program.stop();
  recorder.destroy();
});
