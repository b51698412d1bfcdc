// A name looked up over TCP, as RFC 1035 §4.2.2 frames it.
import { be16, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const NAME = octets([3], 'www', [7], 'example', [0]);
const message = (flags: number, answers: number, ...rest: (readonly number[] | Uint8Array)[]): Uint8Array => {
  const body = octets(
    be16(0x1234),
    be16(flags),
    be16(1),
    be16(answers),
    be16(0),
    be16(0),
    NAME,
    [0, 1, 0, 1],
    ...rest,
  );
  return octets(be16(body.length), body);
};

export const spoken: readonly Spoken[] = [
  {
    about: 'A resolver is asked for an address and has it.',
    transport: 'tcp',
    port: 53,
    messages: [
      ['client', message(0x0100, 0)],
      ['server', message(0x8180, 1, [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])],
    ],
    says: [
      { 'dns.type': 'request', 'dns.queries.rrname': ['www.example'] },
      { 'dns.type': 'response', 'dns.answers.rdata': ['192.0.2.7'], 'dns.rcode': 'NOERROR' },
    ],
  },
  {
    about: 'A browser asks where a service is, with EDNS, and learns that it hides its names.',
    transport: 'udp',
    port: 53,
    messages: [
      [
        'client',
        octets(
          be16(7),
          [1, 0, 0, 1, 0, 0, 0, 0, 0, 1],
          NAME,
          [0, 65, 0, 1],
          [0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0],
        ),
      ],
      [
        'server',
        octets(
          [...be16(7), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0],
          NAME,
          [0, 65, 0, 1],
          [0xc0, 12, 0, 65, 0, 1, 0, 0, 0, 60, 0, 16, 0, 1, 0, 0, 1, 0, 3, 2, 104, 51, 0, 5, 0, 2, 0xfe, 13],
        ),
      ],
    ],
    says: [
      {
        'dns.type': 'request',
        'dns.edns.udp_size': 1232,
        'dns.edns.do': true,
        'dns.queries.rrtype': ['HTTPS'],
      },
      { 'dns.type': 'response', 'dns.answers.svcb.alpn': ['h3'], 'dns.answers.svcb.ech': [true] },
    ],
  },
];
