// `npm run bench`: how fast `yagura-sensor read` is, as whole processes, beside the bare walk over the record headers.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.ts';

const HELP = `npm run bench -- [options]

  --packets N      at least so many packets; flows that began then end [300000]
  --repeats N      each program runs so many times, in turn with the others [5]
  --traffic own    own generator, or "mix", "dns", "small" from ../shared/bench when it is there [own]
  --capture FILE   this capture instead (classic pcap, little-endian, not compressed)
  --json           the figures as JSON
`;

const ROOT = join(import.meta.dirname, '../..');
const SHARED = join(ROOT, '../shared/bench');
/** The sensor as it is installed. */
const SENSOR = join(ROOT, 'sensor/dist/main.js');

interface Program {
  readonly name: string;
  readonly args: readonly string[];
}

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '300000' },
    repeats: { type: 'string', default: '5' },
    traffic: { type: 'string', default: 'own' },
    capture: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function makeTraffic(path: string): void {
  if (values.traffic === 'own') {
    generate(path, Number(values.packets));
    return;
  }
  const generator = join(SHARED, 'generate.mjs');
  if (!existsSync(generator))
    throw new Error(`--traffic ${values.traffic} needs ../shared/bench/generate.mjs`);
  // Its "mix" counts flows of some 20 packets, the others packets.
  const size = values.traffic === 'mix' ? Math.ceil(Number(values.packets) / 20) : Number(values.packets);
  run([generator, values.traffic, path, String(size)]);
}

/** @returns seconds of the whole process, and what it printed */
function run(args: readonly string[]): { seconds: number; output: string } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return { seconds, output: stdout };
}

const median = (list: readonly number[]): number => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

function main(): void {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  try {
    run([join(ROOT, 'deploy/build/sensor.ts')]);
    const capture = values.capture ?? join(folder, 'traffic.pcap');
    if (values.capture === undefined) makeTraffic(capture);
    const events = ['--events', join(folder, 'events.json')];
    const rules = ['--rules', join(ROOT, 'rules')];
    const read = [SENSOR, 'read', capture, '--quiet'];
    const programs: Program[] = [
      { name: 'walk over the record headers', args: [join(import.meta.dirname, 'floor.ts'), capture] },
      { name: 'read, no detection', args: [...read, '--no-detect'] },
      { name: 'read, events to a file, no detection', args: [...read, ...events, '--no-detect'] },
      { name: 'the same with two workers', args: [...read, ...events, '--no-detect', '--workers', '2'] },
      { name: 'read, alerts of rules and detectors', args: [...read, ...rules] },
      { name: 'read, alerts, and events to a file', args: [...read, ...events, ...rules] },
    ];
    const packets = Number(run(programs[0].args).output.split(' ')[0]);
    // In turn, so that a machine that slows down slows all of them; the ratio is taken within a turn.
    const turns = Array.from({ length: Number(values.repeats) }, () =>
      programs.map(({ args }) => run(args).seconds),
    );
    const rows = programs.map(({ name }, i) => {
      const seconds = median(turns.map((turn) => turn[i]));
      return {
        name,
        seconds,
        rate: packets / seconds,
        ratio: median(turns.map((turn) => turn[i] / turn[0])),
      };
    });
    const floors = flowFloor(capture);
    if (values.json)
      process.stdout.write(`${JSON.stringify({ packets, rows, flow_floor_seconds: floors })}\n`);
    else report(packets, statSync(capture).size, rows, floors);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of the shared floor that also keeps a flow table, measured inside its own process; undefined without it. */
function flowFloor(capture: string): number | undefined {
  const floor = join(SHARED, 'floor.mjs');
  if (!existsSync(floor)) return undefined;
  const found = /median ([\d.]+)s/.exec(run([floor, 'flow', capture, '1024', values.repeats]).output);
  return found === null ? undefined : Number(found[1]);
}

function report(
  packets: number,
  size: number,
  rows: readonly { name: string; seconds: number; rate: number; ratio: number }[],
  floor: number | undefined,
): void {
  const line = (...cells: string[]) =>
    `${cells[0].padEnd(30)}${cells
      .slice(1)
      .map((c) => c.padStart(13))
      .join('')}\n`;
  let text = `${packets.toLocaleString('en-US')} packets, ${(size / 1e6).toFixed(0)} MB; whole processes, median of ${values.repeats}\n\n`;
  text += line('', 'seconds', 'packets/s', 'times walk');
  for (const { name, seconds, rate, ratio } of rows)
    text += line(name, seconds.toFixed(2), Math.round(rate).toLocaleString('en-US'), ratio.toFixed(1));
  if (floor !== undefined) {
    text += `\nHeaders and flow table alone, inside a running process: ${floor.toFixed(2)} s; `;
    text += `times that: ${rows
      .slice(1)
      .map(({ name, seconds }) => `${name} ${(seconds / floor).toFixed(1)}`)
      .join(', ')}\n`;
  }
  process.stdout.write(text);
}

main();
