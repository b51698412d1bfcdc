// A control centre and its outstation (IEEE 1815): polls, a breaker that is operated, a restart, an event of its own.
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const le16 = (n: number): number[] => [n & 255, n >> 8];

/** Checksum of the link (§9.2.4.3), bit by bit. */
function withChecksum(block: Uint8Array): Uint8Array {
  let crc = 0;
  for (const byte of block)
    for (let bit = 0; bit < 8; bit++) {
      const odd = (crc ^ (byte >> bit)) & 1;
      crc = odd ? (crc >> 1) ^ 0xa6bc : crc >> 1;
    }
  return octets(block, le16(~crc & 0xffff));
}

function frame(control: number, to: number, from: number, user: Uint8Array): Uint8Array {
  const header = octets([5, 0x64, 5 + user.length, control], le16(to), le16(from));
  const blocks: Uint8Array[] = [];
  for (let i = 0; i < user.length; i += 16) blocks.push(withChecksum(user.subarray(i, i + 16)));
  return octets(withChecksum(header), ...blocks);
}
export const asks = (...parts: readonly Octets[]): Uint8Array => frame(0xc4, 10, 1, octets([0xc0], ...parts));
export const answers = (...parts: readonly Octets[]): Uint8Array =>
  frame(0x44, 1, 10, octets([0xc0], ...parts));

/** Close the breaker: code, count, on and off time, status. */
const LATCH_ON = octets([3, 1], new Uint8Array(9));
const LONG = octets([0xc4, 129], be16(0x0200), [30, 5, 0x01], le16(0), le16(59), new Uint8Array(300));

export const spoken: readonly Spoken[] = [
  {
    about: 'Class data is read, a breaker operated, the outstation restarted.',
    transport: 'tcp',
    port: 20000,
    messages: [
      ['client', frame(0xc9, 10, 1, new Uint8Array(0))],
      ['server', frame(0x0b, 1, 10, new Uint8Array(0))],
      ['client', asks([0xc1, 1], [60, 2, 6, 60, 3, 6, 60, 1, 6])],
      ['server', answers([0xe1, 129], be16(0x9000), [1, 1, 0, 0, 7, 0x55], [2, 1, 0x17, 1, 4, 0x81])],
      ['client', asks([0xc1, 0])],
      ['client', asks([0xc2, 5], [12, 1, 0x28], le16(1), le16(7), LATCH_ON)],
      ['server', answers([0xc2, 129], be16(0), [12, 1, 0x28], le16(1), le16(7), LATCH_ON)],
      ['client', asks([0xc3, 13])],
      ['server', answers([0xc3, 129], be16(0), [52, 1, 7, 1], le16(5))],
    ],
    says: [
      {
        'dnp3.type': 'request',
        'dnp3.control.dir': true,
        'dnp3.control.pri': true,
        'dnp3.control.function_code': 4,
        'dnp3.src': 1,
        'dnp3.dst': 10,
        'dnp3.application.function_code': 1,
        'dnp3.application.control.fir': true,
        'dnp3.application.control.sequence': 1,
        'dnp3.application.objects.group': [60, 60, 60],
        'dnp3.application.objects.variation': [2, 3, 1],
        'dnp3.application.complete': true,
        'dnp3.effect': 'read',
        'dnp3.iin.value': undefined,
      },
      {
        'dnp3.type': 'response',
        'dnp3.fc_request': 'READ',
        'dnp3.fc_reply': 'RESPONSE',
        'dnp3.iin.indicators': ['device_restart', 'need_time'],
        'dnp3.application.objects.name': ['binary input', 'binary input event'],
        'dnp3.application.objects.count': [8, 1],
        'dnp3.application.objects.stop': [7, 0],
        'dnp3.application.control.con': true,
        'dnp3.application.complete': true,
      },
      { 'dnp3.fc_request': 'CONFIRM' },
      {
        'dnp3.fc_request': 'DIRECT_OPERATE',
        'dnp3.effect': 'control',
        'dnp3.application.objects.group': [12],
        'dnp3.application.objects.prefix_code': [2],
        'dnp3.application.objects.range_code': [8],
        'dnp3.application.complete': true,
      },
      { 'dnp3.fc_request': 'DIRECT_OPERATE', 'dnp3.fc_reply': 'RESPONSE', 'dnp3.iin.indicators': undefined },
      { 'dnp3.fc_request': 'COLD_RESTART', 'dnp3.effect': 'restart' },
      { 'dnp3.application.objects.group': [52], 'dnp3.application.complete': true },
    ],
  },
  {
    about: 'A long response in two frames, an event unasked for, a frame that was hurt on the way.',
    transport: 'tcp',
    port: 20000,
    messages: [
      ['client', asks([0xc4, 1], [30, 0, 6])],
      [
        'server',
        octets(
          frame(0x44, 1, 10, octets([0x41], LONG.subarray(0, 249))),
          frame(0x44, 1, 10, octets([0x82], LONG.subarray(249))),
        ),
      ],
      ['server', answers([0xf5, 130], be16(0x0200), [22, 1, 0x28], le16(1), le16(3), [1, 9, 0, 0, 0])],
      [
        'client',
        octets([5, 0x64, 8, 0xc4, 10, 0, 1, 0, 0, 0], asks([0xc6, 18], [90, 1, 0x5b, 1], le16(2), 'ab')),
      ],
      ['client', asks([0xc7, 2], [99, 9, 7, 1, 0])],
    ],
    says: [
      { 'dnp3.application.objects.group': [30], 'dnp3.application.objects.count': [0] },
      { 'dnp3.application.objects.count': [60], 'dnp3.iin.indicators': ['class_1_events'] },
      {
        'dnp3.type': 'unsolicited_response',
        'dnp3.fc_request': undefined,
        'dnp3.application.control.uns': true,
      },
      { 'dnp3.fc_request': 'STOP_APPL', 'dnp3.effect': 'stop', 'dnp3.application.complete': true },
      { 'dnp3.effect': 'write', 'dnp3.application.complete': false },
    ],
    anomalies: ['bad_link_crc', 'unknown_object'],
  },
  {
    about: 'A clock is set over UDP.',
    transport: 'udp',
    port: 20000,
    messages: [
      ['client', asks([0xc5, 2], [50, 1, 7, 1], new Uint8Array(6))],
      ['server', answers([0xc5, 129], be16(0))],
    ],
    says: [
      { 'dnp3.effect': 'write', 'dnp3.application.objects.name': ['time and date'] },
      { 'dnp3.fc_request': 'WRITE', 'dnp3.iin.value': 0 },
    ],
  },
];
