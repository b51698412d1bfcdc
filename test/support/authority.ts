// A certificate authority for tests: its certificate, a server under it, and client certificates for requests.
import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Identity } from '../../sensor/src/outputs/uplink/identity.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
x509.cryptoProvider.set(webcrypto);

export interface TestAuthority {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate's DER, hex. */
  readonly fingerprint: string;
  /** A server on 127.0.0.1; its chain carries the authority's certificate. */
  readonly server: { readonly key: string; readonly cert: string };
  /** PEM of a certificate for the key of a request. */
  issue(csr: string, sensor: string): Promise<string>;
  /** An identity as enrolment leaves it. */
  identity(sensor: string, aggregators: string[]): Promise<Identity>;
}

const newKeys = async () =>
  (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
const keyPem = async (keys: webcrypto.CryptoKeyPair) =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');

export async function makeAuthority(): Promise<TestAuthority> {
  const keys = await newKeys();
  const days = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test authority',
    ...days,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  let serial = 16;
  const sign = async (publicKey: x509.PublicKeyType, san: x509.JsonGeneralNames, usage: string) => {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: (serial++).toString(16),
      subject: 'CN=Test',
      issuer: authority.subject,
      ...days,
      signingAlgorithm: ALGORITHM,
      publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension(san),
        new x509.ExtendedKeyUsageExtension([usage]),
      ],
    });
    return certificate.toString('pem');
  };
  const client = (publicKey: x509.PublicKeyType, sensor: string) =>
    sign(publicKey, [{ type: 'url', value: sensor }], x509.ExtendedKeyUsage.clientAuth);

  const certificate = authority.toString('pem');
  const serverKeys = await newKeys();
  const own = await sign(
    serverKeys.publicKey,
    [{ type: 'ip', value: '127.0.0.1' }],
    x509.ExtendedKeyUsage.serverAuth,
  );
  return {
    certificate,
    fingerprint: createHash('sha256').update(Buffer.from(authority.rawData)).digest('hex'),
    server: { key: await keyPem(serverKeys), cert: `${own}\n${certificate}` },
    issue: (csr, sensor) => client(new x509.Pkcs10CertificateRequest(csr).publicKey, sensor),
    async identity(sensor, aggregators) {
      const mine = await newKeys();
      return {
        v: 1,
        sensor,
        aggregators,
        prefixes: [],
        key: await keyPem(mine),
        certificate: await client(mine.publicKey, sensor),
        ca: certificate,
      };
    },
  };
}
