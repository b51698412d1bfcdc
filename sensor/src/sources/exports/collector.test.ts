// A collector on loopback: who may export is heard, others are counted, and so is what the kernel dropped.
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { set, template, USUAL, usual, v5, v5Record, v9 } from '../../../../test/support/packets/exports.ts';
import { SensorError } from '../../errors.ts';
import { type Collector, type CollectorOptions, openCollector } from './collector.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function collect(
  options: Partial<CollectorOptions> = {},
): Promise<{ collector: Collector; told: string[] }> {
  const told: string[] = [];
  const on = { flow: (record: { exporter: string }) => told.push(record.exporter), frame: () => true };
  const collector = await openCollector({ address: '127.0.0.1', port: 0, on, ...options });
  open.push(collector);
  return { collector, told };
}

async function send(port: number, ...datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const bytes of datagrams)
    await new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
  socket.close();
}

async function until(ready: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !ready(); n++) await sleep(10);
  expect(ready()).toBe(true);
}

test('records come with the address of their exporter', async () => {
  const { collector, told } = await collect({ receiveBytes: 1 << 20 });
  await send(collector.port, v5([v5Record(1)]), v9([set(0, template(256, USUAL)), set(256, usual(1))]));
  await until(() => told.length === 2);
  expect(told).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(collector.statistics()).toEqual({ received: 2, dropped: 0, freezes: 0 });
  expect(collector.receiveBytes).toBeGreaterThan(0);
});

test('who may not export is refused and counted, and nothing is kept of it', async () => {
  const { collector, told } = await collect({
    exporters: [{ address: '10.0.0.0', length: 8, family: 4 }],
  });
  await send(collector.port, v5([v5Record(1)]));
  await until(() => collector.counters.faults.exporter_refused === 1);
  expect([told, [...collector.exporters()]]).toEqual([[], []]);
});

test('two collectors at one port, each with its own count of drops', async () => {
  const one = await collect({ reusePort: true });
  const two = await collect({ reusePort: true, port: one.collector.port });
  expect(one.collector.inode).toMatch(/^\d+$/);
  expect(two.collector.inode).toMatch(/^\d+$/);
  expect(two.collector.inode).not.toBe(one.collector.inode);
  expect([one.collector.dropped(), two.collector.dropped()]).toEqual([0, 0]);
});

test('a port that is taken is a coded error', async () => {
  const { collector } = await collect();
  const again = collect({ port: collector.port });
  await expect(again).rejects.toThrow(SensorError);
  await expect(again).rejects.toMatchObject({ code: 'source_unavailable' });
});
