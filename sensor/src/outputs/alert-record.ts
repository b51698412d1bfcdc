// A finding becomes the wire's alert: what the privacy profile lets leave, and nothing else.

import { formatTime } from '../bytes/time.ts';
import type { Finding } from '../detectors/detector.ts';
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import type { Alert, Evidence } from '../wire/alert.ts';
import type { Coverage } from '../wire/coverage.ts';
import type { Scalar } from '../wire/field.ts';
import type { Gate, Released } from './gate.ts';

/** As the wire's schema bounds them. */
const MAX_TEXT = 1024;
const MAX_ITEMS = 64;

/** Fields that stand at the alert's own top level. */
const TOP = new Set([
  'event_type',
  'flow_id',
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'proto',
  'app_proto',
  'community_id',
]);

/** A field as alerts see it. */
interface Column {
  readonly name: string;
  /** What leaves of it; undefined where nothing does. */
  readonly released: Released<Field> | undefined;
  readonly field: Field;
}

/** Columns of the fields of each type of event, as each gate lets them out: the same for every alert. */
const columns = new WeakMap<Gate, Map<readonly Field[], readonly Column[]>>();

function columnsOf({ type, fields }: Event, gate: Gate): readonly Column[] {
  let ofGate = columns.get(gate);
  if (ofGate === undefined) columns.set(gate, (ofGate = new Map()));
  let found = ofGate.get(fields);
  if (found === undefined) {
    const named = fields.map((field) => ({ name: plainName(field), field }));
    found = named
      .filter(({ name }) => !TOP.has(name))
      .map(({ name, field }) => ({ name, field, released: gate.fields(type, [field])[0] }));
    ofGate.set(fields, found);
  }
  return found;
}

/** The path rules and evidence use: without list marks. */
const plainName = (field: Field): string => field.name.replaceAll('[]', '');

const bounded = (item: Scalar): Scalar =>
  typeof item === 'string' && item.length > MAX_TEXT ? item.substring(0, MAX_TEXT) : item;

function evidenceOf(field: Released<Field>, event: Event): Evidence[string] | undefined {
  const value = field.read(event.message, event);
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return bounded(value);
  const items = value.filter((item) => item !== undefined).map(bounded);
  return items.length > 0 ? items.slice(0, MAX_ITEMS) : undefined;
}

/** What may be said of a text that is withheld: how long it is, and how much at random its characters look. */
function shape(name: string, value: Value, evidence: Evidence, gate: Gate): void {
  const text = typeof value === 'object' ? value.find((one) => one !== undefined) : value;
  if (typeof text !== 'string') return;
  const word = name.replaceAll('.', '_');
  for (const [fact, number] of [
    [`yagura.length_${word}`, text.length],
    [`yagura.entropy_${word}`, Math.round(entropy(text) * 100) / 100],
  ] as const) {
    const released = gate.fact(fact, number);
    if (released !== undefined) evidence[fact] = released;
  }
}

/** Shannon's, bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

export function alertRecord(finding: Finding, event: Event, gate: Gate, coverage?: Coverage): Alert {
  const { flow } = event;
  const evidence: Evidence = {};
  const withheld: string[] = [];
  for (const { name, field, released } of columnsOf(event, gate)) {
    if (released !== undefined) {
      const value = evidenceOf(released, event);
      if (value !== undefined) evidence[name] = value;
    } else if (gate.how(field.class) === 'withheld' && finding.matched.includes(name)) {
      withheld.push(name);
      shape(name, field.read(event.message, event), evidence, gate);
    }
  }
  for (const [name, value] of Object.entries(finding.facts ?? {})) {
    const fact = gate.fact(name, value);
    if (fact !== undefined) evidence[name] = fact;
  }
  return {
    kind: 'alert',
    time: formatTime(event.time),
    rule: finding.rule,
    reason: finding.reason,
    event_type: event.type,
    src_ip: flow.src_ip,
    src_port: flow.src_port,
    dest_ip: flow.dest_ip,
    dest_port: flow.dest_port,
    proto: flow.proto,
    ...(flow.app_proto === undefined ? {} : { app_proto: flow.app_proto }),
    ...(flow.community_id === undefined ? {} : { community_id: flow.community_id }),
    evidence,
    matched: finding.matched.slice(0, MAX_ITEMS),
    withheld,
    ...(coverage === undefined ? {} : { coverage }),
  };
}
