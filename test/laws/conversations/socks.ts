// SOCKS 4, 4a and 5 as RFC 1928 and 1929 have them, and what goes through.
import { be16, octets } from '../../support/packets/octets.ts';
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'Version 5, to a name, with a log-in; then TLS.',
    transport: 'tcp',
    port: 1080,
    messages: [
      ['client', [5, 2, 0, 2]],
      ['server', [5, 2]],
      ['client', octets([1, 6], 'hanako', [4], 'hush')],
      ['server', [1, 0]],
      ['client', octets([5, 1, 0, 3, 11], 'www.example', be16(443))],
      ['server', [5, 0, 0, 1, 192, 0, 2, 7, ...be16(50_001)]],
      ['client', HELLO],
    ],
    says: [
      {
        'socks.version': 5,
        'socks.command': 'connect',
        'socks.auth_method': 'password',
        'socks.auth_success': true,
        'socks.user': 'hanako',
        'socks.status': 'succeeded',
        'socks.request.name': 'www.example',
        'socks.request.host': undefined,
        'socks.request.port': 443,
        'socks.bound.host': '192.0.2.7',
        'socks.bound.port': 50_001,
      },
    ],
  },
  {
    about: 'Version 5, to an IPv6 address, refused.',
    transport: 'tcp',
    port: 1080,
    messages: [
      ['client', [5, 1, 0]],
      ['server', [5, 0]],
      ['client', [5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 22]],
      ['server', [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]],
    ],
    says: [
      { 'socks.request.host': '2001:db8::1', 'socks.request.port': 22, 'socks.status': 'connection refused' },
    ],
  },
  {
    about: 'Version 4, and what goes through is HTTP.',
    transport: 'tcp',
    port: 1080,
    messages: [
      ['client', octets([4, 1], be16(80), [192, 0, 2, 9], 'hanako', [0])],
      ['server', [0, 90, 0, 0, 0, 0, 0, 0]],
      ['client', 'GET / HTTP/1.1\r\nHost: www.example\r\n\r\n'],
    ],
    says: [
      {
        'socks.version': 4,
        'socks.user': 'hanako',
        'socks.request.host': '192.0.2.9',
        'socks.request.port': 80,
        'socks.status': 'succeeded',
      },
    ],
  },
  {
    about: 'Version 4a, whose answer is not seen.',
    transport: 'tcp',
    port: 1080,
    messages: [['client', octets([4, 1], be16(80), [0, 0, 0, 1, 0], 'www.example', [0])]],
    says: [{ 'socks.request.name': 'www.example', 'socks.status': undefined, 'socks.user': undefined }],
  },
];
