// Two peers greet each other (BEP 3).
import { octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const HASH = Uint8Array.from({ length: 20 }, (_, i) => 0xa0 + i);
const greeting = (reserved: number[], id: string): Uint8Array =>
  octets([19], 'BitTorrent protocol', reserved, HASH, id.padEnd(20, 'x'));

export const spoken: readonly Spoken[] = [
  {
    about: 'Both sides greet and go on to share.',
    transport: 'tcp',
    port: 6881,
    messages: [
      ['client', greeting([0, 0, 0, 0, 0, 0x10, 0, 0x05], '-UT3550-')],
      ['server', octets(greeting([0, 0, 0, 0, 0, 0, 0, 0], 'M7-9-0--'), [0, 0, 0, 1, 1])],
      ['client', [0, 0, 0, 1, 2]],
    ],
    says: [
      {
        'bittorrent.role': 'client',
        'bittorrent.info_hash': 'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3',
        'bittorrent.client': 'UT3550',
        'bittorrent.dht': true,
        'bittorrent.extended': true,
      },
      { 'bittorrent.role': 'server', 'bittorrent.client': undefined, 'bittorrent.dht': false },
    ],
  },
  {
    about: 'A peer that says nothing back.',
    transport: 'tcp',
    port: 6881,
    messages: [['client', greeting([0, 0, 0, 0, 0, 0, 0, 4], '-TR4050-')]],
    says: [{ 'bittorrent.client': 'TR4050', 'bittorrent.fast': true }],
  },
];
