// What detectors have learnt outlives a kill at any moment; what is damaged or of another form is said, and not believed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { MemoryFiles } from './memory-files.ts';

const root = mkdtempSync(join(tmpdir(), 'yagura-learnt-'));
afterAll(() => rmSync(root, { recursive: true }));

let state: string;
let lines: string[];
let files: MemoryFiles;
let count = 0;
beforeEach(() => {
  state = join(root, String(count++));
  lines = [];
  files = new MemoryFiles(state, (line) => lines.push(line));
});

const learnt = { seconds: 86_400, keys: Uint32Array.of(1, 2, 3) };
const path = (): string => join(state, 'learnt', 'some-detector');

test('what was written is read; others know nothing, and nothing is said', async () => {
  await files.write([['some-detector', 2, learnt]]);
  expect(files.read('some-detector', 2)).toEqual(learnt);
  expect(files.read('another', 2)).toBeUndefined();
  expect(lines).toEqual([]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

describe('one line says why a file is not believed', () => {
  test.each<[string, () => void, RegExp]>([
    ['a byte that is another', () => flip(-1), /damaged/],
    ['a head that is another', () => flip(0), /not what this program wrote/],
    ['a file that is cut', () => truncateSync(path(), statSync(path()).size - 3), /damaged/],
    ['an empty file', () => truncateSync(path(), 0), /not what this program wrote/],
    ['the file of another detector', () => rename('some-detector', 'else-detector'), /not what this program/],
    ['a later form of files', () => rename('yagura-learnt 1', 'yagura-learnt 2'), /not what this program/],
  ])('%s', async (_, harm, why) => {
    await files.write([['some-detector', 2, learnt]]);
    harm();
    expect(files.read('some-detector', 2)).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(why);
    expect(lines[0]).toMatch(/some-detector learns anew$/);
  });

  test('another form of the detector', async () => {
    await files.write([['some-detector', 1, learnt]]);
    expect(files.read('some-detector', 2)).toBeUndefined();
    expect(lines).toEqual([
      expect.stringMatching(/another version of the detector; some-detector learns anew/),
    ]);
  });
});

function flip(at: number): void {
  const bytes = readFileSync(path());
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] ^= 1;
  writeFileSync(path(), bytes);
}

function rename(from: string, to: string): void {
  writeFileSync(path(), readFileSync(path(), 'latin1').replace(from, to), 'latin1');
}

test('a folder that cannot be written is an error of whoever asks', async () => {
  writeFileSync(state, 'a file where the folder should be');
  await expect(files.write([['some-detector', 1, learnt]])).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test('a kill at any moment leaves one that was whole', async () => {
  const script = `
    import { MemoryFiles } from ${JSON.stringify(join(import.meta.dirname, 'memory-files.ts'))};
    const files = new MemoryFiles(${JSON.stringify(state)}, console.log);
    for (let round = 1; ; round++) {
      await files.write([['some-detector', 1, { round, filler: new Uint32Array(1_000_000).fill(round) }]]);
      if (round === 1) console.log('begun');
    }`;
  let latest = 0;
  for (let kill = 0; kill < 6; kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await sleep(3 + kill * 17);
    child.kill('SIGKILL');
    await gone;
    const found = files.read('some-detector', 1) as { round: number; filler: Uint32Array };
    expect(lines).toEqual([]);
    expect(found.filler.every((word) => word === found.round)).toBe(true);
    latest = Math.max(latest, found.round);
  }
  expect(latest).toBeGreaterThan(1);
}, 30_000);
