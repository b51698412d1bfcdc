// Enrolment: a one-time token becomes the sensor's own key and certificate.
import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { Compile } from 'typebox/compile';
import { SensorError } from './errors.ts';
import { describe, post, problemCode } from './outputs/uplink/exchange.ts';
import { type Identity, writeIdentity } from './outputs/uplink/identity.ts';
import { ENROL_PATH, EnrolReply, TOKEN_PATTERN } from './wire/enrolment.ts';

const TIMEOUT = 15_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** A chain longer than this is not followed. */
const MAX_CHAIN = 8;

const replyCheck = Compile(EnrolReply);

export interface EnrolOptions {
  /** Addresses of the ingest listener, `https://host:port`; all serve the same authority. */
  readonly aggregators: readonly string[];
  /** As the aggregator's operator handed it over. */
  readonly token: string;
  /** Folder that will hold the identity. */
  readonly state: string;
}

/**
 * Gets an identity and stores it. The token names the authority's certificate, so the first connection is already
 * made to the right server or to none; the key is made here and never leaves.
 * @throws SensorError enrolment_refused, output_unwritable
 */
export async function enrol(options: EnrolOptions): Promise<Identity> {
  const { token, state } = options;
  if (!new RegExp(TOKEN_PATTERN).test(token)) throw refused('the token is not one: it begins with "ygr1."');
  const aggregators = options.aggregators.map(parseAddress);
  const [first] = aggregators;
  if (first === undefined) throw refused('no address of an aggregator was given');

  const ca = await fetchAuthority(first, token.slice(token.lastIndexOf('.') + 1));
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=yagura-sensor',
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const reply = await request(first, ca, { token, csr: csr.toString('pem') });
  const key = pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  verify(reply, ca, Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey)));

  const identity: Identity = {
    v: 1,
    sensor: reply.sensor,
    aggregators: aggregators.map((url) => url.origin),
    prefixes: reply.prefixes,
    ...(reply.authority === undefined ? {} : { authority: reply.authority }),
    key,
    certificate: reply.certificate,
    ca: ca.toString(),
  };
  await writeIdentity(state, identity);
  return identity;
}

const refused = (what: string): SensorError => new SensorError('enrolment_refused', what);

function parseAddress(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') throw refused(`${text} is not an https:// address`);
  return url;
}

/**
 * Looks at the chain that the server sends for the certificate that the token names. That proves nothing about the
 * server yet (anyone can show that certificate): the request itself trusts only what is found here.
 */
function fetchAuthority(url: URL, fingerprint: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket = connect({
      host,
      port: Number(url.port || 443),
      ...(isAddress(host) ? {} : { servername: host }),
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
      timeout: TIMEOUT,
    });
    const fail = (what: string) => {
      socket.destroy();
      reject(refused(`${url.origin}: ${what}`));
    };
    socket.on('error', (error) => fail(describe(error)));
    socket.on('timeout', () => fail('no answer'));
    socket.on('secureConnect', () => {
      let link = socket.getPeerX509Certificate();
      for (let depth = 0; link !== undefined && depth < MAX_CHAIN; depth++) {
        if (createHash('sha256').update(link.raw).digest('hex') === fingerprint) {
          socket.destroy();
          return resolve(link);
        }
        link = link.issuerCertificate;
      }
      fail('the server does not stand under the authority that the token names');
    });
  });
}

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

async function request(
  url: URL,
  ca: X509Certificate,
  body: { token: string; csr: string },
): Promise<EnrolReply> {
  const agent = new Agent({ minVersion: 'TLSv1.3', ca: ca.toString() });
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json' };
  const answer = await post(new URL(ENROL_PATH, url), headers, bytes, agent, TIMEOUT).catch(
    (error: unknown) => {
      throw refused(`${url.origin}: ${describe(error)}`);
    },
  );
  agent.destroy();
  if (answer.status !== 200 && answer.status !== 201) {
    throw refused(`${url.origin} answered ${answer.status} ${problemCode(answer) ?? ''}`.trimEnd());
  }
  let reply: unknown;
  try {
    reply = JSON.parse(answer.body);
  } catch {
    throw refused(`${url.origin} answered with something that is not JSON`);
  }
  if (!replyCheck.Check(reply)) throw refused(`${url.origin} answered with something that is no enrolment`);
  return reply;
}

/** The certificate must be the authority's, for our key, and name the sensor that the reply names. */
function verify(reply: EnrolReply, ca: X509Certificate, publicKey: Buffer): void {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(reply.certificate);
  } catch {
    throw refused('the certificate received cannot be read');
  }
  if (!certificate.verify(ca.publicKey))
    throw refused('the certificate received is not signed by the authority');
  if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(publicKey))
    throw refused('the certificate received is for another key');
  if (!certificate.subjectAltName?.split(', ').includes(`URI:${reply.sensor}`))
    throw refused(`the certificate received does not name ${reply.sensor}`);
}

const pem = (label: string, der: ArrayBuffer): string => {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};
