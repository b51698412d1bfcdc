// When the sensor does not see, and why: causes come and go, and what lay between is told as spans, while it lasts too.
import { formatTime } from '../bytes/time.ts';
import type { BLIND_REASONS, Blind } from '../wire/health.ts';

export type BlindReason = (typeof BLIND_REASONS)[number];

/** A span that goes on is told piece by piece, so that nobody waits for its end to hear of it. ms */
const TELL_EVERY = 60_000;

interface Span {
  readonly reason: BlindReason;
  /** Wall clock, ms since 1970: where it began, and up to where it was told. */
  readonly from: number;
  told: number;
  count: number;
  counts: Record<string, number> | undefined;
}

export interface BlindSink {
  /** A span for the outputs. */
  tell(blind: Blind): void;
  /** One line for people, when a cause comes and when it has gone. */
  say(line: string): void;
}

export class BlindSpans {
  /** Told so far, ms by reason. */
  readonly milliseconds: Partial<Record<BlindReason, number>> = {};
  readonly #open = new Map<string, Span>();
  readonly #sink: BlindSink;
  readonly #every: number;

  constructor(sink: BlindSink, every = TELL_EVERY) {
    this.#sink = sink;
    this.#every = every;
  }

  /** Causes that last, in words. */
  get causes(): string[] {
    return [...this.#open.keys()];
  }

  /**
   * It does not see since `from`, for this cause; said again, only the count grows.
   * @param cause in words, with what it is about · @param count packets that are not accounted for · @param counts the
   * same by class
   */
  dark(
    cause: string,
    reason: BlindReason,
    from: number,
    now: number,
    count = 0,
    counts?: Readonly<Record<string, number>>,
  ): void {
    const open = this.#open.get(cause);
    if (open !== undefined) {
      open.count += count;
      open.counts = added(open.counts, counts);
      return;
    }
    const span = { reason, from, told: from, count, counts: added(undefined, counts) };
    this.#open.set(cause, span);
    this.#sink.say(`blind since ${formatTime(from * 1000)}: ${cause}`);
    this.#tell(span, now);
  }

  /** The cause has gone: it sees again since `until`. */
  light(cause: string, until: number): void {
    const span = this.#open.get(cause);
    if (span === undefined) return;
    this.#open.delete(cause);
    this.#tell(span, until);
    const seconds = Math.max(0, (until - span.from) / 1000);
    this.#sink.say(`sees again since ${formatTime(until * 1000)}, after ${seconds.toFixed(1)} s: ${cause}`);
  }

  /** A span that is over when it is known. */
  was(cause: string, reason: BlindReason, from: number, until: number, count = 0): void {
    this.#sink.say(`blind from ${formatTime(from * 1000)} to ${formatTime(until * 1000)}: ${cause}`);
    this.#tell({ reason, from, told: from, count, counts: undefined }, until);
  }

  /** Tells what goes on. */
  tick(now: number): void {
    for (const span of this.#open.values()) if (now - span.told >= this.#every) this.#tell(span, now);
  }

  /** The end of the run: what goes on is told as far as it came. */
  finish(now: number): void {
    for (const span of this.#open.values()) this.#tell(span, now);
    this.#open.clear();
  }

  #tell(span: Span, now: number): void {
    const { reason, told, count, counts } = span;
    // A clock that was set back meanwhile leaves nothing to tell but the count.
    const until = Math.max(told, now);
    if (until === told && count === 0) return;
    this.milliseconds[reason] = (this.milliseconds[reason] ?? 0) + until - told;
    this.#sink.tell({
      kind: 'blind',
      from: formatTime(told * 1000),
      until: formatTime(until * 1000),
      reason,
      count,
      ...(counts === undefined ? {} : { counts }),
    });
    span.told = until;
    span.count = 0;
    span.counts = undefined;
  }
}

function added(
  a: Record<string, number> | undefined,
  b: Readonly<Record<string, number>> | undefined,
): Record<string, number> | undefined {
  if (b === undefined) return a;
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) if (count > 0) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
