// All detectors: a new one is one file and one line here.

import { SensorError } from '../errors.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import { eventTypes } from '../protocols/index.ts';
import { hint } from '../rules/fields.ts';
import type { RuleSet } from '../rules/load.ts';
import { addressSweep } from './address-sweep.ts';
import { arpSpoof } from './arp-spoof.ts';
import { beacon } from './beacon.ts';
import { certificate } from './certificate.ts';
import type {
  AccountWatch,
  AlertSink,
  Detector,
  Forgetful,
  Learning,
  Learnt,
  PacketWatch,
  Watch,
} from './detector.ts';
import { dga } from './dga.ts';
import { dnsExhaustion } from './dns-exhaustion.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { fastFlux } from './fast-flux.ts';
import { firstSeen } from './first-seen.ts';
import { flood } from './flood.ts';
import { guessing } from './guessing.ts';
import { icmpTunnel } from './icmp-tunnel.ts';
import { industrialCommand } from './industrial-command.ts';
import { lateralMovement } from './lateral-movement.ts';
import { loginFailure } from './login-failure.ts';
import { longConnection } from './long-connection.ts';
import { portScan } from './port-scan.ts';
import { quicTunnel } from './quic-tunnel.ts';
import { rogueDhcp } from './rogue-dhcp.ts';
import { rogueDns } from './rogue-dns.ts';
import { rogueRouter } from './rogue-router.ts';
import { ruleMatch } from './rule-match.ts';
import type { RuleCost } from './rule-meter.ts';
import { unusualUpload } from './unusual-upload.ts';
import { upload } from './upload.ts';
import { wrongPort } from './wrong-port.ts';

export const detectors = [
  ruleMatch,
  portScan,
  addressSweep,
  guessing,
  loginFailure,
  beacon,
  longConnection,
  dnsTunnel,
  dga,
  fastFlux,
  dnsExhaustion,
  upload,
  lateralMovement,
  industrialCommand,
  rogueDhcp,
  rogueDns,
  rogueRouter,
  arpSpoof,
  certificate,
  wrongPort,
  firstSeen,
  flood,
  icmpTunnel,
  quicTunnel,
  unusualUpload,
] as const satisfies readonly Detector[];

/** Detector → knob → value, for those that differ from the defaults. */
export type Knobs = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Every knob's value. @throws SensorError config_invalid for a name that no detector has, or a value below 0 */
export function settle(knobs: Knobs): Record<string, Record<string, number>> {
  const names = detectors.map(({ name }) => name);
  for (const name of Object.keys(knobs))
    if (!(names as string[]).includes(name))
      throw new SensorError('config_invalid', `there is no detector "${name}"${hint(name, names)}`);
  const settled: Record<string, Record<string, number>> = {};
  for (const { name, knobs: own } of detectors as readonly Detector[]) {
    const given = knobs[name] ?? {};
    for (const [word, value] of Object.entries(given)) {
      if (!own[word])
        throw new SensorError(
          'config_invalid',
          `detector "${name}" has no knob "${word}"${hint(word, Object.keys(own))}`,
        );
      if (!Number.isFinite(value) || value < 0)
        throw new SensorError(
          'config_invalid',
          `${name}.${word} must be a number of 0 or more (${own[word].unit})`,
        );
    }
    settled[name] = Object.fromEntries(
      Object.entries(own).map(([word, knob]) => [word, given[word] ?? knob.default]),
    );
  }
  return settled;
}

/** What each detector had learnt before, by its name and the form of it; undefined when nothing of that form is there. */
export type Memory = (detector: string, form: number) => Learnt | undefined;

/** All detectors at work, as one watch that hands everything on to each. */
export interface Started extends Required<Watch>, PacketWatch {
  /** An event for which no rule and no indicator holds, as is known already. */
  unmatched(event: Event): void;
  readonly digest: string;
  /** By the detector's name, with the knobs that it was started with. */
  readonly each: ReadonlyMap<string, { readonly watch: Watch | Learning; readonly knobs: string }>;
}

/** Those that learn, with what they have learnt so far. */
export function* learntBy({ each }: Started): Iterable<[detector: string, form: number, learnt: Learnt]> {
  for (const { name, learns } of detectors as readonly Detector[]) {
    const watch = each.get(name)?.watch;
    if (learns !== undefined && watch !== undefined && 'learnt' in watch)
      yield [name, learns, watch.learnt()];
  }
}

/** States that each gave up for want of room, of those that count it. */
export const evictionsOf = ({ each }: Started): Record<string, number> =>
  Object.fromEntries(
    Array.from(each).flatMap(([name, { watch }]) => {
      const { evicted } = watch as Partial<Forgetful>;
      return evicted === undefined ? [] : [[name, evicted]];
    }),
  );

/** What rules cost and found, the dearest first; only those that are suspended, when so asked. */
export function costsOf({ each }: Started, only?: 'suspended'): readonly RuleCost[] {
  const rules = each.get(ruleMatch.name)?.watch as AccountWatch | undefined;
  return (only === undefined ? rules?.costs?.() : rules?.suspended?.()) ?? [];
}

const NOTHING: Memory = () => undefined;

/**
 * Starts every detector.
 * @param knobs only what differs from the defaults
 * @param before those at work until now: whom nothing changes for goes on with what it has counted, and those who learn
 *   keep what they have learnt
 * @throws SensorError config_invalid
 */
export function startDetectors(
  rules: RuleSet,
  knobs: Knobs,
  sink: AlertSink,
  before?: Started,
  memory: Memory = NOTHING,
): Started {
  const settled = settle(knobs);
  const known = new Map(
    before === undefined ? [] : Array.from(learntBy(before), ([name, , of]) => [name, of]),
  );
  const each = new Map<string, { watch: Watch | Learning; knobs: string }>();
  for (const detector of detectors as readonly Detector[]) {
    const { name, learns } = detector;
    const former = before?.each.get(name);
    const own = JSON.stringify(settled[name]);
    const isSame = former?.knobs === own && (detector !== ruleMatch || before?.digest === rules.digest);
    if (isSame && former !== undefined) {
      each.set(name, former);
      continue;
    }
    const learnt = learns === undefined ? undefined : (known.get(name) ?? memory(name, learns));
    const watch = detector.start(settled[name], sink, rules, learnt, former?.watch);
    each.set(name, { watch, knobs: own });
  }
  return { each, digest: rules.digest, ...handOn(each) };
}

/** One watch that hands on: flows to all, other events to rules and to those who look at events of their type. */
function handOn(each: Started['each']): Omit<Started, 'each' | 'digest'> {
  const watches = [...each.values()].map(({ watch }) => watch);
  const opened = watches.filter((watch) => watch.opened);
  const answered = watches.filter((watch) => watch.answered);
  const refused = watches.filter((watch) => watch.refused);
  const tick = watches.filter((watch) => watch.tick);
  const relieve = watches.filter((watch) => watch.relieve);
  const rules = each.get(ruleMatch.name)?.watch;
  const lookers = (type: string): Watch[] =>
    (detectors as readonly Detector[])
      .filter(({ looksAt }) => type in looksAt)
      .flatMap(({ name }) => each.get(name)?.watch ?? [])
      .filter((watch) => watch.event && watch !== rules);
  const byType = new Map(eventTypes.map((type) => [type, lookers(type)]));
  const unmatched = (happened: Event): void => {
    const looking = byType.get(happened.type);
    if (looking !== undefined) for (const watch of looking) watch.event!(happened);
  };
  const { packet, packetHit }: PacketWatch = (rules as PacketWatch | undefined) ?? {};
  return {
    ...(packet && { packet }),
    ...(packetHit && { packetHit }),
    opened(flow: FlowView) {
      for (const watch of opened) watch.opened!(flow);
    },
    answered(flow: FlowView) {
      for (const watch of answered) watch.answered!(flow);
    },
    refused(flow: FlowView) {
      for (const watch of refused) watch.refused!(flow);
    },
    event(happened: Event) {
      rules?.event?.(happened);
      unmatched(happened);
    },
    unmatched,
    tick(now: number) {
      for (const watch of tick) watch.tick!(now);
    },
    relieve() {
      for (const watch of relieve) watch.relieve!();
    },
  };
}
