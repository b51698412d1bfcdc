// What the sensor counts while it works: plain numbers, read when somebody asks.
import { FATES } from './layers/packet.ts';

/** Classes of packets in the order in which they are given up (sight/overload.ts). */
export const SHED_CLASSES = ['bulk', 'known', 'opening', 'handshake', 'dns', 'indicator'] as const;
export type ShedClass = (typeof SHED_CLASSES)[number];

export class Counters {
  packets = 0;
  /** Bytes on the wire, whole frames. */
  bytes = 0;
  /** Packets by the version of IP; 0 for those without. */
  readonly versions = new Float64Array(16);
  /** Packets that became part of a flow, by IP protocol; those inside of tunnels too. */
  readonly transports = new Float64Array(256);
  vlan = 0;
  /** Frames by where their decoding stopped, in the order of FATES. */
  readonly fates = new Float64Array(FATES.length);
  /** The same of packets inside of tunnels. */
  readonly inner = new Float64Array(FATES.length);
  /** Flows that exporters told, and those of them that stand for more packets than were looked at. */
  reported = 0;
  sampled = 0;
  /** Frames and flow records that may not be looked at; the same of packets inside of others or quoted by them, and of what a Suricata told. */
  outside = 0;
  outsideInner = 0;
  /** Packets given up because there was no time to read them, by SHED_CLASSES. */
  readonly shed = new Float64Array(SHED_CLASSES.length);
  /** Events by EVE type. */
  readonly events: Record<string, number> = {};
  /** Alerts by severity, and by rule name. */
  readonly alerts: Record<string, number> = {};
  readonly alertsByRule: Record<string, number> = {};
  /** µs of packet time. */
  firstTime = Number.NaN;
  lastTime = Number.NaN;
}

/** Places of the fates that are failures: headers that could not be read. Frames that hold no IP are none. */
const FAILURES = FATES.flatMap((name, i) =>
  name.endsWith('_bad') || name.endsWith('_short') || name === 'link_unknown' || name === 'too_deep'
    ? [i]
    : [],
);

/** Packets whose headers could not be read, all reasons together. */
export function undecodable({ fates }: Pick<Counters, 'fates'>): number {
  let sum = 0;
  for (const place of FAILURES) sum += fates[place];
  return sum;
}

/** Frames taken, the one at hand too. */
export function framesOf({ fates }: Pick<Counters, 'fates'>): number {
  let sum = 0;
  for (const count of fates) sum += count;
  return sum;
}

export const shedByClass = ({ shed }: Pick<Counters, 'shed'>): Record<ShedClass, number> =>
  Object.fromEntries(SHED_CLASSES.map((name, i) => [name, shed[i]])) as Record<ShedClass, number>;
