// Mirrored frames over loopback: VXLAN and GENEVE come out as the frames that went in; strangers and nonsense are counted.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { Conversation } from '../../../test/support/packets/conversation.ts';
import { be16, be24, octets } from '../../../test/support/packets/octets.ts';
import { inner, unwrap } from '../layers/mirrored.ts';
import { type MirrorOptions, type MirrorSource, openMirror, shortOfRoom } from './mirror.ts';
import { LINK } from './source.ts';
import { dropsOf } from './udp-drops.ts';

const FRAME = new Conversation().handshake().frames[0].bytes;
const vxlan = (network: number, payload: Uint8Array) => octets([8, 0, 0, 0], be24(network), [0], payload);
/** With its options, all that an option class can hold. */
const geneve = (network: number, payload: Uint8Array, type = 0x6558, options = 0) =>
  octets([options / 4, 0], be16(type), be24(network), [0], new Uint8Array(options), payload);

let source: MirrorSource | undefined;
afterEach(() => source?.close());

const mirror = async (more: Partial<MirrorOptions> = {}): Promise<MirrorSource> =>
  (source = await openMirror({ address: '127.0.0.1', port: 0, unwrap, inner, ...more }));

async function send(to: MirrorSource, datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams)
    await new Promise<void>((resolve) => socket.send(datagram, to.port, '127.0.0.1', () => resolve()));
  socket.close();
  await once(socket, 'close');
}

async function take(from: MirrorSource, count: number): Promise<{ bytes: Uint8Array; link: number }[]> {
  const frames: { bytes: Uint8Array; link: number }[] = [];
  for await (const b of from.batches()) {
    for (let i = 0; i < b.count; i++)
      frames.push({ bytes: b.bytes.slice(b.start[i], b.start[i] + b.captured[i]), link: b.link[i] });
    if (frames.length >= count) break;
  }
  return frames;
}

test.each([
  ['VXLAN', vxlan(7, FRAME)],
  ['VXLAN with a group policy', octets([0x88, 0, 0x65, 0x57], be24(7), [0], FRAME)],
  ['GENEVE', geneve(7, FRAME)],
  ['GENEVE whose options look like the flag of VXLAN', geneve(7, FRAME, 0x6558, 32)],
  ['GENEVE with all options', geneve(7, FRAME, 0x6558, 252)],
])('%s', async (_, datagram) => {
  const from = await mirror();
  await send(from, [datagram, datagram]);
  const frames = await take(from, 2);
  expect(frames).toEqual([
    { bytes: new Uint8Array(FRAME), link: LINK.ethernet },
    { bytes: new Uint8Array(FRAME), link: LINK.ethernet },
  ]);
  expect(from.statistics()).toEqual({ received: 2, dropped: 0, freezes: 0 });
});

test('packets without Ethernet are packets', async () => {
  const packet = FRAME.slice(14);
  const from = await mirror();
  await send(from, [geneve(1, packet, 0x0800), octets([0x0c, 0, 0, 1], be24(1), [0], packet)]);
  const frames = await take(from, 2);
  expect(frames.map(({ link }) => link)).toEqual([LINK.raw, LINK.raw]);
  expect(frames[1].bytes).toEqual(new Uint8Array(packet));
});

test('what is neither, and what strangers send, is counted and nothing else', async () => {
  const none = [new Uint8Array(0), new Uint8Array(7), new Uint8Array(60), octets([0xff, 0xff], FRAME)];
  const from = await mirror();
  await send(from, [...none, vxlan(1, FRAME)]);
  expect(await take(from, 1)).toHaveLength(1);
  expect(from.refused).toBe(none.length);
  from.close();
  const guarded = await mirror({ from: [{ address: '192.0.2.0', length: 24, family: 4 }] });
  await send(guarded, [vxlan(1, FRAME)]);
  await expect.poll(() => guarded.refused).toBe(1);
  expect(guarded.statistics().received).toBe(0);
});

test('what finds no room is counted: received and dropped are what was sent', async () => {
  const from = await mirror({ receiveBytes: 4096 });
  const sent = 12_000;
  await send(from, Array<Uint8Array>(sent).fill(vxlan(1, FRAME)));
  await expect
    .poll(() => from.statistics().received + from.statistics().dropped, { timeout: 5000 })
    .toBe(sent);
  expect(from.statistics().dropped).toBeGreaterThan(0);
});

test('room that the kernel does not grant is told with the mending command', () => {
  expect(shortOfRoom(425_984, 8_388_608)).toEqual([
    'the kernel keeps 416 KiB waiting, not 8192: sysctl -w net.core.rmem_max=8388608',
  ]);
  expect(shortOfRoom(16_777_216, 8_388_608)).toEqual([]);
  expect(shortOfRoom(212_992, undefined)).toEqual([]);
});

test('a taken address is told, and closing ends a wait', async () => {
  const from = await mirror();
  await expect(openMirror({ address: '127.0.0.1', port: from.port, unwrap, inner })).rejects.toMatchObject({
    code: 'source_unavailable',
  });
  const batches = from.batches();
  const next = batches.next();
  from.close();
  expect(await next).toEqual({ done: true, value: undefined });
});

describe("the kernel's table", () => {
  const head =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
  const row = (port: string, drops: number) =>
    `  123: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 42 2 0000000000000000 ${drops}`;
  test('drops of a port, of all its sockets together', () => {
    expect(dropsOf([head, row('12B5', 5), row('12B6', 7), row('12B5', 1)].join('\n'), 4789)).toBe(6);
    expect(dropsOf(head, 4789)).toBeUndefined();
  });
});
