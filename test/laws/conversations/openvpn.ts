// Sessions opened plainly over TCP, and protected in each way over UDP.
import { be16, be32, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const SESSION = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];
const REPLAY = octets(be32(1), be32(1_767_614_400));
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255);
const client = octets([7 << 3], SESSION, [0], be32(0));
const server = octets([8 << 3], [...SESSION].reverse(), [1], be32(0), SESSION, be32(0));
const framed = (packet: Uint8Array): Uint8Array => octets(be16(packet.length), packet);

export const spoken: readonly Spoken[] = [
  {
    about: 'A session over TCP, unprotected.',
    transport: 'tcp',
    port: 1194,
    messages: [
      ['client', framed(client)],
      ['server', framed(server)],
      ['client', framed(octets([4 << 3], SESSION, random(80)))],
    ],
    says: [
      {
        'openvpn.opcode': 'control_hard_reset_client_v2',
        'openvpn.session_id': '1122334455667788',
        'openvpn.protection': 'none',
      },
      { 'openvpn.opcode': 'control_hard_reset_server_v2', 'openvpn.session_id': '8877665544332211' },
    ],
  },
  {
    about: 'A session over UDP, its control packets signed with SHA-1.',
    transport: 'udp',
    port: 1194,
    messages: [
      ['client', octets([7 << 3], SESSION, random(20), REPLAY, [0], be32(0))],
      ['server', octets([8 << 3], SESSION, random(20), REPLAY, [1], be32(0), SESSION, be32(0))],
    ],
    says: [{ 'openvpn.protection': 'tls-auth' }, { 'openvpn.protection': 'tls-auth' }],
  },
  {
    about: 'A session over UDP, its control packets encrypted.',
    transport: 'udp',
    port: 1194,
    messages: [['client', octets([7 << 3], SESSION, REPLAY, random(32 + 5))]],
    says: [{ 'openvpn.protection': 'tls-crypt' }],
  },
  {
    about: 'A session over UDP, with a key of its own.',
    transport: 'udp',
    port: 1194,
    messages: [['client', octets([10 << 3], SESSION, REPLAY, random(32 + 5 + 300))]],
    says: [{ 'openvpn.opcode': 'control_hard_reset_client_v3', 'openvpn.protection': 'tls-crypt-v2' }],
  },
];
