// Who is sending: the SAN URI of the client certificate, checked anew for every request so that a revocation works at once.
import type { TLSSocket } from 'node:tls';
import { SENSOR_ID_PATTERN } from 'yagura-sensor/wire';
import type { Sensor } from '../../authority/sensor.ts';
import { Problem } from '../../errors.ts';
import type { Records } from '../../stores/records/index.ts';

const SAN_URI = new RegExp(`(?:^|, )URI:(${SENSOR_ID_PATTERN.slice(1, -1)})(?:,|$)`);

interface Credential {
  readonly sensor: string;
  readonly serial: string;
  /** ms. */
  readonly until: number;
}

/** What each connection's certificate says; it cannot change during the connection. */
const credentials = new WeakMap<TLSSocket, Credential | null>();

function readCredential(socket: TLSSocket): Credential | null {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const sensor = SAN_URI.exec(certificate?.subjectAltName ?? '')?.[1];
  if (certificate === undefined || sensor === undefined) return null;
  return { sensor, serial: certificate.serialNumber.toLowerCase(), until: Date.parse(certificate.validTo) };
}

/** @throws Problem certificate_required, sensor_unknown, sensor_revoked, certificate_superseded */
export async function identify(socket: TLSSocket, records: Records): Promise<Sensor> {
  let credential = credentials.get(socket);
  if (credential === undefined) credentials.set(socket, (credential = readCredential(socket)));
  if (credential === null) throw new Problem('certificate_required');
  if (credential.until < Date.now())
    throw new Problem('certificate_required', 'The client certificate has expired.');
  const sensor = await records.sensor(credential.sensor);
  if (sensor === undefined) throw new Problem('sensor_unknown');
  if (sensor.revoked !== null) throw new Problem('sensor_revoked');
  if (sensor.serial !== credential.serial) throw new Problem('certificate_superseded');
  return sensor;
}
