// An engineering station and an S7-300 over COTP: identification, variables, a block downloaded, the CPU stopped and started.
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const tpkt = (...cotp: readonly Octets[]): Uint8Array => {
  const body = octets(...cotp);
  return octets([3, 0], be16(4 + body.length), body);
};
const data = (...user: readonly Octets[]): Uint8Array => tpkt([2, 0xf0, 0x80], ...user);
const header = (kind: number, reference: number, parameters: Uint8Array, rest: Uint8Array): Uint8Array =>
  octets([0x32, kind, 0, 0], be16(reference), be16(parameters.length), be16(rest.length));
export const job = (reference: number, parameters: Octets, rest: Octets = []): Uint8Array =>
  data(header(1, reference, octets(parameters), octets(rest)), parameters, rest);
export const ack = (
  reference: number,
  parameters: Octets,
  rest: Octets = [],
  error: readonly number[] = [0, 0],
) => data(header(3, reference, octets(parameters), octets(rest)), error, parameters, rest);
export const userdata = (reference: number, parameters: Octets, rest: Octets): Uint8Array =>
  data(header(7, reference, octets(parameters), octets(rest)), parameters, rest);

export const CONNECT = tpkt([17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2]);
export const CONFIRM = tpkt([17, 0xd0, 0, 1, 0, 2, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2]);
export const SETUP = octets([0xf0, 0], be16(1), be16(1), be16(480));
export const DB1 = octets([0x12, 10, 0x10, 2], be16(4), be16(1), [0x84, 0, 0, 0x50]);
const OUTPUTS = octets([0x12, 10, 0x10, 1], be16(1), be16(0), [0x82, 0, 0, 0]);

export const spoken: readonly Spoken[] = [
  {
    about: 'A station reads what the CPU is and a data block, and writes an output that is protected.',
    transport: 'tcp',
    port: 102,
    messages: [
      ['client', CONNECT],
      ['server', CONFIRM],
      ['client', job(1, SETUP)],
      ['server', ack(1, octets([0xf0, 0], be16(1), be16(1), be16(240)))],
      [
        'client',
        userdata(2, [0, 1, 0x12, 4, 0x11, 0x44, 1, 0], octets([0xff, 9], be16(4), be16(0x1c), be16(0))),
      ],
      [
        'server',
        userdata(
          2,
          [0, 1, 0x12, 8, 0x12, 0x84, 1, 1, 0, 0, 0, 0],
          octets([0xff, 9], be16(8), be16(0x1c), be16(0), be16(34), be16(1)),
        ),
      ],
      ['client', job(3, octets([4, 1], DB1))],
      ['server', ack(3, [4, 1], octets([0xff, 4], be16(32), [1, 2, 3, 4]))],
      ['client', job(4, octets([5, 1], OUTPUTS), octets([0, 3], be16(1), [1]))],
      ['server', ack(4, [5, 1], [3], [0x85, 4])],
    ],
    says: [
      {
        's7comm.function': 'Setup Communication',
        's7comm.effect': 'connect',
        's7comm.pdu_length': 240,
        's7comm.tsap.source': '0100',
        's7comm.tsap.destination': '0102',
        's7comm.tsap.connection': 'PG',
        's7comm.tsap.slot': 2,
        's7comm.answered': true,
      },
      {
        's7comm.rosctr': 'Userdata',
        's7comm.function': 'CPU Functions',
        's7comm.subfunction': 'Read SZL',
        's7comm.effect': 'read',
        's7comm.szl.id': 0x1c,
        's7comm.error_class': 0,
        's7comm.tsap.source': undefined,
      },
      {
        's7comm.function': 'Read Var',
        's7comm.items.area': ['data block'],
        's7comm.items.db': [1],
        's7comm.items.offset': [10],
        's7comm.items.count': [4],
      },
      {
        's7comm.function': 'Write Var',
        's7comm.effect': 'write',
        's7comm.items.area': ['outputs'],
        's7comm.error': 'Error on supplies',
        's7comm.error_code': 4,
      },
    ],
  },
  {
    about:
      'A station downloads a block, stops the CPU and starts it cold; the controller pushes a diagnosis.',
    transport: 'tcp',
    port: 102,
    messages: [
      ['client', CONNECT],
      ['server', CONFIRM],
      [
        'client',
        job(9, octets([0x1a, 0], be16(0x100), new Uint8Array(4), [9], '_0A00001P', [13], '1000308000174')),
      ],
      ['server', ack(9, [0x1a])],
      ['server', job(1, octets([0x1b, 0], be16(0), new Uint8Array(4), [9], '_0A00001P'))],
      ['client', ack(1, [0x1b, 0], octets(be16(2), [0, 0xfb], 'xx'))],
      ['client', job(10, octets([0x28, 0, 0, 0, 0, 0, 0, 0xfd], be16(10), [1, 0], '0A00001P', [5], '_INSE'))],
      ['server', ack(10, [0x28])],
      ['client', job(11, octets([0x29, 0, 0, 0, 0, 0, 9], 'P_PROGRAM'))],
      ['server', data([0x32, 2, 0, 0], be16(11), be16(0), be16(0), [0, 0])],
      ['client', job(12, octets([0x28, 0, 0, 0, 0, 0, 0, 0xfd], be16(2), 'C ', [9], 'P_PROGRAM'))],
      ['server', userdata(0, [0, 1, 0x12, 8, 0x12, 0x00, 2, 0, 0, 0, 0, 0], [0x0a, 0, 0, 0])],
      ['client', data([0x32, 1, 0, 0], be16(1), be16(999), be16(0), [0, 0])],
    ],
    says: [
      {
        's7comm.function': 'Request Download',
        's7comm.effect': 'download',
        's7comm.block.type': 'DB',
        's7comm.block.number': 1,
        's7comm.block.destination': 'P',
      },
      { 's7comm.function': 'Download Block', 's7comm.block.number': 1 },
      { 's7comm.function': 'PLC Control', 's7comm.service': '_INSE', 's7comm.effect': 'control' },
      {
        's7comm.function': 'PLC Stop',
        's7comm.effect': 'stop',
        's7comm.service': 'P_PROGRAM',
        's7comm.error_class': 0,
      },
      { 's7comm.function': 'Mode-Transition', 's7comm.subfunction': 'Run', 's7comm.effect': 'mode' },
      { 's7comm.effect': 'start', 's7comm.service_argument': 'C ', 's7comm.answered': false },
    ],
    anomalies: ['malformed_data'],
  },
];
