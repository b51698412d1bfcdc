// Our recordings read twice: by our sources, and by a reader that others wrote. Every packet must be the same.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zstdDecompressSync } from 'node:zlib';
import { parse } from 'pcap-parser';
import { expect, test } from 'vitest';
import { openCapture } from '../../sensor/src/sources/index.ts';

const FOLDER = join(import.meta.dirname, '../captures');
const captures = readdirSync(FOLDER).filter((name) => name.endsWith('.pcap.zst'));

/** Every packet as one line: time, lengths, a digest of its bytes. */
const line = (time: number, captured: number, wire: number, bytes: Uint8Array): string =>
  `${time} ${captured} ${wire} ${createHash('sha1').update(bytes).digest('base64')}`;

async function ours(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { bytes, count, start, captured, wire, time } of openCapture(path).batches())
    for (let i = 0; i < count; i++)
      lines.push(line(time[i], captured[i], wire[i], bytes.subarray(start[i], start[i] + captured[i])));
  return lines;
}

async function theirs(path: string): Promise<string[]> {
  const lines: string[] = [];
  const parser = parse(Readable.from([zstdDecompressSync(readFileSync(path))]));
  parser.on('packet', ({ header: h, data }) => {
    const time = h.timestampSeconds * 1e6 + h.timestampMicroseconds;
    lines.push(line(time, h.capturedLength, h.originalLength, data));
  });
  await once(parser, 'end');
  return lines;
}

test.each(captures)('%s', async (name) => {
  const path = join(FOLDER, name);
  const [mine, another] = await Promise.all([ours(path), theirs(path)]);
  expect(mine.length).toBeGreaterThan(100);
  expect(mine).toEqual(another);
});
