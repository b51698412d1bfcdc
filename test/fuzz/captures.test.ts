// Damaged capture files: every format of the registry on guarded bytes, and `read` as a process on whole files.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPTURES } from './corpus.ts';
import { Random, ROUNDS, SEED } from './random.ts';
import { fuzz } from './target.ts';
import { captures } from './targets/captures.ts';

const DAMAGED = 1_500;
const targets = await captures.targets();

test.each(targets.map((target) => [target.name, target] as const))(
  '%s: records lie inside what was given, whatever the bytes',
  (_, target) => {
    fuzz(target, new Random(SEED), DAMAGED * ROUNDS);
  },
);

const READ = ['browse-http1', 'browse-tls12', 'dns-resolver', 'nmap-udp', 'mail'];
const FILES = 40;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `read` over files. @returns exit status and what it said */
async function read(files: readonly string[]): Promise<{ status: number; said: string; lines: string[] }> {
  const main = join(import.meta.dirname, '../../sensor/src/main.ts');
  const args = [main, 'read', ...files, '--events', '-'];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      maxBuffer: 1 << 28,
      timeout: 60_000,
    });
    return { status: 0, said: stderr, lines: stdout.trimEnd().split('\n') };
  } catch (error) {
    const { code, stdout, stderr } = error as unknown as { code: number; stdout: string; stderr: string };
    return { status: code, said: stderr, lines: stdout.trimEnd().split('\n') };
  }
}

function expectSound({ status, said, lines }: Awaited<ReturnType<typeof read>>): void {
  expect([0, 1], said).toContain(status);
  expect(said).not.toMatch(/^\s+at .*[:(]\d+/m);
  expect(said).not.toMatch(/RangeError|TypeError|node:internal|Uncaught/);
  for (const line of lines) if (line !== '') JSON.parse(line);
}

describe('read', () => {
  test(
    'of files cut, flipped and spliced ends with a word, never with a stack trace',
    async () => {
      const random = new Random(SEED);
      const whole = READ.map((name) => zstdDecompressSync(readFileSync(join(CAPTURES, `${name}.pcap.zst`))));
      const files = Array.from({ length: FILES * ROUNDS }, (_, n) => {
        const bytes = Buffer.from(random.one(whole));
        const flips = random.one([0, 1, 20, 2000]);
        for (let i = 0; i < flips; i++) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
        const cut = random.below(3) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
        const packed = random.one([(b: Buffer) => b, gzipSync, zstdCompressSync])(cut);
        if (random.below(4) === 0) packed[random.below(packed.length)] ^= 0xff;
        const path = join(folder, `${n}.pcap`);
        writeFileSync(path, packed);
        return path;
      });
      const outcome = await read(files);
      expectSound(outcome);
      // Damage was met and named.
      expect(outcome.said).toMatch(/capture_(truncated|corrupt)|not_a_capture/);
      expect(outcome.lines.length).toBeGreaterThan(100);
    },
    60_000 * ROUNDS,
  );

  const bad = new URL('../../../shared/corpora/bad/pcap/', import.meta.url).pathname;
  test.skipIf(!existsSync(bad))(
    "of the shared corpora's bad captures",
    async () => {
      const files = readdirSync(bad, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(pcap|pcapng|cap|trace|dmp)$/.test(name))
        .map((name) => join(bad, name));
      expect(files.length).toBeGreaterThan(50);
      expectSound(await read(files));
    },
    60_000,
  );
});
