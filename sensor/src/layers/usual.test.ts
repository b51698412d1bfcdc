// The short way through usual frames against the general decoder, in every frame that we have recorded and in damaged ones.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random, SEED } from '../../../test/fuzz/random.ts';
import { openCapture } from '../sources/index.ts';
import { decodeAny } from './decode.ts';
import { FATE, Packet, TCP } from './packet.ts';
import { decodeUsual } from './usual.ts';

const CAPTURES = join(import.meta.dirname, '../../../test/captures');

/** What decoding says of the frame, without what only TCP has where it is none. */
function said(p: Packet): object {
  const { time, bytes, outerSource, outerDestination, vlan, header, headerAt, oddity, ...rest } = p;
  const {
    fragment,
    network,
    wrapping,
    outerProtocol,
    outerVersion,
    outerSourcePort,
    outerDestinationPort,
    ...of
  } = rest;
  const { sequence, acknowledged, window, ...any } = of;
  return p.protocol === TCP ? of : any;
}

/** @returns whether the frame was a usual one */
function compare(bytes: Uint8Array, at: number, end: number, wire: number): boolean {
  const [quick, general] = [new Packet(), new Packet()];
  for (const p of [quick, general]) Object.assign(p, { bytes, at, end, wire, link: 1 });
  if (!decodeUsual(quick)) return false;
  const fate = decodeAny(general);
  const [brief, full] = [said(quick), said(general)];
  // The runner's own comparison takes a hundred times as long as both decoders: it is asked where they differ.
  if (fate !== FATE.decoded || JSON.stringify(brief) !== JSON.stringify(full)) {
    expect(fate).toBe(FATE.decoded);
    expect(brief).toEqual(full);
  }
  return true;
}

test('says what the general decoder says', { timeout: 60_000 }, async () => {
  const random = new Random(SEED);
  let frames = 0;
  let usual = 0;
  let damaged = 0;
  for (const file of readdirSync(CAPTURES).filter((name) => name.endsWith('.pcap.zst')))
    for await (const batch of openCapture(join(CAPTURES, file)).batches())
      for (let i = 0; i < batch.count; i += 1 + (batch.count >> 5)) {
        if (batch.link[i] !== 1) continue;
        const frame = batch.bytes.slice(batch.start[i], batch.start[i] + batch.captured[i]);
        frames++;
        if (compare(frame, 0, frame.length, batch.wire[i])) usual++;
        for (let turn = 0; turn < 20; turn++) {
          const broken = frame.slice();
          broken[12 + random.below(Math.min(60, Math.max(1, broken.length - 12)))] = random.below(256);
          const end = random.below(4) === 0 ? random.below(broken.length + 1) : broken.length;
          if (compare(broken, 0, end, random.below(4) === 0 ? end : broken.length)) damaged++;
        }
      }
  expect(usual).toBeGreaterThan(frames * 0.6);
  expect(damaged).toBeGreaterThan(frames);
});
