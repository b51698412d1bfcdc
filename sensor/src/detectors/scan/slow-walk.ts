// Slow scans: per source a walk over first contacts, up for one that failed, down for one that was answered.
/*
 * Threshold Random Walk (Jung, Paxson, Berger, Balakrishnan: Fast Portscan Detection Using Sequential Hypothesis Testing,
 * 2004): a scanner's first contacts fail four times in five, an honest host's one time in five, so each failure makes the
 * scanner four times likelier and each success four times less. Jung stops at odds of 99, which four failures reach: right
 * for a border, far too eager inside a house of stale shortcuts. We walk a whole day and stop at dozens of targets.
 */
import type { Key } from '../sketch/key.ts';
import { moment } from '../sketch/moment.ts';
import { type Column, Slots } from '../sketch/slots.ts';
import { Tally } from '../sketch/tally.ts';
import type { Attempt } from './attempts.ts';

/** Sources that failed at least once: some 150 bytes each. */
const MOST_SOURCES = 32_768;
const BITS = 256;

export class SlowWalk {
  readonly #slots = new Slots(MOST_SOURCES);
  readonly #failed: Tally;
  readonly #answered: Tally;
  readonly #began: Column<Float64Array>;
  readonly #span: number;
  /** µs since the source's first failure that is remembered, after `failed`. */
  since = 0;

  /** @param span µs in which targets are remembered */
  constructor(span: number) {
    this.#span = span;
    this.#failed = new Tally(this.#slots, BITS, span / 1000);
    this.#answered = new Tally(this.#slots, BITS, span / 1000);
    this.#began = this.#slots.floats();
  }

  get evicted(): number {
    return this.#slots.evicted;
  }

  /**
   * A first contact failed.
   * @param source key of the source alone @param target 32 bits of destination and port
   * @returns targets that it failed at, if they say so much more than those that answered; else 0
   */
  failed(source: Key, target: number, now: number): number {
    const slot = this.#slots.claim(source);
    const began = this.#began.cells[slot];
    if (this.#slots.isNew || now - began > this.#span || now < began) this.#began.cells[slot] = now;
    this.since = now - this.#began.cells[slot];
    if (!this.#failed.add(slot, target, moment(now))) return 0;
    const failed = this.#failed.count(slot, moment(now));
    return failed >= 4 * this.#answered.count(slot, moment(now)) ? failed : 0;
  }

  answered(source: Key, target: number, now: number): void {
    const slot = this.#slots.find(source);
    if (slot >= 0) this.#answered.add(slot, target, moment(now));
  }

  age(): void {
    this.#slots.age();
  }
}

/** Destination and port in 32 bits. */
export const targetOf = (attempt: Attempt, key: Key): number =>
  attempt.destination(key.begin()).word((attempt.protocol << 16) | attempt.destPort).short;
