// Damaged frames through the decoder, and through the whole spine: bounds kept, nothing beyond the frame looked at.
import { beforeAll, expect, test } from 'vitest';
import { decode } from '../../sensor/src/layers/decode.ts';
import { headers } from '../../sensor/src/layers/headers.ts';
import { descend, NOTHING_INSIDE } from '../../sensor/src/layers/inner.ts';
import { FATES, MAX_DEPTH, Packet } from '../../sensor/src/layers/packet.ts';
import { print } from '../../sensor/src/layers/print.ts';
import { FrameBatch, LINK } from '../../sensor/src/sources/source.ts';
import { NOON } from '../support/packets/capture.ts';
import { ethernet, fragments, ip } from '../support/packets/frame.ts';
import { STACKS, TUNNELS } from '../support/packets/stacks.ts';
import { newSensor } from '../support/sense.ts';
import { frames, gather } from './corpus.ts';
import { alike } from './guard.ts';
import { mutate } from './mutate.ts';
import { Random, ROUNDS, SEED } from './random.ts';

const DAMAGED = 6_000;
const LINKS = [...Object.values(LINK), 147];

const OUTER = { src: '192.0.2.1', dest: '192.0.2.2' };
const wrapped = TUNNELS.flatMap(([, tunnel]) => [
  ethernet(ip(OUTER, tunnel)),
  ethernet(ip({ src: '2001:db8::1', dest: '2001:db8::2' }, tunnel), [7]),
]);
const pieces = TUNNELS.flatMap(([, tunnel]) =>
  fragments(OUTER, tunnel, 24).map((packet) => ethernet(packet)),
);

beforeAll(async () => {
  await gather();
  frames.push(...wrapped, ...wrapped, ...pieces);
}, 60_000);

test('the decoder', () => {
  const random = new Random(SEED);
  const fates = new Set<string>();
  for (let n = 0; n < DAMAGED * ROUNDS; n++) {
    const input = n % 8 === 7 ? random.bytes(random.below(120)) : mutate(random.one(frames), random, frames);
    const link = random.below(3) === 0 ? random.one(LINKS) : LINK.ethernet;
    const wire = random.one([input.length, input.length + random.below(1500), 0, 0xffffffff]);
    alike(`decode of link ${link}, ${wire} bytes on the wire`, input, ({ bytes, at, end }) => {
      const p = new Packet();
      Object.assign(p, { bytes, at, end, wire, link });
      const fate = FATES[decode(p)];
      fates.add(fate);
      if (p.payload < at || p.payloadEnd > end || p.payload > p.payloadEnd)
        throw new Error(`payload ${p.payload - at}–${p.payloadEnd - at}`);
      if (!(p.payloadLength >= p.payloadEnd - p.payload))
        throw new Error(`payload of ${p.payloadLength} bytes`);
      return [
        fate,
        p.version,
        p.protocol,
        ...p.source,
        ...p.destination,
        p.sourcePort,
        p.destinationPort,
        p.tcpFlags,
        p.payloadLength,
        p.fragmented,
        p.vlans,
      ];
    });
  }
  // All ways to fail were seen: the damage is worth its name.
  expect([...fates].sort()).toEqual(
    expect.arrayContaining([
      'decoded',
      'ipv4_bad',
      'ipv6_bad',
      'tcp_bad',
      'udp_bad',
      'not_ip',
      'frame_short',
      'fragment',
      'link_unknown',
    ]),
  );
});

test.each(Object.entries(headers))('header %s: what it checks, it can print', (name, header) => {
  const random = new Random(SEED + 2);
  const seeds = [...wrapped, ...STACKS.map(([, , bytes]) => bytes)];
  let printed = 0;
  for (let n = 0; n < 1500 * ROUNDS; n++) {
    const bytes = n % 4 === 3 ? random.bytes(random.below(40)) : random.one(seeds);
    // Behind Ethernet, IPv4 and UDP, or anywhere.
    const from = random.one([0, 14, 34, 42, random.below(bytes.length + 1)]);
    const input = bytes.slice(from).slice(0, random.below(120));
    alike(`print of ${name}`, input, ({ bytes, at, end }) => {
      if (!header.check(bytes, at, end)) return 'no';
      printed++;
      return header.print(bytes, at, end);
    });
  }
  expect(printed).toBeGreaterThan(0);
});

test('into tunnels, and frames of every link type as text', () => {
  const random = new Random(SEED + 3);
  const seeds = [
    ...wrapped.map((bytes) => ({ link: LINK.ethernet as number, bytes })),
    ...STACKS.map(([, link, bytes]) => ({ link, bytes })),
  ];
  const all = seeds.map(({ bytes }) => bytes);
  for (let n = 0; n < 2 * DAMAGED * ROUNDS; n++) {
    const { link, bytes } = random.one(seeds);
    const input = mutate(bytes, random, all);
    const wire = random.one([input.length, input.length + random.below(100)]);
    alike(`frame of link ${link}, ${wire} bytes on the wire`, input, ({ bytes, at, end }) => {
      const p = new Packet();
      Object.assign(p, { bytes, at, end, wire, link });
      const told: unknown[] = [decode(p)];
      for (let depth = 0; p.carries !== 0; depth++) {
        if (depth > MAX_DEPTH) throw new Error('deeper than the bound');
        const fate = descend(p);
        if (p.at < at || p.end > end || p.payload < at || p.payloadEnd > end)
          throw new Error('out of bounds');
        told.push(
          fate === NOTHING_INSIDE ? -1 : [fate, p.wire, p.tunnel, p.network, p.protocol, p.payloadLength],
        );
      }
      Object.assign(p, { bytes, at, end, wire, link });
      told.push(print(p));
      return told;
    });
  }
});

test(
  'the whole spine, thousands of damaged frames in a row',
  () => {
    const tell = (fill: number): string => {
      const random = new Random(SEED + 1);
      const { sensor, events } = newSensor({ maxFlows: 64 });
      let time = NOON;
      for (let n = 0; n < 40 * ROUNDS; n++) {
        const batch = new FrameBatch(100);
        const buffers: Uint8Array[] = [];
        let at = 0;
        for (; batch.count < 100; batch.count++) {
          const frame =
            random.below(4) === 0 ? random.one(frames) : mutate(random.one(frames), random, frames);
          time += random.one([0, 1000, -5000, 200_000, random.below(50) === 0 ? -100e6 : 0]);
          batch.start[batch.count] = at + 16;
          batch.captured[batch.count] = frame.length;
          batch.wire[batch.count] = frame.length + random.one([0, 0, 0, 100]);
          batch.time[batch.count] = time;
          batch.link[batch.count] = LINK.ethernet;
          buffers.push(new Uint8Array(16).fill(fill), frame);
          at += 16 + frame.length;
        }
        batch.bytes = new Uint8Array(Buffer.concat([...buffers, new Uint8Array(64).fill(fill)]));
        sensor.frames(batch);
        expect(sensor.flows.active).toBeLessThanOrEqual(64);
      }
      sensor.finish();
      expect(sensor.flows.active).toBe(0);
      expect(sensor.flows.ended.forced).toBeGreaterThan(0);
      return events.map((event) => JSON.stringify(event)).join('\n');
    };
    const told = tell(0);
    expect(told.length).toBeGreaterThan(100_000);
    expect(tell(0xff) === told, 'the bytes between frames made a difference').toBe(true);
  },
  60_000 * ROUNDS,
);
