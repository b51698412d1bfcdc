// What the kernel says that `run` may, once it watches: of what it was started with, the ring alone is left.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { endAll, type Program, start } from '../support/program.ts';
import { missing } from './namespaces.ts';

const reason = missing();
const titled = (title: string): string => (reason === undefined ? title : `${title} (${reason})`);
afterEach(endAll);

/** capability.h: 1 << CAP_NET_RAW. */
const NET_RAW = '0000000000002000';
const NONE = '0000000000000000';

const watching = async (...args: string[]): Promise<Program> => {
  const program = start('sensor', 'run', '--metrics', '127.0.0.1:0', ...args);
  await program.says(/^watching /m);
  return program;
};
/** What stands under these words in the status of each thread, once for all that are alike. */
const said = ({ pid }: Program, ...words: string[]): string[] => {
  const one = (thread: string): string => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1');
    return words.map((word) => new RegExp(`^${word}:\\s+(\\S+)`, 'm').exec(text)![1]).join(' ');
  };
  return [...new Set(readdirSync(`/proc/${pid}/task`).map(one))];
};
const main = ({ pid }: Program, word: string): string =>
  new RegExp(`^${word}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1];

test.skipIf(reason !== undefined)(titled('root becomes the user, and keeps the ring'), async () => {
  const program = await watching('--afpacket', 'lo', '--user', 'nobody');
  expect([main(program, 'CapEff'), main(program, 'CapPrm'), main(program, 'CapBnd')]).toEqual([
    NET_RAW,
    NET_RAW,
    NET_RAW,
  ]);
  // All threads are another user's now; of those that were there before, none kept anything.
  expect(said(program, 'Uid', 'NoNewPrivs').map((one) => one.split(' ')[0])).not.toContain('0');
  expect(new Set(said(program, 'CapEff'))).toEqual(new Set([NET_RAW, NONE]));
});

test.skipIf(reason !== undefined)(titled('without a ring, not even that is kept'), async () => {
  const program = await watching('--netflow', '127.0.0.1:0', '--allow-root');
  expect([main(program, 'CapEff'), main(program, 'CapPrm'), main(program, 'CapAmb')]).toEqual([
    NONE,
    NONE,
    NONE,
  ]);
  expect(main(program, 'NoNewPrivs')).toBe('1');
});

test.skipIf(reason !== undefined)(titled('a user that is not there is an error'), async () => {
  const program = start('sensor', 'run', '--netflow', '127.0.0.1:0', '--user', 'nobody-of-this-name');
  expect(await program.ended).toBe(2);
  expect(program.said()).toMatch(/config_invalid.*"nobody-of-this-name"/);
});
