// Records that are written at once say what their fields say one by one, under every profile, in all we have recorded.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JsonBytes } from '../../sensor/src/bytes/json.ts';
import { SensorError } from '../../sensor/src/errors.ts';
import { compileWriter } from '../../sensor/src/outputs/eve-writer.ts';
import { Gate } from '../../sensor/src/outputs/gate.ts';
import { envelopeBlock } from '../../sensor/src/protocols/envelope-block.ts';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { blocksOf, eventFields, protocols } from '../../sensor/src/protocols/index.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';
import { PROFILES, type Profile } from '../../sensor/src/wire/field.ts';
import { eveObject } from '../support/eve-object.ts';
import { batchOf } from '../support/sense.ts';
import { framesOf, readBooks } from './conversations/conversation.ts';

const CAPTURES = join(import.meta.dirname, '../captures');
const CORPORA = join(import.meta.dirname, '../../../shared/corpora/pcap');
/** Events of one kind and one capture that are compared. */
const COMPARED = 300;
const withBlocks = Object.keys(eventFields).filter((type) => blocksOf(type).length > 0);

/** A sensor whose every record is written both ways; says how often the quick way was taken. */
function compare(profile: Profile): { sensor: Sensor; quick: Map<string, number>; again(): void } {
  const gate = new Gate({ profile, key: new Uint8Array(32) });
  const out = new JsonBytes(1 << 16);
  const counts = new Map<string, number>();
  const quick = new Map<string, number>();
  const writers = new Map(
    withBlocks.map((type) => {
      const released = gate.fields(type, eventFields[type]);
      const blocks = [envelopeBlock(type, true), ...blocksOf(type)].map((block, i) => ({
        ...block,
        write(...given: Parameters<typeof block.write>): boolean {
          const written = block.write(...given);
          if (written && i > 0) quick.set(type, (quick.get(type) ?? 0) + 1);
          return written;
        },
      }));
      return [type, { released, write: compileWriter(released, gate.blocks(type, blocks)) }] as const;
    }),
  );
  const event = (one: Event): void => {
    const writer = writers.get(one.type);
    const count = counts.get(one.type) ?? 0;
    if (writer === undefined || count >= COMPARED) return;
    counts.set(one.type, count + 1);
    out.at = 0;
    out.byte(0x7b);
    writer.write(one, out);
    out.bytes[out.at - 1] = 0x7d;
    const text = Buffer.from(out.bytes.subarray(0, out.at)).toString('latin1');
    expect(JSON.parse(text)).toEqual(eveObject(writer.released, one));
  };
  const sensor = new Sensor({
    protocols,
    detect: () => ({}),
    outputs: [{ name: 'both', event, close: async () => {} }],
    profile,
    shares: { flows: 1 << 16, parsers: 4096, bufferBytes: 1 << 24 },
  });
  return { sensor, quick, again: () => counts.clear() };
}

test.each(Object.keys(PROFILES) as Profile[])('%s', { timeout: 120_000 }, async (profile) => {
  const { sensor, quick, again } = compare(profile);
  const corpora = existsSync(CORPORA) && process.env['CI'] !== undefined ? CORPORA : undefined;
  const files = [
    ...readdirSync(CAPTURES).map((file) => join(CAPTURES, file)),
    ...(corpora === undefined
      ? []
      : readdirSync(corpora, { recursive: true, encoding: 'utf8' }).map((file) => join(corpora, file))),
  ].filter((file) => /\.(pcap|pcapng|cap)(\.zst)?$/.test(file));
  for (const file of files) {
    again();
    try {
      for await (const batch of openCapture(file).batches()) sensor.frames(batch);
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
    }
    sensor.finish();
  }
  for (const { spoken } of (await readBooks()).values())
    for (const one of spoken) {
      again();
      sensor.frames(batchOf(framesOf(one)));
      sensor.finish();
    }
  // Each quick way was taken: a block that is never used would pass.
  expect([...quick.keys()].sort()).toEqual(withBlocks.filter((type) => type !== 'flow_update').sort());
});
