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
  /** What looks at the frames in place of sums over their bytes: a sensor, with its events to a file, or nobody. */
  readonly sensor?: string | boolean;
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
  /** µs of this process, of all its threads, since the first batch was asked for; and bytes of memory at the end. */
  readonly cpu: number;
  readonly memory: number;
  /** Flows and alerts that the sensor told of. */
  readonly flows: number;
  readonly alerts: number;
  readonly statistics: { readonly received: number; readonly dropped: number; readonly freezes: number };
}

const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const {
  lateBy = 0,
  throughTcpdump = false,
  sensor: sensing,
  ...options
}: Watching = JSON.parse(process.argv[2]);

/** Loaded when it is asked for: a counting watcher starts in half the time. */
async function startBehind(sensing: string | true) {
  const { startSensor } = await import('./sensing.ts');
  return startSensor(sensing === true ? undefined : sensing);
}

try {
  const told = { ...options, tell: (line: string) => say({ told: line }) };
  const source = throughTcpdump ? openTcpdump(told, 'asked for') : openAfPacket(told);
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    source.close();
    stop.abort();
  });
  const sensor = sensing === undefined || sensing === false ? undefined : await startBehind(sensing);
  say({ warnings: source.warnings });
  await sleep(lateBy, undefined, { signal: stop.signal }).catch(() => undefined);
  let [frames, captured, wire, sum, first, last] = [0, 0, 0, 0, Number.NaN, 0];
  const before = process.cpuUsage();
  for await (const batch of source.batches()) {
    if (sensing !== undefined) {
      sensor?.frames(batch);
      frames += batch.count;
      continue;
    }
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
  const used = process.cpuUsage(before);
  sensor?.finish();
  const seen: Seen = {
    frames,
    captured,
    wire,
    sum,
    first,
    last,
    cpu: used.user + used.system,
    memory: process.memoryUsage().rss,
    flows: sensor?.counters.events['flow'] ?? 0,
    alerts: Object.values(sensor?.counters.alerts ?? {}).reduce((all, count) => all + count, 0),
    statistics: source.statistics(),
  };
  say({ seen });
} catch (error) {
  if (!(error instanceof SensorError)) throw error;
  say({ code: error.code, text: error.toString() });
}
