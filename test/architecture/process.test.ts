// Only the entry and the command line touch the process: everything else can run inside a test, twice at a time.
import { expect, test } from 'vitest';
import { codeOf, sources } from './tree.ts';

const OWNERS = /^(sensor|aggregator)\/src\/(main|cli)\.ts$/;

/** File → what it takes of the process, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly [members: string, reason: string]>> = {
  'sensor/src/metrics.ts': ['cpuUsage memoryUsage uptime versions', 'measures the process for Prometheus'],
  'sensor/src/outputs/spool/lock.ts': ['kill pid', 'a lock names its owner; signal 0 asks whether it lives'],
  'sensor/src/sources/input.ts': ['stdin', 'standard input is a source of traffic'],
  'aggregator/src/metrics.ts': ['versions', 'the version of Node is a label of build_info'],
  'aggregator/src/api/web/about.ts': ['versions', 'shows the version of Node'],
  'aggregator/src/app.ts': ['pid', 'a draft of a file that no other process overwrites'],
  'aggregator/src/authority/certificates.ts': ['pid', 'a draft of a file that no other process overwrites'],
};

const taken = new Map<string, string>();
for (const file of sources.filter((s) => /^(sensor|aggregator)\/src\//.test(s) && !OWNERS.test(s))) {
  const code = codeOf(file);
  const members = [...code.matchAll(/(?<![\w.'/])process\.(\w+)/g)].map(([, member]) => member);
  if (/['"](?:node:)?process['"]/.test(code)) members.push('import');
  if (members.length > 0) taken.set(file, [...new Set(members)].sort().join(' '));
}

test('only main.ts and cli.ts touch the process, or what is named here', () => {
  const expected = Object.fromEntries(Object.entries(EXCEPTIONS).map(([file, [members]]) => [file, members]));
  expect(Object.fromEntries(taken)).toEqual(expected);
});

test('nobody but them ends it or writes to the terminal', () => {
  const wrong = sources
    .filter((file) => /^(sensor|aggregator)\/src\//.test(file) && !OWNERS.test(file))
    .filter((file) => /\bconsole\.(log|error|warn|info|debug)\(/.test(codeOf(file)));
  expect(wrong).toEqual([]);
});
