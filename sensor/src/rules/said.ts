// What people are told of rules that were loaded: what is wrong with each, and how many were no rules for us.
import type { RuleSet } from './load.ts';

/** A line each. */
export function saidOf({ problems, signatures: { refused } }: RuleSet): string[] {
  const lines = problems.map(String);
  if (refused.length > 0)
    lines.push(
      `${refused.length} Suricata rules need what is not kept: "yagura-sensor rules import" says which`,
    );
  return lines;
}
