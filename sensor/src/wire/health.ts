// How well the sensor sees: its state now (Health, sent with every batch) and when it did not see (Blind, a durable record).
import { type Static, Type } from 'typebox';
import { Time } from './alert.ts';

const Count = Type.Integer({ minimum: 0 });

export const Health = Type.Object({
  /** Wall clock of the sensor. */
  time: Time,
  version: Type.String({ maxLength: 32 }),
  packets: Count,
  bytes: Count,
  /** Packets that the kernel dropped before the sensor saw them. */
  dropped_kernel: Count,
  /** Packets whose headers could not be decoded. */
  dropped_decoder: Count,
  flows_active: Count,
  rules: Count,
  spool_bytes: Count,
  spool_records: Count,
  /** Records given up because the spool was full. */
  spool_shed: Count,
});
export type Health = Static<typeof Health>;

export const BLIND_REASONS = [
  'dropped',
  'silent',
  'shed',
  'overload',
  'backlog',
  'uplink',
  'restart',
  'clock',
  'stale',
  'suspended',
] as const;

export const Blind = Type.Object({
  kind: Type.Literal('blind'),
  from: Time,
  until: Time,
  reason: Type.Enum(BLIND_REASONS),
  /** How many packets or records are not accounted for. */
  count: Count,
  /** The same by class of packet (`overload`) or by severity (`shed`). */
  counts: Type.Optional(Type.Record(Type.String({ maxLength: 32, pattern: '^[a-z0-9_]+$' }), Count)),
});
export type Blind = Static<typeof Blind>;
