// In which order flows are told whose end comes at one moment: by their beginning, then by who they are, never by where
// they happen to stand. Sensors that share the work then tell them as one sensor would.
import {
  HIGH,
  HIGH_UPPER,
  KIND,
  LOW,
  LOW_UPPER,
  PORTS,
  SERIAL,
  START,
  SUMS,
  TUNNEL,
  VLANS,
  WORDS,
} from './row.ts';

/** What tells two flows apart that began in the same microsecond; last, the number that one table gave them. */
const IDENTITY = [
  LOW,
  HIGH,
  PORTS,
  KIND,
  VLANS,
  TUNNEL,
  LOW_UPPER,
  LOW_UPPER + 1,
  LOW_UPPER + 2,
  HIGH_UPPER,
  HIGH_UPPER + 1,
  HIGH_UPPER + 2,
  SERIAL,
] as const;

/** Rows of flows: a table's, or a single one that was copied. */
export interface Rows {
  readonly words: Int32Array;
  readonly sums: Float64Array;
}

/** Negative when the flow in `slot` of `a` comes first. */
export function compareFlows(a: Rows, slot: number, b: Rows, other: number): number {
  const earlier = a.sums[slot * SUMS + START] - b.sums[other * SUMS + START];
  if (earlier !== 0) return earlier;
  for (const word of IDENTITY) {
    const less = a.words[slot * WORDS + word] - b.words[other * WORDS + word];
    if (less !== 0) return less;
  }
  return 0;
}
