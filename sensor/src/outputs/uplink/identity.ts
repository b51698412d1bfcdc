// Who the sensor is to the aggregator: its key, certificate and the authority it trusts, in one file of the state folder.
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { SensorError } from '../../errors.ts';
import { SENSOR_ID_PATTERN } from '../../wire/batch.ts';
import { EnrolledAuthority } from '../../wire/enrolment.ts';
import { replaceFile } from '../spool/atomic-file.ts';

/** One file, so that key, certificate and authority are replaced together or not at all. */
export const Identity = Type.Object({
  v: Type.Literal(1),
  /** `yagura://<body>/<sensor>` */
  sensor: Type.String({ pattern: SENSOR_ID_PATTERN }),
  /** Addresses of the aggregator's ingest listener, tried in turn. */
  aggregators: Type.Array(Type.String(), { minItems: 1 }),
  /** Networks inside the authority's scope when the sensor enrolled. */
  prefixes: Type.Array(Type.String()),
  /** The authority in force when the sensor enrolled. */
  authority: Type.Optional(EnrolledAuthority),
  /** PKCS #8, PEM. Never leaves this file. */
  key: Type.String(),
  /** PEM. */
  certificate: Type.String(),
  /** PEM. */
  ca: Type.String(),
});
export type Identity = Static<typeof Identity>;

const check = Compile(Identity);
const FILE = 'identity.json';

/** @throws SensorError not_enrolled when there is none, or it is not whole */
export function readIdentity(state: string): Identity {
  const path = join(state, FILE);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new SensorError('not_enrolled', `${path} is not there or cannot be read`);
  }
  if (!check.Check(value)) throw new SensorError('not_enrolled', `${path} is not an identity`);
  return value;
}

/** Readable by the owner alone. */
export async function writeIdentity(state: string, identity: Identity): Promise<void> {
  const path = join(state, FILE);
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    await replaceFile(path, `${JSON.stringify(identity, null, 2)}\n`);
  } catch (error) {
    throw new SensorError('output_unwritable', `${path}: ${(error as Error).message}`);
  }
}

/** When the certificate expires, ms since 1970. @throws SensorError not_enrolled */
export function certificateEnd({ sensor, certificate }: Identity): number {
  try {
    return new X509Certificate(certificate).validToDate.getTime();
  } catch {
    throw new SensorError('not_enrolled', `the certificate of ${sensor} cannot be read`);
  }
}
