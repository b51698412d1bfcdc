// Classic pcap in every form that programs write, and in the forms that only accidents and enemies write.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Frame, MAGIC, NOON, type PcapForm, pcap } from '../../../test/support/packets/capture.ts';
import { be32, octets } from '../../../test/support/packets/octets.ts';
import { MAX_RECORD_BYTES } from './capture.ts';
import { openCapture } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-pcap-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Taken {
  readonly frames: { time: number; bytes: number[]; wire: number; link: number }[];
  readonly error: string | undefined;
}

async function take(bytes: Uint8Array): Promise<Taken> {
  const path = join(folder, 'x');
  writeFileSync(path, bytes);
  const frames: Taken['frames'] = [];
  try {
    for await (const b of openCapture(path).batches())
      for (let i = 0; i < b.count; i++)
        frames.push({
          time: b.time[i],
          bytes: [...b.bytes.subarray(b.start[i], b.start[i] + b.captured[i])],
          wire: b.wire[i],
          link: b.link[i],
        });
  } catch (error) {
    return { frames, error: (error as { code?: string }).code };
  }
  return { frames, error: undefined };
}

const FRAMES: Frame[] = [
  { time: NOON + 1, bytes: Uint8Array.of(1, 2, 3) },
  { time: NOON + 999_999, bytes: new Uint8Array(0), wire: 70 },
  { time: NOON + 2_000_000.25, bytes: Uint8Array.from({ length: 1500 }, (_, i) => i) },
];

const FORMS: PcapForm[] = Object.keys(MAGIC).flatMap((magic) =>
  (['big', 'little'] as const).map((order) => ({ magic: magic as keyof typeof MAGIC, order })),
);

test.each(FORMS)('$magic, $order-endian', async (form) => {
  const { frames, error } = await take(pcap(FRAMES, { ...form, link: 113 }));
  expect(error).toBeUndefined();
  expect(frames).toEqual(
    FRAMES.map(({ time, bytes, wire }) => ({
      time: Math.floor(time), // nanoseconds are cut, not rounded
      bytes: [...bytes],
      wire: wire ?? bytes.length,
      link: 113,
    })),
  );
});

test.each(['nokia', 'redHat'] as const)(
  'record headers as %s wrote them, under the usual magic',
  async (stray) => {
    for (const order of ['big', 'little'] as const) {
      const { frames, error } = await take(pcap(FRAMES, { order, stray }));
      expect(error).toBeUndefined();
      expect(frames.map(({ bytes }) => bytes)).toEqual(FRAMES.map(({ bytes }) => [...bytes]));
    }
  },
);

test.each([
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2', [0x42, 0x5a, 0x68, 0x39]],
])('what is compressed with %s is refused by that name', async (name, magic) => {
  const path = join(folder, 'compressed');
  writeFileSync(path, octets(magic, new Uint8Array(40)));
  expect(() => openCapture(path)).toThrow(name);
});

test('bits about frame check sequences are no part of the link type', async () => {
  expect((await take(pcap(FRAMES, { link: 0x24000001 }))).frames[0].link).toBe(1);
});

test('a snap length cuts frames and leaves their length on the wire', async () => {
  const { frames } = await take(pcap(FRAMES, { snaplen: 96 }));
  expect(frames[2].bytes.length).toBe(96);
  expect(frames[2].wire).toBe(1500);
});

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('%s, whatever the file is called', async (_, compress) => {
  expect((await take(compress(pcap(FRAMES)))).frames).toHaveLength(3);
});

test('a file that ends anywhere gives the records that are whole', async () => {
  const whole = pcap(FRAMES.slice(0, 2));
  const ends = [24 + 16 + 3, 24 + 16 + 3 + 16];
  for (let length = 0; length <= whole.length; length++) {
    const { frames, error } = await take(whole.subarray(0, length));
    expect(frames.length, `cut at ${length}`).toBe(ends.filter((end) => end <= length).length);
    const clean = length === 24 || ends.includes(length);
    const expected = clean ? undefined : length < 12 ? 'not_a_capture' : 'capture_truncated';
    expect(error, `cut at ${length}`).toBe(expected);
  }
});

test('a record that claims more than any frame has is named, and what stood before it is kept', async () => {
  const lie = octets(pcap(FRAMES), be32(0), be32(0), be32(MAX_RECORD_BYTES).toReversed(), be32(0));
  const { frames, error } = await take(lie);
  expect(error).toBe('capture_corrupt');
  expect(frames).toHaveLength(3);
});

test('a frame as large as any tool writes is read whole', async () => {
  const bytes = new Uint8Array(262_144).fill(7);
  const { frames, error } = await take(pcap([...FRAMES, { time: NOON, bytes }, ...FRAMES]));
  expect(error).toBeUndefined();
  expect(frames[3].bytes.length).toBe(262_144);
  expect(frames).toHaveLength(7);
});

test('records over many pieces, compressed or not, come out the same', async () => {
  // Two and a half times what the reader takes at once.
  const many = Array.from({ length: 40 }, (_, i) => ({
    time: NOON + i,
    bytes: new Uint8Array(65_000 + (i % 97)).fill(i),
  }));
  const shape = ({ frames }: Taken) => frames.map((f) => [f.time - NOON, f.bytes.length, f.bytes[64_999]]);
  const expected = many.map(({ bytes }, i) => [i, bytes.length, i]);
  expect(shape(await take(pcap(many)))).toEqual(expected);
  expect(shape(await take(gzipSync(pcap(many), { level: 1 })))).toEqual(expected);
});

test('more records than a batch holds', async () => {
  const tiny = Array.from({ length: 17_000 }, (_, i) => ({ time: NOON + i, bytes: Uint8Array.of(i) }));
  const { frames } = await take(pcap(tiny));
  expect(frames.every((f, i) => f.time === NOON + i && f.bytes[0] === (i & 255))).toBe(true);
  expect(frames.length).toBe(tiny.length);
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['text', octets('this is no capture at all')],
  ['damaged gzip', octets([0x1f, 0x8b, 8, 0], new Uint8Array(40).fill(255))],
])('%s is refused by name', async (_, bytes) => {
  expect(['not_a_capture', 'capture_truncated', 'capture_corrupt']).toContain((await take(bytes)).error);
});
