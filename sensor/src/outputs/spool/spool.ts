// The spool: what stands on disk between the sensor's records and the aggregator's acknowledgement.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SensorError } from '../../errors.ts';
import { MAX_RECORD_BYTES, type WireRecord } from '../../wire/batch.ts';
import { decodeRecord, encodeRecord } from '../../wire/codec.ts';
import type { Profile } from '../../wire/field.ts';
import { Epoch, type Run } from './epoch.ts';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, SEGMENT_HEADER_BYTES } from './frame.ts';
import { LANES, type Lane, laneOf, rankOf } from './lanes.ts';
import { lock } from './lock.ts';
import { type Disk, disk, type Log } from './log.ts';
import { Loss } from './loss.ts';

/*
 * On disk:   <root>/lock
 *            <root>/<number, 8 digits>-<epoch>/position
 *                                             /critical-000000000000000.seg …     (drawn in frame.ts)
 *
 * One folder for each epoch: a run of a live sensor, or a replay known by its inputs. One log in it for each lane.
 *
 * What is kept when: once `append` returned, kill -9 loses nothing (the bytes are the kernel's). A power cut loses at
 * most what came in the last second or since the last MiB, whichever is less, for that is when fdatasync is called.
 * Segments are deleted after the position that says they are acknowledged is durable, or earlier when room is short.
 *
 * A replay that is started again offers the same records in the same order: the spool knows how many of each lane it
 * has and takes no notice of those.
 */
const SYNC_EVERY_MS = 1_000;
const SYNC_EVERY_BYTES = 1024 * 1024;
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Epochs whose records are all gone but whose position is remembered, in case the replay is started again. */
const REMEMBERED_EPOCHS = 64;
/** A span of blindness is written down at least this often while records are being given up. */
const BLIND_EVERY_MS = 10_000;

export interface SpoolOptions {
  /** 16 hex digits: random for a live source, a hash of the inputs for a replay. */
  readonly epoch: string;
  /** Privacy profile under which this run's records are made. */
  readonly profile: Profile;
  /** A live source never waits: when the spool is full the least severe records are given up. A replay waits. */
  readonly live: boolean;
  /** Bound of all segments together. */
  readonly maxBytes: number;
  /** One line for people. */
  readonly log: (line: string) => void;
  readonly disk?: Disk;
  readonly segmentBytes?: number;
}

/** What `append` did: kept, known (a replay's record that the spool has had), shed (no room, counted). */
export type Appended = 'kept' | 'known' | 'shed';

/** Records of one lane whose numbers follow one another. */
export interface Batch {
  readonly log: Log;
  readonly first: number;
  /** Encoded records. */
  readonly lines: readonly string[];
  readonly profile: Profile;
}

export interface SpoolStats {
  readonly bytes: number;
  /** Not yet acknowledged. */
  readonly records: number;
  /** Records given up since the start, by lane. */
  readonly shed: Readonly<Record<Lane, number>>;
  /** Damaged segments found since the start. */
  readonly corrupt: number;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #root: string;
  readonly #unlock: () => void;
  /** Oldest first; the last is this run's. */
  readonly #epochs: readonly Epoch[];
  readonly #loss = new Loss();
  readonly #frame = Buffer.allocUnsafe(MAX_FRAME_BYTES);
  readonly #timer: NodeJS.Timeout;
  /** Records that earlier epochs were given. */
  readonly #before = new Map<string, number>();
  #corrupt = 0;
  #used = 0;
  #unsynced = 0;
  #flushing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #lastComplaint = '';

  /**
   * @param root folder of the spool; made when it is not there
   * @throws SensorError spool_locked, output_unwritable
   */
  constructor(root: string, options: SpoolOptions) {
    this.#root = root;
    this.#options = options;
    this.#unlock = lock(join(root, 'lock'));
    try {
      this.#epochs = this.#recover();
    } catch (error) {
      this.#unlock();
      throw this.#unwritable(error);
    }
    this.#measure();
    this.#timer = setInterval(() => void this.flush(), SYNC_EVERY_MS).unref();
  }

  #recover(): Epoch[] {
    const names = readdirSync(this.#root)
      .filter((name) => /^\d{8}-[0-9a-f]{16}$/.test(name))
      .sort();
    const { epoch, live } = this.#options;
    const mine = names.find((name) => name.endsWith(epoch));
    const past = names.filter((name) => name !== mine).map((name) => this.#open(name, 'past'));
    for (const [i, name] of names.filter((one) => one !== mine).entries())
      this.#before.set(name.slice(9), past[i].appended);
    const drained = past.filter((other) => [...other.logs].length === 0);
    for (const other of drained.slice(0, -REMEMBERED_EPOCHS)) rmSync(other.folder, { recursive: true });
    const number = String(Number(names.at(-1)?.slice(0, 8) ?? 0) + 1).padStart(8, '0');
    const current = this.#open(mine ?? `${number}-${epoch}`, live ? 'live' : 'replay');
    return [...past.filter((other) => !drained.includes(other)), current];
  }

  #open(name: string, run: Run): Epoch {
    return new Epoch(join(this.#root, name), name.slice(9), run, {
      // A past run's own profile stands in its segments; where that is destroyed, the one that promises most.
      profile: run === 'past' ? 'strict' : this.#options.profile,
      segmentBytes: this.#options.segmentBytes ?? SEGMENT_BYTES,
      disk: this.#options.disk ?? disk,
      onDamage: ({ path, bytes }) => {
        this.#corrupt++;
        this.#options.log(`${new SensorError('spool_corrupt', `${path}: ${bytes} bytes are damaged`)}`);
      },
    });
  }

  #unwritable(error: unknown): SensorError {
    if (error instanceof SensorError) return error;
    return new SensorError('output_unwritable', `the spool ${this.#root}: ${(error as Error).message}`);
  }

  /** Says what the disk refuses, once until it says something else. */
  #complain(error: unknown): void {
    const line = this.#unwritable(error).toString();
    if (line !== this.#lastComplaint) this.#options.log(line);
    this.#lastComplaint = line;
  }

  /**
   * Takes a record. One that is too long for the wire is given up.
   * @throws SensorError output_unwritable when the disk refuses a replay's record
   */
  append(record: WireRecord): Appended {
    const lane = laneOf(record);
    const log = this.#epochs.at(-1)!.log(lane)!;
    const line = encodeRecord(record);
    const length = Buffer.byteLength(line);
    if (length > MAX_RECORD_BYTES) return this.#giveUp(lane, record);
    this.#frame.write(line, FRAME_HEADER_BYTES, 'utf8');
    return this.#options.live ? this.#appendLive(log, record, length) : this.#appendReplayed(log, length);
  }

  #appendReplayed(log: Log, length: number): Appended {
    if (log.offered++ < log.next) return 'known';
    try {
      this.#grow(log.append(this.#frame, length));
    } catch (error) {
      throw this.#unwritable(error);
    }
    return 'kept';
  }

  #appendLive(log: Log, record: WireRecord, length: number): Appended {
    const rank = rankOf(log.lane);
    // Spans of blindness are written whatever the bound says: they are what tells of it.
    let hasRoom = log.lane === 'blind' || this.#makeRoom(length, rank);
    while (hasRoom) {
      try {
        this.#grow(log.append(this.#frame, length));
        return 'kept';
      } catch (error) {
        // The disk is full before the bound is reached: less severe records make room for this one.
        this.#complain(error);
        hasRoom = this.#shedBelow(rank);
      }
    }
    return this.#giveUp(log.lane, record);
  }

  #giveUp(lane: Lane, record: WireRecord): Appended {
    this.#loss.add(lane, 1, [record]);
    return 'shed';
  }

  #grow(bytes: number): void {
    this.#used += bytes;
    this.#unsynced += bytes;
    if (this.#unsynced >= SYNC_EVERY_BYTES) void this.flush();
  }

  /** @returns false when nothing less severe is left to give up */
  #makeRoom(length: number, rank: number): boolean {
    const most = this.#options.maxBytes - length - FRAME_HEADER_BYTES - SEGMENT_HEADER_BYTES;
    if (this.#used <= most) return true;
    this.#reclaim();
    while (this.#used > most) if (!this.#shedBelow(rank)) return false;
    return true;
  }

  /** Gives up the oldest segment of the least severe lane below `rank`. */
  #shedBelow(rank: number): boolean {
    for (const lane of LANES.slice(0, rank))
      for (const epoch of this.#epochs) {
        const log = epoch.log(lane);
        if (log === undefined || log.bytes === 0) continue;
        const gone = log.shed();
        this.#used -= gone.bytes;
        const witnesses = gone.lines.map((line) => decodeRecord(line));
        this.#loss.add(
          lane,
          gone.records,
          witnesses.flatMap((witness) => (witness.ok ? [witness.value] : [])),
        );
        return true;
      }
    return false;
  }

  #declareBlind(): void {
    const blind = this.#loss.take();
    if (blind === undefined) return;
    const log = this.#epochs.at(-1)!.log('blind')!;
    const line = encodeRecord(blind);
    this.#frame.write(line, FRAME_HEADER_BYTES, 'utf8');
    try {
      this.#grow(log.append(this.#frame, Buffer.byteLength(line)));
    } catch (error) {
      this.#complain(error);
      this.#loss.restore(blind);
    }
  }

  /** The next records to send: the most severe lane first, within it the oldest epoch. Asking again gives the same. */
  next(maxRecords: number, maxBytes: number): Batch | undefined {
    for (const lane of [...LANES].reverse())
      for (const epoch of this.#epochs) {
        const log = epoch.log(lane);
        const slice = log?.read(maxRecords, maxBytes);
        if (slice !== undefined) return { log: log!, ...slice };
      }
    return undefined;
  }

  /** The aggregator has taken all of the batch's lane up to `through`; more than the batch holds is not believed. */
  ack(batch: Batch, through: number): void {
    batch.log.ack(Math.min(through, batch.first + batch.lines.length - 1));
    if (this.#waiting.length > 0) this.#wake();
  }

  /** True while a replay has to wait for the aggregator to take something. */
  busy(): boolean {
    if (this.#options.live || this.#used < this.#options.maxBytes) return false;
    this.#reclaim();
    return this.#used >= this.#options.maxBytes;
  }

  /** Resolves when `busy` is over. */
  ready(): Promise<void> {
    if (!this.busy()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    if (this.busy()) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Records that an epoch was given so far, acknowledged ones too; undefined for one that is not known. */
  appendedIn(epoch: string): number | undefined {
    return epoch === this.#options.epoch ? this.#epochs.at(-1)!.appended : this.#before.get(epoch);
  }

  /** How far each lane of each epoch came. */
  queues(): { name: string; next: number; acked: number }[] {
    return this.#epochs.flatMap((epoch) =>
      [...epoch.logs].map(({ epoch: name, next, acked }) => ({ name, next, acked })),
    );
  }

  stats(): SpoolStats {
    return { bytes: this.#used, records: this.records, shed: this.#loss.shed, corrupt: this.#corrupt };
  }

  /** Not yet acknowledged, in all epochs. */
  get records(): number {
    return this.#sum((log) => log.records);
  }

  #sum(of: (log: Log) => number): number {
    let sum = 0;
    for (const epoch of this.#epochs) for (const log of epoch.logs) sum += of(log);
    return sum;
  }

  #measure(): void {
    this.#used = this.#sum((log) => log.bytes);
  }

  /** Deletes what is acknowledged, whether the position is durable or not: to forget one is harmless. */
  #reclaim(): void {
    for (const epoch of this.#epochs) for (const log of epoch.logs) log.reclaim(log.acked);
    this.#measure();
  }

  /** Makes records and positions durable and deletes what is acknowledged. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    }));
  }

  async #flush(): Promise<void> {
    this.#unsynced = 0;
    if (this.#loss.age >= BLIND_EVERY_MS) this.#declareBlind();
    try {
      for (const epoch of this.#epochs) await epoch.save();
    } catch (error) {
      this.#complain(error);
    }
    this.#measure();
    if (this.#waiting.length > 0) this.#wake();
  }

  /** Writes out what is pending and gives the lock back. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#declareBlind();
    await this.#flushing;
    await this.flush();
    for (const epoch of this.#epochs)
      for (const log of epoch.logs) await log.close().catch((error) => this.#complain(error));
    this.#unlock();
  }
}
