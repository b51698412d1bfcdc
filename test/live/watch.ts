// Opens a live source, counts what it gives and says so, a line of JSON at a time; SIGTERM ends it.
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { SensorError } from '../../sensor/src/errors.ts';
import { openAfPacket } from '../../sensor/src/sources/afpacket/afpacket.ts';
import type { AfPacketOptions } from '../../sensor/src/sources/afpacket/options.ts';
import { openTcpdump } from '../../sensor/src/sources/afpacket/tcpdump.ts';

export interface Watching extends AfPacketOptions {
  /** ms before the first batch is asked for. */
  readonly lateBy?: number;
  readonly throughTcpdump?: boolean;
}

/** What it says at its end. */
export interface Seen {
  readonly frames: number;
  readonly captured: number;
  readonly wire: number;
  /** Sum of the CRC-32 of all frames, of 32 bits. */
  readonly sum: number;
  /** µs since 1970. */
  readonly first: number;
  readonly last: number;
  readonly statistics: { readonly received: number; readonly dropped: number; readonly freezes: number };
}

const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const { lateBy = 0, throughTcpdump = false, ...options }: Watching = JSON.parse(process.argv[2]);

try {
  const told = { ...options, tell: (line: string) => say({ told: line }) };
  const source = throughTcpdump ? openTcpdump(told, 'asked for') : openAfPacket(told);
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    source.close();
    stop.abort();
  });
  say({ warnings: source.warnings });
  await sleep(lateBy, undefined, { signal: stop.signal }).catch(() => undefined);
  let [frames, captured, wire, sum, first, last] = [0, 0, 0, 0, Number.NaN, 0];
  for await (const batch of source.batches()) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.start[i];
      sum = (sum + crc32(batch.bytes.subarray(at, at + batch.captured[i]))) >>> 0;
      captured += batch.captured[i];
      wire += batch.wire[i];
      last = batch.time[i];
      if (frames++ === 0) first = last;
    }
    say({ frames });
  }
  say({ seen: { frames, captured, wire, sum, first, last, statistics: source.statistics() } satisfies Seen });
} catch (error) {
  if (!(error instanceof SensorError)) throw error;
  say({ code: error.code, text: error.toString() });
}
