// All detectors: a new one is one file and one line here.

import { SensorError } from '../errors.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import { hint } from '../rules/fields.ts';
import type { RuleSet } from '../rules/load.ts';
import { beacon } from './beacon.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { guessing } from './guessing.ts';
import { portScan } from './port-scan.ts';
import { ruleMatch } from './rule-match.ts';
import { upload } from './upload.ts';

export const detectors = [
  ruleMatch,
  portScan,
  beacon,
  dnsTunnel,
  guessing,
  upload,
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

/** All detectors at work, as one watch that hands everything on to each. */
export interface Started extends Required<Watch> {
  /** An event for which no rule and no indicator holds, as is known already. */
  unmatched(event: Event): void;
  readonly digest: string;
  /** By the detector's name, with the knobs that it was started with. */
  readonly each: ReadonlyMap<string, { readonly watch: Watch; readonly knobs: string }>;
}

/**
 * Starts every detector.
 * @param knobs only what differs from the defaults
 * @param before those at work until now: whom nothing changes for goes on with what it has counted
 * @throws SensorError config_invalid
 */
export function startDetectors(rules: RuleSet, knobs: Knobs, sink: AlertSink, before?: Started): Started {
  const settled = settle(knobs);
  const each = new Map<string, { watch: Watch; knobs: string }>();
  for (const detector of detectors) {
    const { name } = detector;
    const known = before?.each.get(name);
    const own = JSON.stringify(settled[name]);
    const isSame = known?.knobs === own && (detector !== ruleMatch || before?.digest === rules.digest);
    each.set(
      name,
      isSame && known !== undefined
        ? known
        : { watch: detector.start(settled[name], sink, rules), knobs: own },
    );
  }
  const watches = [...each.values()].map(({ watch }) => watch);
  const opened = watches.filter((watch) => watch.opened);
  const answered = watches.filter((watch) => watch.answered);
  const refused = watches.filter((watch) => watch.refused);
  const event = watches.filter((watch) => watch.event);
  const looking = event.filter((watch) => watch !== each.get(ruleMatch.name)?.watch);
  const tick = watches.filter((watch) => watch.tick);
  const relieve = watches.filter((watch) => watch.relieve);
  return {
    each,
    digest: rules.digest,
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
      for (const watch of event) watch.event!(happened);
    },
    unmatched(happened: Event) {
      for (const watch of looking) watch.event!(happened);
    },
    tick(now: number) {
      for (const watch of tick) watch.tick!(now);
    },
    relieve() {
      for (const watch of relieve) watch.relieve!();
    },
  };
}
