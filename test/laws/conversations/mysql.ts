// MySQL as its manual lays out the log-in (Protocol::HandshakeV10, HandshakeResponse41), and commands after it.
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const packet = (number: number, ...parts: Octets[]): Uint8Array => {
  const payload = octets(...parts);
  return octets([payload.length & 255, payload.length >> 8, 0, number], payload);
};
const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const text = (value: string): Uint8Array => octets([value.length], value);

export const greeting = packet(
  0,
  [10],
  '8.0.36\0',
  [30, 0, 0, 0],
  'abcdefgh\0',
  [0xff, 0xff, 0xff, 0x02, 0x00, 0xff, 0xdf, 21],
  zeros(10),
  'ijklmnopqrst\0',
  'caching_sha2_password\0',
);
export const answer = (capabilities: readonly number[], ...rest: Octets[]): Uint8Array =>
  packet(1, capabilities, [0, 0, 0, 1, 33], zeros(23), ...rest);
const attributes = octets(
  text('_os'),
  text('Linux'),
  text('_client_name'),
  text('libmysql'),
  text('os_user'),
  text('hanako'),
  text('program_name'),
  text('mysqldump'),
);
const whole = answer(
  [0x8d, 0xa2, 0x3a, 0x00],
  'app\0',
  [20],
  '01234567890123456789',
  'shop\0',
  'mysql_native_password\0',
  [attributes.length],
  attributes,
);

export const spoken: readonly Spoken[] = [
  {
    about: 'An application logs in to a database, asks twice and leaves.',
    transport: 'tcp',
    port: 3306,
    messages: [
      ['server', greeting],
      ['client', whole],
      ['server', packet(2, [0xfe], 'caching_sha2_password\0', 'nonce-nonce-nonce-no\0')],
      ['client', packet(3, 'x'.repeat(32))],
      ['server', octets(packet(4, [1, 3]), packet(5, [0, 0, 0, 2, 0, 0, 0]))],
      ['client', packet(0, [3], 'select 1')],
      ['server', packet(1, [1])],
      ['client', octets(packet(0, [3], 'select secret from people'), packet(0, [14]))],
      ['client', packet(0, [1])],
    ],
    says: [
      {
        'mysql.record': 'login',
        'mysql.version': '8.0.36',
        'mysql.thread_id': 30,
        'mysql.tls': false,
        'mysql.user': 'app',
        'mysql.database': 'shop',
        'mysql.auth_plugin': 'caching_sha2_password',
        'mysql.client_attributes.name': ['os', 'client_name', 'program_name'],
        'mysql.client_attributes.value': ['Linux', 'libmysql', 'mysqldump'],
        'mysql.success': true,
      },
      {
        'mysql.record': 'close',
        'mysql.commands.name': ['query', 'ping', 'quit'],
        'mysql.commands.count': [2, 1, 1],
      },
    ],
  },
  {
    about: 'A log-in is refused, the user and the host with it.',
    transport: 'tcp',
    port: 3306,
    messages: [
      ['server', greeting],
      ['client', answer([0x05, 0xa2, 0x08, 0x00], 'root\0', [0], 'mysql_native_password\0')],
      ['server', packet(2, [0xff, 0x15, 0x04], '#28000', "Access denied for user 'root'@'10.0.0.1'")],
    ],
    says: [
      { 'mysql.user': 'root', 'mysql.success': false, 'mysql.error_code': 1045, 'mysql.sql_state': '28000' },
    ],
  },
  {
    about: 'A host that failed too often is not even greeted.',
    transport: 'tcp',
    port: 3306,
    messages: [['server', packet(0, [0xff, 0x69, 0x04], 'Host is blocked because of many errors')]],
    says: [{ 'mysql.version': undefined, 'mysql.success': false, 'mysql.error_code': 1129 }],
  },
  {
    about: 'The client goes over to TLS before it says who it is.',
    transport: 'tcp',
    port: 3306,
    messages: [
      ['server', greeting],
      ['client', answer([0x05, 0xae, 0x08, 0x00])],
    ],
    says: [{ 'mysql.version': '8.0.36', 'mysql.tls': true, 'mysql.user': undefined }],
  },
];
