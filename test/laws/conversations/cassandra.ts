// Cassandra's native protocol, version 4, as its specification lays out frames (§2) and log-ins (§4).
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const frame = (fromServer: boolean, kind: number, ...parts: Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets([fromServer ? 0x84 : 0x04, 0, 0, 1, kind], be32(body.length), body);
};
const text = (value: string): Uint8Array => octets(be16(value.length), value);
const bytes = (value: string): Uint8Array => octets(be32(value.length), value);
const STARTUP = frame(
  false,
  1,
  be16(3),
  ...['DRIVER_NAME', 'Python', 'DRIVER_VERSION', '3.29', 'CQL_VERSION', '3.4.5'].map(text),
);

export const spoken: readonly Spoken[] = [
  {
    about: 'A driver asks for the options, logs in, and asks.',
    transport: 'tcp',
    port: 9042,
    messages: [
      ['client', frame(false, 5)],
      ['server', frame(true, 6, be16(0))],
      ['client', STARTUP],
      ['server', frame(true, 3, text('org.apache.cassandra.auth.PasswordAuthenticator'))],
      ['client', frame(false, 15, bytes('\0hanako\0secret'))],
      ['server', frame(true, 16, be32(0xffffffff))],
      ['client', octets(frame(false, 7, 'select * from people'), frame(false, 10, 'x'))],
      ['server', frame(true, 8, be32(1))],
    ],
    says: [
      {
        'cassandra.record': 'login',
        'cassandra.version': 4,
        'cassandra.driver.name': 'Python',
        'cassandra.cql_version': '3.4.5',
        'cassandra.authenticator': 'org.apache.cassandra.auth.PasswordAuthenticator',
        'cassandra.user': 'hanako',
        'cassandra.success': true,
      },
      {
        'cassandra.record': 'close',
        'cassandra.requests.name': ['options', 'startup', 'auth_response', 'query', 'execute'],
      },
    ],
  },
  {
    about: 'A log-in is refused.',
    transport: 'tcp',
    port: 9042,
    messages: [
      ['client', STARTUP],
      ['server', frame(true, 3, text('PasswordAuthenticator'))],
      ['client', frame(false, 15, bytes('\0guest\0wrong'))],
      ['server', frame(true, 0, be32(0x100), text('Provided username guest and/or password are incorrect'))],
    ],
    says: [
      { 'cassandra.user': 'guest', 'cassandra.success': false, 'cassandra.error_code': 256 },
      { 'cassandra.record': 'close' },
    ],
  },
];
