// Capture formats: whatever the bytes, records lie inside what was given, and the walk ends.
import { SensorError } from '../../../sensor/src/errors.ts';
import type { CaptureFormat } from '../../../sensor/src/sources/capture.ts';
import { captureFormats } from '../../../sensor/src/sources/index.ts';
import { FrameBatch } from '../../../sensor/src/sources/source.ts';
import { MAGIC, pcap } from '../../support/packets/capture.ts';
import { Conversation } from '../../support/packets/conversation.ts';
import { octets } from '../../support/packets/octets.ts';
import { pcapng } from '../../support/packets/pcapng.ts';
import { alike, type Guarded } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Registry, Target } from '../target.ts';

const MOST_TURNS = 4096;
const small = new Conversation().handshake().send('client', 'x'.repeat(50)).close().frames;
const ORDERS = ['big', 'little'] as const;
/** Whole files of each format; a new format brings its own. */
const SEEDS: Readonly<Record<string, readonly Uint8Array[]>> = {
  pcap: (Object.keys(MAGIC) as (keyof typeof MAGIC)[]).flatMap((magic) =>
    ORDERS.map((order) => pcap(small, { magic, order })),
  ),
  pcapng: ORDERS.flatMap((order) => [
    pcapng(small, { order, resolution: 9 }),
    pcapng(small, { order, packets: 'obsolete', offset: -1 }),
    octets(pcapng(small.slice(0, 2)), pcapng(small.slice(2), { order, resolution: 0x80 | 20 })),
  ]),
};

/** Everything that a reader says of the file. */
function walk(format: CaptureFormat, { bytes, at, end }: Guarded): unknown {
  const reader = format.open('x');
  const batch = new FrameBatch(4);
  const told: unknown[] = [];
  for (let turn = 0, from = at; turn < MOST_TURNS; turn++) {
    batch.count = 0;
    let taken = 0;
    try {
      taken = reader.walk(bytes, from, end, batch);
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      return [...told, error.code];
    }
    for (let i = 0; i < batch.count; i++) {
      const start = batch.start[i];
      if (start < from || start + batch.captured[i] > end) throw new Error(`record ${i} is not inside`);
      told.push([start - at, batch.captured[i], batch.wire[i], batch.time[i], batch.link[i]]);
    }
    if (taken > end - from) throw new Error(`took ${taken} of ${end - from} bytes`);
    if (taken === 0) return told;
    from += taken;
  }
  throw new Error('does not end');
}

function target(format: CaptureFormat): Target {
  const seeds = SEEDS[format.name];
  if (seeds === undefined) throw new Error(`there is no file of ${format.name} to begin with`);
  return {
    name: format.name,
    make(random) {
      let input: Uint8Array = new Uint8Array(0);
      // Ends: damage seldom hits the few bytes that a format is known by.
      while (input.length < 12 || !format.recognises(input)) input = mutate(random.one(seeds), random, seeds);
      return {
        pieces: [input],
        attempt: ([bytes]) => alike(format.name, bytes, (guarded) => walk(format, guarded)),
      };
    },
  };
}

export const captures: Registry = {
  name: 'captures',
  targets: async () => (captureFormats as readonly CaptureFormat[]).map(target),
};
