// A neighbour's name asked for by multicast (RFC 4795 §2.1).
import { be16, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const byPortOnly = 'A message is one of DNS: only port 5355 says that it is LLMNR.';

const NAME = octets([4], 'wpad', [0]);
const message = (flags: number, answers: number, ...rest: readonly (readonly number[])[]): Uint8Array =>
  octets(be16(0xc341), be16(flags), be16(1), be16(answers), be16(0), be16(0), NAME, [0, 1, 0, 1], ...rest);

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine asks who the proxy is, and somebody says it is.',
    transport: 'udp',
    port: 5355,
    messages: [
      ['client', message(0, 0)],
      ['server', message(0x8000, 1, [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 66])],
    ],
    says: [
      {
        'llmnr.type': 'request',
        'llmnr.id': 0xc341,
        'llmnr.queries.rrname': ['wpad'],
        'llmnr.queries.rrtype': ['a'],
      },
      { 'llmnr.type': 'response', 'llmnr.answers.a': ['192.0.2.66'], 'llmnr.answers.ttl': [30] },
    ],
  },
  {
    about: 'An answer that holds less than it says.',
    transport: 'udp',
    port: 5355,
    messages: [['client', message(0x8000, 1, [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192])]],
    says: [{ 'llmnr.queries.rrname': ['wpad'], 'llmnr.answers': undefined }],
    anomalies: ['malformed_data'],
  },
];
