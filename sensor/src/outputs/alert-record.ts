// A finding becomes the wire's alert: what the privacy profile lets leave, and nothing else.

import { formatTime } from '../bytes/time.ts';
import type { Finding } from '../detectors/detector.ts';
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import type { Alert, Evidence } from '../wire/alert.ts';
import { leaves, type Profile } from '../wire/field.ts';

/** As the wire's schema bounds them. */
const MAX_TEXT = 1024;
const MAX_ITEMS = 64;

/** Fields that stand at the alert's own top level. */
const TOP = new Set([
  'event_type',
  'flow_id',
  'vlan',
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'proto',
  'app_proto',
  'community_id',
  'icmp_type',
  'icmp_code',
]);

/** The path rules and evidence use: without list marks. */
export const plainName = (field: Field): string => field.name.replaceAll('[]', '');

const bounded = (item: string | number | boolean): string | number | boolean =>
  typeof item === 'string' && item.length > MAX_TEXT ? item.substring(0, MAX_TEXT) : item;

function evidenceValue(value: Value): Evidence[string] | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return bounded(value);
  const items = value.filter((item) => item !== undefined).map(bounded);
  return items.length > 0 ? items.slice(0, MAX_ITEMS) : undefined;
}

export function alertRecord(finding: Finding, event: Event, profile: Profile): Alert {
  const { flow } = event;
  const evidence: Evidence = {};
  const withheld: string[] = [];
  for (const field of event.fields) {
    const name = plainName(field);
    if (TOP.has(name)) continue;
    if (leaves(profile, field.class)) {
      const value = evidenceValue(field.read(event.message, event));
      if (value !== undefined) evidence[name] = value;
    } else if (finding.matched.includes(name)) withheld.push(name);
  }
  for (const [name, fact] of Object.entries(finding.facts ?? {})) evidence[name] = bounded(fact);
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
  };
}
