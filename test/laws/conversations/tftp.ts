// TFTP as RFC 1350 has it: requests; the transfers themselves go over other ports.
import { be16, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const request = (opcode: number, file: string, mode: string, ...rest: string[]): Uint8Array =>
  octets(be16(opcode), ...[file, mode, ...rest].flatMap((text) => [text, [0]]));

export const spoken: readonly Spoken[] = [
  {
    about: 'A device fetches its configuration, with options.',
    transport: 'udp',
    port: 69,
    messages: [['client', request(1, 'router-confg', 'OCTET', 'blksize', '1432')]],
    says: [{ 'tftp.packet': 'read', 'tftp.file': 'router-confg', 'tftp.mode': 'octet' }],
  },
  {
    about: 'It leaves one, and the server answers from the same port.',
    transport: 'udp',
    port: 69,
    messages: [
      ['client', request(2, 'a', 'netascii')],
      ['server', octets(be16(4), be16(0))],
    ],
    says: [{ 'tftp.packet': 'write', 'tftp.file': 'a', 'tftp.mode': 'netascii' }],
  },
];
