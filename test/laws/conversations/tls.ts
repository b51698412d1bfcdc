// TLS sessions whose certificates are in clear, sessions that fail, and the hello of SSL 2.0.
import { certificate } from '../../support/packets/certificate.ts';
import { be16, be24, type Octets, octets } from '../../support/packets/octets.ts';
import {
  clientHello,
  extension,
  handshake,
  ordinaryClient,
  ordinaryServer,
  records,
  serverHello,
} from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const SESSION = new Uint8Array(32).fill(3);
const long24 = (data: Octets): Uint8Array => octets(be24(octets(data).length), data);
export const chain = (...certificates: readonly Uint8Array[]): Uint8Array =>
  handshake(11, long24(octets(...certificates.map(long24))));
const ISSUED = certificate({
  subject: 'www.example',
  issuer: 'Example CA',
  hosts: ['www.example', '*.example'],
});
const AUTHORITY = certificate({ subject: 'Example CA', issuer: 'Example CA' });
const FORGED = certificate({ subject: 'Example CA', issuer: 'Example CA', ownCurve: true });
const SOMEBODY = certificate({ subject: 'a.person', issuer: 'Example CA' });

const client12 = (extra: Parameters<typeof clientHello>[0]['extensions'] = []): Uint8Array =>
  records(
    clientHello({
      ciphers: [0xc02b, 0xc02f],
      session: SESSION,
      extensions: [extension.serverName('www.example'), extension.groups([23]), ...extra],
    }),
  );
const server12 = serverHello({ ciphers: [0xc02b], session: [], extensions: [extension.empty(23)] });
export const keyExchange = handshake(12, octets([3], be16(23), [65], new Uint8Array(65), new Uint8Array(8)));
const certificateRequest = handshake(13, [1, 1, 0, 0, 0, 0]);
export const done = handshake(14, []);
export const cipherChange = records([1], { type: 20 });
export const alert = (level: number, description: number): Uint8Array =>
  records([level, description], { type: 21 });

export const spoken: readonly Spoken[] = [
  {
    about: 'A server shows its certificate and that of its issuer.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', records(octets(server12, chain(ISSUED, AUTHORITY), keyExchange, done), { size: 300 })],
      ['client', cipherChange],
    ],
    says: [
      {
        'tls.sni': 'www.example',
        'tls.version': 'TLS 1.2',
        'tls.subject': 'CN=www.example',
        'tls.issuerdn': 'CN=Example CA',
        'tls.subjectaltname': ['www.example', '*.example', '192.0.2.7'],
        'tls.serial': '12:34',
        'tls.notbefore': '2026-01-01T00:00:00',
        'tls.notafter': '2026-12-31T23:59:59',
        'tls.self_signed': undefined,
        'tls.key_type': 'ecdsa',
        'tls.key_length': 256,
        'tls.sig_alg': 'ecdsa-with-SHA256',
        'tls.chain_length': 2,
        'tls.cipher': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        'tls.curve': 'secp256r1',
        'tls.session_resumed': undefined,
        'tls.client.subject': undefined,
      },
    ],
  },
  {
    about: 'A server asks its client for a certificate.',
    transport: 'tcp',
    port: 8443,
    messages: [
      ['client', client12()],
      ['server', records(octets(server12, chain(AUTHORITY), keyExchange, certificateRequest, done))],
      ['client', octets(records(octets(chain(SOMEBODY), handshake(16, [1, 4]))), cipherChange)],
    ],
    says: [
      {
        'tls.subject': 'CN=Example CA',
        'tls.self_signed': true,
        'tls.client.subject': 'CN=a.person',
        'tls.client.issuerdn': 'CN=Example CA',
      },
    ],
  },
  {
    about: 'A session is taken up by its name.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', octets(records(serverHello({ ciphers: [0xc02b], session: SESSION })), cipherChange)],
    ],
    says: [{ 'tls.session_resumed': true, 'tls.resumption': 'session_id', 'tls.version': 'TLS 1.2' }],
  },
  {
    about: 'A session of TLS 1.3 is taken up, with early data and an encrypted hello.',
    transport: 'tcp',
    port: 443,
    messages: [
      [
        'client',
        octets(
          records(
            clientHello({
              ciphers: [0x1301],
              session: SESSION,
              extensions: [
                extension.serverName('public.example'),
                extension.supportedVersions([0x0304]),
                extension.empty(0xfe0d),
                extension.empty(42),
                extension.empty(41),
              ],
            }),
          ),
          records('early', { type: 23 }),
        ),
      ],
      [
        'server',
        records(
          serverHello({
            ciphers: [0x1301],
            session: SESSION,
            extensions: [extension.selectedVersion(0x0304), [51, octets(be16(29), be16(0))], [41, be16(0)]],
          }),
        ),
      ],
    ],
    says: [
      {
        'tls.sni': 'public.example',
        'tls.version': 'TLS 1.3',
        'tls.session_resumed': true,
        'tls.resumption': 'psk',
        'tls.ech': true,
        'tls.early_data': true,
        'tls.curve': 'x25519',
      },
    ],
  },
  {
    about: 'A server finds no cipher that both know.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', alert(2, 40)],
    ],
    says: [{ 'tls.sni': 'www.example', 'tls.last_alert': 'handshake_failure', 'tls.version': undefined }],
  },
  {
    about: 'A client does not trust the certificate.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', records(octets(server12, chain(ISSUED), done))],
      ['client', alert(2, 48)],
    ],
    says: [{ 'tls.subject': 'CN=www.example' }],
    anomalies: ['fatal_alert'],
  },
  {
    about: 'Somebody asks for more than a heartbeat holds.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', records(octets(server12, chain(ISSUED), done))],
      ['client', records([1, 0x40, 0x00], { type: 24 })],
    ],
    says: [{ 'tls.version': 'TLS 1.2' }],
    anomalies: ['heartbeat_overread'],
  },
  {
    about: 'An old client begins with the hello of SSL 2.0, and the server answers in TLS 1.0.',
    transport: 'tcp',
    port: 443,
    messages: [
      [
        'client',
        octets(
          [0x80, 9 + 6 + 16, 1, 3, 1],
          be16(6),
          be16(0),
          be16(16),
          [0, 0, 5, 7, 0, 0xc0],
          SESSION.subarray(0, 16),
        ),
      ],
      ['server', records(octets(serverHello({ version: 0x0301, ciphers: [5] }), chain(ISSUED), done))],
    ],
    says: [
      {
        'tls.version': 'TLSv1',
        'tls.client_handshake.version': 'SSLv2',
        'tls.cipher': 'TLS_RSA_WITH_RC4_128_SHA',
        'tls.ja3.hash': undefined,
      },
    ],
  },
  {
    about: 'TLS 1.3, after the server has asked for another hello.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', records(ordinaryClient('www.example'))],
      ['server', cipherChange],
      ['client', octets(cipherChange, records(ordinaryClient('www.example')))],
      ['server', records(ordinaryServer())],
    ],
    says: [{ 'tls.sni': 'www.example', 'tls.version': 'TLS 1.3', 'tls.client_alpns': ['h2', 'http/1.1'] }],
  },
  {
    about: 'The issuer’s key stands on a curve that its certificate brings along.',
    transport: 'tcp',
    port: 443,
    messages: [
      ['client', client12()],
      ['server', records(octets(server12, chain(ISSUED, FORGED), keyExchange, done))],
      ['client', cipherChange],
    ],
    says: [{ 'tls.chain_length': 2 }],
    anomalies: ['own_curve'],
  },
];
