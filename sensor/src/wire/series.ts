// Traffic counts of one span of packet time. Absolute, so that a rewrite of the same bucket is harmless.
import { type Static, Type } from 'typebox';
import { Time } from './alert.ts';
import { Coverage } from './coverage.ts';
import { BUCKET_SECONDS } from './scale.ts';

const Count = Type.Integer({ minimum: 0 });

export { BUCKET_SECONDS };

export const Series = Type.Object({
  kind: Type.Literal('series'),
  /** Start of the bucket, packet time. */
  bucket: Time,
  seconds: Type.Literal(BUCKET_SECONDS),
  packets: Count,
  /** Bytes on the wire, whole frames. */
  bytes: Count,
  /** Flows first seen in the bucket. */
  flows: Count,
  /** Events by EVE type. */
  events: Type.Record(Type.String({ maxLength: 32, pattern: '^[a-z0-9_]+$' }), Count),
  /** Of the bucket's own span. */
  coverage: Type.Optional(Coverage),
});
export type Series = Static<typeof Series>;
