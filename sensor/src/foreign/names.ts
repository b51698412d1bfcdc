// The names that an EVE line may use, as a tree: whoever reads a line follows it, and what is not in it is passed over.
import { isIP } from 'node:net';
import { slotFields } from '../protocols/told.ts';
import type { FieldSpec, Scalar } from '../wire/field.ts';
import { readTime } from './time.ts';

/** A name on the way to a value, or with one. */
export class Name {
  readonly children = new Map<string, Name>();
  /** What stands in the elements of the list that it names (`answers[]`). */
  element: Name | undefined;
  /** Where its value goes; -1 for one that only leads on. */
  slot = -1;

  at(part: string): Name {
    let child = this.children.get(part);
    if (child === undefined) this.children.set(part, (child = new Name()));
    return child;
  }
}

/** What a value must be to be taken: as the type of the field says. @returns the value as it is kept */
export type Check = (value: Scalar) => Scalar | undefined;

/** Longest text that is kept of one value, characters: no name, fingerprint or agent that people act on is longer. */
export const MAX_TEXT = 1024;

const CHECKS: Readonly<Record<FieldSpec['type'], Check>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  integer: (value) => (Number.isSafeInteger(value) ? value : undefined),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  address: (value) => (typeof value === 'string' && isIP(value) !== 0 ? value : undefined),
  time: (value) => readTime(value)?.text,
};

type Said = readonly [name: string, type: FieldSpec['type']];

/** What Suricata says beside the fields of our schema, and what is needed of it: none of it leaves by itself. */
const SAID = [
  ['timestamp', 'time'],
  ['event_type', 'string'],
  ['flow_id', 'integer'],
  ['vlan', 'integer'],
  ['src_ip', 'address'],
  ['src_port', 'integer'],
  ['dest_ip', 'address'],
  ['dest_port', 'integer'],
  ['proto', 'string'],
  ['icmp_type', 'integer'],
  ['icmp_code', 'integer'],
  ['app_proto', 'string'],
  ['app_proto_orig', 'string'],
  ['community_id', 'string'],
  ['direction', 'string'],
  ['tunnel.src_ip', 'address'],
  ['tunnel.src_port', 'integer'],
  ['tunnel.dest_ip', 'address'],
  ['tunnel.dest_port', 'integer'],
  ['tunnel.proto', 'string'],
  ['tunnel.depth', 'integer'],
  // Which side opened the flow, where the record itself is of a packet (alerts since Suricata 7).
  ['flow.src_ip', 'address'],
  ['flow.src_port', 'integer'],
  ['flow.dest_ip', 'address'],
  ['flow.dest_port', 'integer'],
  ['alert.action', 'string'],
  ['alert.gid', 'integer'],
  ['alert.signature_id', 'integer'],
  ['alert.rev', 'integer'],
  ['alert.signature', 'string'],
  ['alert.category', 'string'],
  ['alert.severity', 'integer'],
  ['alert.metadata.signature_severity', 'string'],
  ['alert.metadata.confidence', 'string'],
  ['alert.metadata.mitre_tactic_id', 'string'],
  ['alert.metadata.mitre_technique_id', 'string'],
  // Records of DNS before version 3.
  ['dns.rrname', 'string'],
  ['dns.rrtype', 'string'],
  ['dns.rdata', 'string'],
  ['dns.ttl', 'integer'],
  ['dns.query[].rrname', 'string'],
  ['dns.query[].rrtype', 'string'],
  ['dns.answer.rcode', 'string'],
  ['dns.answer.rrname', 'string'],
  ['dns.answer.rrtype', 'string'],
  ['dns.grouped.A', 'string'],
  ['dns.grouped.AAAA', 'string'],
  ['dns.grouped.CNAME', 'string'],
  ['dns.grouped.NS', 'string'],
  ['dns.grouped.PTR', 'string'],
  ['dns.grouped.MX', 'string'],
  ['dns.grouped.TXT', 'string'],
  ['stats.uptime', 'integer'],
  ['stats.capture.kernel_packets', 'integer'],
  ['stats.capture.kernel_drops', 'integer'],
  ['stats.capture.kernel_ifdrops', 'integer'],
] as const satisfies readonly Said[];
export type SaidName = (typeof SAID)[number][0];

/** Fields first, by the slots of `protocols/told.ts`; then what is said beside them. */
const all: readonly Said[] = [...slotFields.map(({ name, type }): Said => [name, type]), ...SAID];
export const SLOTS = all.length;
export const checks: readonly Check[] = all.map(([, type]) => CHECKS[type]);

const saidSlots = new Map<string, number>(SAID.map(([name], i) => [name, slotFields.length + i]));
export const saidSlot = (name: SaidName): number => saidSlots.get(name) as number;

/** Slot → the first word of its name: what EVE calls the object that it stands in. */
export const roots: readonly string[] = all.map(([name]) => name.split(/[.[]/, 1)[0]);

export const NAMES = new Name();
for (const [slot, [path]] of all.entries()) {
  let at = NAMES;
  for (const part of path.split('.')) {
    const isList = part.endsWith('[]');
    at = at.at(isList ? part.slice(0, -2) : part);
    if (isList) at = at.element ??= new Name();
  }
  at.slot = slot;
}
