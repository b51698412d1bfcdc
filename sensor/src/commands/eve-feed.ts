// A Suricata as a source at work: its lines go into the sensor, what its kernel dropped is our blindness, and no restart loses one.
import { once } from 'node:events';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import type { SourceConfig } from '../config/settings.ts';
import { SensorError } from '../errors.ts';
import type { Output } from '../outputs/output.ts';
import { Follower } from '../sources/eve/follow.ts';
import type { TakeLine } from '../sources/eve/lines.ts';
import type { Place } from '../sources/eve/place.ts';
import { EveSocket, SOCKET_PREFIX } from '../sources/eve/socket.ts';
import type { LiveStatistics } from '../sources/source.ts';
import { BookmarkFile, resume } from './eve-bookmark.ts';
import { EveIntake } from './eve-intake.ts';
import { Upstream } from './eve-upstream.ts';
import { type Feed, type FeedParts, Silence } from './feed.ts';

/** ms between two looks at a file that had nothing new: an alert is due within a second. */
const LOOK_EVERY = 100;
/** Looks of `tick`, one a second, by which the safe offset is behind: the spool makes its records durable once a second. */
const SAFE_BEHIND = 3;
/** µs between the wall clock and a line's time that are no recording. */
const PRESENT = 10e6;

export type EveConfig = Extract<SourceConfig, { readonly kind: 'eve' }>;

export class EveFeed implements Feed {
  readonly name: string;
  readonly isRecording = false;
  readonly failed = false;
  readonly #config: EveConfig;
  readonly #parts: FeedParts;
  readonly #intake: EveIntake;
  readonly #silence: Silence;
  readonly #upstream: Upstream;
  #bookmark: BookmarkFile | undefined;
  #follower: Follower | undefined;
  #socket: EveSocket | undefined;
  #lines = 0;
  /** The line that is being taken, until its alert is written down. */
  #underWay: { readonly start: number; readonly next: number } | undefined;
  /** Offsets at the last looks, of the same file. */
  #offsets: number[] = [];
  #inode = -1;
  #complaint = '';

  constructor(config: EveConfig, parts: FeedParts) {
    const { name } = config;
    this.name = name;
    this.#config = config;
    this.#parts = parts;
    this.#silence = new Silence(config, parts.spans);
    this.#upstream = new Upstream(config, parts);
    this.#intake = new EveIntake({
      name,
      sensor: parts.sensor,
      say: parts.say,
      capture: (counts, time) => this.#upstream.told(counts, time / 1000),
    });
  }

  /** Lines, and packets that their kernel dropped. */
  get statistics(): LiveStatistics {
    return { received: this.#intake.counts.lines, dropped: this.#upstream.dropped, freezes: 0 };
  }

  get refused(): number {
    return this.#intake.counts.broken + this.#long + (this.#socket?.counts.refused ?? 0);
  }

  get #long(): number {
    return (this.#follower ?? this.#socket)?.long ?? 0;
  }

  get details(): object {
    const { packets, dropped } = this.#upstream;
    return {
      ...this.#intake.counts,
      too_long: this.#long,
      ...(this.#follower ?? this.#socket)?.counts,
      upstream: { kernel_packets: packets, kernel_drops: dropped },
    };
  }

  get isPresent(): boolean {
    return Math.abs(Date.now() * 1000 - this.#intake.last) < PRESENT;
  }

  async open(): Promise<void> {
    const { place } = this.#config;
    const { outputs, say } = this.#parts;
    if (place.startsWith(SOCKET_PREFIX)) {
      const take: TakeLine = (bytes, at, end, start) => this.#intake.take(bytes, at, end, start);
      this.#socket = new EveSocket({ path: place.slice(SOCKET_PREFIX.length), take });
      await this.#socket.listen();
      say(`${this.name}: listening at ${place}`);
      return;
    }
    this.#follower = this.#follow(this.#whereToGoOn());
    outputs.unshift(this.#journal);
    this.#follower.open();
    if (!this.#follower.isOpen) say(`${this.name}: ${place} is not there yet`);
    // A run that is killed at once has a beginning all the same.
    this.#keepPlace();
  }

  #follow(place: Place | undefined): Follower {
    const { place: path, begin } = this.#config;
    return new Follower({
      path,
      place,
      fromStart: begin === 'start',
      say: this.#parts.say,
      take: (bytes, at, end, start, next) => {
        this.#underWay = { start, next };
        this.#intake.take(bytes, at, end, start);
        this.#underWay = undefined;
      },
    });
  }

  #whereToGoOn(): Place | undefined {
    const { place, state = this.#parts.state, begin } = this.#config;
    const { uplink, say } = this.#parts;
    if (state === undefined) {
      say(
        `${this.name}: without "state" or an uplink no bookmark is kept: every start begins at the ${begin}`,
      );
      return undefined;
    }
    try {
      this.#bookmark = new BookmarkFile(state, place);
    } catch (error) {
      throw new SensorError('output_unwritable', `${state}: ${(error as NodeJS.ErrnoException).code}`);
    }
    const mark = this.#bookmark.read();
    if (mark === undefined) return undefined;
    const found = resume(mark, (epoch) => uplink?.appendedIn(epoch));
    say(`${this.name}: goes on at byte ${found.offset} of the file that it was reading`);
    return found;
  }

  /** Stands before the uplink: that a line has an alert is written down before the alert is. */
  readonly #journal: Output = {
    name: 'bookmark of EVE',
    record: ({ kind }) => {
      const line = this.#underWay;
      if (line === undefined || kind !== 'alert') return;
      this.#underWay = undefined;
      const place = this.#follower?.place;
      if (place !== undefined) this.#write({ ...place, offset: line.start }, line.next);
    },
    close: async () => {},
  };

  /** @param next offset behind the line that is under way */
  #write(place: Place, next: number): void {
    const { outputs, uplink } = this.#parts;
    if (this.#bookmark === undefined) return;
    for (const output of outputs) output.flush?.();
    try {
      this.#bookmark.write({ place, next, safe: this.#offsets[0] ?? 0, spool: uplink?.appended() });
      this.#complaint = '';
    } catch (error) {
      const line = `the bookmark cannot be written: ${(error as NodeJS.ErrnoException).code}`;
      if (line !== this.#complaint) this.#parts.say(`${this.name}: ${line}`);
      this.#complaint = line;
    }
  }

  async run(): Promise<void> {
    const { stop, say } = this.#parts;
    const follower = this.#follower;
    if (follower === undefined) {
      if (!stop.aborted) await once(stop, 'abort');
      return;
    }
    let said = '';
    // Ends: when it is stopped.
    while (!stop.aborted) {
      let hasMore = false;
      try {
        hasMore = follower.step();
        said = '';
      } catch (error) {
        if (!(error instanceof SensorError) || error.code === 'output_unwritable') throw error;
        if (String(error) !== said) say(`${this.name}: ${error}`);
        said = String(error);
      }
      // What is always there would leave the uplink, the metrics and the other sources no turn.
      if (hasMore) await immediately();
      else await sleep(LOOK_EVERY, undefined, { signal: stop }).catch(() => {});
    }
  }

  tick(wall: number, steady: number): void {
    const { spans } = this.#parts;
    const { lines } = this.#intake.counts;
    if (lines > this.#lines) this.#silence.broken(wall);
    this.#lines = lines;
    const isThere = this.#follower?.isOpen ?? (this.#socket?.connected ?? 0) > 0;
    const gone = `${this.name}: ${this.#follower === undefined ? 'nobody is connected' : 'its file is not there'}`;
    if (isThere) {
      spans.light(gone, wall);
      this.#silence.look(wall, steady);
    } else if (!this.#parts.stop.aborted) spans.dark(gone, 'silent', wall, wall);
    this.#keepPlace();
  }

  #keepPlace(): void {
    const place = this.#follower?.mark();
    if (place === undefined) return;
    if (place.inode !== this.#inode) this.#offsets = [];
    this.#inode = place.inode;
    this.#write(place, place.offset);
    this.#offsets.push(place.offset);
    if (this.#offsets.length > SAFE_BEHIND) this.#offsets.shift();
  }

  close(): void {
    this.#follower?.close();
    this.#socket?.close();
  }
}
