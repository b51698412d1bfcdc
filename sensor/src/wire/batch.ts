// What travels: one header, then records whose sequence numbers follow one another.
import { type Static, Type } from 'typebox';
import { Alert } from './alert.ts';
import { PROFILES, type Profile } from './field.ts';
import { Blind, Health } from './health.ts';
import { Series } from './series.ts';

export const WIRE_VERSION = 1;
/** Bounds of one batch; the aggregator answers 413 above them. */
export const MAX_BATCH_RECORDS = 1_000;
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
export const MAX_RECORD_BYTES = 64 * 1024;
export const BATCH_PATH = '/ingest/v1/batches';
export const BATCH_CONTENT_TYPE = 'application/x-ndjson';

export const SENSOR_ID_PATTERN = '^yagura://[a-z0-9-]{1,64}/[a-z0-9-]{1,64}$';

export const BatchHeader = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  /** `yagura://<body>/<sensor>`; must equal the certificate's SAN URI. */
  sensor: Type.String({ pattern: SENSOR_ID_PATTERN }),
  /** One life of the spool: sequence numbers count within it. */
  epoch: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  /** Sequence number of the first record; starts at 0 in each epoch. */
  first_seq: Type.Integer({ minimum: 0 }),
  /** Records that follow; 0 makes the batch a heartbeat. */
  count: Type.Integer({ minimum: 0, maximum: MAX_BATCH_RECORDS }),
  /** Privacy profile under which the records were made. */
  profile: Type.Enum(Object.keys(PROFILES) as Profile[]),
  health: Type.Optional(Health),
});
export type BatchHeader = Static<typeof BatchHeader>;

export const WireRecord = Type.Union([Alert, Series, Blind]);
export type WireRecord = Static<typeof WireRecord>;

/** Reply of 200. Sent only after a durable commit; the spool may forget all up to `acked_through`. */
export const BatchReply = Type.Object({
  /** Highest sequence number that is durable or refused for good; -1 when none. */
  acked_through: Type.Integer({ minimum: -1 }),
  duplicates: Type.Integer({ minimum: 0 }),
  rejected: Type.Array(
    Type.Object({
      /** Position in the batch. */
      index: Type.Integer({ minimum: 0 }),
      code: Type.String({ maxLength: 64 }),
      reason: Type.String({ maxLength: 500 }),
    }),
  ),
});
export type BatchReply = Static<typeof BatchReply>;
