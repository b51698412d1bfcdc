// Several threads at a capture say what one says; where one of them breaks, the run ends with a line and does not hang.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'sensor/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'yagura-crew-'));
afterAll(() => rmSync(folder, { recursive: true }));
const capture = (name: string): string => join(ROOT, `test/captures/${name}.pcap.zst`);

interface Ran {
  readonly status: number | null;
  readonly said: string;
}

const run = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 50_000 }, (error, _, said) =>
      resolve({ status: error === null ? 0 : ((error.code as number | undefined) ?? null), said }),
    );
  });

let count = 0;
/** Its records in an order of their own, without what tells threads apart and without the closing counts. */
async function records(name: string, workers: number): Promise<string[]> {
  const events = join(folder, `${count++}.json`);
  const { status, said } = await run(
    ...[MAIN, 'read', capture(name), '--no-detect', '--events', events, '--workers', String(workers)],
  );
  expect(said).not.toContain('yagura-sensor:');
  expect(status).toBe(0);
  const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((record) => record['event_type'] !== 'stats')
    .map(({ flow_id: _, timestamp: __, ...rest }) => JSON.stringify(rest))
    .sort();
}

test.each(['office-day', 'file-sharing', 'dns-odd', 'nmap-syn'])(
  '%s: two workers write the records of one',
  async (name) => {
    const [one, two] = await Promise.all([records(name, 1), records(name, 2)]);
    expect(one.length).toBeGreaterThan(10);
    expect(two).toEqual(one);
  },
  60_000,
);

test.each(['indicator-hits', 'nmap-sweep'])(
  '%s: with rules, threads tell what one tells, in its order',
  async (name) => {
    const alerts = async (workers: number): Promise<string[]> => {
      const events = join(folder, `${count++}.json`);
      const rules = join(ROOT, 'rules');
      const { status } = await run(
        ...[MAIN, 'read', capture(name), '--rules', rules, '--events', events, '--workers', String(workers)],
      );
      expect(status).toBe(0);
      return readFileSync(events, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"event_type":"alert"'));
    };
    const one = await alerts(1);
    expect(one.length).toBeGreaterThan(0);
    expect(await alerts(3)).toEqual(one);
  },
  60_000,
);

test.runIf(existsSync('/dev/full'))('a worker that cannot write says what one thread would say', async () => {
  const { status, said } = await run(
    ...[MAIN, 'read', capture('office-day'), '--no-detect', '--events', '/dev/full', '--workers', '2'],
  );
  expect(status).toBe(1);
  expect(said).toMatch(/^yagura-sensor: output_unwritable: \/dev\/full: ENOSPC\. .*\n$/m);
  expect(said).not.toContain('    at ');
});

test.each([
  ['ends', 'process.exit(3)', 'ended with 3'],
  ['breaks', 'throw new Error("broken")', 'broken'],
])('a worker that %s ends the run with one line', async (_, what, how) => {
  // Runs before everything else in each thread; in the first one it does nothing.
  const before = `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) ${what};`;
  const { status, said } = await run(
    ...['--import', `data:text/javascript,${encodeURIComponent(before)}`, MAIN, 'read'],
    ...[capture('office-day'), '--no-detect', '--events', join(folder, 'lost.json'), '--workers', '2'],
  );
  expect(status).toBe(1);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
  expect(said).toMatch(/^yagura-sensor: worker_lost: /);
  expect(said).toContain(how);
});
