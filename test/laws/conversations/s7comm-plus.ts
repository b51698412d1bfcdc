// An engineering station and an S7-1500: a session is made, variables are read and set, a call is made, news come.
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const tpkt = (...cotp: readonly Octets[]): Uint8Array => {
  const body = octets(...cotp);
  return octets([3, 0], be16(4 + body.length), body);
};
const plus = (version: number, ...parts: readonly Octets[]): Uint8Array => {
  const body = octets(version === 3 ? octets([32], new Uint8Array(32).fill(7)) : [], ...parts);
  return tpkt([2, 0xf0, 0x80], [0x72, version], be16(body.length), body, [0x72, version, 0, 0]);
};
const request = (code: number, sequence: number, session: number): Uint8Array =>
  octets([0x31, 0, 0], be16(code), be16(0), be16(sequence), be32(session), [0x34, 0, 0]);
const response = (code: number, sequence: number): Uint8Array =>
  octets([0x32, 0, 0], be16(code), be16(0), be16(sequence), [0x34, 0, 0, 0, 0]);
const connect = (type: number): Uint8Array => {
  const called = 'SIMATIC-ROOT-HMI';
  return tpkt(
    [15 + called.length, type, 0, 0, 0, 1, 0],
    [0xc1, 2, 6, 0],
    [0xc2, called.length],
    called,
    [0xc0, 1, 10],
  );
};

export const spoken: readonly Spoken[] = [
  {
    about: 'A session of version 1 to 3.',
    transport: 'tcp',
    port: 102,
    messages: [
      ['client', connect(0xe0)],
      ['server', connect(0xd0)],
      ['client', plus(1, request(0x04ca, 1, 288))],
      ['server', plus(1, response(0x04ca, 1))],
      ['client', plus(2, request(0x054c, 2, 900))],
      ['server', plus(2, response(0x054c, 2))],
      ['client', plus(3, request(0x0542, 3, 900))],
      ['server', plus(3, response(0x0542, 3))],
      ['server', plus(3, octets([0x33], be32(900), new Uint8Array(12)))],
    ],
    says: [
      {
        's7comm_plus.version': 1,
        's7comm_plus.function': 'Create Object',
        's7comm_plus.session': 288,
        's7comm_plus.tsap.destination': 'SIMATIC-ROOT-HMI',
        's7comm_plus.answered': true,
      },
      {
        's7comm_plus.function': 'Get Multi Variables',
        's7comm_plus.effect': 'read',
        's7comm_plus.sequence': 2,
      },
      { 's7comm_plus.version': 3, 's7comm_plus.effect': 'write', 's7comm_plus.tsap.destination': undefined },
      { 's7comm_plus.opcode': 'Notification', 's7comm_plus.session': 900, 's7comm_plus.function': undefined },
    ],
  },
  {
    about: 'A method is called and not answered; a message without its function.',
    transport: 'tcp',
    port: 102,
    messages: [
      ['client', connect(0xe0)],
      ['server', connect(0xd0)],
      ['client', plus(2, request(0x056b, 7, 5))],
      ['client', plus(2, [0x31, 0, 0])],
    ],
    says: [{ 's7comm_plus.effect': 'control', 's7comm_plus.answered': false }],
    anomalies: ['malformed_data'],
  },
];
