// The uplink: records into the spool, and from there to the aggregator until it says that it has them.

import { Agent } from 'node:https';
import { join } from 'node:path';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { Compile } from 'typebox/compile';
import { SensorError } from '../errors.ts';
import {
  BATCH_CONTENT_TYPE,
  BATCH_PATH,
  type BatchHeader,
  BatchReply,
  MAX_BATCH_RECORDS,
  WIRE_VERSION,
  type WireRecord,
} from '../wire/batch.ts';
import { encodeBatch } from '../wire/codec.ts';
import type { Profile } from '../wire/field.ts';
import type { Health } from '../wire/health.ts';
import type { Output } from './output.ts';
import { type Batch, Spool, type SpoolStats } from './spool/spool.ts';
import { Backoff, HURRY, type Pace, REFUSED, RETRY } from './uplink/backoff.ts';
import { type Answer, describe, post, problemCode } from './uplink/exchange.ts';
import { certificateEnd, type Identity, readIdentity } from './uplink/identity.ts';
import { type Outcome, Tally } from './uplink/tally.ts';

/** What the sensor knows about its own sight; the uplink adds the clock and the spool. */
export type Sight = Omit<Health, 'time' | 'spool_bytes' | 'spool_records' | 'spool_shed'>;

export interface UplinkOptions {
  /** Folder of identity and spool. */
  readonly state: string;
  /** 16 hex digits: random for a live source, a hash of the inputs for a replay. */
  readonly epoch: string;
  readonly live: boolean;
  readonly profile: Profile;
  readonly sight: () => Sight;
  /** One line for people. */
  readonly log: (line: string) => void;
  /** Bound of the spool. */
  readonly maxBytes?: number;
  /** For tests: the waits of the world, in ms. */
  readonly pace?: Partial<UplinkPace>;
}

export interface UplinkPace {
  readonly retry: Pace;
  readonly refused: Pace;
  /** Silence is broken by a heartbeat after this long. */
  readonly heartbeat: number;
  /** Records that come within this time of each other travel together. */
  readonly linger: number;
  /** One exchange takes no longer. */
  readonly timeout: number;
}

const PACE: UplinkPace = { retry: RETRY, refused: REFUSED, heartbeat: 10_000, linger: 100, timeout: 30_000 };
const MAX_SPOOL_BYTES = 256 * 1024 * 1024;
/** Of records in one batch, before compression: far below the wire's bound, since alerts wait behind it. */
const BATCH_BYTES = 1024 * 1024;

/** A certificate with fewer days left is spoken of. */
const WARN_DAYS = 7;

const compress = promisify(zstdCompress);
const replyCheck = Compile(BatchReply);

/** How `drain` ended. */
export interface Drained {
  /** Records not yet acknowledged; 0 when all arrived. */
  readonly left: number;
  /** Why, when some are left: the last failure. */
  readonly because: string | undefined;
}

/**
 * @throws SensorError not_enrolled, spool_locked, output_unwritable
 */
export function openUplink(options: UplinkOptions): Uplink {
  const identity = readIdentity(options.state);
  const days = Math.floor((certificateEnd(identity) - Date.now()) / 86_400_000);
  if (days < WARN_DAYS)
    options.log(
      `the sensor's certificate ${days < 0 ? 'has expired' : `expires in ${days} days`}: enrol again`,
    );
  const spool = new Spool(join(options.state, 'spool'), {
    ...options,
    maxBytes: options.maxBytes ?? MAX_SPOOL_BYTES,
  });
  return new Uplink(identity, spool, options);
}

export class Uplink implements Output {
  readonly name = 'aggregator';
  readonly tally = new Tally();
  /** When the sensor's certificate expires, ms since 1970. */
  readonly certificateEnd: number;
  readonly #identity: Identity;
  readonly #spool: Spool;
  readonly #options: UplinkOptions;
  readonly #pace: UplinkPace;
  readonly #agent: Agent;
  readonly #backoff = new Backoff();
  readonly #closing = new AbortController();
  readonly #loop: Promise<void>;
  /** Ends the sleep that the loop is in. */
  #wake = new AbortController();
  #isResting = false;
  #address = 0;
  #maxRecords = MAX_BATCH_RECORDS;
  #lastSent = Number.NEGATIVE_INFINITY;
  #failure: string | undefined;
  #drained: (() => void)[] = [];

  constructor(identity: Identity, spool: Spool, options: UplinkOptions) {
    this.#identity = identity;
    this.#spool = spool;
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 1,
      minVersion: 'TLSv1.3',
      ca: identity.ca,
      cert: identity.certificate,
      key: identity.key,
    });
    this.certificateEnd = certificateEnd(identity);
    this.#loop = this.#run();
  }

  record(record: WireRecord): void {
    if (this.#spool.append(record) === 'kept' && this.#isResting) this.#wake.abort();
  }

  busy(): boolean {
    return this.#spool.busy();
  }

  ready(): Promise<void> {
    return this.#spool.ready();
  }

  /** Which epoch this run's records belong to, and how many there are. Those are kept, whatever ends the run but the power. */
  appended(): { epoch: string; records: number } {
    const { epoch } = this.#options;
    return { epoch, records: this.#spool.appendedIn(epoch) ?? 0 };
  }

  appendedIn(epoch: string): number | undefined {
    return this.#spool.appendedIn(epoch);
  }

  /** How far the aggregator is behind. */
  waiting(): { bytes: number; queues: ReturnType<Spool['queues']>; lastHeard: number } {
    return {
      bytes: this.#spool.stats().bytes,
      queues: this.#spool.queues(),
      lastHeard: this.tally.lastHeard,
    };
  }

  spool(): SpoolStats {
    return this.#spool.stats();
  }

  /** Waits until the aggregator has everything, at most `timeout` ms. */
  async drain(timeout: number): Promise<Drained> {
    const limit = AbortSignal.any([AbortSignal.timeout(timeout), this.#closing.signal]);
    this.#wake.abort();
    while (this.#spool.records > 0 && !limit.aborted) {
      await new Promise<void>((resolve) => {
        limit.addEventListener('abort', () => resolve(), { once: true });
        this.#drained.push(resolve);
      });
    }
    const left = this.#spool.records;
    return { left, because: left === 0 ? undefined : (this.#failure ?? 'the time was up') };
  }

  /** Stops sending; what is not acknowledged stays in the spool for the next run. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#loop;
    this.#agent.destroy();
    await this.#spool.close();
  }

  async #run(): Promise<void> {
    // Not before the caller has finished making what `sight` looks at.
    await immediately();
    while (!this.#closing.signal.aborted) {
      const batch = this.#next();
      const untilHeartbeat = this.#lastSent + this.#pace.heartbeat - performance.now();
      if (batch === undefined && untilHeartbeat > 0) {
        this.#settle();
        await this.#rest(untilHeartbeat);
        continue;
      }
      const wait = await this.#send(batch);
      if (batch !== undefined && this.#spool.records === 0) this.#settle();
      if (wait > 0) await this.#pause(wait);
    }
  }

  get #retry(): Pace {
    const { first, most } = this.#pace.retry;
    return this.#drained.length === 0 ? this.#pace.retry : { first, most: Math.min(most, HURRY.most) };
  }

  #next(): Batch | undefined {
    try {
      return this.#spool.next(this.#maxRecords, BATCH_BYTES);
    } catch (error) {
      this.#fail('failed', `the spool cannot be read: ${describe(error)}`, this.#retry);
      return undefined;
    }
  }

  /** Nothing to send: sleeps until a record comes, and then a little, so that those behind it come along. */
  async #rest(ms: number): Promise<void> {
    this.#isResting = true;
    await this.#pause(ms);
    this.#isResting = false;
    if (this.#spool.records > 0) await this.#pause(this.#pace.linger);
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#wake = new AbortController();
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => {});
  }

  #settle(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** @returns ms to wait before the next attempt; 0 when this one went well */
  async #send(batch: Batch | undefined): Promise<number> {
    this.#lastSent = performance.now();
    let answer: Answer;
    try {
      answer = await this.#post(batch);
    } catch (error) {
      if (this.#closing.signal.aborted) return 0;
      this.#address++;
      return this.#fail('unreachable', describe(error), this.#retry);
    }
    const { status } = answer;
    if (status === 200) return this.#take(batch, answer);
    const what = `status ${status}${` ${problemCode(answer) ?? ''}`.trimEnd()}`;
    if (status === 413) return this.#shrink(batch, what);
    if (status === 429 || status === 503) return this.#fail('busy', what, this.#retry, answer);
    if (status < 400 || status >= 500) {
      this.#address++;
      return this.#fail('failed', what, this.#retry, answer);
    }
    return this.#fail('refused', what, this.#pace.refused, answer);
  }

  async #post(batch: Batch | undefined): Promise<Answer> {
    const { sensor, aggregators } = this.#identity;
    const { bytes, records, shed } = this.#spool.stats();
    const header: BatchHeader = {
      v: WIRE_VERSION,
      sensor,
      epoch: batch?.log.epoch ?? this.#options.epoch,
      first_seq: batch?.first ?? 0,
      count: batch?.lines.length ?? 0,
      profile: batch?.profile ?? this.#options.profile,
      health: {
        ...this.#options.sight(),
        time: new Date().toISOString().replace('Z', '000Z'),
        spool_bytes: bytes,
        spool_records: records,
        spool_shed: Object.values(shed).reduce((sum, count) => sum + count),
      },
    };
    const body = await compress(encodeBatch(header, batch?.lines ?? []));
    const url = new URL(BATCH_PATH, aggregators[this.#address % aggregators.length]);
    const headers = { 'content-type': BATCH_CONTENT_TYPE, 'content-encoding': 'zstd' };
    return post(url, headers, body, this.#agent, this.#pace.timeout, this.#closing.signal);
  }

  /** The aggregator answered 200: what it has, the spool may forget. */
  #take(batch: Batch | undefined, answer: Answer): number {
    const reply = parseReply(answer.body);
    if (reply === undefined) return this.#fail('failed', 'an answer that is no reply', this.#retry);
    if (batch !== undefined) {
      const taken = Math.min(reply.acked_through - batch.first + 1, batch.lines.length);
      if (taken <= 0) return this.#fail('failed', 'an answer that takes nothing', this.#retry);
      this.#spool.ack(batch, reply.acked_through);
      this.#countRejected(batch, reply);
      this.tally.duplicates += reply.duplicates;
      this.tally.accepted += Math.max(0, taken - reply.duplicates - reply.rejected.length);
      this.tally.lastAck = Date.now();
    }
    this.tally.batches.acked++;
    this.tally.lastHeard = Date.now();
    this.#maxRecords = MAX_BATCH_RECORDS;
    this.#backoff.reset();
    if (this.#failure !== undefined) this.#options.log('aggregator takes records again');
    this.#failure = undefined;
    return 0;
  }

  /** One line for each code of a batch, naming the first record by its number: never what it says. */
  #countRejected(batch: Batch, reply: BatchReply): void {
    const lines = new Map<string, { first: number; count: number }>();
    for (const { index, code } of reply.rejected) {
      this.tally.reject(word(code));
      const line = lines.get(word(code));
      if (line === undefined) lines.set(word(code), { first: index, count: 1 });
      else line.count++;
    }
    for (const [code, { first, count }] of lines)
      this.#options.log(
        `aggregator refused ${count} records for good: ${code} (${batch.log.epoch}/${batch.first + first})`,
      );
  }

  /** 413: sends less at a time; a single record that is too large is given up, or nothing behind it would ever leave. */
  #shrink(batch: Batch | undefined, what: string): number {
    this.tally.batches.too_large++;
    if (batch === undefined) return this.#fail('refused', what, this.#pace.refused);
    this.#maxRecords = Math.max(1, batch.lines.length >> 1);
    if (batch.lines.length > 1) return 0;
    this.tally.reject('too_large');
    this.#options.log(`aggregator refused record ${batch.log.epoch}/${batch.first}: too large`);
    this.#spool.ack(batch, batch.first);
    return 0;
  }

  #fail(outcome: Outcome, what: string, pace: Pace, answer?: Answer): number {
    this.tally.batches[outcome]++;
    if (this.#failure !== what) {
      const { aggregators } = this.#identity;
      const where = `${aggregators[this.#address % aggregators.length]}: ${what}`;
      const isRefusal = outcome === 'refused';
      this.#options.log(
        isRefusal
          ? `${new SensorError('uplink_refused', where)}`
          : `aggregator ${where}; records wait in the spool`,
      );
    }
    this.#failure = what;
    return this.#backoff.next(pace, answer?.retryAfter);
  }
}

function parseReply(body: string): BatchReply | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return replyCheck.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A code from outside, fit for a log line and a label. */
const word = (code: string): string => code.slice(0, 40).replaceAll(/[^a-z0-9_]/g, '_');
