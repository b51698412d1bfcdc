// Part of read: files of EVE instead of captures, plain or packed, each read once to its end.
import { setImmediate as immediately } from 'node:timers/promises';
import { SensorError } from '../errors.ts';
import type { Output } from '../outputs/output.ts';
import type { Sensor } from '../sensor.ts';
import { Lines } from '../sources/eve/lines.ts';
import { openInput } from '../sources/input.ts';
import { EveIntake } from './eve-intake.ts';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = Uint8Array.of(0x0a);

export class EveFiles {
  readonly #outputs: readonly Output[];
  readonly #intake: EveIntake;
  readonly #sensor: Sensor;
  readonly #say: (line: string) => void;
  #long = 0;
  #name = '';

  constructor(sensor: Sensor, outputs: readonly Output[], say: (line: string) => void) {
    this.#sensor = sensor;
    this.#outputs = outputs;
    this.#say = say;
    this.#intake = this.#newIntake();
  }

  #newIntake(): EveIntake {
    const files = this;
    return new EveIntake({
      get name() {
        return files.#name;
      },
      sensor: this.#sensor,
      say: this.#say,
    });
  }

  /** Nothing came. */
  get isEmpty(): boolean {
    return this.#intake.counts.lines === 0;
  }

  /** @param opened is told of what is read, so that it can be stopped @throws SensorError file_unreadable, eve_unreadable when no line of it could be read */
  async read(path: string, opened: (file: { close(): void }) => void): Promise<void> {
    const { counts } = this.#intake;
    const before = { lines: counts.lines, broken: counts.broken };
    this.#name = path;
    const input = openInput(path);
    const lines = new Lines((bytes, at, end, start) => this.#intake.take(bytes, at, end, start));
    const chunk = new Uint8Array(CHUNK_BYTES);
    let isStopped = false;
    opened({
      close() {
        isStopped = true;
        input.close();
      },
    });
    this.#intake.begin();
    try {
      // Ends: with the file.
      while (!isStopped) {
        const read = await input.read(chunk, 0, CHUNK_BYTES);
        if (read === 0) break;
        lines.push(chunk, 0, read);
        for (const output of this.#outputs) if (output.busy?.()) await output.ready?.();
        await immediately();
      }
      // A finished file may lack its last newline.
      if (!isStopped) lines.push(NEWLINE, 0, 1);
    } finally {
      input.close();
      this.#long += lines.long;
    }
    const came = counts.lines - before.lines;
    if (came > 0 && counts.broken - before.broken === came)
      throw new SensorError('eve_unreadable', `${path}: none of its ${came} lines is EVE`);
  }

  /** A line for people: what came, and what of it is not ours. */
  summary(): string {
    const { lines, events, alerts, broken, mistyped, untaken, unnamed } = this.#intake.counts;
    const parts = [`EVE: ${lines} lines, ${events} events, ${alerts} alerts of their rules`];
    if (broken > 0) parts.push(`not readable ${broken}`);
    if (this.#long > 0) parts.push(`too long ${this.#long}`);
    if (mistyped > 0) parts.push(`values of another type ${mistyped}`);
    for (const [what, counts] of [
      ['records not taken', untaken],
      ['members not taken', unnamed],
    ] as const) {
      const all = Object.entries(counts).sort((a, b) => b[1] - a[1]);
      if (all.length > 0) parts.push(`${what}: ${all.map(([type, count]) => `${type} ${count}`).join(', ')}`);
    }
    return parts.join('; ');
  }
}
