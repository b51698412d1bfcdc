// The private certificate authority: made at first start, it signs the ingest listener's certificate and the sensors'.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { Problem } from '../errors.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const ACCEPTED_CURVES = ['P-256', 'P-384'];
const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const SERVER_DAYS = 397;
export const SENSOR_DAYS = 30;
/** A server certificate with fewer days left is made anew at start. */
const SERVER_RENEW_DAYS = 30;
/** Clocks of sensors may be behind by this much. */
const BACKDATE_MS = 5 * 60_000;

x509.cryptoProvider.set(webcrypto);

/** What the ingest listener and enrolment need. */
export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate's DER, hex: part of every enrolment token. */
  readonly fingerprint: string;
  /** PEM, for the ingest listener; the chain carries the CA so that enrolling sensors can check its fingerprint. */
  readonly server: { readonly key: string; readonly chain: string };
  /** Signs a sensor's request. @throws Problem csr_invalid */
  issue(csr: string, sensor: string): Promise<{ certificate: string; serial: string; until: number }>;
}

const serialNumber = (): string => '4' + randomBytes(16).toString('hex').slice(1);
const subjectName = (text: string): x509.JsonName => [{ CN: [text.slice(0, 64)] }];

async function newKeyPair(): Promise<{ keys: webcrypto.CryptoKeyPair; pem: string }> {
  const keys = (await webcrypto.subtle.generateKey(CURVE, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { keys, pem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

const importKey = (pem: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), CURVE, false, ['sign']);

async function makeCa(): Promise<string> {
  const { keys, pem } = await newKeyPair();
  const begin = Date.now() - BACKDATE_MS;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: subjectName(`Yagura CA ${hostname()}`),
    notBefore: new Date(begin),
    notAfter: new Date(begin + CA_DAYS * DAY_MS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${pem}\n${certificate.toString('pem')}\n`;
}

/** Key and certificate in one file, so that no kill leaves half a pair; whoever is first wins. */
async function openCa(
  file: string,
): Promise<{ key: webcrypto.CryptoKey; certificate: x509.X509Certificate }> {
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, await makeCa(), { mode: 0o600, flush: true });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  const text = readFileSync(file, 'utf8');
  return {
    key: await importKey(text),
    certificate: new x509.X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE'))),
  };
}

const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

/** True when the kept certificate still serves: ours, all names, enough days left. */
async function stillGood(pem: string, names: readonly string[], ca: x509.X509Certificate): Promise<boolean> {
  const certificate = new x509.X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
  if (certificate.notAfter.getTime() < Date.now() + SERVER_RENEW_DAYS * DAY_MS) return false;
  const kept =
    certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map((n) => n.value) ?? [];
  if (!names.every((name) => kept.some((k) => k === name || (name === '::1' && k.endsWith(':1')))))
    return false;
  return certificate.verify({ publicKey: ca, signatureOnly: true });
}

/**
 * Opens the certificate authority in `directory`, making what is missing. Keys are readable by the owner only.
 * @param names beyond 127.0.0.1, ::1, localhost and this host's name under which sensors reach the ingest listener
 */
export async function openCertificateAuthority(
  directory: string,
  names: readonly string[] = [],
): Promise<CertificateAuthority> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ca = await openCa(join(directory, 'ca.pem'));
  const caPem = ca.certificate.toString('pem') + '\n';

  async function sign(
    publicKey: x509.PublicKeyType,
    name: string,
    days: number,
    san: x509.JsonGeneralNames,
    usage: string,
  ) {
    const begin = Date.now() - BACKDATE_MS;
    const serial = serialNumber();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      subject: subjectName(name),
      issuer: ca.certificate.subject,
      notBefore: new Date(begin),
      notAfter: new Date(begin + days * DAY_MS),
      signingAlgorithm: SIGNING,
      publicKey,
      signingKey: ca.key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        new x509.SubjectAlternativeNameExtension(san),
        await x509.AuthorityKeyIdentifierExtension.create(ca.certificate),
      ],
    });
    return {
      certificate: certificate.toString('pem') + '\n',
      serial,
      until: certificate.notAfter.getTime() * 1_000,
    };
  }

  async function openServer(file: string): Promise<string> {
    const wanted = [...new Set(['127.0.0.1', '::1', 'localhost', hostname(), ...names])];
    if (existsSync(file)) {
      const kept = readFileSync(file, 'utf8');
      if (await stillGood(kept, wanted, ca.certificate)) return kept;
    }
    const { keys, pem } = await newKeyPair();
    const san = wanted.map((value) => ({
      type: isAddress(value) ? ('ip' as const) : ('dns' as const),
      value,
    }));
    const { certificate } = await sign(
      keys.publicKey,
      hostname(),
      SERVER_DAYS,
      san,
      x509.ExtendedKeyUsage.serverAuth,
    );
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, `${pem}\n${certificate}`, { mode: 0o600, flush: true });
    renameSync(draft, file);
    return `${pem}\n${certificate}`;
  }

  const server = await openServer(join(directory, 'server.pem'));
  return {
    certificate: caPem,
    fingerprint: Buffer.from(await ca.certificate.getThumbprint('SHA-256')).toString('hex'),
    server: { key: server, chain: server.slice(server.indexOf('-----BEGIN CERTIFICATE')) + caPem },
    async issue(csr, sensor) {
      const request = await readRequest(csr);
      const name = sensor.slice(sensor.lastIndexOf('/') + 1);
      const san = [{ type: 'url' as const, value: sensor }];
      return sign(request.publicKey, name, SENSOR_DAYS, san, x509.ExtendedKeyUsage.clientAuth);
    },
  };
}

/** Reads a PKCS #10 request and proves that its sender holds the key. Names in it are ignored: the token decides. */
async function readRequest(pem: string): Promise<x509.Pkcs10CertificateRequest> {
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) throw new Error('signature');
  } catch {
    throw new Problem('csr_invalid', 'The request cannot be read, or its signature is not by its own key.');
  }
  const { namedCurve } = request.publicKey.algorithm as webcrypto.EcKeyAlgorithm;
  if (!ACCEPTED_CURVES.includes(namedCurve))
    throw new Problem('csr_invalid', 'The key is not on P-256 or P-384.');
  return request;
}
