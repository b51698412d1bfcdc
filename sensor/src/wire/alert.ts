// What a sensor says when a rule, an indicator or a detector fired. No payload, ever: only fields of the closed schema.
import { type Static, Type } from 'typebox';
import { Coverage } from './coverage.ts';
import { SEVERITIES } from './scale.ts';

export { SEVERITIES, type Severity } from './scale.ts';

const Text = (maxLength: number) => Type.String({ maxLength });
export const TIME_PATTERN = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z$';
/** RFC 3339, UTC, six digits of fraction. */
export const Time = Type.String({ pattern: TIME_PATTERN });

export const RuleIdentity = Type.Object({
  id: Text(64),
  name: Text(200),
  kind: Type.Union([
    Type.Literal('sigma'),
    Type.Literal('correlation'),
    Type.Literal('indicator'),
    Type.Literal('behaviour'),
    /** A rule of the body's own Suricata, told by its EVE. */
    Type.Literal('suricata'),
  ]),
  severity: Type.Enum(SEVERITIES),
  /** Percent. */
  confidence: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Sigma tags: `attack.t1046`, `attack.discovery`. */
  tags: Type.Array(Text(64), { maxItems: 32 }),
});
export type RuleIdentity = Static<typeof RuleIdentity>;

export const EvidenceValue = Type.Union([
  Text(1024),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.Union([Text(1024), Type.Number(), Type.Boolean()]), { maxItems: 64 }),
]);
/** Fields of the event that fired, by EVE path without list marks (`dns.answers.rdata`), as far as the profile lets them leave. */
export const Evidence = Type.Record(Type.String({ maxLength: 96, pattern: '^[a-z0-9_.]+$' }), EvidenceValue);
export type Evidence = Static<typeof Evidence>;

export const Alert = Type.Object({
  kind: Type.Literal('alert'),
  /** Packet time of the event that fired. */
  time: Time,
  rule: RuleIdentity,
  /** Why it fired, one sentence each. */
  reason: Type.Object({ en: Text(500), ja: Text(500) }),
  /** EVE event type that fired: `dns`, `tls`, `http`, `flow`, `anomaly`. */
  event_type: Text(32),
  src_ip: Text(45),
  src_port: Type.Integer({ minimum: 0, maximum: 65535 }),
  dest_ip: Text(45),
  dest_port: Type.Integer({ minimum: 0, maximum: 65535 }),
  /** EVE spelling: `TCP`, `UDP`, `ICMP`, `IPv6-ICMP`. */
  proto: Text(16),
  app_proto: Type.Optional(Text(32)),
  community_id: Type.Optional(Text(40)),
  evidence: Evidence,
  /** Fields that the rule's decision rested on (a subset of `evidence`'s names, or names in `withheld`). */
  matched: Type.Array(Text(96), { maxItems: 64 }),
  /** Fields that matched in place but whose class may not leave under the profile. */
  withheld: Type.Array(Text(96), { maxItems: 64 }),
  /** Of the minute before it, as far as it was known then. */
  coverage: Type.Optional(Coverage),
});
export type Alert = Static<typeof Alert>;
