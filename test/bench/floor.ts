// The floor of the benchmark: reads a capture and does nothing but walk its record headers. `node floor.ts FILE`
import { openSync, readSync } from 'node:fs';

const PIECE_BYTES = 1024 * 1024;
const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES * 2);
const file = openSync(process.argv[2], 'r');
let have = readSync(file, buffer, 0, PIECE_BYTES, null);
let at = 24;
let packets = 0;
let bytes = 0;
for (;;) {
  while (at + 16 <= have) {
    const captured =
      (buffer[at + 8] | (buffer[at + 9] << 8) | (buffer[at + 10] << 16) | (buffer[at + 11] << 24)) >>> 0;
    if (at + 16 + captured > have) break;
    at += 16 + captured;
    bytes += captured;
    packets++;
  }
  buffer.copyWithin(0, at, have);
  have -= at;
  at = 0;
  const read = readSync(file, buffer, have, PIECE_BYTES, null);
  if (read === 0) break;
  have += read;
}
process.stdout.write(`${packets} ${bytes}\n`);
