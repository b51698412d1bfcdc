// Memcached as its protocol.txt writes it: text over TCP and UDP, and the binary form.
import { be16, be32, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const udp = (number: number, text: string): Uint8Array =>
  octets(be16(7), be16(number), be16(1), be16(0), text);
const binary = (opcode: number, key: string, body: string): Uint8Array =>
  octets(
    [0x80, opcode],
    be16(key.length),
    [0, 0],
    be16(0),
    be32(key.length + body.length),
    new Uint8Array(12),
    key,
    body,
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A client asks for the version, stores a value and reads it.',
    transport: 'tcp',
    port: 11_211,
    messages: [
      ['client', 'version\r\n'],
      ['server', 'VERSION 1.6.21\r\n'],
      ['client', 'set session:1 0 60 12\r\nget nothing!\r\nget session:1 session:2\r\n'],
      ['server', 'STORED\r\nEND\r\n'],
    ],
    says: [
      {
        'memcached.version': '1.6.21',
        'memcached.commands.name': ['version', 'set', 'get'],
        'memcached.commands.count': [1, 1, 1],
      },
    ],
  },
  {
    about: 'A log-in and a read in binary.',
    transport: 'tcp',
    port: 11_211,
    messages: [['client', octets(binary(0x21, 'PLAIN', '\0app\0secret'), binary(0, 'key', ''))]],
    says: [{ 'memcached.commands.name': ['sasl_auth', 'get'] }],
  },
  {
    about: 'Counts are asked for over UDP.',
    transport: 'udp',
    port: 11_211,
    messages: [
      ['client', udp(0, 'stats\r\n')],
      ['server', udp(0, 'STAT pid 1\r\nEND\r\n')],
    ],
    says: [{ 'memcached.commands.name': ['stats'], 'memcached.unasked': undefined }],
  },
  {
    about: 'A victim gets what it never asked for.',
    transport: 'udp',
    port: 40_000,
    clientPort: 11_211,
    messages: [['client', udp(0, 'VALUE a 0 4\r\nxxxx\r\n')]],
    says: [{ 'memcached.unasked': true, 'memcached.commands.name': undefined }],
  },
];
