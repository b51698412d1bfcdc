// Numbers that exporters left out: what they sent never came here, told of each by its address, up to a bound.
import type { BlindSpans } from './blind-spans.ts';

/** An exporter with the count of numbers that it left out. */
export interface Numbered {
  readonly address: string;
  readonly counters: { readonly lost: number };
}

/** Exporters that are told of one by one at a time; more are told of together. */
const MOST_TOLD = 64;
/** ms without a gap that end the span: exporters tell in bursts. */
const QUIET = 60_000;

interface Open {
  readonly cause: string;
  last: number;
}

export class Gaps {
  readonly #source: string;
  readonly #spans: BlindSpans;
  readonly #lost = new WeakMap<Numbered, number>();
  readonly #open = new Map<string, Open>();
  #all = 0;
  #looked = Date.now();

  constructor(source: string, spans: BlindSpans) {
    this.#source = source;
    this.#spans = spans;
  }

  /** Once a second. @param lost numbers left out by all, so far: when it stands still, nobody need be asked */
  look(exporters: Iterable<Numbered>, lost: number, wall: number): void {
    if (lost !== this.#all) {
      this.#all = lost;
      for (const exporter of exporters) this.#one(exporter, wall);
    }
    for (const [address, { cause, last }] of this.#open) {
      if (wall - last < QUIET) continue;
      this.#open.delete(address);
      this.#spans.light(cause, last);
    }
    this.#looked = wall;
  }

  #one(exporter: Numbered, wall: number): void {
    const { lost } = exporter.counters;
    const more = lost - (this.#lost.get(exporter) ?? 0);
    if (more === 0) return;
    this.#lost.set(exporter, lost);
    const address = this.#open.has(exporter.address) || this.#open.size < MOST_TOLD ? exporter.address : '';
    const who = address === '' ? 'further exporters' : `exporter ${address}`;
    const open = this.#open.get(address) ?? {
      cause: `${this.#source}: numbers of ${who} are missing`,
      last: wall,
    };
    this.#open.set(address, open);
    open.last = wall;
    this.#spans.dark(open.cause, 'dropped', Math.min(this.#looked, wall), wall, more);
  }
}
