// Hours in small: a steady rate of flows that are always new, through the whole sensor into an aggregator. Memory must
// come to rest, nothing may be dropped, and nothing may pile up. YAGURA_SOAK=30 goes on for so many minutes.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { generate } from '../bench/generate.ts';
import { Stand } from '../faults/stand.ts';
import { type Program, start } from '../support/program.ts';
import { missing } from './namespaces.ts';
import { BUILT_WITH, Street } from './street.ts';

const reason = missing(...BUILT_WITH, 'tcpreplay');
const RULES = new URL('../../rules', import.meta.url).pathname;
/** Seconds. */
const LENGTH = Number(process.env['YAGURA_SOAK'] ?? 0.25) * 60;
const RATE = Number(process.env['YAGURA_SOAK_RATE'] ?? 5000);
/** Packets of the capture that is sent again and again, each time with other addresses. */
const PACKETS = 100_000;
/** Seconds between two looks. */
const STEP = Math.min(10, LENGTH / 10);
/** The first half, in which code is compiled and tables fill, says nothing of what memory comes to. */
const WARM = 0.5;
/** Records that may wait at once: some seconds' worth, where others use the machine. At the end there are none. */
const MOST_WAITING = 10_000;
/** MiB: what a sensor with one interface may have unless it is told. */
const MEMORY = 256 + 64;
/** MiB an hour that are still called flat, over half an hour or more. */
const FLAT = 16;
const LONG = 30 * 60;

interface Look {
  /** Seconds since the start. */
  readonly at: number;
  /** MiB. */
  readonly sensor: number;
  readonly aggregator: number;
  readonly packets: number;
  readonly dropped: number;
  /** Records that wait for the aggregator. */
  readonly waiting: number;
  readonly flows: number;
}

const residentOf = ({ pid }: Program): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024;

async function look(sensor: Program, aggregator: Program, metrics: string, began: number): Promise<Look> {
  const text = await (await fetch(metrics)).text();
  const value = (name: string): number =>
    [...text.matchAll(new RegExp(`^yagura_sensor_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (sum, [, number]) => sum + Number(number),
      0,
    );
  return {
    at: (performance.now() - began) / 1000,
    sensor: residentOf(sensor),
    aggregator: residentOf(aggregator),
    packets: value('packets_total'),
    dropped: value('packets_dropped_total'),
    waiting: value('spool_records'),
    flows: value('flows_active'),
  };
}

/** Least squares, in MiB an hour. */
function slope(looks: readonly Look[], of: (one: Look) => number): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(looks.map(({ at }) => at)), mean(looks.map(of))];
  const sum = (term: (one: Look) => number): number => looks.reduce((total, one) => total + term(one), 0);
  return (sum((one) => (one.at - x) * (of(one) - y)) / sum(({ at }) => (at - x) ** 2)) * 3600;
}

let stand: Stand | undefined;
let street: Street | undefined;
let sender: ChildProcess | undefined;
afterAll(async () => {
  if (sender?.exitCode === null) {
    sender.kill('SIGKILL');
    await once(sender, 'close');
  }
  await stand?.end();
  await street?.remove();
});

const title = `memory comes to rest, and nothing is lost${reason === undefined ? '' : ` (${reason})`}`;
test.skipIf(reason !== undefined)(title, { timeout: (LENGTH + 120) * 1000 }, async () => {
  stand = new Stand();
  const aggregator = await stand.prepare();
  street = new Street(['10.1.9.1/24'], '10.1.9.200/24');
  const capture = join(stand.folder, 'traffic.pcap');
  generate(capture, PACKETS);
  const settings = join(stand.folder, 's.yaml');
  writeFileSync(
    settings,
    [
      `sources: [{afpacket: ${street.switch}}]`,
      `rules: ${RULES}`,
      `uplink: ${stand.sensor}`,
      'events: /dev/null',
      'metrics: 127.0.0.1:0',
      'allow_root: true',
    ].join('\n'),
  );
  const sensor = start('sensor', 'run', '--config', settings);
  const [, metrics] = await sensor.says(/(http:\S+\/metrics)/);
  await sensor.says(/^watching /m);

  const began = performance.now();
  sender = street.send(
    'tcpreplay',
    '-q',
    '--pps',
    String(RATE),
    '--loop',
    '0',
    '--unique-ip',
    '-i',
    'c0',
    capture,
  );
  const looks: Look[] = [];
  while ((performance.now() - began) / 1000 < LENGTH) {
    await sleep(STEP * 1000);
    looks.push(await look(sensor, aggregator, metrics, began));
    const { at, ...figures } = looks.at(-1)!;
    const words = Object.entries(figures).map(([word, value]) => `${word} ${Math.round(value)}`);
    if (LENGTH >= 60) process.stdout.write(`${at.toFixed(0)} s: ${words.join(', ')}\n`);
  }
  const ended = once(sender, 'close');
  sender.kill('SIGINT');
  await ended;
  const sent = street.sent();
  await sleep(2000);
  const last = await look(sensor, aggregator, metrics, began);
  const settled = looks.filter(({ at }) => at >= LENGTH * WARM);
  const [ofSensor, ofAggregator] = [slope(settled, (l) => l.sensor), slope(settled, (l) => l.aggregator)];
  process.stdout.write(
    `${(last.packets / LENGTH).toFixed(0)} packets/s for ${LENGTH} s: ${last.packets} seen, ${last.dropped} dropped; sensor ${settled[0].sensor.toFixed(0)} to ${last.sensor.toFixed(0)} MiB (${ofSensor.toFixed(1)} MiB/h), aggregator ${settled[0].aggregator.toFixed(0)} to ${last.aggregator.toFixed(0)} MiB (${ofAggregator.toFixed(1)} MiB/h); at most ${Math.max(...looks.map(({ waiting }) => waiting))} records waited\n`,
  );
  await sensor.stop();

  expect(last.packets).toBeGreaterThan(RATE * LENGTH * 0.8);
  expect(last.packets).toBe(sent);
  expect(last.dropped).toBe(0);
  expect(last.waiting).toBe(0);
  expect(Math.max(...looks.map(({ waiting }) => waiting))).toBeLessThan(MOST_WAITING);
  expect(Math.max(...looks.map((one) => one.sensor))).toBeLessThan(MEMORY);
  if (LENGTH >= LONG) expect(ofSensor).toBeLessThan(FLAT);
});
