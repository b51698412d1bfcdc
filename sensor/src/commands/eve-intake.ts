// Lines of EVE into the sensor: what each becomes, what of it is not taken, and what time it is by them.
import { suricataFinding } from '../detectors/suricata-alert.ts';
import { SensorError } from '../errors.ts';
import { type CaptureCounts, EveLine } from '../foreign/line.ts';
import type { Fault } from '../foreign/reading.ts';
import type { Sensor } from '../sensor.ts';

/** Unreadable lines of which one is spoken of. */
const SAID_EVERY = 1000;
/** Types of records that are counted by name; what a hostile writer makes up beyond is counted together. */
const MAX_TYPES = 64;
const OTHER = 'other';

type Counts = Record<string, number>;

function count(counts: Counts, type: string, by = 1): void {
  const word =
    type !== '' && (Object.hasOwn(counts, type) || Object.keys(counts).length < MAX_TYPES) ? type : OTHER;
  counts[word] = (counts[word] ?? 0) + by;
}

export interface IntakeOptions {
  readonly name: string;
  readonly sensor: Sensor;
  readonly say: (line: string) => void;
  /** What their capture counted so far. @param time µs */
  readonly capture?: (counts: CaptureCounts, time: number) => void;
}

export class EveIntake {
  readonly counts = {
    lines: 0,
    events: 0,
    alerts: 0,
    /** Not JSON, or nested too deep. */
    broken: 0,
    /** Values of names that we know, not of the type that they have with us. */
    mistyped: 0,
    /** Records of types that our schema does not have, by their type. */
    untaken: {} as Counts,
    /** Members that our schema does not name, by the type of the record. */
    unnamed: {} as Counts,
  };
  /** µs since 1970 of the last line that had a time. */
  last = Number.NaN;
  readonly #line = new EveLine();
  readonly #options: IntakeOptions;
  #isFirst = true;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** What comes next is of another recording, and may be older. */
  begin(): void {
    this.#isFirst = true;
  }

  /** Takes the line `bytes[at, end)`. @param offset of it in its file, for messages */
  take(bytes: Uint8Array, at: number, end: number, offset: number): void {
    const line = this.#line;
    const { counts } = this;
    counts.lines++;
    const fault = line.read(bytes, at, end);
    if (fault !== undefined) return this.#broken(fault, offset, line.reading.at - at);
    const { unnamed, mistyped } = line.reading;
    if (unnamed > 0) count(counts.unnamed, line.theirType, unnamed);
    counts.mistyped += mistyped;
    if (line.kind === 'other') return count(counts.untaken, line.theirType);
    // A clock that is ahead of ours says nothing of when it was: it was before now.
    const wall = Date.now() * 1000;
    line.time = Math.min(line.time, wall);
    this.last = line.time;
    if (line.kind === 'stats') {
      const { capture } = line;
      if (capture !== undefined) this.#options.capture?.(capture, line.time);
      return;
    }
    this.#hand(line);
  }

  #hand(line: EveLine): void {
    const { sensor } = this.#options;
    const { counts } = this;
    const finding = line.kind === 'alert' ? suricataFinding(line.reading) : undefined;
    if (line.kind === 'alert' && finding === undefined) return count(counts.untaken, line.theirType);
    // Threads write as they come, and flows when they are over: what is late does not turn the clock back.
    const time = this.#isFirst || !(sensor.now > line.time) ? line.time : sensor.now;
    this.#isFirst = false;
    if (finding === undefined) counts.events++;
    else counts.alerts++;
    sensor.foreign(line, time, finding);
  }

  /** Says where it is, and not what stands there. */
  #broken(fault: Fault, offset: number, column: number): void {
    const { name, say } = this.#options;
    const { counts } = this;
    if (counts.broken++ % SAID_EVERY !== 0) return;
    const why = fault === 'depth' ? 'is nested too deep' : 'is no JSON';
    const where = `${name}: the line at byte ${offset} ${why} at its byte ${column}`;
    say(
      `${new SensorError('eve_unreadable', `${where} (line ${counts.lines}; ${counts.broken} of this kind so far)`)}`,
    );
  }
}
