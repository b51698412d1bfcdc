// Calls of pairs: a pair is noted with a few numbers, and gets room for its rhythm when it was heard a few times.
/*
 * RITA keeps the times of a whole day, up to 86,400 of each pair. Here a pair keeps those of its last hundred calls, of
 * which the gaps and sizes are judged, and how its whole life is spread in 48 bins (sketch/spread.ts), of which duration
 * and histogram are judged. The error, as tests hold it beside RITA's formula over all calls: up to 0.15 of the histogram,
 * 0.05 of the whole. The set that RITA judges is a day; here it is the pair's own life, up to a day and a little.
 */
import type { Key } from '../sketch/key.ts';
import {
  BINS,
  durationScore,
  gapScore,
  histogramScore,
  type Scores,
  sizeScore,
  together,
} from '../sketch/rita.ts';
import { type Column, Slots } from '../sketch/slots.ts';
import { Spread } from '../sketch/spread.ts';
import { Tally } from '../sketch/tally.ts';

/** Pairs heard at least once: some 30 bytes each. */
const MOST_NOTED = 65_536;
/** Pairs whose rhythm is kept: some 1,100 bytes each. */
const MOST_KEPT = 8_192;
/** Calls from which on the rhythm is kept. */
const KEPT_FROM = 4;
export const CALLS = 100;
const DAY = 86_400;
const NAME_BITS = 256;

export interface Rhythm extends Scores {
  readonly calls: number;
  /** Seconds from the first call to the last. */
  readonly span: number;
  /** Middle gap, s. */
  readonly gap: number;
  readonly names: number;
}

export class Calls {
  readonly #noted = new Slots(MOST_NOTED);
  readonly #count: Column<Uint32Array>;
  readonly #last: Column<Float64Array>;
  readonly #lastName: Column<Uint32Array>;
  readonly #dayBegan: Column<Float64Array>;
  readonly #dayCount: Column<Uint32Array>;
  readonly #kept = new Slots(MOST_KEPT);
  readonly #times: Column<Uint32Array>;
  readonly #sizes: Column<Uint32Array>;
  readonly #heard: Column<Uint32Array>;
  /** Calls at which it is judged next. */
  readonly #due: Column<Uint32Array>;
  readonly #spread: Spread;
  readonly #names: Tally;
  readonly #apart: number;
  readonly #bars = new Array<number>(BINS).fill(0);

  /** @param apart s; calls closer than this are one */
  constructor(apart: number) {
    this.#apart = apart;
    this.#count = this.#noted.words();
    this.#last = this.#noted.floats();
    this.#lastName = this.#noted.words();
    this.#dayBegan = this.#noted.floats();
    this.#dayCount = this.#noted.words();
    this.#times = this.#kept.words(CALLS);
    this.#sizes = this.#kept.words(CALLS);
    this.#heard = this.#kept.words();
    this.#due = this.#kept.words();
    this.#spread = new Spread(this.#kept);
    this.#names = new Tally(this.#kept, NAME_BITS, DAY * 1000);
  }

  get evicted(): number {
    return this.#noted.evicted + this.#kept.evicted;
  }

  age(): void {
    this.#noted.age();
    this.#kept.age();
  }

  /**
   * Notes a call.
   * @param time seconds since 1970 @param size bytes sent @param name what was asked for; the same one again is no call
   * @returns calls of the pair within its day, whether they are one or not
   */
  add(pair: Key, time: number, size: number, name = 0): number {
    this.number = 0;
    const noted = this.#noted.claim(pair);
    const last = this.#last.cells[noted];
    const day = this.#today(noted, time);
    if (name !== 0) {
      if (this.#lastName.cells[noted] === name) return day;
      this.#lastName.cells[noted] = name;
    }
    // Flows end in another order than they began: an earlier call than the last one kept is left out.
    const gap = time - last;
    if (last !== 0 && gap > -DAY && gap < this.#apart) return day;
    const count = gap <= -DAY || gap > DAY ? 1 : this.#count.cells[noted] + 1;
    this.#count.cells[noted] = count;
    this.#last.cells[noted] = time;
    if (count < KEPT_FROM) return day;
    const kept = this.#kept.claim(pair);
    const heard = this.#heard.cells[kept];
    this.#times.cells[kept * CALLS + (heard % CALLS)] = Math.floor(time);
    this.#sizes.cells[kept * CALLS + (heard % CALLS)] = size;
    this.number = this.#heard.cells[kept] = heard + 1;
    this.#spread.add(kept, Math.floor(time));
    if (name !== 0) this.#names.add(kept, name, Math.floor(time * 1000) >>> 0);
    return day;
  }

  /** Number of the call that `add` noted last; 0 when it kept none. */
  number = 0;

  /** How much a call has sent is known when its connection has ended. */
  resize(pair: Key, number: number, size: number): void {
    const slot = this.#kept.find(pair);
    if (slot < 0 || number === 0) return;
    const heard = this.#heard.cells[slot];
    if (number <= heard && heard - number < CALLS)
      this.#sizes.cells[slot * CALLS + ((number - 1) % CALLS)] = size;
  }

  /** Scores a pair whose turn it is: after `first` calls, and then ever more seldom. */
  judge(pair: Key, first: number): Rhythm | undefined {
    const slot = this.#kept.find(pair);
    if (slot < 0) return undefined;
    const heard = this.#heard.cells[slot];
    if (heard < Math.max(4, first - KEPT_FROM + 1) || heard < this.#due.cells[slot]) return undefined;
    this.#due.cells[slot] = heard + Math.max(5, heard >> 2);
    const held = Math.min(heard, CALLS);
    const times = new Float64Array(held);
    const sizes = new Float64Array(held);
    for (let i = 0; i < held; i++) {
      const at = slot * CALLS + ((heard - held + i) % CALLS);
      times[i] = this.#times.cells[at];
      sizes[i] = this.#sizes.cells[at];
    }
    const gaps = times.subarray(1).map((time, i) => time - times[i]);
    const last = times[held - 1];
    const span = this.#spread.bars(slot, last, this.#bars);
    const dur = durationScore(this.#bars, span, span);
    const scores = together(gapScore(gaps), sizeScore(sizes), dur, histogramScore(this.#bars));
    const gap = gaps.sort()[gaps.length >> 1];
    const names = this.#names.count(slot, (last * 1000) >>> 0);
    return { ...scores, calls: heard + KEPT_FROM - 1, span, gap, names };
  }

  /** Another day begins when the last one is over, or time was set back. */
  #today(noted: number, time: number): number {
    const began = this.#dayBegan.cells[noted];
    if (time - began >= DAY || time < began - DAY) {
      this.#dayBegan.cells[noted] = time;
      this.#dayCount.cells[noted] = 0;
    }
    return ++this.#dayCount.cells[noted];
  }
}
