// QUIC handshakes: whole, scattered, after a retry, negotiated, of both versions and a draft, and Google's before TLS.
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import {
  crypto,
  DRAFT_29,
  initial,
  negotiation,
  retry,
  short,
  V1,
  V2,
  type Version,
} from '../../support/packets/quic.ts';
import { clientHello, extension, ordinaryServer, serverHello } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const DCID = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];
const CLIENT = [1, 2, 3, 4];
const SERVER = [9, 8, 7, 6, 5];
const HELLO = clientHello({
  ciphers: [0x1301, 0x1302],
  extensions: [
    extension.serverName('quic.example'),
    extension.alpn('h3'),
    extension.groups([29]),
    extension.signatureAlgorithms([0x0403]),
    extension.supportedVersions([0x0304]),
    [57, new Uint8Array(20)],
  ],
});
const ANSWER = serverHello({
  ciphers: [0x1302],
  extensions: [extension.selectedVersion(0x0304), [51, octets(be16(29), be16(0))]],
});

const client = (
  frames: Octets,
  more: { key?: Octets; dcid?: Octets; number?: number; version?: Version } = {},
) => initial({ from: 'client', key: DCID, dcid: DCID, scid: CLIENT, frames, size: 1200, ...more });
const server = (
  frames: Octets,
  more: { key?: Octets; number?: number; version?: Version; size?: number } = {},
) => initial({ from: 'server', key: DCID, dcid: CLIENT, scid: SERVER, frames, ...more });
/** ACK of packet 0. */
const ack = [2, 0, 0, 0, 0];

const asked = { 'quic.sni': 'quic.example', 'quic.client_alpns': ['h3'] };
const answered = { 'quic.cipher': 'TLS_AES_256_GCM_SHA384', 'quic.curve': 'x25519', 'quic.sni': undefined };

const whole = (version: Version, text: string): Spoken => ({
  about: `Both hellos, each in one packet, of version ${text}.`,
  transport: 'udp',
  port: 443,
  messages: [
    ['client', client(crypto(0, HELLO), { version })],
    ['server', server(octets(ack, crypto(0, ANSWER)), { version })],
    ['client', short(SERVER)],
  ],
  says: [
    {
      ...asked,
      'quic.version': text,
      'quic.extensions.name': [
        'server_name',
        'alpn',
        'supported_groups',
        'signature_algorithms',
        'supported_versions',
        'quic_transport_parameters',
      ],
      'quic.client_initial_dcid': '8394c8f03e515708',
      'quic.ja3.string': '771,4865-4866,0-16-10-13-43-57,29,',
      'quic.ja4': 'q13d0206h3_62ed6f6ca7ad_edd9286bdfcb',
    },
    {
      ...answered,
      'quic.version': text,
      'quic.server_scid': '0908070605',
      'quic.ja3s.string': '771,4866,43-51',
    },
  ],
});

/** Tag and value in turn, as Google's hello lists them. */
function google(tags: readonly (readonly [string, string])[]): Uint8Array {
  let end = 0;
  const entries = tags.map(([tag, value]) => {
    end += value.length;
    return octets(tag, [end & 255, end >> 8, 0, 0]);
  });
  return octets('CHLO', [tags.length, 0, 0, 0], ...entries, ...tags.map(([, value]) => value));
}
const GOOGLE_HELLO = google([
  ['PAD\0', '-'.repeat(40)],
  ['SNI\0', 'old.example'],
  ['VER\0', 'Q043'],
  ['UAID', 'Chrome/72'],
]);

export const spoken: readonly Spoken[] = [
  whole(V1, '1'),
  whole(V2, '6b3343cf'),
  whole(DRAFT_29, 'ff00001d'),
  {
    about:
      'The hello is scattered over frames and datagrams, its end first, between frames that say nothing.',
    transport: 'udp',
    port: 443,
    messages: [
      ['client', client(octets(crypto(80, HELLO.subarray(80)), [1, 0, 0]))],
      ['server', server(ack)],
      [
        'client',
        client(
          octets(
            crypto(30, HELLO.subarray(30, 70)),
            [1],
            crypto(60, HELLO.subarray(60, 90)),
            crypto(0, HELLO.subarray(0, 30)),
          ),
          {
            number: 1,
          },
        ),
      ],
      ['server', server(crypto(50, ANSWER.subarray(50)), { number: 1 })],
      ['server', server(crypto(0, ANSWER.subarray(0, 50)), { number: 2 })],
    ],
    says: [asked, answered],
  },
  {
    about: 'The client goes on with the id that the server chose; its keys stay.',
    transport: 'udp',
    port: 443,
    messages: [
      ['client', client(crypto(0, HELLO.subarray(0, 100)))],
      ['server', server(ack)],
      ['client', client(crypto(100, HELLO.subarray(100)), { dcid: SERVER, number: 1 })],
      ['server', server(crypto(0, ANSWER), { number: 1 })],
    ],
    says: [asked, answered],
  },
  {
    about: 'The server asks for proof of the address first: the client begins anew with other keys.',
    transport: 'udp',
    port: 443,
    messages: [
      ['client', client(crypto(0, HELLO))],
      ['server', retry(CLIENT, SERVER)],
      ['client', client(crypto(0, HELLO), { key: SERVER, dcid: SERVER, number: 1 })],
      ['server', server(crypto(0, ANSWER), { key: SERVER })],
    ],
    says: [
      { ...asked, 'quic.retry': undefined },
      { ...asked, 'quic.retry': true },
      { ...answered, 'quic.retry': true },
    ],
  },
  {
    about: 'The server does not speak version 2, and the client takes version 1.',
    transport: 'udp',
    port: 443,
    messages: [
      ['client', client(crypto(0, HELLO), { version: V2 })],
      ['server', negotiation(CLIENT, DCID, [0x1a2a3a4a, 1])],
      ['client', client(crypto(0, HELLO))],
      ['server', server(crypto(0, ANSWER))],
    ],
    says: [
      { ...asked, 'quic.version': '6b3343cf' },
      { 'quic.version': '6b3343cf', 'quic.versions': ['1a2a3a4a', '1'], 'quic.sni': undefined },
      { ...asked, 'quic.version': '1' },
      answered,
    ],
  },
  {
    about: 'The capture holds half a hello: its name is told, its fingerprints are not.',
    transport: 'udp',
    port: 443,
    messages: [['client', client(crypto(0, HELLO.subarray(0, 90)))]],
    says: [{ 'quic.sni': 'quic.example', 'quic.ja3.hash': undefined, 'quic.ja4': undefined }],
  },
  {
    about: 'What should be a hello is another message.',
    transport: 'udp',
    port: 443,
    messages: [['client', client(crypto(0, ordinaryServer()))]],
    says: [{ 'quic.version': '1', 'quic.sni': undefined }],
    anomalies: ['invalid_hello'],
  },
  {
    about: 'A client of Google’s version 43.',
    transport: 'udp',
    port: 443,
    messages: [
      [
        'client',
        octets(
          [0x0d],
          DCID,
          'Q043',
          [1],
          new Uint8Array(12),
          [0xa0, 1, 0, GOOGLE_HELLO.length],
          GOOGLE_HELLO,
        ),
      ],
    ],
    says: [
      {
        'quic.version': 'Q043',
        'quic.sni': 'old.example',
        'quic.ua': 'Chrome/72',
        'quic.cyu.string': ['43,PAD-SNI-VER-UAID'],
      },
    ],
  },
  {
    about: 'A client of Google’s version 46, which has a long header and nothing protected.',
    transport: 'udp',
    port: 443,
    messages: [
      [
        'client',
        octets(
          [0xc3],
          'Q046',
          [0x50],
          DCID,
          be32(1),
          new Uint8Array(12),
          [0xa0, 1, 0, GOOGLE_HELLO.length],
          GOOGLE_HELLO,
        ),
      ],
    ],
    says: [{ 'quic.version': 'Q046', 'quic.sni': 'old.example' }],
  },
];
