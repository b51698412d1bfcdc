// Rules tried on captures: every match as it happens, none held back, with what the rule looked at.
import { formatTime } from '../bytes/time.ts';
import type { Fired } from '../detectors/correlation/correlator.ts';
import { Correlators } from '../detectors/correlation/correlators.ts';
import { MEASURED } from '../detectors/correlation/measure.ts';
import type { Watch } from '../detectors/detector.ts';
import { SignatureMatch } from '../detectors/signature-match.ts';
import { shareOut, usualMemory } from '../memory.ts';
import type { Gate } from '../outputs/gate.ts';
import type { Event, Field, FlowView } from '../protocols/event.ts';
import { protocols } from '../protocols/index.ts';
import { words } from '../rules/index.ts';
import type { RuleSet } from '../rules/load.ts';
import type { Correlation } from '../rules/sigma/correlation.ts';
import type { SigmaRule } from '../rules/sigma/rule.ts';
import { Sensor } from '../sensor.ts';
import { openCapture } from '../sources/index.ts';
import type { Scalar } from '../wire/field.ts';

/** A field that a rule looked at. */
export interface Seen {
  readonly name: string;
  /** The match rests on it. */
  readonly isMatched: boolean;
  /** What leaves of it under the profile; undefined when nothing does, or nothing is there. */
  readonly value: Scalar | readonly Scalar[] | undefined;
  /** Characters of a value that is there and does not leave. */
  readonly withheld?: number;
}

/** A rule of any language. */
export type Tested = Pick<SigmaRule, 'identity' | 'place' | 'captures'>;

/** Every rule of the set that can be tried. */
export const testedOf = ({ rules, correlations, signatures }: RuleSet): Tested[] => [
  ...rules,
  ...correlations,
  ...signatures.rules.map(({ identity, file, line }) => ({
    identity,
    place: `${file}:${line}`,
    captures: { fires: [], silent: [] },
  })),
];

export interface Match {
  readonly rule: Tested;
  readonly time: string;
  readonly type: string;
  readonly flow: {
    readonly src_ip: string;
    readonly src_port: number;
    readonly dest_ip: string;
    readonly dest_port: number;
    readonly proto: string;
  };
  readonly fields: readonly Seen[];
  /** Of a correlation: what it measured, and its group. */
  readonly measured?: { readonly what: string; readonly value: number };
}

export interface Tried {
  readonly packets: number;
  /** µs between the first packet and the last. */
  readonly span: number;
}

const MAX_ITEMS = 16;
const MAX_GROUPS = 100_000;

/**
 * Reads a capture past the rules.
 * @throws SensorError what the capture cannot be opened for
 */
export async function tryRules(
  path: string,
  rules: RuleSet,
  gate: Gate,
  found: (match: Match) => void,
): Promise<Tried> {
  const sensor = new Sensor({
    protocols,
    detect: () => watchOf(rules, gate, found),
    outputs: [],
    profile: gate.profile,
    gate,
    shares: shareOut(usualMemory(1)),
  });
  for await (const batch of openCapture(path).batches()) sensor.frames(batch);
  sensor.finish();
  const { packets, firstTime, lastTime } = sensor.counters;
  return { packets, span: packets > 0 ? lastTime - firstTime : 0 };
}

function watchOf(rules: RuleSet, gate: Gate, found: (match: Match) => void): Watch {
  const fired: Fired = (rule, { about, time, measured, group }) =>
    found({
      rule,
      time: formatTime(time),
      type: 'flow' in about ? about.type : 'flow',
      flow: flowOf('flow' in about ? about.flow : about),
      fields: rule.groupBy.map((word, i) => ofGroup(rule, word, i, group[i], gate)),
      measured: { what: MEASURED[rule.type], value: Math.round(measured * 1000) / 1000 },
    });
  // Whatever is counted is shown, too: it is what people look for when a correlation is silent.
  const correlators = new Correlators(rules, MAX_GROUPS, fired, undefined, true);
  let current: Event;
  const hit = (rule: SigmaRule): void => {
    found({
      rule,
      time: formatTime(current.time),
      type: current.type,
      flow: flowOf(current.flow),
      fields: lookedAt(rule, current, gate),
    });
    correlators.match(rule, current);
  };
  const byId = new Map(testedOf(rules).map((rule) => [rule.identity.id, rule]));
  const signatures = new SignatureMatch(rules.signatures, {
    raise({ rule: { id }, matched }, about) {
      const rule = byId.get(id);
      const event = 'fields' in about ? about : undefined;
      if (rule === undefined) return;
      found({
        rule,
        time: formatTime(event?.time ?? (about as FlowView).last),
        type: event?.type ?? 'flow',
        flow: flowOf('flow' in about ? about.flow : about),
        fields: event === undefined ? [] : fieldsAt(matched, new Set(matched), event, gate),
      });
    },
  });
  return {
    ...signatures.watch,
    event(event) {
      current = event;
      rules.rows.get(event.type)?.at(event);
      rules.dispatch.get(event.type)?.match(hit);
      signatures.event(event);
    },
    tick: (now) => correlators.tick(now),
  };
}

const flowOf = ({ src_ip, src_port, dest_ip, dest_port, proto }: Match['flow']): Match['flow'] => ({
  src_ip,
  src_port,
  dest_ip,
  dest_port,
  proto,
});

function lookedAt(rule: SigmaRule, event: Event, gate: Gate): Seen[] {
  const matched = new Set(rule.matched());
  return fieldsAt(new Set([...matched, ...rule.test.slots.map(({ path }) => path)]), matched, event, gate);
}

function fieldsAt(paths: Iterable<string>, matched: ReadonlySet<string>, event: Event, gate: Gate): Seen[] {
  return [...paths].flatMap((path) => {
    const field = event.fields.find(({ name }) => name.replaceAll('[]', '') === path);
    return field ? [seen(field, path, matched.has(path), event, gate)] : [];
  });
}

function seen(field: Field, name: string, isMatched: boolean, event: Event, gate: Gate): Seen {
  const there = field.read(event.message, event);
  const value = gate.value(field, event);
  if (value === undefined && there !== undefined && there !== null)
    return { name, isMatched, value: undefined, withheld: String(there).length };
  if (typeof value !== 'object') return { name, isMatched, value };
  const items = value.filter((item) => item !== undefined && item !== null) as readonly Scalar[];
  return { name, isMatched, value: items.slice(0, MAX_ITEMS) };
}

/** A value that a correlation groups by: a field's, so it leaves as the field does. */
function ofGroup(rule: Correlation, word: string, at: number, value: string, gate: Gate): Seen {
  const path = rule.inputs[0].group[at].path;
  const how = gate.how(words.words.get(path)?.class ?? 'content');
  const name = word === path ? word : `${word} (${path})`;
  if (how === 'withheld') return { name, isMatched: true, value: undefined, withheld: value.length };
  return { name, isMatched: true, value: how === 'hashed' ? gate.hash(value) : value };
}
