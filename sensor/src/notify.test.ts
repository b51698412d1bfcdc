// What systemd hears: states as datagrams on the socket that it names, be it a path or an abstract name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listenAsSystemd } from '../../test/support/systemd.ts';
import { openNotifier } from './notify.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-notify-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['a path', join(folder, 'notify')],
  ['an abstract name', `@yagura-notify-${process.pid}`],
])('%s', (_, name) => {
  test('each telling is one datagram', () => {
    const systemd = listenAsSystemd(name);
    const notifier = openNotifier({ NOTIFY_SOCKET: name }, 1, () => {});
    notifier.tell('READY=1', 'STATUS=watching');
    notifier.tell('STOPPING=1');
    expect([systemd.hear(), systemd.hear(), systemd.hear()]).toEqual([
      'READY=1\nSTATUS=watching',
      'STOPPING=1',
      undefined,
    ]);
    systemd.close();
    // Nobody listens any more: nothing happens.
    notifier.tell('WATCHDOG=1');
  });
});

test('signs of life are for the process that is asked, at half the time that is allowed', () => {
  const ask = (env: Record<string, string>) =>
    openNotifier({ NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '30000000', ...env }, 7, () => {}).watchdog;
  expect(ask({})).toBe(15_000);
  expect(ask({ WATCHDOG_PID: '7' })).toBe(15_000);
  expect(ask({ WATCHDOG_PID: '8' })).toBeUndefined();
});

test('without systemd nothing is told, and a socket that is none is said', () => {
  const said: string[] = [];
  openNotifier({}, 1, (line) => said.push(line)).tell('READY=1');
  expect(said).toEqual([]);
  openNotifier({ NOTIFY_SOCKET: 'vsock:2:1' }, 1, (line) => said.push(line)).tell('READY=1');
  expect(said).toHaveLength(1);
});
