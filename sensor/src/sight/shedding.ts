// Packets given up by the written order, told as blindness: from the second in which it began to the one without any.
import type { BlindSpans } from './blind-spans.ts';

const CAUSE = 'packets given up: there is more traffic than can be read';

export class Shedding {
  readonly #spans: BlindSpans;
  #last: Readonly<Record<string, number>> = {};
  #looked = Date.now();

  constructor(spans: BlindSpans) {
    this.#spans = spans;
  }

  /** Once a second. @param byClass packets given up since the start @param wall ms since 1970 */
  look(byClass: Readonly<Record<string, number>>, wall: number): void {
    const counts: Record<string, number> = {};
    let all = 0;
    for (const [name, count] of Object.entries(byClass)) {
      const more = Math.max(0, count - (this.#last[name] ?? 0));
      if (more === 0) continue;
      counts[name] = more;
      all += more;
    }
    if (all > 0) this.#spans.dark(CAUSE, 'overload', Math.min(this.#looked, wall), wall, all, counts);
    else this.#spans.light(CAUSE, this.#looked);
    this.#last = byClass;
    this.#looked = wall;
  }
}
