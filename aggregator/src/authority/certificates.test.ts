// The private certificate authority: one for all who open the same place, and a server certificate that keeps up with its names.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newRequest } from '../../../test/support/sensor.ts';
import { openCertificateAuthority } from './certificates.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'yagura-ca-'));
});
afterEach(() => rmSync(place, { recursive: true }));

test('who opens it at once or later finds the same, and no draft is left', async () => {
  const [a, b] = await Promise.all([openCertificateAuthority(place), openCertificateAuthority(place)]);
  expect(a.certificate).toBe(b.certificate);
  const later = await openCertificateAuthority(place);
  expect(later.fingerprint).toBe(a.fingerprint);
  expect(readdirSync(place).sort()).toEqual(['ca.pem', 'server.pem']);
  const der = new X509Certificate(a.certificate).raw;
  expect(a.fingerprint).toBe(new X509Certificate(der).fingerprint256.replaceAll(':', '').toLowerCase());
});

test('the server certificate stays until a name is missing from it', async () => {
  const first = (await openCertificateAuthority(place)).server;
  expect((await openCertificateAuthority(place)).server).toEqual(first);
  const named = (await openCertificateAuthority(place, ['ingest.example', '192.0.2.4'])).server;
  expect(named).not.toEqual(first);
  const certificate = new X509Certificate(named.chain);
  for (const name of ['localhost', 'ingest.example']) expect(certificate.checkHost(name)).toBe(name);
  for (const address of ['127.0.0.1', '::1', '192.0.2.4']) expect(certificate.checkIP(address)).toBe(address);
  expect((await openCertificateAuthority(place, ['ingest.example'])).server).toEqual(named);
  expect(readFileSync(join(place, 'server.pem'), 'utf8')).toContain('PRIVATE KEY');
});

test('a sensor gets the name that the token gave, for clients only, for 30 days', async () => {
  const ca = await openCertificateAuthority(place);
  const { csr } = await newRequest();
  const issued = await ca.issue(csr, 'yagura://city/gate');
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.subjectAltName).toBe('URI:yagura://city/gate');
  expect(certificate.subject).toBe('CN=gate');
  expect(certificate.serialNumber.toLowerCase()).toBe(issued.serial);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(certificate.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
  const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
});
