// Our classic-pcap reader and npm `pcap-parser`, written by others years ago, agree on every record of every capture.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'pcap-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SensorError } from '../../sensor/src/errors.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';
import { pcap } from '../support/packets/capture.ts';
import { Conversation } from '../support/packets/conversation.ts';
import { foreign, plain, recordings } from './captures.ts';

/** One line a record: time, lengths, and a digest of the bytes. */
const line = (
  seconds: number,
  microseconds: number,
  captured: number,
  wire: number,
  bytes: Uint8Array,
): string =>
  `${seconds}.${microseconds} ${captured}/${wire} ${createHash('md5').update(bytes).digest('base64')}`;

function theirs(bytes: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    parse(Readable.from([bytes]))
      .on('packet', ({ header: h, data }) =>
        lines.push(
          line(h.timestampSeconds, h.timestampMicroseconds, h.capturedLength, h.originalLength, data),
        ),
      )
      .on('error', reject)
      .on('end', () => resolve(lines));
  });
}

async function ours(path: string): Promise<{ lines: string[]; error: string | undefined }> {
  const lines: string[] = [];
  try {
    for await (const b of openCapture(path).batches())
      for (let i = 0; i < b.count; i++) {
        const seconds = Math.floor(b.time[i] / 1e6);
        const bytes = b.bytes.subarray(b.start[i], b.start[i] + b.captured[i]);
        lines.push(line(seconds, b.time[i] - seconds * 1e6, b.captured[i], b.wire[i], bytes));
      }
  } catch (error) {
    if (!(error instanceof SensorError)) throw error;
    return { lines, error: error.code };
  }
  return { lines, error: undefined };
}

/** It knows the magic number of microseconds only, in both byte orders. */
const theyRead = (bytes: Buffer): boolean => ['a1b2c3d4', 'd4c3b2a1'].includes(bytes.toString('hex', 0, 4));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-differential-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const digest = (lines: readonly string[]): string => createHash('md5').update(lines.join('\n')).digest('hex');

async function compare(path: string): Promise<number> {
  const bytes = plain(path);
  const [mine, other] = [await ours(path), await theirs(bytes)];
  // A record that claims more than any frame has ends our reading; pcap-parser waits for its bytes or believes it.
  const common = mine.error === 'capture_corrupt' ? other.slice(0, mine.lines.length) : other;
  if (digest(mine.lines) !== digest(common)) expect(mine.lines).toEqual(common);
  return common.length;
}

test.each(recordings)('$name', async ({ path }) => {
  expect(await compare(path)).toBeGreaterThan(0);
});

test('both byte orders', async () => {
  const { frames } = new Conversation().handshake().send('client', 'x'.repeat(5000)).close();
  for (const order of ['big', 'little'] as const) {
    const path = join(folder, order);
    writeFileSync(path, pcap(frames, { order, snaplen: 96 }));
    expect(await compare(path)).toBe(frames.length);
  }
});

describe.skipIf(foreign.length === 0)('captures of the shared corpora', () => {
  const readable = foreign.filter(({ path }) => theyRead(plain(path)));

  test('most are of the one kind that it reads', () => {
    expect(readable.length).toBeGreaterThan(foreign.length / 2);
  });

  test.each(readable)('$name', async ({ path }) => {
    await compare(path);
  });
});
