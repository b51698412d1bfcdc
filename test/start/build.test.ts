// The sensor as it is built for installing says what its sources say, with workers too.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CAPTURE = join(ROOT, 'test/captures/browse-tls12.pcap.zst');
const folder = mkdtempSync(join(tmpdir(), 'yagura-built-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => void node('deploy/build/sensor.ts'), 60_000);

const node = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });

/** Events in any order, without what a run chooses itself. */
function events(program: string, ...more: readonly string[]): string[] {
  const path = join(folder, 'events.json');
  node(program, 'read', CAPTURE, '--no-detect', '--quiet', '--events', path, ...more);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((event) => event['event_type'] !== 'stats')
    .map(({ flow_id: _, timestamp: __, ...rest }) => JSON.stringify(rest))
    .sort();
}

test('says what the sources say, alone and with workers', { timeout: 60_000 }, () => {
  const wanted = events('sensor/src/main.ts');
  expect(wanted.length).toBeGreaterThan(10);
  expect(events('sensor/dist/main.js')).toEqual(wanted);
  expect(events('sensor/dist/main.js', '--workers', '2')).toEqual(wanted);
});

test('knows its version', () => {
  expect(node('sensor/dist/main.js', '--version')).toBe(node('sensor/src/main.ts', '--version'));
});
