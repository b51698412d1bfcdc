// On how much of the traffic a group rests: the worst that any of its alerts rested on.
import { type Coverage, seenShare } from 'yagura-sensor/wire';

const sampledShare = ({ seen, sampled }: Coverage): number => (seen === 0 ? 0 : sampled / seen);

/** True when less was seen, or as much, and more of it by sampling. Where there was no traffic nothing was missed. */
function isWorse(a: Coverage, b: Coverage): boolean {
  const [shareA, shareB] = [seenShare(a) ?? 1, seenShare(b) ?? 1];
  return shareA < shareB || (shareA === shareB && sampledShare(a) > sampledShare(b));
}

/** @param known of the alerts before; null where none told @param told of those that join; an old sensor tells none */
export function worst(known: Coverage | null, told: Iterable<Coverage | undefined>): Coverage | null {
  let found = known;
  for (const coverage of told)
    if (coverage !== undefined && (found === null || isWorse(coverage, found))) found = coverage;
  return found;
}
