// How soon a person should look: 0–100 out of severity, confidence, repetition and breadth, with its reasons.
import { SEVERITIES, type Severity } from 'yagura-sensor/wire';

/** Where each severity begins; a more severe group outranks any lesser one of middling size. */
const BASE: Record<Severity, number> = { informational: 5, low: 20, medium: 40, high: 60, critical: 80 };
/** Points that repetition can add at most: reached at about a thousand alerts. */
const REPETITION = 6;
/** Points that breadth (sensors and destination ports) can add at most. */
const BREADTH = 6;
/** Points between a rule that is never sure and one that always is. */
const CONFIDENCE = 8;

export interface PriorityFacts {
  readonly severity: Severity;
  /** Percent. */
  readonly confidence: number;
  readonly count: number;
  readonly sensors: number;
  readonly ports: number;
}

export interface PriorityReason {
  readonly why: 'severity' | 'confidence' | 'repetition' | 'breadth';
  readonly points: number;
}

export function priorityReasons(facts: PriorityFacts): PriorityReason[] {
  return [
    { why: 'severity', points: BASE[facts.severity] },
    { why: 'confidence', points: (facts.confidence / 100) * CONFIDENCE },
    { why: 'repetition', points: Math.min(REPETITION, Math.log10(facts.count) * 2) },
    {
      why: 'breadth',
      points: Math.min(BREADTH, (facts.sensors - 1) * 2 + Math.log2(Math.max(1, facts.ports))),
    },
  ];
}

export const priority = (facts: PriorityFacts): number =>
  Math.min(100, Math.round(priorityReasons(facts).reduce((sum, reason) => sum + reason.points, 0)));

/** 0 for informational … 4 for critical. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);
