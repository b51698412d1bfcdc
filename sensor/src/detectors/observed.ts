// What was observed of patterns that more than one event makes: by pattern and source, for as long as it can matter.

import type { Sequence } from '../rules/indicators/patterns.ts';
import type { Observation } from '../rules/indicators/stix-grammar.ts';
import { Lru } from './sketch/lru.ts';

/*
 * STIX joins observations of a whole network; here they are joined per host that opened the flows: what one host did and
 * another did later is no sequence of one attack. Without WITHIN they are joined for a day. Observations are told apart by
 * their order: the same event is never two of them.
 */
const DAY = 86_400e6;
/** µs by which events of one host may come out of order; what is later yet is of another recording. */
const LATE = 60e6;
/** Pairs of pattern and source that are remembered. */
const MAX_SOURCES = 20_000;
/** Observations of one part that are remembered; more where REPEATS asks for them. */
const MAX_KEPT = 32;
/** Earlier ends of a part that WITHIN looks at, when the latest took too long. */
const MAX_TURNS = 8;

/** When one part was observed, latest last: time in µs, and its place among all observations. */
interface Kept {
  readonly times: number[];
  readonly orders: number[];
}

/** A way in which a part of the pattern holds: orders and times of its first and last observation, and all its orders. */
interface Way {
  readonly first: number;
  readonly from: number;
  readonly until: number;
  readonly orders: readonly number[];
}

export class Observed {
  readonly #sources = new Lru<string, Map<number, Kept>>(MAX_SOURCES);
  #order = 0;

  age(): void {
    this.#sources.age();
  }

  /**
   * Remembers an event that is a part of the pattern.
   * @param source who did it @param time µs
   * @returns whether the pattern holds now, by this event; what led to it is forgotten then
   */
  add({ pattern, whole, seen }: Sequence, source: string, time: number): boolean {
    const key = `${pattern} ${source}`;
    const parts = this.#sources.touch(key, () => new Map<number, Kept>());
    const order = ++this.#order;
    const most = Math.max(MAX_KEPT, repeats(whole) * 2);
    for (const number of seen) {
      let kept = parts.get(number);
      if (kept === undefined) parts.set(number, (kept = { times: [], orders: [] }));
      const last = kept.times.at(-1);
      // Far before the last: another recording, older than that.
      if (last !== undefined && (time < last - DAY || time > last + DAY))
        kept.times.length = kept.orders.length = 0;
      kept.times.push(time);
      kept.orders.push(order);
      if (kept.times.length > most) {
        kept.times.shift();
        kept.orders.shift();
      }
    }
    const way = latest(whole, parts, order, { from: time - DAY, until: time + LATE });
    if (way === undefined || !way.orders.includes(order)) return false;
    parts.clear();
    return true;
  }
}

const repeats = (seen: Observation): number =>
  seen.kind === 'repeats'
    ? seen.times * repeats(seen.of)
    : 'of' in seen
      ? Math.max(1, ...[seen.of].flat().map(repeats))
      : 1;

interface Span {
  readonly from: number;
  readonly until: number;
}

/** The way that begins latest, of those whose observations all have an order up to `end`. */
function latest(
  seen: Observation,
  parts: ReadonlyMap<number, Kept>,
  end: number,
  span: Span,
): Way | undefined {
  switch (seen.kind) {
    case 'seen':
      return lastOf(parts.get(seen.number), end, span);
    case 'or':
      return seen.of
        .map((part) => latest(part, parts, end, span))
        .reduce((best, way) =>
          best === undefined || (way !== undefined && way.first > best.first) ? way : best,
        );
    case 'then':
      return inTurn(seen.of, parts, end, span);
    case 'and':
      return inAnyTurn(seen.of, parts, end, span);
    case 'repeats':
      return inTurn(new Array<Observation>(seen.times).fill(seen.of), parts, end, span);
    case 'during':
      return latest(seen.of, parts, end, {
        from: Math.max(span.from, seen.from * 1e6),
        until: Math.min(span.until, seen.until * 1e6),
      });
    case 'within': {
      let way = latest(seen.of, parts, end, span);
      // Each turn ends before the last observation of the turn before. What ended long ago was looked at then.
      for (let n = 0; way !== undefined && way.until - way.from > seen.seconds * 1e6; n++)
        way = n < MAX_TURNS ? latest(seen.of, parts, last(way) - 1, span) : undefined;
      return way;
    }
  }
}

function lastOf(kept: Kept | undefined, end: number, span: Span): Way | undefined {
  if (kept === undefined) return undefined;
  const { orders, times } = kept;
  let low = 0;
  let high = orders.length;
  // Ends: each turn halves what is left.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (orders[middle] <= end) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0; i--) {
    const [order, time] = [orders[i], times[i]];
    if (time >= span.from && time < span.until)
      return { first: order, from: time, until: time, orders: [order] };
  }
  return undefined;
}

/** One after the other; from the last to the first, each as late as it can be. */
function inTurn(
  of: readonly Observation[],
  parts: ReadonlyMap<number, Kept>,
  end: number,
  span: Span,
): Way | undefined {
  let first = end + 1;
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  const orders: number[] = [];
  for (let i = of.length - 1; i >= 0; i--) {
    const way = latest(of[i], parts, first - 1, span);
    if (way === undefined) return undefined;
    first = way.first;
    from = Math.min(from, way.from);
    until = Math.max(until, way.until);
    for (const order of way.orders) orders.push(order);
  }
  return { first, from, until, orders };
}

/** In any order: woven into each other where no event is two of them, else one after the other. */
function inAnyTurn(
  of: readonly Observation[],
  parts: ReadonlyMap<number, Kept>,
  end: number,
  span: Span,
): Way | undefined {
  const ways = of.map((part) => latest(part, parts, end, span));
  if (ways.some((way) => way === undefined)) return undefined;
  const all = (ways as Way[]).reduce(joined);
  if (new Set(all.orders).size === all.orders.length) return all;
  const [a, ...rest] = of;
  const others: Observation = rest.length === 1 ? rest[0] : { kind: 'and', of: rest };
  const [one, other] = [inTurn([a, others], parts, end, span), inTurn([others, a], parts, end, span)];
  return one === undefined || (other !== undefined && other.first > one.first) ? other : one;
}

const last = ({ orders }: Way): number => orders.reduce((most, order) => Math.max(most, order));

const joined = (a: Way, b: Way): Way => ({
  first: Math.min(a.first, b.first),
  from: Math.min(a.from, b.from),
  until: Math.max(a.until, b.until),
  orders: [...a.orders, ...b.orders],
});
