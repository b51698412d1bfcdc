// Real TLS sessions: node:tls talks to itself over an in-memory wire that remembers what each side sent.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  TLSSocket,
  type TLSSocketOptions,
} from 'node:tls';
import * as x509 from '@peculiar/x509';
import type { Side } from './conversation.ts';

/** What was sent, in the order of the wire. */
export type Flight = readonly (readonly [Side, Uint8Array])[];

x509.cryptoProvider.set(webcrypto);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  readonly certificate: x509.X509Certificate;
}

/** A self-signed certificate for a host. @param subject RFC 4514 text */
export async function selfSigned(
  subject: string,
  validity: { from: Date; until: Date },
): Promise<ServerIdentity> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '0a1b2c3d4e5f',
    name: subject,
    notBefore: validity.from,
    notAfter: validity.until,
    signingAlgorithm: ALGORITHM,
    keys,
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { key, cert: certificate.toString('pem'), certificate };
}

/** Two ends of one wire. */
function wire(sent: [Side, Uint8Array][]): { client: Duplex; server: Duplex } {
  const end = (side: Side, peer: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        sent.push([side, Uint8Array.from(chunk)]);
        peer().push(chunk);
        done();
      },
      final(done) {
        peer().push(null);
        done();
      },
    });
  const client: Duplex = end('client', () => server);
  const server: Duplex = end('server', () => client);
  return { client, server };
}

/** A whole session in which the client says `request` and the server answers `reply`. */
export async function recordTls(
  identity: ServerIdentity,
  client: ConnectionOptions,
  server: TLSSocketOptions & { ALPNProtocols?: string[] } = {},
  [request, reply] = ['ping', 'pong'],
): Promise<Flight> {
  const sent: [Side, Uint8Array][] = [];
  const ends = wire(sent);
  const accepting = new TLSSocket(ends.server, {
    isServer: true,
    secureContext: createSecureContext({ key: identity.key, cert: identity.cert }),
    ...server,
  });
  const asking = connect({
    socket: ends.client,
    ca: identity.cert,
    checkServerIdentity: () => undefined,
    ...client,
  });
  accepting.once('data', () => accepting.write(reply));
  await new Promise<void>((resolve, reject) => {
    asking.once('secureConnect', () => asking.write(request));
    asking.once('data', () => resolve());
    for (const socket of [asking, accepting]) socket.once('error', reject);
  });
  asking.destroy();
  accepting.destroy();
  return sent;
}
