// What stands between a finding and its alert: suppressions that people wrote, and a rate for each rule. All is counted.
//
// A rule that cries a thousand times a minute hides everything else. Above its rate the rest of the minute is held back,
// and at the minute's end one alert says how many there were: no count is lost.
import type { Finding } from '../detectors/detector.ts';
import { copyOf } from '../detectors/flow-copy.ts';
import { Lru } from '../detectors/sketch/lru.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { Limit, Suppression } from '../rules/suppressions.ts';

/** Why an alert was not told. */
export const HELD_REASONS = ['suppressed', 'limited', 'rate'] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

export interface RestraintOptions {
  readonly suppressions: readonly Suppression[];
  /** Alerts of one rule that are told within a minute of packet time. */
  readonly alertsPerMinute: number;
}

/** µs. */
const MINUTE = 60e6;
/** Rules and limited triples that are counted at once; the one touched longest ago is forgotten, and its limit with it. */
const MAX_RULES = 20_000;
const MAX_LIMITED = 50_000;

interface Window {
  begin: number;
  told: number;
}

/** A rule's minute, with what to say at its end. */
interface Minute extends Window {
  held: number;
  finding: Finding | undefined;
  flow: FlowView | undefined;
}

export class Restraint {
  /** May be replaced while it works. */
  suppressions: readonly Suppression[];
  readonly held: Record<HeldReason, number> = { suppressed: 0, limited: 0, rate: 0 };
  /** By where a suppression stands. */
  readonly bySuppression = new Map<string, number>();
  readonly #rate: number;
  readonly #minutes = new Lru<string, Minute>(MAX_RULES);
  /** Those with something to say at their end. */
  readonly #waiting = new Set<Minute>();
  readonly #limited = new Lru<string, Window>(MAX_LIMITED);

  /** @param options without them everything is told */
  constructor(options: RestraintOptions = { suppressions: [], alertsPerMinute: Number.POSITIVE_INFINITY }) {
    this.suppressions = options.suppressions;
    this.#rate = options.alertsPerMinute;
  }

  /** @param now µs of packet time. @returns whether the alert is told */
  admits(finding: Finding, event: Event, now: number): boolean {
    const why = this.#isSuppressed(finding, event.flow, now);
    if (why !== undefined) {
      this.held[why]++;
      return false;
    }
    if (this.#keepsRate(finding, event, now)) return true;
    this.held.rate++;
    return false;
  }

  /** Says how many were held back in the minutes that are over. */
  tick(now: number, tell: (finding: Finding, about: FlowView) => void): void {
    for (const minute of this.#waiting)
      if (now - minute.begin >= MINUTE || now < minute.begin) this.#close(minute, tell);
  }

  /** The same of all, at the end. */
  finish(tell: (finding: Finding, about: FlowView) => void): void {
    for (const minute of this.#waiting) this.#close(minute, tell);
  }

  #isSuppressed(finding: Finding, flow: FlowView, now: number): 'suppressed' | 'limited' | undefined {
    if (this.suppressions.length === 0) return undefined;
    const { id, name, severity } = finding.rule;
    const { src_ip, dest_ip } = flow;
    const covered = { id, name, severity, src_ip, dest_ip };
    for (const one of this.suppressions) {
      if (now >= one.until || !one.covers(covered)) continue;
      if (one.limit !== undefined && this.#isWithin(one.limit, one.place, covered, now)) continue;
      this.bySuppression.set(one.place, (this.bySuppression.get(one.place) ?? 0) + 1);
      return one.limit === undefined ? 'suppressed' : 'limited';
    }
    return undefined;
  }

  #isWithin(
    { count, span, track }: Limit,
    place: string,
    { id, src_ip, dest_ip }: { readonly id: string; readonly src_ip: string; readonly dest_ip: string },
    now: number,
  ): boolean {
    const sides = {
      rule: '',
      by_src: src_ip,
      by_dst: dest_ip,
      by_both: src_ip < dest_ip ? `${src_ip} ${dest_ip}` : `${dest_ip} ${src_ip}`,
    };
    const window = this.#limited.touch(`${place} ${id} ${sides[track]}`, () => ({ begin: now, told: 0 }));
    // Closed on the right, as Suricata's; far before its begin is another recording.
    if (now - window.begin > span || now < window.begin - span) {
      window.begin = now;
      window.told = 0;
    }
    if (window.told >= count) return false;
    window.told++;
    return true;
  }

  #keepsRate(finding: Finding, event: Event, now: number): boolean {
    const fresh = (): Minute => ({ begin: now, told: 0, held: 0, finding: undefined, flow: undefined });
    const minute = this.#minutes.touch(finding.rule.id, fresh);
    if (minute.held === 0 && (now - minute.begin >= MINUTE || now < minute.begin - MINUTE)) {
      minute.begin = now;
      minute.told = 0;
    }
    if (minute.told < this.#rate) {
      minute.told++;
      return true;
    }
    minute.held++;
    // The first of them stands for all: a copy for each would cost what the rate is to save.
    minute.finding ??= finding;
    minute.flow ??= copyOf(event.flow);
    this.#waiting.add(minute);
    return false;
  }

  #close(minute: Minute, tell: (finding: Finding, about: FlowView) => void): void {
    this.#waiting.delete(minute);
    const { finding, flow, held } = minute;
    minute.held = 0;
    minute.begin = Number.NEGATIVE_INFINITY;
    minute.finding = minute.flow = undefined;
    if (finding !== undefined && flow !== undefined)
      tell({ ...finding, matched: [], facts: { ...finding.facts, 'yagura.held_back': held } }, flow);
  }
}
