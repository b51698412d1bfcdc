// SSH as RFC 4253 begins: banners, key exchange messages; a client of version 1; a banner alone.
import { be32, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const list = (names: string): Uint8Array => octets(be32(names.length), names);
const packet = (payload: Uint8Array): Uint8Array => {
  const padding = 16 - ((payload.length + 5) % 8);
  return octets(be32(1 + payload.length + padding), [padding], payload, new Uint8Array(padding));
};
export const kexInit = (...lists: string[]): Uint8Array =>
  packet(octets([20], Array(16).fill(7), ...lists.map(list), list(''), list(''), [0], be32(0)));

const CLIENT = kexInit(
  'curve25519-sha256,diffie-hellman-group14-sha1',
  'ssh-ed25519,ssh-rsa',
  'aes128-ctr,aes256-ctr',
  'aes256-ctr',
  'hmac-sha2-256',
  'hmac-sha1',
  'none,zlib',
  'zlib',
);
const SERVER = kexInit(
  'diffie-hellman-group14-sha1,curve25519-sha256',
  'ssh-rsa',
  'aes256-ctr',
  'aes256-ctr,3des-cbc',
  'hmac-sha2-256,hmac-sha1',
  'hmac-sha1',
  'none',
  'none',
);

export const spoken: readonly Spoken[] = [
  {
    about: 'Both sides say what they are and what they can do.',
    transport: 'tcp',
    port: 22,
    messages: [
      ['server', 'SSH-2.0-Thing_8.1 Debian-1\r\n'],
      ['client', 'SSH-2.0-Other_1\r\n'],
      ['client', CLIENT],
      ['server', SERVER],
      ['client', octets(be32(12), [10, 21], new Uint8Array(10))],
      ['server', octets(be32(12), [10, 21], new Uint8Array(10))],
    ],
    says: [
      {
        'ssh.version': 2,
        'ssh.client.banner': 'SSH-2.0-Other_1',
        'ssh.client.proto_version': '2.0',
        'ssh.client.software_version': 'Other_1',
        'ssh.client.hassh.string':
          'curve25519-sha256,diffie-hellman-group14-sha1;aes128-ctr,aes256-ctr;hmac-sha2-256;none,zlib',
        'ssh.server.software_version': 'Thing_8.1',
        'ssh.server.hassh.string':
          'diffie-hellman-group14-sha1,curve25519-sha256;aes256-ctr,3des-cbc;hmac-sha1;none',
        'ssh.kex_alg': 'curve25519-sha256',
        'ssh.host_key_alg': 'ssh-rsa',
        'ssh.cipher_alg': 'aes256-ctr',
        'ssh.mac_alg': 'hmac-sha2-256',
        'ssh.compression_alg': 'none',
      },
    ],
  },
  {
    about: 'A client of version 1 meets a server that can do both.',
    transport: 'tcp',
    port: 22,
    messages: [
      ['server', 'SSH-1.99-Old_1.24\n'],
      ['client', 'SSH-1.5-Older\n'],
      ['client', octets(be32(40), new Uint8Array(48))],
    ],
    says: [
      {
        'ssh.version': 1,
        'ssh.server.proto_version': '1.99',
        'ssh.client.proto_version': '1.5',
        'ssh.kex_alg': undefined,
      },
    ],
  },
  {
    about: 'Somebody looks at the banner and goes.',
    transport: 'tcp',
    port: 22,
    messages: [['server', 'SSH-2.0-dropbear_2020.81\r\n']],
    says: [{ 'ssh.server.software_version': 'dropbear_2020.81', 'ssh.client.banner': undefined }],
  },
  {
    about: 'A client that goes on with something else.',
    transport: 'tcp',
    port: 22,
    messages: [
      ['client', 'SSH-2.0-odd\r\n'],
      ['client', 'GET / HTTP/1.1\r\n\r\n'],
    ],
    says: [{ 'ssh.client.software_version': 'odd' }],
    anomalies: ['invalid_packet'],
  },
];
