// How a new sensor gets its identity: one-time token and certificate request in, certificate out.
import { type Static, Type } from 'typebox';
import { SENSOR_ID_PATTERN } from './batch.ts';
import { PRIVACY_CLASSES } from './field.ts';

export const ENROL_PATH = '/ingest/v1/enrol';

/** Sent over TLS to a server whose CA fingerprint is part of the token, before the sensor has a certificate. */
export const EnrolRequest = Type.Object({
  token: Type.String({ maxLength: 256 }),
  /** PKCS #10, PEM. The key never leaves the sensor. */
  csr: Type.String({ maxLength: 8192 }),
});
export type EnrolRequest = Static<typeof EnrolRequest>;

/** The authority that the sensor stands under when it enrols, as far as it decides what may leave. */
export const EnrolledAuthority = Type.Object({
  id: Type.String({ maxLength: 64 }),
  /** Classes that it discloses beyond those that always leave: what the profile `lawful-order` lets out. */
  discloses: Type.Array(Type.Enum([...PRIVACY_CLASSES]), { maxItems: PRIVACY_CLASSES.length }),
  /** End of its validity, RFC 3339. */
  until: Type.String({ maxLength: 64 }),
});
export type EnrolledAuthority = Static<typeof EnrolledAuthority>;

export const EnrolReply = Type.Object({
  sensor: Type.String({ pattern: SENSOR_ID_PATTERN }),
  /** PEM. */
  certificate: Type.String(),
  /** PEM. */
  ca: Type.String(),
  /** Networks inside the authority's scope: alerts outside it will be refused. */
  prefixes: Type.Array(Type.String({ maxLength: 64 })),
  /** Absent when no authority is in force. */
  authority: Type.Optional(EnrolledAuthority),
});
export type EnrolReply = Static<typeof EnrolReply>;

/** A token as people copy it: `ygr1.<base64url secret>.<sha-256 of the CA certificate's DER, hex>`. */
export const TOKEN_PATTERN = '^ygr1\\.[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}$';
