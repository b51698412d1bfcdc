// Damaged frames through the decoder, and through the whole spine: bounds kept, nothing beyond the frame looked at.
import { beforeAll, expect, test } from 'vitest';
import { decode } from '../../sensor/src/layers/decode.ts';
import { FATES, Packet } from '../../sensor/src/layers/packet.ts';
import { FrameBatch, LINK } from '../../sensor/src/sources/source.ts';
import { NOON } from '../support/packets/capture.ts';
import { newSensor } from '../support/sense.ts';
import { frames, gather } from './corpus.ts';
import { alike } from './guard.ts';
import { mutate } from './mutate.ts';
import { Random, ROUNDS, SEED } from './random.ts';

const DAMAGED = 6_000;
const LINKS = [...Object.values(LINK), 147];

beforeAll(async () => {
  await gather();
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
