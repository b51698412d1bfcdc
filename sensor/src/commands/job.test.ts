// A job's identity: the same captures, times and settings, the same epoch; anything else, another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { words } from '../rules/index.ts';
import { compileRules } from '../rules/load.ts';
import { jobEpoch } from './job.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-job-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const capture = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('a job is known by the contents of its captures, their times and its settings', () => {
  const path = capture('a.pcap', 'one');
  const epoch = jobEpoch([{ path, shift: 0 }], ['strict']);
  expect(epoch).toMatch(/^[0-9a-f]{16}$/);
  expect(jobEpoch([{ path: capture('a.pcap', 'one'), shift: 0 }], ['strict'])).toBe(epoch);
  const others = [
    jobEpoch([{ path, shift: 1 }], ['strict']),
    jobEpoch([{ path, shift: 0 }], ['standard']),
    jobEpoch([{ path, shift: 0 }], ['str', 'ict']),
    jobEpoch([{ path: capture('b.pcap', 'one'), shift: 0 }], ['strict']),
    jobEpoch([{ path: capture('a.pcap', 'two'), shift: 0 }], ['strict']),
  ];
  expect(new Set([epoch, ...others]).size).toBe(others.length + 1);
});

test('rules are known by their texts, not by their names', () => {
  const digest = (text: string) => compileRules([{ file: 'list.txt', text }], words).digest;
  expect(digest('a.example')).toBe(digest('a.example'));
  expect(digest('a.example')).not.toBe(digest('b.example'));
});
