// Groups and alerts of a quiet Monday, all from one seed: the same number gives the same group.
import { createHash } from 'node:crypto';
import type { Alert, Severity } from 'yagura-sensor/wire';
import { BODIES, iso, sensors } from './fake-network.ts';
import { type FakeRule, RULES } from './fake-rules.ts';

/** mulberry32: small, seeded, good enough to look real. */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export type FakeAlert = Alert & { id: string; group: string; body: string; sensor: string; received: string };
export interface FakeGroup {
  [member: string]: unknown;
  id: string;
  etag: string;
  state: string;
  severity: Severity;
  priority: number;
  count: number;
  rule: FakeRule;
  body: { id: string; name: { en: string; ja: string } };
  sensors: string[];
  src: { ip: string; distinct: number };
  dest: { ip: string; port: number; distinct: number };
  first_seen: string;
  last_seen: string;
  history: { time: string; actor: string; action: string; note: string | null }[];
}

const BASE: Record<Severity, number> = { critical: 88, high: 68, medium: 46, low: 24, informational: 8 };

/** Group number `n`; the same numbers give the same groups. */
export function makeGroup(n: number, now: number, random = seeded(n + 1)): FakeGroup {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const one = pick(RULES);
  const bodyIndex = Math.floor(random() * BODIES.length);
  const { id, name } = BODIES[bodyIndex]!;
  const inside =
    bodyIndex === 0 && random() < 0.2
      ? `2001:db8:20:${Math.floor(random() * 0xffff).toString(16)}::${Math.floor(random() * 0xffff).toString(16)}`
      : `10.${[20, 31, 40, 52][bodyIndex]}.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
  const outside = pick([
    `203.0.113.${1 + Math.floor(random() * 254)}`,
    `198.51.100.${1 + Math.floor(random() * 254)}`,
  ]);
  const inbound = ['ygr-scan-001', 'ygr-ssh-brute-001', 'ygr-mqtt-ext-001', 'ygr-web-brute-001'].includes(
    one.id,
  );
  const count = Math.max(1, Math.floor(10 ** (random() * 4.2)));
  const last = now - Math.floor(random() ** 3 * 20 * 3_600_000) - 4_000;
  const first = count === 1 ? last : last - Math.floor(random() ** 2 * 18 * 3_600_000) - 60_000;
  const step = Math.max(10, Math.ceil((last - first) / 24_000));
  const shape = Array.from({ length: 24 }, () => random() ** 2);
  const total = shape.reduce((a, b) => a + b, 0);
  const histogram =
    count === 1 ? [...Array(23).fill(0), 1] : shape.map((part) => Math.round((part / total) * count));
  const state = n % 9 === 4 ? 'in_progress' : n % 17 === 11 ? 'resolved' : n % 13 === 7 ? 'archived' : 'new';
  return {
    id: hex(`group ${n}`).slice(0, 32),
    etag: '"1"',
    state,
    severity: one.severity,
    priority: Math.min(100, BASE[one.severity] + Math.floor(Math.log10(count) * 3)),
    rule: one,
    reason: one.reason,
    body: { id, name },
    sensors: [sensors(now).find(({ body }) => body.id === id)!.name],
    src: { ip: inbound ? outside : inside, distinct: Math.min(64, count) },
    dest: {
      ip: inbound ? inside : outside,
      port: one.port,
      distinct: one.id === 'ygr-scan-001' ? 1 + Math.floor(random() * 64) : 1,
    },
    direction: inbound ? 'inbound' : one.id === 'ygr-smb-lateral-003' ? 'internal' : 'outbound',
    proto: one.event === 'dns' ? 'UDP' : 'TCP',
    app_proto: one.app ?? null,
    count,
    first_seen: iso(first),
    last_seen: iso(last),
    received_last: iso(last + 2_000),
    histogram,
    histogram_from: iso(first),
    histogram_step_s: step,
    // Every third rests on less than all, every seventh says nothing.
    coverage:
      n % 7 === 6
        ? null
        : { seen: 99_200, dropped_kernel: n % 3 === 0 ? 800 : 0, dropped_decoder: 0, shed: 0, sampled: 0 },
    history:
      state === 'new'
        ? []
        : [
            {
              time: iso(last + 3_000),
              actor: 'sato',
              action: state,
              note:
                state === 'resolved' ? 'Vulnerability scan by the body itself, announced for today.' : null,
            },
          ],
  };
}

/** Alert number `k` of a group, 0 being the newest. */
export function makeAlert(group: FakeGroup, k: number): FakeAlert {
  const { rule: r } = group;
  const last = Date.parse(group.last_seen);
  const spacing = (last - Date.parse(group.first_seen)) / Math.max(1, group.count - 1);
  const time = k === group.count - 1 ? group.first_seen : iso(Math.round(last - k * spacing));
  return {
    kind: 'alert',
    id: hex(`${group.id} ${group.count - k}`).slice(0, 32),
    group: group.id,
    body: group.body.id,
    sensor: `yagura://${group.body.id}/${group.sensors[0]!}`,
    received: iso(Date.parse(time) + 2_000),
    time,
    rule: {
      id: r.id,
      name: r.name,
      kind: r.kind,
      severity: r.severity,
      confidence: r.confidence,
      tags: r.tags,
    },
    reason: r.reason,
    event_type: r.event,
    src_ip: group.src.ip,
    src_port: 40_000 + (((group.count - k) * 7919) % 20_000),
    dest_ip: group.dest.ip,
    dest_port: group.dest.port || 1 + (((group.count - k) * 331) % 65_000),
    proto: group['proto'] as string,
    ...(r.app && { app_proto: r.app }),
    community_id: `1:${createHash('sha1').update(group.id).digest('base64')}`,
    evidence: r.evidence,
    matched: r.matched,
    withheld: r.withheld,
  };
}
