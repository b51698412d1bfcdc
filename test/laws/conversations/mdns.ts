// A printer asked for and found by multicast (RFC 6762), as RFC 1035 §4.1 lays messages out.
import { be16, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const byPortOnly = 'A message is one of DNS: only port 5353 says that it is multicast DNS.';

const SERVICE = octets([4], '_ipp', [4], '_tcp', [5], 'local', [0]);
const header = (flags: number, ...counts: number[]): Uint8Array =>
  octets(be16(0), be16(flags), ...counts.map(be16));

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine looks for printers, and one answers with its name, place and features.',
    transport: 'udp',
    port: 5353,
    clientPort: 5353,
    messages: [
      ['client', octets(header(0, 1, 0, 0, 0), SERVICE, [0, 12, 0x80, 1])],
      [
        'server',
        octets(
          header(0x8400, 0, 1, 0, 3),
          SERVICE,
          [0, 12, 0, 1, 0, 0, 17, 148, 0, 10, 7],
          'Printer',
          [0xc0, 12],
          [0xc0, 39, 0, 33, 0x80, 1, 0, 0, 0, 120, 0, 12, 0, 0, 0, 0, 2, 119, 3],
          'prn',
          [0xc0, 22],
          [0xc0, 39, 0, 16, 0x80, 1, 0, 0, 17, 148, 0, 8, 7],
          'pdl=pdf',
          [0xc0, 67, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 9],
        ),
      ],
    ],
    says: [
      {
        'mdns.type': 'request',
        'mdns.queries.rrname': ['_ipp._tcp.local'],
        'mdns.queries.rrtype': ['ptr'],
        'mdns.services': ['_ipp._tcp'],
      },
      {
        'mdns.type': 'response',
        'mdns.flags': ['aa'],
        'mdns.answers.ptr': ['Printer._ipp._tcp.local'],
        'mdns.additionals.rrtype': ['srv', 'txt', 'a'],
        'mdns.additionals.srv.name': ['prn.local', undefined, undefined],
        'mdns.additionals.txt': [undefined, 'pdl=pdf', undefined],
        'mdns.additionals.a': [undefined, undefined, '192.0.2.9'],
      },
    ],
  },
];
