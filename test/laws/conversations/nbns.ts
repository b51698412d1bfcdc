// NetBIOS names asked for, registered and listed (RFC 1002 §4.2).
import { be16, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

/** Sixteen bytes, each as two letters from A on (RFC 1001 §14.1). */
export const encoded = (name: string, suffix: number): Uint8Array =>
  octets(
    [32],
    [...Buffer.from(name.padEnd(15)), suffix].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]),
    [0],
  );
export const header = (id: number, flags: number, ...counts: number[]): Uint8Array =>
  octets(be16(id), be16(flags), ...counts.map(be16));
export const ANY = octets([32], 'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', [0]);
const listed = (name: string, suffix: number, flags: number): Uint8Array =>
  octets(name.padEnd(15), [suffix], be16(flags));

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine asks for a file server by broadcast and is answered.',
    transport: 'udp',
    port: 137,
    clientPort: 137,
    messages: [
      ['client', octets(header(1, 0x0110, 1, 0, 0, 0), encoded('FILES', 0x20), be16(32), be16(1))],
      [
        'server',
        octets(
          header(1, 0x8500, 0, 1, 0, 0),
          encoded('FILES', 0x20),
          [0, 32, 0, 1, 0, 4, 147, 224, 0, 6, 0, 0, 192, 0, 2, 20],
        ),
      ],
    ],
    says: [
      {
        'nbns.type': 'request',
        'nbns.opcode': 'query',
        'nbns.broadcast': true,
        'nbns.queries.rrname': ['FILES'],
        'nbns.queries.suffix': ['20'],
        'nbns.queries.rrtype': ['NB'],
      },
      {
        'nbns.type': 'response',
        'nbns.rcode': 0,
        'nbns.answers.rdata': ['192.0.2.20'],
        'nbns.answers.ttl': [300000],
      },
    ],
  },
  {
    about: 'A machine registers its name with its address.',
    transport: 'udp',
    port: 137,
    clientPort: 137,
    messages: [
      [
        'client',
        octets(
          header(2, 0x2910, 1, 0, 0, 1),
          encoded('DESK-7', 0),
          [0, 32, 0, 1],
          [0xc0, 12, 0, 32, 0, 1, 0, 4, 147, 224, 0, 6, 0, 0, 192, 0, 2, 7],
        ),
      ],
    ],
    says: [
      {
        'nbns.opcode': 'registration',
        'nbns.queries.rrname': ['DESK-7'],
        'nbns.answers.rrname': ['DESK-7'],
        'nbns.answers.rdata': ['192.0.2.7'],
      },
    ],
  },
  {
    about: 'A scanner has a machine list its names.',
    transport: 'udp',
    port: 137,
    messages: [
      ['client', octets(header(3, 0, 1, 0, 0, 0), ANY, be16(33), be16(1))],
      [
        'server',
        octets(
          header(3, 0x8400, 0, 1, 0, 0),
          ANY,
          [0, 33, 0, 1, 0, 0, 0, 0, 0, 83, 2],
          listed('DESK-7', 0, 0x0400),
          listed('OFFICE', 0, 0x8400),
          [0x02, 0, 0x5e, 0, 0, 7],
          new Uint8Array(40),
        ),
      ],
    ],
    says: [
      { 'nbns.queries.rrname': ['*'], 'nbns.queries.rrtype': ['NBSTAT'] },
      {
        'nbns.names.name': ['DESK-7', 'OFFICE'],
        'nbns.names.group': [false, true],
        'nbns.unit_id': '02:00:5e:00:00:07',
      },
    ],
  },
];
