// MongoDB's wire protocol with documents of BSON, as both specifications write them.
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const le32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];
type Value = string | number | Uint8Array | { [name: string]: Value };

function bson(document: { [name: string]: Value }): Uint8Array {
  const elements = Object.entries(document).map(([name, value]) => {
    if (typeof value === 'string') return octets([2], `${name}\0`, le32(value.length + 1), `${value}\0`);
    if (typeof value === 'number') return octets([16], `${name}\0`, le32(value));
    if (value instanceof Uint8Array) return octets([5], `${name}\0`, le32(value.length), [0], value);
    return octets([3], `${name}\0`, bson(value));
  });
  const body = octets(...elements, [0]);
  return octets(le32(body.length + 4), body);
}
const message = (kind: number, answers: number, ...parts: Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets(le32(body.length + 16), le32(7), le32(answers), le32(kind), body);
};
export const ask = (document: { [name: string]: Value }): Uint8Array =>
  message(2013, 0, le32(0), [0], bson(document));
export const answer = (document: { [name: string]: Value }): Uint8Array =>
  message(2013, 7, le32(0), [0], bson(document));

const CLIENT = {
  application: { name: 'shop' },
  driver: { name: 'nodejs', version: '6.3.0' },
  os: { type: 'Linux', name: 'linux' },
};
const start = (user: string): Uint8Array =>
  ask({
    saslStart: 1,
    mechanism: 'SCRAM-SHA-256',
    payload: octets(`n,,n=${user},r=nonce`),
    $db: 'admin-of-all',
  });

export const spoken: readonly Spoken[] = [
  {
    about: 'A driver says what it is, logs in with SCRAM, finds and inserts.',
    transport: 'tcp',
    port: 27_017,
    messages: [
      [
        'client',
        message(
          2004,
          0,
          le32(4),
          'admin.$cmd\0',
          le32(0),
          le32(0xffffffff),
          bson({ isMaster: 1, client: CLIENT }),
        ),
      ],
      ['server', message(1, 7, le32(8), new Uint8Array(8), le32(0), le32(1), bson({ ismaster: 1, ok: 1 }))],
      ['client', start('hanako')],
      ['server', answer({ conversationId: 1, done: 0, payload: octets('r=x,s=y,i=15000'), ok: 1 })],
      [
        'client',
        ask({ saslContinue: 1, conversationId: 1, payload: octets('c=biws,p=proof'), $db: 'admin-of-all' }),
      ],
      ['server', answer({ conversationId: 1, done: 1, payload: octets('v=z'), ok: 1 })],
      ['client', ask({ find: 'people', filter: { name: 'taro' }, $db: 'shop' })],
      ['server', answer({ ok: 1 })],
      ['client', octets(ask({ insert: 'people', $db: 'shop' }), ask({ 'made up': 1 }))],
    ],
    says: [
      {
        'mongodb.record': 'login',
        'mongodb.client.application': 'shop',
        'mongodb.client.driver': 'nodejs',
        'mongodb.client.driver_version': '6.3.0',
        'mongodb.client.os': 'Linux',
        'mongodb.auth_mechanism': 'SCRAM-SHA-256',
        'mongodb.user': 'hanako',
        'mongodb.database': 'admin-of-all',
        'mongodb.success': true,
      },
      {
        'mongodb.record': 'close',
        'mongodb.commands.name': ['isMaster', 'saslStart', 'saslContinue', 'find', 'insert', 'other'],
      },
    ],
  },
  {
    about: 'A log-in is refused.',
    transport: 'tcp',
    port: 27_017,
    messages: [
      ['client', start('guest')],
      [
        'server',
        answer({ ok: 0, errmsg: 'Authentication failed.', code: 18, codeName: 'AuthenticationFailed' }),
      ],
    ],
    says: [
      { 'mongodb.user': 'guest', 'mongodb.success': false, 'mongodb.error_code': 18 },
      { 'mongodb.record': 'close', 'mongodb.commands.count': [1] },
    ],
  },
];
