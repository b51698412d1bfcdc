// The captures that our readers and those of others must agree on: our own recordings, and the shared corpora when there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

const OWN = join(import.meta.dirname, '../captures');
const CORPORA = join(import.meta.dirname, '../../../shared/corpora');

/** A recording of ours. */
export interface Recording {
  readonly name: string;
  readonly path: string;
}

export const recordings: readonly Recording[] = readdirSync(OWN)
  .filter((file) => file.endsWith('.pcap.zst'))
  .sort()
  .map((file) => ({ name: file.replace('.pcap.zst', ''), path: join(OWN, file) }));

/** Classic pcap files of others, the damaged ones too. */
export const foreign: readonly Recording[] = ['pcap', 'bad/pcap']
  .map((folder) => join(CORPORA, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((path) => /\.(pcap|cap|trace|dmp)(\.gz)?$/.test(path))
  .sort()
  .map((path) => ({ name: basename(path), path }));

/** The capture's bytes, unpacked. */
export function plain(path: string): Buffer {
  const bytes = readFileSync(path);
  if (path.endsWith('.zst')) return zstdDecompressSync(bytes);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
