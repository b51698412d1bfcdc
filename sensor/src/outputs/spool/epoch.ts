// One run's records in the spool: a folder with a log for each lane, and how far each is acknowledged.
import { mkdirSync, readdirSync } from 'node:fs';
import { LANES, type Lane, laneEpoch } from './lanes.ts';
import { Log, type LogOptions } from './log.ts';
import { type Position, readPosition, writePosition } from './position.ts';
import { parseSegmentName } from './segment.ts';

/** @param run `live` takes new records; `replay` too, and makes missing ones again; `past` only gives */
export type Run = 'live' | 'replay' | 'past';

export class Epoch {
  readonly folder: string;
  readonly #logs = new Map<Lane, Log>();
  /** What the position file says. */
  #saved: Position;

  /** @param epoch 16 hex digits */
  constructor(
    folder: string,
    epoch: string,
    run: Run,
    options: Pick<LogOptions, 'profile' | 'segmentBytes' | 'disk' | 'onDamage'>,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.folder = folder;
    this.#saved = readPosition(folder);
    const files = readdirSync(folder);
    for (const lane of LANES) {
      const names = files.filter((file) => parseSegmentName(file)?.lane === lane);
      if (run === 'past' && names.length === 0) continue;
      const log = new Log(
        { ...options, folder, lane, epoch: laneEpoch(epoch, lane) },
        this.#saved[lane] ?? -1,
      );
      log.recover(names, run === 'replay');
      log.reclaim(log.acked);
      if (run !== 'past' || log.bytes > 0) this.#logs.set(lane, log);
    }
  }

  /** Records that it was ever given, also those that are acknowledged and gone. */
  get appended(): number {
    return LANES.reduce(
      (sum, lane) => sum + (this.#logs.get(lane)?.next ?? (this.#saved[lane] ?? -1) + 1),
      0,
    );
  }

  get logs(): Iterable<Log> {
    return this.#logs.values();
  }

  /** @returns undefined when a past run left nothing in this lane */
  log(lane: Lane): Log | undefined {
    return this.#logs.get(lane);
  }

  /** Makes records durable, then the position, then deletes the segments that it says are acknowledged. */
  async save(): Promise<void> {
    const acked: Position = { ...this.#saved };
    for (const log of this.#logs.values()) {
      await log.sync();
      if (log.acked >= 0) acked[log.lane] = log.acked;
    }
    if (LANES.every((lane) => acked[lane] === this.#saved[lane])) return;
    await writePosition(this.folder, acked);
    this.#saved = acked;
    for (const log of this.#logs.values()) log.reclaim(acked[log.lane] ?? -1);
  }
}
