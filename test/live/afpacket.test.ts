// Live interfaces over a wire of our own: nothing is lost uncounted, nothing is changed, and nothing is ever sent.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Frame, pcap } from '../support/packets/capture.ts';
import { be16, octets } from '../support/packets/octets.ts';
import { missing, Wire } from './namespaces.ts';
import type { Watching } from './watch.ts';
import { running, Watcher } from './watcher.ts';

const reason = missing('tcpreplay', 'tcpdump', 'setpriv', 'ethtool');
const COUNT = 5000;
const SNAP = 64;

/** Every fifth has a tag, some of those two; lengths from the shortest to whole ones. All are UDP to port 53 or 54. */
const frames: readonly Frame[] = Array.from({ length: COUNT }, (_, i) => {
  const tag = i % 5 === 0 ? octets(be16(0x8100), be16((i % 8) * 0x2000 + 7)) : [];
  const outer = i % 25 === 0 ? octets(be16(0x88a8), be16(9)) : [];
  const payload = new Uint8Array((i * 37) % 1400).fill(i);
  const udp = octets(be16(40_000), be16(53 + (i % 2)), be16(8 + payload.length), be16(0), payload);
  const source = [10, 1, (i >> 3) & 255, 1 + (i & 7)];
  const head = octets(
    [0x45, 0],
    be16(20 + udp.length),
    be16(i),
    be16(0),
    [64, 17, 0, 0],
    source,
    [10, 2, 0, 1],
  );
  const bytes = octets([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], outer, tag, be16(0x0800), head, udp);
  const padded = new Uint8Array(Math.max(60, bytes.length));
  padded.set(bytes);
  return { bytes: padded, time: 1e12 + i };
});
const bytesOf = (list: readonly Frame[]): number => list.reduce((sum, { bytes }) => sum + bytes.length, 0);
const sumOf = (list: readonly Frame[]): number =>
  list.reduce((sum, { bytes }) => (sum + crc32(bytes)) >>> 0, 0);

describe.skipIf(reason !== undefined)(`a live interface${reason === undefined ? '' : ` (${reason})`}`, () => {
  let wire: Wire;
  let folder: string | undefined;
  let capture: string;

  beforeAll(() => {
    wire = new Wire();
    folder = mkdtempSync(join(tmpdir(), 'yagura-live-'));
    // tcpdump reads and writes as a user of its own.
    chmodSync(folder, 0o755);
    capture = join(folder, 'sent.pcap');
    writeFileSync(capture, pcap(frames));
  });
  afterEach(async () => {
    for (const watcher of running.splice(0)) await watcher.kill();
  });
  afterAll(() => {
    wire?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function watch(options: Partial<Watching> = {}): Promise<Watcher> {
    const watcher = new Watcher(wire, { interface: 'tap', ...options });
    await watcher.says('warnings');
    return watcher;
  }

  test('every frame is seen as it was sent, tags and all, and the time is now', async () => {
    const before = wire.sent();
    const started = Date.now() * 1000;
    const watcher = await watch();
    expect(wire.replay(capture)).toBe(COUNT);
    const seen = await watcher.stop();
    expect(seen).toMatchObject({
      frames: COUNT,
      captured: bytesOf(frames),
      wire: bytesOf(frames),
      sum: sumOf(frames),
      statistics: { received: COUNT, dropped: 0, freezes: 0 },
    });
    expect(seen.first).toBeGreaterThan(started - 1e6);
    expect(seen.last).toBeLessThanOrEqual(Date.now() * 1000);
    expect(Number.isInteger(seen.first)).toBe(true);
    expect(wire.sent(), 'packets that the watched interface sent').toBe(before);
  });

  test.each([
    ['read late', 1000],
    ['never read', 10_000],
  ])('what has no room is counted, %s: seen and dropped are what was sent', async (_, lateBy) => {
    const watcher = await watch({ blockBytes: 128 * 1024, blocks: 2, lateBy });
    const sent = wire.replay(capture, { times: 4 });
    if (lateBy === 1000) await watcher.says('frames');
    const { frames: count, statistics } = await watcher.stop();
    expect(statistics.dropped).toBeGreaterThan(0);
    expect(statistics.freezes).toBeGreaterThan(0);
    expect([statistics.received, count + statistics.dropped]).toEqual([count, sent]);
  });

  test('a reader that is away for two seconds loses nothing at a low rate', async () => {
    const watcher = await watch({ lateBy: 2500 });
    wire.replay(capture, { perSecond: 2500 });
    await watcher.says('frames');
    expect((await watcher.stop()).statistics).toEqual({ received: COUNT, dropped: 0, freezes: 0 });
  });

  test('many times around a small ring', async () => {
    const watcher = await watch({ blockBytes: 128 * 1024, blocks: 4 });
    const sent = wire.replay(capture, { times: 10, perSecond: 50_000 });
    const { frames: count, statistics } = await watcher.stop();
    expect([statistics.received, count + statistics.dropped]).toEqual([count, sent]);
  });

  test('the kernel cuts and filters; tags are known to the filter', async () => {
    const cut = await watch({ snapLength: SNAP });
    const tagged = await watch({ filter: 'vlan 7' });
    const port = await watch({ filter: 'udp dst port 54' });
    wire.replay(capture);
    const short = frames.map(({ bytes }) => Math.min(SNAP, bytes.length));
    expect(await cut.stop()).toMatchObject({
      frames: COUNT,
      wire: bytesOf(frames),
      captured: short.reduce((sum, length) => sum + length, 0),
    });
    const ofTag = frames.filter((_, i) => i % 5 === 0 && i % 25 !== 0);
    expect(await tagged.stop()).toMatchObject({ frames: ofTag.length, sum: sumOf(ofTag) });
    // The kernel took the outermost tag away before the filter looks: a port is found behind one, not behind two.
    const ofPort = frames.filter((_, i) => i % 2 === 1 && i % 25 !== 0);
    expect(await port.stop()).toMatchObject({ frames: ofPort.length, sum: sumOf(ofPort) });
  });

  test('down, up, renamed, gone and back again: it waits and goes on', async () => {
    const watcher = await watch();
    const told = (end: string): Promise<string> => watcher.says<string>('told', (line) => line.endsWith(end));
    wire.replay(capture);
    wire.set('tap', 'down');
    await told('is down');
    wire.set('tap', 'name', 'other', 'up');
    await told('is called "other" now');
    await told('is up');
    wire.replay(capture);
    await watcher.says<number>('frames', (count) => count === 2 * COUNT);
    wire.unplug();
    await told('is gone');
    wire.plug();
    await expect.poll(() => promiscuous(wire), { timeout: 10_000 }).toBe(true);
    wire.replay(capture);
    expect(await watcher.stop()).toMatchObject({
      frames: 3 * COUNT,
      statistics: { received: 3 * COUNT, dropped: 0 },
    });
  });

  test('two sockets of a group share the flows', async () => {
    const fanout = { group: 4711, size: 2 };
    const both = [await watch({ fanout }), await watch({ fanout })];
    wire.replay(capture);
    const [a, b] = [await both[0].stop(), await both[1].stop()];
    expect(a.frames + b.frames).toBe(COUNT);
    expect((a.sum + b.sum) >>> 0).toBe(sumOf(frames));
    expect(Math.min(a.frames, b.frames)).toBeGreaterThan(0);
  });

  test('a loopback interface shows each packet once', async () => {
    wire.set('lo', 'up');
    const watcher = await watch({ interface: 'lo', filter: 'udp port 9' });
    wire.in(wire.watcher, 'bash', '-c', 'for i in 1 2 3; do echo x > /dev/udp/127.0.0.1/9; done 2>&-');
    expect((await watcher.stop()).frames).toBe(3);
  });

  test('offloads that join packets are warned about', async () => {
    wire.in(wire.watcher, 'ethtool', '-K', 'tap', 'gro', 'on');
    const watcher = new Watcher(wire, { interface: 'tap' });
    const warnings = await watcher.says<string[]>('warnings');
    wire.in(wire.watcher, 'ethtool', '-K', 'tap', 'gro', 'off');
    expect(warnings).toEqual([expect.stringContaining('ethtool -K tap gro off')]);
  });

  test('without the ring tcpdump captures, says so, and counts', async () => {
    const watcher = new Watcher(wire, { interface: 'tap', throughTcpdump: true });
    expect(await watcher.says('warnings')).toEqual([expect.stringContaining('tcpdump captures')]);
    await expect.poll(() => promiscuous(wire), { timeout: 10_000 }).toBe(true);
    const sent = wire.replay(capture, { perSecond: 20_000 });
    const { frames: count, statistics, sum } = await watcher.stop();
    expect([count + statistics.dropped, statistics.received]).toEqual([sent, count]);
    if (statistics.dropped === 0) expect(sum).toBe(sumOf(frames));
  });

  test.each([
    ['no such interface', 'interface_missing', { interface: 'nowhere' }],
    ['a filter that is none', 'filter_invalid', { interface: 'tap', filter: 'vlan or (' }],
    ['a ring that is none', 'config_invalid', { interface: 'tap', blockBytes: 100_000 }],
    ['tcpdump on no interface', 'tcpdump_failed', { interface: 'nowhere', throughTcpdump: true }],
  ] as const)('%s: %s', async (_, code, options) => {
    const watcher = new Watcher(wire, options);
    expect(await watcher.says('code')).toBe(code);
  });

  test('as an ordinary user: one coded error, with the command that mends it', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const watcher = new Watcher(
      wire,
      { interface: 'tap' },
      ...nobody,
      '--bounding-set',
      '-all',
      '--inh-caps',
      '-all',
    );
    expect(await watcher.says('code')).toBe('capture_not_permitted');
    expect(await watcher.says('text')).toMatch(/CAP_NET_RAW.*setcap cap_net_raw/);
  });

  test('and with CAP_NET_RAW alone it captures', async () => {
    const caps = [
      '--inh-caps',
      '-all,+net_raw',
      '--ambient-caps',
      '-all,+net_raw',
      '--bounding-set',
      '-all,+net_raw',
    ];
    const watcher = new Watcher(
      wire,
      { interface: 'tap' },
      'setpriv',
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      ...caps,
    );
    await watcher.says('warnings');
    wire.replay(capture);
    expect((await watcher.stop()).frames).toBe(COUNT);
  });
});

/** Somebody watches: the interface takes every frame. */
function promiscuous(wire: Wire): boolean {
  const [link] = JSON.parse(wire.in(wire.watcher, 'ip', '-j', '-d', 'link', 'show', 'tap'));
  return link.promiscuity > 0;
}
