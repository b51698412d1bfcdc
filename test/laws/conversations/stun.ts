// A way through address translation asked for (RFC 8489), and a relay that wants to know who asks (RFC 8656).
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const COOKIE = be32(0x2112a442);
export const attribute = (code: number, value: Octets): Uint8Array => {
  const bytes = octets(value);
  return octets(be16(code), be16(bytes.length), bytes, new Uint8Array(-bytes.length & 3));
};
export function message(type: number, ...attributes: readonly Octets[]): Uint8Array {
  const body = octets(...attributes);
  return octets(be16(type), be16(body.length), COOKIE, new Uint8Array(12).fill(7), body);
}
/** 198.51.100.9 and port 40000 under the mask. */
const masked = octets([0, 1], be16(40_000 ^ 0x2112), [198 ^ 0x21, 51 ^ 0x12, 100 ^ 0xa4, 9 ^ 0x42]);

export const spoken: readonly Spoken[] = [
  {
    about: 'A call finds out where it is seen, and goes on asking.',
    transport: 'udp',
    port: 3478,
    messages: [
      [
        'client',
        message(
          0x0001,
          attribute(0x0006, 'abcd:efgh'),
          attribute(0x802a, new Uint8Array(8)),
          attribute(0x0025, []),
        ),
      ],
      ['server', message(0x0101, attribute(0x0020, masked), attribute(0x8022, 'Example 1.0'))],
      ['client', message(0x0001, attribute(0x0006, 'abcd:efgh'))],
      ['client', octets([0x80, 0x60], new Uint8Array(30))],
    ],
    says: [
      {
        'stun.class': 'request',
        'stun.method': 'binding',
        'stun.username': 'abcd:efgh',
        'stun.ice_role': 'controlling',
        'stun.use_candidate': true,
      },
      {
        'stun.class': 'success',
        'stun.xor_mapped_address': '198.51.100.9',
        'stun.xor_mapped_port': 40_000,
        'stun.software': 'Example 1.0',
      },
    ],
  },
  {
    about: 'A relay over TCP asks for a name, then carries data on a channel.',
    transport: 'tcp',
    port: 3478,
    messages: [
      ['client', message(0x0003, attribute(0x0019, [17, 0, 0, 0]))],
      [
        'server',
        message(
          0x0113,
          attribute(0x0009, octets([0, 0, 4, 1], 'Unauthorized')),
          attribute(0x0014, 'example.jp'),
        ),
      ],
      ['client', octets(be16(0x4001), be16(5), 'hello', [0, 0, 0])],
      ['client', message(0x0004, attribute(0x000d, be32(600)))],
    ],
    says: [
      { 'stun.method': 'allocate', 'stun.requested_transport': 17 },
      { 'stun.class': 'error', 'stun.error_code': 401, 'stun.realm': 'example.jp' },
      { 'stun.method': 'refresh', 'stun.lifetime': 600 },
    ],
  },
];
