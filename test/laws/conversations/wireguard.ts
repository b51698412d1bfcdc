// A tunnel opened, and one that was open before (WireGuard whitepaper §5.4).
import { octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255);
const data = octets([4, 0, 0, 0, 0x11, 0x22, 0x33, 0x44, 5, 0, 0, 0, 0, 0, 0, 0], random(32));

export const spoken: readonly Spoken[] = [
  {
    about: 'Both sides shake hands and talk.',
    transport: 'udp',
    port: 51820,
    messages: [
      ['client', octets([1, 0, 0, 0, 1, 0, 0, 0x80], random(140))],
      ['server', octets([2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0x80], random(80))],
      ['client', data],
    ],
    says: [
      {
        'wireguard.type': 'handshake_initiation',
        'wireguard.sender': 0x80000001,
        'wireguard.receiver': undefined,
      },
      { 'wireguard.type': 'handshake_response', 'wireguard.sender': 2, 'wireguard.receiver': 0x80000001 },
    ],
  },
  {
    about: 'A tunnel that was there before, and a server under load.',
    transport: 'udp',
    port: 51820,
    messages: [
      ['client', data],
      ['server', data],
      ['server', octets([3, 0, 0, 0, 1, 0, 0, 0], random(56))],
    ],
    says: [
      { 'wireguard.type': 'transport_data', 'wireguard.receiver': 0x44332211, 'wireguard.counter': 5 },
      { 'wireguard.type': 'cookie_reply', 'wireguard.receiver': 1 },
    ],
  },
];
