// Time asked for and given (RFC 5905 §7.3), and the two kinds of message that strangers should not get answered.
import { be16, be32, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

/** 2026-01-05 12:00:00 UTC as seconds since 1900. */
const NOW = 1767614400 + 2208988800;
const time = (seconds: number, fraction = 0): Uint8Array => octets(be32(seconds), be32(fraction));
const NONE = time(0);

const request = octets(
  [0x23, 0, 6, 0xec],
  new Uint8Array(12),
  NONE,
  NONE,
  NONE,
  time(0x9a1b2c3d, 0x01020304),
);
const reply = (stratum: number, id: readonly number[] | string) =>
  octets(
    [0x24, stratum, 6, 0xe9],
    be32(0x0100),
    be32(0x0200),
    id,
    time(NOW - 60),
    time(0x9a1b2c3d, 0x01020304),
    time(NOW, 0x80000000),
    time(NOW, 0x80000000),
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A client asks the time with a random number, and is told.',
    transport: 'udp',
    port: 123,
    messages: [
      ['client', request],
      ['server', reply(2, [192, 0, 2, 123])],
    ],
    says: [
      { 'ntp.version': 4, 'ntp.mode': 3, 'ntp.stratum': 0, 'ntp.rec_time': undefined },
      {
        'ntp.mode': 4,
        'ntp.stratum': 2,
        'ntp.poll': 64,
        'ntp.reference_id': '192.0.2.123',
        'ntp.rec_time': 1767614400.5,
        'ntp.ref_time': 1767614340,
        'ntp.num_exts': 0,
      },
    ],
  },
  {
    about: 'A server has had enough of a client.',
    transport: 'udp',
    port: 123,
    messages: [
      ['client', request],
      ['server', reply(0, 'RATE')],
    ],
    says: [{ 'ntp.mode': 3 }, { 'ntp.stratum': 0, 'ntp.reference_id': 'RATE' }],
    anomalies: ['kiss_of_death'],
  },
  {
    about: 'The list of clients is asked for, and given.',
    transport: 'udp',
    port: 123,
    messages: [
      ['client', [0x17, 0, 3, 42, 0, 0, 0, 0]],
      ['server', octets([0xd7, 0, 3, 42], be16(1), be16(72), new Uint8Array(72))],
    ],
    says: [
      { 'ntp.mode': 7, 'ntp.request_code': 42, 'ntp.response': false, 'ntp.stratum': undefined },
      { 'ntp.mode': 7, 'ntp.response': true },
    ],
    anomalies: ['monlist', 'monlist'],
  },
  {
    about: 'A stranger reads the variables of a server.',
    transport: 'udp',
    port: 123,
    messages: [['client', [0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]]],
    says: [{ 'ntp.version': 2, 'ntp.mode': 6, 'ntp.control_opcode': 2, 'ntp.response': false }],
    anomalies: ['control_mode'],
  },
];
