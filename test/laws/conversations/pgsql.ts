// PostgreSQL's protocol 3.0 as its manual lays it out (chapter 55, message formats).
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const start = (...parts: Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets(be32(body.length + 4), body);
};
export const message = (type: string, ...parts: Octets[]): Uint8Array => octets(type, start(...parts));
const status = (name: string, value: string): Uint8Array => message('S', `${name}\0${value}\0`);

export const SSL_REQUEST = start(be32(80_877_103));
export const startup = (user: string): Uint8Array =>
  start(
    be16(3),
    be16(0),
    `user\0${user}\0database\0ledger\0application_name\0psql\0options\0-c x=secret\0\0`,
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'TLS is refused, the client logs in with SCRAM, asks, makes an error, and leaves.',
    transport: 'tcp',
    port: 5432,
    messages: [
      ['client', SSL_REQUEST],
      ['server', 'N'],
      ['client', startup('hanako')],
      ['server', message('R', be32(10), 'SCRAM-SHA-256\0\0')],
      ['client', message('p', 'SCRAM-SHA-256\0', be32(8), 'n,,n=,r=')],
      ['server', message('R', be32(11), 'r=nonce,s=salt,i=4096')],
      ['client', message('p', 'c=biws,r=nonce,p=proof')],
      [
        'server',
        octets(
          message('R', be32(12), 'v=signature'),
          message('R', be32(0)),
          status('server_version', '16.2'),
          status('session_authorization', 'hanako'),
          message('K', be32(4711), be32(0x5ec7e7)),
          message('Z', 'I'),
        ),
      ],
      ['client', message('Q', 'select secret from ledger\0')],
      ['server', octets(message('D', 'a row'), message('C', 'SELECT 1\0'), message('Z', 'I'))],
      ['client', message('Q', 'selec\0')],
      [
        'server',
        octets(
          message('E', 'SERROR\0VERROR\0C42601\0Msyntax error at "selec"\0Rscanner_yyerror\0\0'),
          message('Z', 'I'),
        ),
      ],
      ['client', message('X')],
    ],
    says: [
      { 'pgsql.tx_id': 1, 'pgsql.request.message': 'SSL Request', 'pgsql.response.ssl_accepted': false },
      {
        'pgsql.tx_id': 2,
        'pgsql.request.protocol_version': '3.0',
        'pgsql.request.startup_parameters.user': 'hanako',
        'pgsql.request.startup_parameters.optional_parameters.database': ['ledger', undefined],
        'pgsql.request.startup_parameters.optional_parameters.application_name': [undefined, 'psql'],
        'pgsql.response.message': 'authentication_sasl',
      },
      {
        'pgsql.request.sasl_authentication_mechanism': 'scram_SHA256',
        'pgsql.response.auth': 'authentication_sasl_continue',
      },
      {
        'pgsql.tx_id': 4,
        'pgsql.response.auth': 'authentication_ok',
        'pgsql.response.parameter_status.server_version': ['16.2', undefined],
        'pgsql.response.parameter_status.session_authorization': [undefined, 'hanako'],
        'pgsql.response.backend_key_data.process_id': 4711,
      },
      {
        'pgsql.tx_id': 6,
        'pgsql.response.code': '42601',
        'pgsql.response.severity_non_localizable': 'ERROR',
        'pgsql.response.routine': 'scanner_yyerror',
      },
      {
        'pgsql.tx_id': 7,
        'pgsql.request.message': 'termination_message',
        'pgsql.commands.name': ['query'],
        'pgsql.commands.count': [2],
      },
    ],
  },
  {
    about: 'TLS is granted; what follows is not read here.',
    transport: 'tcp',
    port: 5432,
    messages: [
      ['client', SSL_REQUEST],
      ['server', 'S'],
    ],
    says: [{ 'pgsql.response.ssl_accepted': true }],
  },
  {
    about: 'A client that the server does not let in.',
    transport: 'tcp',
    port: 5432,
    messages: [
      ['client', startup('guest')],
      ['server', message('E', 'SFATAL\0C28000\0Mno entry for host "10.0.0.1"\0Fauth.c\0L481\0\0')],
    ],
    says: [
      {
        'pgsql.request.startup_parameters.user': 'guest',
        'pgsql.response.code': '28000',
        'pgsql.response.message': 'no entry for host "10.0.0.1"',
        'pgsql.response.file': 'auth.c',
        'pgsql.response.line': '481',
      },
    ],
  },
  {
    about: 'Somebody cancels a query of another connection.',
    transport: 'tcp',
    port: 5432,
    messages: [['client', start(be32(80_877_102), be32(4711), be32(0x5ec7e7))]],
    says: [{ 'pgsql.request.message': 'cancel_request', 'pgsql.request.process_id': 4711 }],
  },
];
