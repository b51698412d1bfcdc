// A client and a server of OPC UA (part 6): hello, a channel without security, a session, reads and writes; then one encrypted.
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const le16 = (n: number): number[] => [n & 255, n >> 8];
const le32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const text = (value: string): Uint8Array => octets(le32(value.length), value);
const ABSENT = le32(0xffffffff);
const message = (kind: string, ...parts: readonly Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets(kind, le32(8 + body.length), body);
};
const id = (n: number): Uint8Array => octets([1, 0], le16(n));
const REQUEST = octets([0, 0], new Uint8Array(16), ABSENT, le32(1000), [0, 0, 0]);
const result = (status: number): Uint8Array =>
  octets(new Uint8Array(8), le32(1), le32(status), new Uint8Array(8));

const USER = octets(text('p'), text('operator'), text('hush'), ABSENT);
const URL = 'opc.tcp://plc7.example:4840/machine';
const HELLO = message('HELF', le32(0), le32(65535), le32(65535), le32(0), le32(0), text(URL));
const ACKNOWLEDGE = message('ACKF', le32(0), le32(65535), le32(65535), le32(0), le32(0));
const POLICY = 'http://opcfoundation.org/UA/SecurityPolicy#';
const open = (channel: number, request: number, ...body: readonly Octets[]): Uint8Array =>
  message('OPNF', le32(channel), text(`${POLICY}None`), ABSENT, ABSENT, le32(1), le32(request), ...body);
const say = (request: number, ...body: readonly Octets[]): Uint8Array =>
  message('MSGF', le32(7), le32(1), le32(9), le32(request), ...body);

export const spoken: readonly Spoken[] = [
  {
    about: 'A user logs in by name, reads, is refused a write, calls a method in two chunks, and leaves.',
    transport: 'tcp',
    port: 4840,
    messages: [
      ['client', HELLO],
      ['server', ACKNOWLEDGE],
      ['client', open(0, 1, id(446), REQUEST, le32(0), le32(0), le32(1), ABSENT, le32(3600000))],
      [
        'server',
        open(7, 1, id(449), result(0), le32(0), le32(7), le32(1), new Uint8Array(8), le32(3600000), ABSENT),
      ],
      [
        'client',
        say(
          2,
          id(467),
          REQUEST,
          ABSENT,
          ABSENT,
          le32(0),
          le32(1),
          text('en'),
          id(324),
          [1],
          le32(USER.length),
          USER,
          ABSENT,
          ABSENT,
        ),
      ],
      ['server', say(2, id(470), result(0), ABSENT, le32(0), le32(0))],
      [
        'client',
        octets(
          say(3, id(631), REQUEST, new Uint8Array(12), le32(2), new Uint8Array(32)),
          say(4, id(673), REQUEST, le32(1), new Uint8Array(11)),
        ),
      ],
      ['server', say(4, id(397), result(0x801f0000))],
      ['server', say(3, id(634), result(0), le32(0), ABSENT)],
      [
        'client',
        octets(
          message('MSGC', le32(7), le32(1), le32(9), le32(5), id(712), REQUEST, le32(3)),
          say(5, new Uint8Array(50)),
        ),
      ],
      ['client', message('CLOF', le32(7), le32(1), le32(9), le32(6), id(452), REQUEST)],
    ],
    says: [
      {
        'opcua.message': 'Hello',
        'opcua.endpoint.host': 'plc7.example',
        'opcua.endpoint.url': URL,
        'opcua.answered': true,
      },
      {
        'opcua.message': 'OpenSecureChannel',
        'opcua.service': 'OpenSecureChannel',
        'opcua.security_policy': `${POLICY}None`,
        'opcua.security_mode': 'None',
        'opcua.channel_request': 'Issue',
        'opcua.channel_id': 7,
        'opcua.service_result': 'Good',
      },
      { 'opcua.service': 'ActivateSession', 'opcua.user.token': 'UserName', 'opcua.user.name': 'operator' },
      {
        'opcua.service': 'Write',
        'opcua.effect': 'write',
        'opcua.count': 1,
        'opcua.request_id': 4,
        'opcua.service_result': 'BadUserAccessDenied',
      },
      { 'opcua.service': 'Read', 'opcua.count': 2, 'opcua.security_policy': undefined },
      { 'opcua.message': 'CloseSecureChannel', 'opcua.service': 'CloseSecureChannel' },
      { 'opcua.service': 'Call', 'opcua.effect': 'control', 'opcua.count': 3, 'opcua.answered': false },
    ],
  },
  {
    about: 'An encrypted channel, a large message, an error.',
    transport: 'tcp',
    port: 4840,
    messages: [
      ['client', HELLO],
      ['server', ACKNOWLEDGE],
      [
        'client',
        message(
          'OPNF',
          le32(0),
          text(`${POLICY}Basic256Sha256`),
          text('c'.repeat(900)),
          text('t'.repeat(20)),
          new Uint8Array(256).fill(0xa5),
        ),
      ],
      [
        'server',
        message(
          'OPNF',
          le32(8),
          text(`${POLICY}Basic256Sha256`),
          text('c'),
          text('t'),
          new Uint8Array(256).fill(0xa7),
        ),
      ],
      ['client', message('MSGF', le32(8), le32(1), new Uint8Array(5000).fill(0x99))],
      ['server', message('ERRF', le32(0x80130000), text('no'))],
    ],
    says: [
      { 'opcua.message': 'Hello' },
      {
        'opcua.security_policy': `${POLICY}Basic256Sha256`,
        'opcua.secured': true,
        'opcua.channel_id': 8,
        'opcua.service': undefined,
      },
      { 'opcua.message': 'Error', 'opcua.error': 'BadSecurityChecksFailed' },
    ],
  },
];
