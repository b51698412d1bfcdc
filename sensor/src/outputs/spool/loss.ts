// The account of records given up: how many of each lane, and the span of packet time to declare blind.
import type { WireRecord } from '../../wire/batch.ts';
import type { Blind } from '../../wire/health.ts';
import { LANES, type Lane, spanOf } from './lanes.ts';

export class Loss {
  /** Records given up since the start. */
  readonly shed = Object.fromEntries(LANES.map((lane) => [lane, 0])) as Record<Lane, number>;
  #span:
    | { from: string; until: string; count: number; counts: Record<string, number>; since: number }
    | undefined;

  /** @param witnesses records whose times the span has to cover: the first and last of those given up */
  add(lane: Lane, count: number, witnesses: readonly WireRecord[]): void {
    this.shed[lane] += count;
    for (const witness of witnesses) {
      const { from, until } = spanOf(witness);
      const span = (this.#span ??= { from, until, count: 0, counts: {}, since: performance.now() });
      if (from < span.from) span.from = from;
      if (until > span.until) span.until = until;
    }
    if (this.#span === undefined) return;
    this.#span.count += count;
    this.#span.counts[lane] = (this.#span.counts[lane] ?? 0) + count;
  }

  /** How long ago the span now open began, ms of wall clock; 0 when nothing was given up since the last one. */
  get age(): number {
    return this.#span === undefined ? 0 : performance.now() - this.#span.since;
  }

  /** The span now open as a record; the next loss opens another. */
  take(): Blind | undefined {
    const span = this.#span;
    this.#span = undefined;
    if (span === undefined) return undefined;
    const { from, until, count, counts } = span;
    return { kind: 'blind', from, until, reason: 'shed', count, counts };
  }

  /** Puts back a span for whose record there was no room either. */
  restore(blind: Blind): void {
    const { from, until, count, counts = {} } = blind;
    this.#span = { from, until, count, counts, since: performance.now() };
  }
}
