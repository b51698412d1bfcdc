// What systemd hears: states as datagrams on the socket that it names, be it a path or an abstract name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, test } from 'vitest';
import { openNotifier } from './notify.ts';

const libc = koffi.load(null);
const socket = libc.func('int socket(int domain, int type, int protocol)');
const bind = libc.func('int bind(int fd, const uint8_t *address, unsigned int size)');
const recv = libc.func('long recv(int fd, _Out_ uint8_t *bytes, size_t length, int flags)');
const close = libc.func('int close(int fd)');
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const folder = mkdtempSync(join(tmpdir(), 'yagura-notify-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The other end, as systemd holds it. */
function listen(name: string): { hear(): string | undefined; close(): void } {
  const fd: number = socket(AF_UNIX, SOCK_DGRAM, 0);
  const bytes = Buffer.from(name.startsWith('@') ? `\0${name.slice(1)}` : `${name}\0`);
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), bytes]);
  expect(bind(fd, address, address.length)).toBe(0);
  return {
    hear() {
      const into = Buffer.alloc(4096);
      const n = Number(recv(fd, into, into.length, MSG_DONTWAIT));
      return n < 0 ? undefined : into.toString('utf8', 0, n);
    },
    close: () => close(fd),
  };
}

describe.each([
  ['a path', join(folder, 'notify')],
  ['an abstract name', `@yagura-notify-${process.pid}`],
])('%s', (_, name) => {
  test('each telling is one datagram', () => {
    const systemd = listen(name);
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
