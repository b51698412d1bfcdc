// Laws of every capture format: the same frames whatever the pieces they come in, and harm from no bytes at all.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SensorError } from '../../sensor/src/errors.ts';
import type { CaptureFormat } from '../../sensor/src/sources/capture.ts';
import { captureFormats } from '../../sensor/src/sources/index.ts';
import { FrameBatch } from '../../sensor/src/sources/source.ts';
import { type Frame, NOON, pcap } from '../support/packets/capture.ts';
import { octets } from '../support/packets/octets.ts';
import { pcapng } from '../support/packets/pcapng.ts';

const all: readonly CaptureFormat[] = captureFormats;

/** Frames of all sizes that matter, one of them cut by a snap length. */
const FRAMES: readonly Frame[] = [0, 1, 14, 60, 1514, 9000].map((size, i) => ({
  time: NOON + i * 250_000,
  bytes: new Uint8Array(size).fill(i + 1),
  ...(size === 60 ? { wire: 4000 } : {}),
}));

/** Files of each format that hold `FRAMES`: a new format brings its own, in every form it has. */
const FILES: Readonly<Record<string, readonly Uint8Array[]>> = {
  pcap: (['microseconds', 'nanoseconds', 'modified', 'ixiaHardware', 'ixiaSoftware'] as const).flatMap(
    (magic) => (['big', 'little'] as const).map((order) => pcap(FRAMES, { magic, order })),
  ),
  pcapng: (['big', 'little'] as const).flatMap((order) => [
    pcapng(FRAMES, { order }),
    pcapng(FRAMES, { order, resolution: 9 }),
    pcapng(FRAMES, { order, resolution: 10, offset: 1_700_000_000 }),
    pcapng(FRAMES, { order, resolution: 0x80 | 20, offset: -3600 }),
    pcapng(FRAMES, { order, resolution: 3, packets: 'obsolete' }),
    octets(pcapng(FRAMES.slice(0, 3), { order: 'big' }), pcapng(FRAMES.slice(3), { order })),
  ]),
};

interface Got {
  readonly frames: { time: number; wire: number; bytes: number[] }[];
  readonly left: number;
  readonly error: string | undefined;
}

/** Reads a file that arrives in pieces, as the capture source does. */
function walk(format: CaptureFormat, file: Uint8Array, pieces: readonly number[], capacity: number): Got {
  const frames: Got['frames'] = [];
  const batch = new FrameBatch(capacity);
  const reader = format.open('a file');
  const buffer = new Uint8Array(file.length);
  batch.bytes = buffer;
  let have = 0;
  let at = 0;
  try {
    for (let n = 0; have < file.length; n++) {
      const to = Math.min(file.length, have + Math.max(1, pieces[n % pieces.length]));
      buffer.set(file.subarray(have, to), have);
      have = to;
      for (;;) {
        batch.count = 0;
        const taken = reader.walk(buffer, at, have, batch);
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(have - at);
        for (let i = 0; i < batch.count; i++) {
          expect(batch.start[i] + batch.captured[i]).toBeLessThanOrEqual(at + taken);
          const bytes = [...buffer.subarray(batch.start[i], batch.start[i] + batch.captured[i])];
          frames.push({ time: batch.time[i], wire: batch.wire[i], bytes });
        }
        if (taken === 0) break;
        at += taken;
      }
    }
  } catch (error) {
    if (!(error instanceof SensorError)) throw error;
    return { frames, left: have - at, error: error.code };
  }
  return { frames, left: have - at, error: undefined };
}

const whole = (format: CaptureFormat, file: Uint8Array): Got => walk(format, file, [file.length], 1000);

describe.each(all.map((format) => [format.name, format] as const))('%s', (name, format) => {
  const files = FILES[name] ?? [];

  test('reads what was written, and knows its own', () => {
    expect(files).not.toEqual([]);
    for (const file of files) {
      expect(format.recognises(file.subarray(0, 12))).toBe(true);
      expect(all.filter((other) => other.recognises(file.subarray(0, 12)))).toEqual([format]);
      const { frames, left, error } = whole(format, file);
      expect(error).toBeUndefined();
      expect(left).toBe(0);
      expect(frames).toEqual(
        FRAMES.map(({ time, bytes, wire }) => ({ time, wire: wire ?? bytes.length, bytes: [...bytes] })),
      );
    }
  });

  test('gives the same frames whatever the pieces and the size of a batch', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        pieces,
        fc.integer({ min: 1, max: 8 }),
        (file, sizes, capacity) => {
          expect(walk(format, file, sizes, capacity)).toEqual(whole(format, file));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a file that is cut gives a beginning of its frames, and no error before its end is known', () => {
    for (const file of files) {
      const { frames } = whole(format, file);
      for (let cut = 12; cut < 400; cut++) {
        const got = whole(format, file.subarray(0, cut));
        expect(got.error).toBeUndefined();
        expect(got.frames).toEqual(frames.slice(0, got.frames.length));
      }
    }
  });

  test('damage gives frames or a coded error, never anything else', () => {
    const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...files), damage, (file, changes) => {
        const damaged = file.slice();
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        const { error } = walk(format, damaged, [700], 4);
        if (error !== undefined) expect(error).toBe('capture_corrupt');
      }),
      { numRuns: 200 },
    );
  });

  test('any bytes at all behind its own beginning', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.uint8Array({ maxLength: 600 }), (file, noise) => {
        const bytes = new Uint8Array(12 + noise.length);
        bytes.set(file.subarray(0, 12));
        bytes.set(noise, 12);
        walk(format, bytes, [50], 4);
      }),
      { numRuns: 200 },
    );
  });
});
