// Builds the captures whose traffic is written down here, with their notes: `npm run captures`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { pcap } from '../../support/packets/capture.ts';
import { note } from './note.ts';
import { takes } from './takes.ts';

const FOLDER = join(import.meta.dirname, '..');
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };

for (const [name, make] of Object.entries(takes)) {
  const { scene, about } = make();
  const packed = zstdCompressSync(pcap(scene.frames), OPTIONS);
  writeFileSync(join(FOLDER, `${name}.pcap.zst`), packed);
  writeFileSync(join(FOLDER, `${name}.yaml`), note(about, scene.frames));
  console.log(`${name}: ${scene.frames.length} packets, ${(packed.length / 1024).toFixed(1)} KiB`);
}
