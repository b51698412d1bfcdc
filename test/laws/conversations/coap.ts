// A client and a device (RFC 7252): discovery in blocks, a reading that is observed, a write that is refused.
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

/** Options in the order of their numbers, as (number, value). */
export function options(...list: readonly (readonly [number, Octets])[]): Uint8Array {
  let before = 0;
  const parts = list.map(([number, value]) => {
    const [delta, bytes] = [number - before, octets(value)];
    before = number;
    const nibble = (n: number): number => (n < 13 ? n : 13);
    const more = (n: number): number[] => (n < 13 ? [] : [n - 13]);
    return octets([(nibble(delta) << 4) | nibble(bytes.length)], more(delta), more(bytes.length), bytes);
  });
  return octets(...parts);
}
export const message = (
  type: number,
  code: number,
  id: number,
  token: string,
  ...rest: readonly Octets[]
): Uint8Array => octets([0x40 | (type << 4) | token.length, code], be16(id), token, ...rest);
const body = (text: string): Uint8Array => octets([0xff], text);

export const spoken: readonly Spoken[] = [
  {
    about:
      'Resources are discovered in blocks, one is observed, one is written and refused, one restarts the device.',
    transport: 'udp',
    port: 5683,
    messages: [
      [
        'client',
        message(0, 1, 1, 'ab', options([3, 'lamp.example'], [11, '.well-known'], [11, 'core'], [23, [0x02]])),
      ],
      ['server', message(2, 0x45, 1, 'ab', options([12, [40]], [23, [0x0a]]), body('x'.repeat(64)))],
      [
        'client',
        message(0, 1, 2, 'obs', options([6, ''], [11, 'temp'], [15, 'unit=c'], [15, 'n=1'], [17, [50]])),
      ],
      [
        'client',
        message(0, 1, 2, 'obs', options([6, ''], [11, 'temp'], [15, 'unit=c'], [15, 'n=1'], [17, [50]])),
      ],
      ['server', message(2, 0x45, 2, 'obs', options([6, [12]], [12, [50]]), body('21'))],
      ['server', message(1, 0x45, 90, 'obs', options([6, [13]], [12, [50]]), body('22'))],
      ['client', message(0, 3, 3, 'w', options([11, 'light'], [12, '']), body('on'))],
      ['server', message(2, 0, 3, '')],
      ['server', message(0, 0x83, 91, 'w')],
      ['client', message(2, 0, 91, '')],
      ['client', message(0, 2, 4, 'r', options([11, '3'], [11, '0'], [11, '4']))],
      ['server', message(3, 0, 4, '')],
    ],
    says: [
      {
        'coap.type': 'Confirmable',
        'coap.message_id': 1,
        'coap.method': 'GET',
        'coap.effect': 'read',
        'coap.host': 'lamp.example',
        'coap.path': '/.well-known/core',
        'coap.request.block2.number': 0,
        'coap.request.block2.size': 64,
        'coap.code': '2.05',
        'coap.status': 'Content',
        'coap.response.content_format': 'application/link-format',
        'coap.response.block2.more': true,
        'coap.response.length': 64,
      },
      {
        'coap.path': '/temp',
        'coap.query': 'unit=c&n=1',
        'coap.observe': 0,
        'coap.accept': 'application/json',
        'coap.response.observe': 12,
      },
      { 'coap.method': undefined, 'coap.type': 'Non-confirmable', 'coap.response.observe': 13 },
      { 'coap.method': 'PUT', 'coap.effect': 'write', 'coap.code': '4.03', 'coap.status': 'Forbidden' },
      { 'coap.method': 'POST', 'coap.path': '/3/0/4', 'coap.reset': true, 'coap.code': undefined },
    ],
  },
  {
    about: 'A request that is not answered, and one that is cut.',
    transport: 'udp',
    port: 5683,
    messages: [
      ['client', message(1, 1, 5, 'n', options([11, 'a']))],
      ['client', octets(message(1, 1, 6, 'o', options([11, 'b'])), [0x0b, 0x61])],
    ],
    says: [
      { 'coap.path': '/a', 'coap.code': undefined },
      { 'coap.path': '/b', 'coap.message_id': 6 },
    ],
    anomalies: ['malformed_data'],
  },
];
