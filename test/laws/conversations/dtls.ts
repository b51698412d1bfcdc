// DTLS 1.2 with a cookie and a certificate in fragments, and DTLS 1.3.
import { certificate } from '../../support/packets/certificate.ts';
import { be16, be24, type Octets, octets } from '../../support/packets/octets.ts';
import { extension, serverHelloBody } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

/** @param epoch 0 while nothing is encrypted */
const record = (type: number, data: Octets, { epoch = 0, version = 0xfefd } = {}): Uint8Array =>
  octets([type], be16(version), be16(epoch), [0, 0, 0, 0, 0, 1], be16(octets(data).length), data);

/** A fragment `[from, until)` of a message. */
function fragment(
  type: number,
  sequence: number,
  body: Octets,
  from = 0,
  until = octets(body).length,
): Uint8Array {
  const bytes = octets(body);
  return octets(
    [type],
    be24(bytes.length),
    be16(sequence),
    be24(from),
    be24(until - from),
    bytes.subarray(from, until),
  );
}

const list16 = (numbers: readonly number[]): Uint8Array => octets(...numbers.map(be16));
const long = (data: Octets): Uint8Array => octets(be16(octets(data).length), data);

/** Like that of TLS, with a cookie behind the session. */
function clientHello(cookie: Octets, versions: readonly number[]): Uint8Array {
  const extensions = [
    extension.serverName('turn.example'),
    extension.groups([29, 23]),
    extension.signatureAlgorithms([0x0403]),
    ...(versions.length > 0 ? [extension.supportedVersions(versions)] : []),
  ];
  return octets(
    be16(0xfefd),
    new Uint8Array(32).fill(1),
    [0],
    [octets(cookie).length],
    cookie,
    long(list16([0xc02b, 0xc02f])),
    [1, 0],
    long(octets(...extensions.map(([type, data]) => octets(be16(type), long(data))))),
  );
}

const HELLO = 22;
const first = clientHello([], []);
const second = clientHello('cookie', []);
const server = serverHelloBody({ version: 0xfefd, ciphers: [0xc02b], extensions: [extension.empty(23)] });
const der = certificate({ subject: 'turn.example', issuer: 'turn.example', hosts: ['turn.example'] });
const chain = octets(be24(der.length + 3), be24(der.length), der);

export const spoken: readonly Spoken[] = [
  {
    about:
      'DTLS 1.2: the client shows that it is where it says, and the certificate comes in three fragments, the last first.',
    transport: 'udp',
    port: 4433,
    messages: [
      ['client', record(HELLO, fragment(1, 0, first), { version: 0xfeff })],
      ['server', record(HELLO, fragment(3, 0, [0xfe, 0xff, 6, 1, 2, 3, 4, 5, 6]), { version: 0xfeff })],
      ['client', record(HELLO, fragment(1, 1, second))],
      ['server', octets(record(HELLO, fragment(2, 1, server)), record(HELLO, fragment(11, 2, chain, 200)))],
      [
        'server',
        octets(
          record(HELLO, fragment(11, 2, chain, 0, 150)),
          record(HELLO, fragment(11, 2, chain, 100, 200)),
        ),
      ],
      ['server', record(HELLO, fragment(14, 3, []))],
    ],
    says: [
      {
        'tls.sni': 'turn.example',
        'tls.version': 'DTLS 1.2',
        'tls.subject': 'CN=turn.example',
        'tls.self_signed': true,
        'tls.client_handshake.version': 'DTLS 1.2',
      },
    ],
  },
  {
    about:
      'DTLS 1.3: the hello comes in two fragments, and the server’s answer is the last that is in clear.',
    transport: 'udp',
    port: 443,
    messages: [
      ['client', record(HELLO, fragment(1, 0, clientHello([], [0xfefc, 0xfefd]), 0, 60))],
      ['client', record(HELLO, fragment(1, 0, clientHello([], [0xfefc, 0xfefd]), 60))],
      [
        'server',
        record(
          HELLO,
          fragment(
            2,
            0,
            serverHelloBody({
              version: 0xfefd,
              ciphers: [0x1301],
              extensions: [extension.selectedVersion(0xfefc)],
            }),
          ),
        ),
      ],
      ['server', octets([0x2f], be16(1), new Uint8Array(40))],
    ],
    says: [
      { 'tls.sni': 'turn.example', 'tls.version': 'DTLS 1.3', 'tls.client_handshake.version': 'DTLS 1.3' },
    ],
  },
  {
    about: 'A client that is refused.',
    transport: 'udp',
    port: 4433,
    messages: [
      ['client', record(HELLO, fragment(1, 0, first))],
      ['server', record(21, [2, 70])],
    ],
    says: [{ 'tls.last_alert': 'protocol_version', 'tls.version': undefined }],
  },
];
