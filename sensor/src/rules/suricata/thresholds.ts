// How many matches make an alert: threshold, detection_filter and rate_filter, as Suricata counts them.
/*
 * A window begins with the first match and still holds what comes exactly `seconds` later; what comes after that begins a
 * new one with a count of 1. That is what Suricata's engine does, where its documentation leaves it open.
 */
import { parseWhole } from './bounds.ts';
import { invalid } from './fault.ts';
import type { Option } from './signature.ts';

export type Track = 'by_src' | 'by_dst' | 'by_both' | 'by_rule' | 'by_flow';

export interface Threshold {
  readonly type: 'limit' | 'threshold' | 'both' | 'detection_filter' | 'rate_filter' | 'backoff';
  readonly track: Track;
  readonly count: number;
  /** µs */
  readonly span: number;
  /** Of `backoff`. */
  readonly multiplier?: number;
  /** Of `detection_filter`: distinct ones are counted. */
  readonly uniqueOn?: 'src_port' | 'dst_port';
  /** Of `rate_filter`: what becomes of matches above the count, and for how long (µs; 0 for ever). */
  readonly newAction?: string;
  readonly timeout?: number;
}

const TRACKS: readonly string[] = ['by_src', 'by_dst', 'by_both', 'by_rule', 'by_flow'];
const MOST = 4_294_967_295;

/** `key value` pairs between commas. @throws RuleFault */
export function pairsOf(option: Option): Map<string, string> {
  const out = new Map<string, string>();
  for (const part of (option.value ?? '').split(',')) {
    const [key, ...rest] = part.trim().split(/\s+/);
    if (key === '' || rest.length !== 1)
      throw invalid(option.name, `"${part.trim()}" is no word with its value`, option.valueAt);
    if (out.has(key)) throw invalid(option.name, `"${key}" stands there twice`, option.valueAt);
    out.set(key, rest[0]);
  }
  return out;
}

function trackOf(option: Option, pairs: ReadonlyMap<string, string>): Track {
  const track = pairs.get('track') ?? '';
  if (!TRACKS.includes(track))
    throw invalid(option.name, `"track" is one of ${TRACKS.join(', ')}`, option.valueAt);
  return track as Track;
}

function numberOf(option: Option, pairs: ReadonlyMap<string, string>, key: string, least = 1): number {
  const text = pairs.get(key);
  if (text === undefined) throw invalid(option.name, `"${key}" is missing`, option.valueAt);
  return parseWhole(option, least, MOST, text);
}

export function parseThreshold(option: Option): Threshold {
  const pairs = pairsOf(option);
  const type = pairs.get('type') ?? '';
  const track = trackOf(option, pairs);
  if (type === 'backoff') {
    if (track !== 'by_flow') throw invalid(option.name, '"backoff" counts by_flow', option.valueAt);
    const multiplier = numberOf(option, pairs, 'multiplier', 2);
    return { type, track, count: numberOf(option, pairs, 'count'), span: 0, multiplier };
  }
  if (type !== 'limit' && type !== 'threshold' && type !== 'both')
    throw invalid(option.name, '"type" is limit, threshold, both or backoff', option.valueAt);
  const count = numberOf(option, pairs, 'count');
  return { type, track, count, span: numberOf(option, pairs, 'seconds') * 1e6 };
}

export function parseDetectionFilter(option: Option): Threshold {
  const pairs = pairsOf(option);
  const track = trackOf(option, pairs);
  const count = numberOf(option, pairs, 'count');
  const span = numberOf(option, pairs, 'seconds') * 1e6;
  const unique = pairs.get('unique_on');
  if (unique === undefined) return { type: 'detection_filter', track, count, span };
  if (unique !== 'src_port' && unique !== 'dst_port')
    throw invalid(option.name, '"unique_on" is src_port or dst_port', option.valueAt);
  return { type: 'detection_filter', track, count, span, uniqueOn: unique };
}

/** Whom a match is about. */
export interface Ends {
  readonly src_ip: string;
  readonly dest_ip: string;
  readonly src_port: number;
  readonly dest_port: number;
  readonly id: number;
}

interface Counted {
  start: number;
  count: number;
  /** Of `backoff`: the next count that alerts. */
  next: number;
  /** Of `rate_filter`: until when its new action holds. */
  until: number;
  ports: Set<number> | undefined;
}

/** What is counted of all rules together; what was touched longest ago is forgotten above it. */
export const MAX_COUNTED = 100_000;

const keyOf = (track: Track, ends: Ends): string => {
  switch (track) {
    case 'by_src':
      return ends.src_ip;
    case 'by_dst':
      return ends.dest_ip;
    case 'by_both':
      return ends.src_ip < ends.dest_ip ? `${ends.src_ip} ${ends.dest_ip}` : `${ends.dest_ip} ${ends.src_ip}`;
    case 'by_rule':
      return '';
    case 'by_flow':
      return String(ends.id);
  }
};

/** What a match comes to. */
export type Verdict = 'alert' | 'silent' | 'pass' | 'drop' | 'reject';

export class Counters {
  readonly #counted = new Map<string, Counted>();
  forgotten = 0;

  /** @param rule names the rule and which of its thresholds @param now µs */
  judge(rule: string, threshold: Threshold, ends: Ends, now: number): Verdict {
    const { type, count } = threshold;
    const entry = this.#entry(`${rule} ${keyOf(threshold.track, ends)}`, threshold, now);
    entry.count++;
    switch (type) {
      case 'limit':
        return entry.count <= count ? 'alert' : 'silent';
      case 'threshold':
        if (entry.count < count) return 'silent';
        entry.count = 0;
        return 'alert';
      case 'both':
        return entry.count === count ? 'alert' : 'silent';
      case 'detection_filter':
        return this.#filter(entry, threshold, ends) > count ? 'alert' : 'silent';
      case 'backoff':
        if (entry.count !== entry.next) return 'silent';
        entry.next *= threshold.multiplier ?? 2;
        return 'alert';
      case 'rate_filter':
        return this.#rate(entry, threshold, now);
    }
  }

  #filter(entry: Counted, { uniqueOn }: Threshold, ends: Ends): number {
    if (uniqueOn === undefined) return entry.count;
    entry.ports ??= new Set();
    entry.ports.add(uniqueOn === 'src_port' ? ends.src_port : ends.dest_port);
    return entry.ports.size;
  }

  #rate(entry: Counted, { count, timeout = 0, newAction }: Threshold, now: number): Verdict {
    const isOver = entry.count > count;
    if (isOver && entry.until < now) entry.until = timeout === 0 ? Number.POSITIVE_INFINITY : now + timeout;
    if (entry.until < now) return 'alert';
    return newAction === 'pass' || newAction === 'drop' || newAction === 'reject' ? newAction : 'alert';
  }

  #entry(key: string, { span, count, type }: Threshold, now: number): Counted {
    const known = this.#counted.get(key);
    if (known !== undefined) {
      // Touched last, forgotten last.
      this.#counted.delete(key);
      this.#counted.set(key, known);
      // A recording of an earlier time begins anew.
      if (type !== 'backoff' && (now > known.start + span || now < known.start)) {
        known.start = now;
        known.count = 0;
        known.ports?.clear();
      }
      return known;
    }
    if (this.#counted.size >= MAX_COUNTED) {
      for (const oldest of this.#counted.keys()) {
        this.#counted.delete(oldest);
        this.forgotten++;
        break;
      }
    }
    const entry = { start: now, count: 0, next: count, until: Number.NEGATIVE_INFINITY, ports: undefined };
    this.#counted.set(key, entry);
    return entry;
  }

  get size(): number {
    return this.#counted.size;
  }

  /** Memory is short: the older half goes. */
  age(): void {
    let left = this.#counted.size >> 1;
    for (const key of this.#counted.keys()) {
      if (left-- <= 0) return;
      this.#counted.delete(key);
      this.forgotten++;
    }
  }
}
