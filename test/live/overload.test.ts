// More traffic than time: a sensor that was held up finds its room full, gives up by its order, tells it, and recovers.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ethernet, ip, udp } from '../support/packets/frame.ts';
import { octets } from '../support/packets/octets.ts';
import { endAll, start } from '../support/program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-overload-'));
});
afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly event_type: string;
  readonly blind?: {
    readonly reason: string;
    readonly count: number;
    readonly counts?: Record<string, number>;
  };
  readonly stats?: {
    readonly decoder: { readonly pkts: number };
    readonly overload: Record<string, number>;
    readonly capture: { readonly kernel_packets: number; readonly kernel_drops: number };
  };
}

test('a mirror whose room filled up while nobody read', { timeout: 60_000 }, async () => {
  const eve = join(folder, 'eve.json');
  const lines = (type: string): Line[] =>
    !existsSync(eve)
      ? []
      : readFileSync(eve, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Line)
          .filter((line) => line.event_type === type);
  const program = start(
    ...(['sensor', 'run', '--mirror', '127.0.0.1:0', '--events', eve, '--allow-root'] as const),
    ...['--metrics', '127.0.0.1:0'],
  );
  const [, metrics] = await program.says(/^metrics at (\S+)$/m);
  const [, port] = await program.says(/listening at 127\.0\.0\.1:(\d+)/);
  const socket = createSocket('udp4');
  let sent = 0;
  /** Each is a flow of its own: none is known, and none is a handshake. */
  const send = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const n = sent++;
      const frame = ethernet(
        ip(
          { src: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, dest: '192.0.2.1' },
          udp({ from: 7, to: 9 }, [1]),
        ),
      );
      const done = Promise.withResolvers<void>();
      socket.send(octets([8, 0, 0, 0, 0, 0, 1, 0], frame), Number(port), '127.0.0.1', () => done.resolve());
      await done.promise;
    }
  };
  await send(100);
  await expect
    .poll(async () => (await (await fetch(metrics)).text()).includes('yagura_sensor_packets_total 100'), {
      timeout: 10_000,
    })
    .toBe(true);
  process.kill(program.pid, 'SIGSTOP');
  await send(60_000);
  process.kill(program.pid, 'SIGCONT');
  await program.says(/blind since .*: packets given up: there is more traffic than can be read/);
  await program.says(/sees again since .*: packets given up/);
  // It reads again as if nothing had been.
  await sleep(2500);
  const before = (await (await fetch(metrics)).text()).match(/^yagura_sensor_packets_shed_total.*$/gm);
  await send(100);
  await sleep(500);
  const after = (await (await fetch(metrics)).text()).match(/^yagura_sensor_packets_shed_total.*$/gm);
  expect(after).toEqual(before);
  socket.close();
  await once(socket, 'close');
  await program.stop();
  expect(await program.ended).toBe(0);

  const { stats } = lines('stats').at(-1) as Required<Line>;
  const { decoder, overload, capture } = stats;
  expect(capture.kernel_packets).toBe(sent);
  expect(decoder.pkts + capture.kernel_drops).toBe(sent);
  const shed = Object.values(overload).reduce((sum, count) => sum + count, 0);
  expect(overload['opening']).toBe(shed);
  expect(shed).toBeGreaterThan(0);
  const blinds = lines('blind').flatMap(({ blind }) => (blind?.reason === 'overload' ? [blind] : []));
  expect(blinds.reduce((sum, { count }) => sum + count, 0)).toBe(shed);
  expect(blinds.reduce((sum, { counts }) => sum + (counts?.['opening'] ?? 0), 0)).toBe(shed);
  // Everything else became a flow.
  expect(lines('flow')).toHaveLength(decoder.pkts - shed);
  process.stdout.write(
    `sent ${sent}: ${decoder.pkts} taken, ${capture.kernel_drops} dropped by the kernel, ${shed} given up\n`,
  );
});
