// `run` with several workers: interfaces are shared among threads, and this one detects. A thread that is lost is blindness
// from its last sign of life until another stands in its place.
import type { Config, SourceConfig } from '../config/settings.ts';
import { Crew } from '../crew/crew.ts';
import { CrewSight } from '../crew/crew-sight.ts';
import { Detection, type Detectors } from '../crew/detection.ts';
import { type Figures, together } from '../crew/figures.ts';
import type { Inlet } from '../crew/inlet.ts';
import { SeriesSum } from '../crew/series-sum.ts';
import type { Said, Told, WorkerState } from '../crew/watch-interfaces.ts';
import type { Listening } from '../crew/work.ts';
import type { SensorError } from '../errors.ts';
import type { Shares } from '../memory.ts';
import type { Output } from '../outputs/output.ts';
import type { BuiltLists } from '../rules/index.ts';
import type { BlindSpans } from '../sight/blind-spans.ts';
import { type Kernel, loadKernel } from '../sources/afpacket/kernel.ts';
import type { Held } from '../sources/afpacket/options.ts';
import { abandon } from '../sources/afpacket/socket.ts';
import type { LiveState, LiveStatistics } from '../sources/source.ts';
import type { Post, PostOptions } from './post.ts';

/** ms before a lost worker is replaced; twice as long each time that one is lost again soon. */
const AGAIN = { first: 250, most: 30_000 };
/** So many lost within a minute are no accident. */
const TOO_MANY = 5;
const SOON = 60_000;
/** ms without a sign of life: it hangs. A reload of many rules takes a second. */
const HANGS_AFTER = 15_000;
/** ms that a record waits for workers that may have an earlier one. */
const PATIENCE = 100;
/** ms between two looks at them. */
const LOOK_EVERY = 1000;
/** µs by which a worker may be late with what it counted. */
const LATE = 4e6;

type AfPacket = Extract<SourceConfig, { readonly kind: 'afpacket' }>;

interface Parts {
  readonly config: Config;
  readonly interfaces: readonly AfPacket[];
  /** Each one's. */
  readonly shares: Required<Shares>;
  readonly format: string;
  readonly pid: number;
  readonly detectors: Detectors;
  readonly rules: readonly string[];
  /** Those in force: whoever begins later has them too. */
  readonly lists: () => BuiltLists;
  readonly spans: BlindSpans;
  readonly say: (line: string) => void;
}

/** What one of them told of itself, and what those told whose place it has. */
interface Account {
  now: WorkerState | undefined;
  before: WorkerState[];
  held: Held[];
  /** ms of the steady clock at which it, or a forerunner, was lost. */
  losses: number[];
  /** Why nobody stands in this place. */
  cause: string | undefined;
  isReady: boolean;
}

export class WatchingCrew {
  /** What is otherwise at a post whose packets others have, too. */
  readonly post: Pick<PostOptions, 'shares' | 'others' | 'rests' | 'before'>;
  readonly turnstile = new SharedArrayBuffer(4);
  readonly #parts: Parts;
  readonly #accounts: readonly Account[];
  readonly #share: Required<Shares>;
  readonly #sight: CrewSight;
  #outputs: readonly Output[] = [];
  readonly #series = new SeriesSum((record) => {
    for (const output of this.#outputs) output.record?.(record);
  }, LATE);
  #crew!: Crew;
  #detection!: Detection;
  #ready!: () => void;
  #isEnding = false;
  #toldShed = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { workers } = parts.config;
    this.#share = parts.shares;
    this.#accounts = Array.from({ length: workers }, () => ({
      ...{ now: undefined, before: [], held: [], losses: [], cause: undefined, isReady: false },
    }));
    this.#sight = new CrewSight(false);
    this.post = {
      shares: this.#share,
      rests: this.#sight,
      others: () => this.#figures(),
      before: (outputs) => this.#junction(outputs),
    };
  }

  /** What this thread's own sensor counts joins what the workers count. */
  #junction(outputs: readonly Output[]): Output {
    this.#outputs = outputs;
    return {
      name: 'junction',
      event: (event) => {
        for (const output of outputs) output.event?.(event);
      },
      record: (record) => {
        if (record.kind === 'series') this.#series.add(record);
        else for (const output of outputs) output.record?.(record);
      },
      close: async () => {},
    };
  }

  #figures(): Figures[] {
    return this.#accounts.flatMap(({ now, before }) =>
      [...before, ...(now === undefined ? [] : [now])].map(({ figures }) => figures),
    );
  }

  /** Resolves when all listen. @throws SensorError why one cannot */
  async open(post: Post): Promise<void> {
    const { config, detectors, rules, lists, interfaces, pid, format } = this.#parts;
    const { sensor } = post;
    this.#sight.own = sensor.sight;
    this.#crew = new Crew({
      workers: config.workers,
      shares: this.#share,
      gate: post.gate,
      scope: { look: config.scope_look, never: config.scope_never },
      events: config.events,
      format,
      rules,
      get lists() {
        return lists();
      },
      from: { interfaces: interfaces.map((one, i) => listening(one, (pid + i) & 0xffff)) },
      turnstile: this.turnstile,
      patience: PATIENCE,
      lost: (number, why) => this.#lost(number, why),
      heard: (number, said) => this.#heard(number, said as Said),
      replaced: (inlet: Inlet) => this.#sight.lose(inlet),
    });
    const { heapBytes } = this.#share;
    const parts = { crew: this.#crew, detectors, sensor, series: this.#series, sight: this.#sight };
    this.#detection = new Detection({ ...parts, heapBytes });
    const ready = new Promise<void>((resolve) => {
      this.#ready = resolve;
    });
    this.#crew.start();
    try {
      await Promise.race([ready, this.#crew.broken]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Resolves when it was stopped and all is said. @throws SensorError worker_lost when they are lost again and again */
  async run(): Promise<void> {
    try {
      await Promise.all([this.#crew.done, Promise.race([this.#detection.run(), this.#crew.broken])]);
    } finally {
      await this.close();
    }
  }

  tell(told: Told): void {
    this.#crew.tell(told);
  }

  /** Once a second. ms since 1970 */
  look(wall: number): void {
    this.#series.advance(wall * 1000);
    this.#lookAtShed(wall);
    for (const [number, { isReady }] of this.#accounts.entries())
      if (isReady && wall - this.#crew.signals.lastBeat(number) > HANGS_AFTER) this.#crew.end(number);
  }

  /** Detection that does not keep up is blind to what it was not told. */
  #lookAtShed(wall: number): void {
    const { lookedAt, matched } = this.shed;
    const count = lookedAt + matched;
    const cause = 'workers: detection does not keep up with them';
    if (count > this.#toldShed)
      this.#parts.spans.dark(cause, 'overload', wall - LOOK_EVERY, wall, count - this.#toldShed);
    else this.#parts.spans.light(cause, wall);
    this.#toldShed = count;
  }

  /** What all sockets of an interface counted. */
  statistics(name: string): LiveStatistics {
    const all = this.#accounts.flatMap(({ now, before }) => [...before, ...(now === undefined ? [] : [now])]);
    const none: LiveStatistics = { received: 0, dropped: 0, freezes: 0 };
    return together([none, ...all.map(({ interfaces }) => statisticsOf(interfaces[name] ?? none))]);
  }

  state(name: string): LiveState {
    const states = this.#accounts.map(({ now }) => now?.interfaces[name]?.state ?? 'up');
    return states.find((state) => state !== 'up') ?? 'up';
  }

  /** Records that found no room on their way to this thread. */
  get shed(): { lookedAt: number; matched: number } {
    const all = this.#accounts.flatMap(({ now, before }) => [...before, ...(now === undefined ? [] : [now])]);
    return together([{ lookedAt: 0, matched: 0 }, ...all.map(({ shed }) => shed)]);
  }

  /** What is counted of the last span of time leaves. */
  flush(): void {
    this.#series.flush();
  }

  stop(): void {
    this.#isEnding = true;
    this.tell({ tells: 'stop' });
  }

  async close(): Promise<void> {
    this.#detection?.stop();
    await this.#crew?.close();
  }

  #heard(number: number, said: Said): void {
    const account = this.#accounts[number];
    switch (said.says) {
      case 'holds':
        account.held.push(said.held);
        return;
      case 'leaves':
        account.held = account.held.filter(({ fd }) => fd !== said.held.fd);
        return;
      case 'line':
        // All of them see the same interface.
        if (number === 0) this.#parts.say(said.line);
        return;
      case 'state':
        account.now = said.state;
        return;
      case 'ready':
        this.#begun(account, number, said.warnings);
    }
  }

  #begun(account: Account, number: number, warnings: readonly string[]): void {
    const isFirst = account.losses.length === 0;
    account.isReady = true;
    if (account.cause !== undefined) this.#parts.spans.light(account.cause, Date.now());
    account.cause = undefined;
    if (number === 0 && isFirst) for (const warning of warnings) this.#parts.say(warning);
    if (this.#isEnding) this.tell({ tells: 'stop' });
    if (this.#accounts.every(({ isReady }) => isReady)) this.#ready();
  }

  /** @returns ms after which another stands in its place; undefined when none shall */
  #lost(number: number, why: SensorError): number | undefined {
    const account = this.#accounts[number];
    const [now, steady] = [Date.now(), performance.now()];
    const missed = this.#abandon(account);
    if (!account.isReady && account.losses.length === 0) return undefined;
    account.losses = [...account.losses.filter((at) => at > steady - SOON), steady];
    if (account.now !== undefined) account.before = [together([...account.before, account.now])];
    account.now = undefined;
    account.isReady = false;
    account.cause ??= `worker ${number + 1} of ${this.#accounts.length}: ${why.message}`;
    const from = Math.min(this.#crew.signals.lastBeat(number) || now, now);
    this.#parts.spans.dark(account.cause, 'restart', from, now, missed);
    if (this.#isEnding || account.losses.length >= TOO_MANY) return undefined;
    return Math.min(AGAIN.first * 2 ** (account.losses.length - 1), AGAIN.most);
  }

  /** The kernel goes on filling the rings of a thread that is no more. @returns packets that nobody took */
  #abandon(account: Account): number {
    const kernel: Kernel | Error = loadKernel();
    let missed = 0;
    if (!(kernel instanceof Error)) for (const held of account.held) missed += abandon(kernel, held);
    account.held = [];
    return missed;
  }
}

const statisticsOf = ({ received, dropped, freezes }: LiveStatistics): LiveStatistics => ({
  received,
  dropped,
  freezes,
});

const listening = ({ name, place, snap_length, filter }: AfPacket, group: number): Listening => ({
  name,
  interface: place,
  snapLength: snap_length,
  filter,
  group,
});

/** That threads can share an interface here: there is a ring to share. */
export const canShare = (): boolean => !(loadKernel() instanceof Error);
