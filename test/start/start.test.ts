// The first thing a newcomer types, up to its end: both programs, the recorded captures, and a table of what happened.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** README promises a newcomer alerts within two minutes. */
const PROMISED_MS = 120_000;

/** Runs `npm start -- --once` to its end. */
async function start(
  state: string,
  ...options: string[]
): Promise<{ status: number | null; said: string; table: string }> {
  const child = spawn('npm', ['start', '--silent', '--', '--once', '--state', state, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let table = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    table += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, said, table };
}

describe('npm start -- --once', () => {
  const state = mkdtempSync(join(tmpdir(), 'yagura-start-'));
  const rows = new Map<string, number>();
  let status: number | null = null;
  let said = '';

  /** Sum of the rows `what: …`. */
  const sum = (what: string): number =>
    [...rows].filter(([name]) => name.startsWith(`${what}: `)).reduce((total, [, count]) => total + count, 0);

  beforeAll(async () => {
    const ended = await start(state);
    ({ status, said } = ended);
    for (const [, name, count] of ended.table.matchAll(/^(\S.*?) {2,}([\d,.]+)$/gm))
      rows.set(name, Number(count.replaceAll(',', '')));
  }, PROMISED_MS);

  afterAll(() => rmSync(state, { recursive: true, force: true }));

  test('ends well', () => {
    expect(status, said).toBe(0);
  });

  test('counts what it read, saw, raised and grouped', () => {
    expect(rows.get('packets')).toBeGreaterThan(10_000);
    expect(rows.get('flows')).toBeGreaterThan(1_000);
    for (const type of ['dns', 'http', 'tls', 'flow'])
      expect(rows.get(`events: ${type}`), type).toBeGreaterThan(0);
    expect(rows.get('events: flow')).toBe(rows.get('flows'));
    expect(sum('alerts')).toBeGreaterThan(20);
    expect(rows.get('groups')).toBeGreaterThan(20);
    expect(sum('groups')).toBe(rows.get('groups'));
    expect(rows.get('groups')).toBeLessThanOrEqual(sum('alerts'));
    expect(rows.get('seconds')).toBeGreaterThan(0);
  });

  test('sees the attacks that were recorded', () => {
    const alerts = [...rows.keys()].filter((name) => name.startsWith('alerts: ')).join('\n');
    for (const attack of [/port scan/i, /beacon/i, /DNS tunnel/i, /guess/i, /upload/i, /SMB/])
      expect(alerts).toMatch(attack);
  });

  test('says where the console is', () => {
    expect(said).toMatch(/Console +http:\/\/127\.0\.0\.1:\d+\/login\/\S+/);
  });

  test('leaves nothing behind but its state', () => {
    expect(existsSync(join(state, 'aggregator/addresses.json'))).toBe(false);
    expect(readdirSync(state).sort()).toEqual(['aggregator', 'report.json', 'sensors']);
    expect(said).not.toMatch(/\n\s+at .*\.ts:\d+/);
  });

  test(
    'starts again in the same state, although the aggregator listens elsewhere now',
    async () => {
      const again = await start(state, '--capture', join(ROOT, 'test/captures/dns-resolver.pcap.zst'));
      expect(again.status, again.said).toBe(0);
      expect(again.said).not.toContain('records wait');
    },
    PROMISED_MS,
  );
});
