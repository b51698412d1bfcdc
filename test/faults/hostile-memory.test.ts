// Traffic made to exhaust memory, into `read` as a process of its own: it stays below `--memory`, sheds and counts what
// it shed, and goes on reading. YAGURA_STORM=large is some ten times as much, for a longer look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hostility, hostilities, LAST_NAME, storm } from './hostile.ts';

const LARGE = process.env['YAGURA_STORM'] === 'large';
const MAIN = join(import.meta.dirname, '../../sensor/src/main.ts');
const PEAK = join(import.meta.dirname, 'peak.ts');
const RULES = join(import.meta.dirname, '../../rules');
const LONGEST = LARGE ? 600_000 : 60_000;

interface Outcome {
  readonly status: number | null;
  readonly said: string;
  readonly peakMiB: number;
  readonly stats: Record<string, unknown>;
  /** The last name was asked for and answered: records of both. */
  readonly lastRecords: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-storm-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVENTS = ['--events', '-'];
const options = (memory: string, report: string): string[] => [
  '--memory',
  memory,
  '--report',
  report,
  '--quiet',
];

async function weather(
  hostility: Hostility,
  packets: number,
  memory: string,
  detect: boolean,
): Promise<Outcome> {
  const report = join(folder, 'report.json');
  const child = spawn(process.execPath, [
    ...['--import', PEAK, MAIN, 'read', '-', ...EVENTS, ...options(memory, report)],
    ...(detect ? ['--rules', RULES] : ['--no-detect']),
  ]);
  let said = '';
  let lastRecords = 0;
  let left = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  child.stdout.on('data', (data: Buffer) => {
    // Most of it is of no interest: only a piece with the name is cut into lines.
    if (left === '' && !data.includes(LAST_NAME)) return;
    const lines = (left + data.toString()).split('\n');
    left = lines.pop() as string;
    for (const line of lines)
      if (line.includes(LAST_NAME) && line.includes('"event_type":"dns"')) lastRecords++;
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {});
  for (const chunk of storm(hostility, packets)) {
    await new Promise((resolve) => child.stdin.write(chunk, resolve));
    if (child.exitCode !== null) break;
  }
  child.stdin.end();
  const [status] = (await ended) as [number | null];
  const peakMiB = Number(/peak (\d+) KiB/.exec(said)?.[1]) / 1024;
  return {
    status,
    said,
    peakMiB,
    lastRecords,
    stats: status === 0 ? JSON.parse(readFileSync(report, 'utf8')) : {},
  };
}

const at = (stats: Record<string, unknown>, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], stats);

// The least that may be set is the hardest to hold; the default is what most will have.
const LEAST = '160MiB';
const DEFAULT = '256MiB';
const ordinary = hostilities.map((hostility) => ({
  ...hostility,
  hostility,
  memory: LEAST,
  detect: hostility.detects === true,
}));
const large = [LEAST, DEFAULT].flatMap((memory) =>
  [false, true].flatMap((detect) =>
    hostilities.map((hostility) => ({ ...hostility, hostility, memory, detect })),
  ),
);
const runs = LARGE ? large : [{ ...ordinary[0], thousands: 250, memory: DEFAULT }, ...ordinary];

test.each(runs)(
  '$about, in $memory, detectors $detect',
  async ({ hostility, memory, detect, thousands, largeThousands }) => {
    const { status, said, peakMiB, stats, lastRecords } = await weather(
      hostility,
      1000 * (LARGE ? largeThousands : thousands),
      memory,
      detect,
    );
    const counted = ['flow.total', 'flow.end.forced', 'tcp.given_up', 'tcp.shed', 'defrag.shed'];
    if (LARGE || process.env['YAGURA_STORM'] !== undefined)
      console.log(
        `${peakMiB.toFixed(0)} MiB of ${memory}: ${hostility.about}, detectors ${detect}: ` +
          counted.map((path) => `${path} ${at(stats, path)}`).join(', '),
      );
    expect(status, said).toBe(0);
    expect(peakMiB).toBeLessThan(Number.parseInt(memory, 10));
    for (const path of hostility.counts) expect(at(stats, path), path).toBeGreaterThan(0);
    expect(lastRecords).toBe(2);
  },
  LONGEST,
);

// Several threads read a file, each for itself, in the least that two of them may have: twice as much fills two tables.
test.each(hostilities.filter(({ about }) => /^(SYNs|handshakes|records)/.test(about)))(
  '$about, in 352MiB, two workers',
  async (hostility) => {
    const capture = join(folder, 'storm.pcap');
    writeFileSync(capture, '');
    const packets = 2000 * (LARGE ? hostility.largeThousands : hostility.thousands);
    for (const chunk of storm(hostility, packets)) appendFileSync(capture, chunk);
    const report = join(folder, 'report.json');
    const args = ['read', capture, '--no-detect', '--workers', '2', '--events', '/dev/null'];
    const child = spawn(process.execPath, ['--import', PEAK, MAIN, ...args, ...options('352MiB', report)]);
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status, said).toBe(0);
    const peakMiB = Math.max(...[...said.matchAll(/peak (\d+) KiB/g)].map(([, kib]) => Number(kib) / 1024));
    if (process.env['YAGURA_STORM'] !== undefined)
      console.log(`${peakMiB.toFixed(0)} MiB: ${hostility.about}`);
    expect(peakMiB).toBeGreaterThan(0);
    expect(peakMiB).toBeLessThan(352);
    const stats = JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>;
    for (const path of hostility.counts) expect(at(stats, path), path).toBeGreaterThan(0);
  },
  LONGEST,
);
