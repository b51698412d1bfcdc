// A mailbox emptied as RFC 1939 has it, a log-in by SASL, TLS.
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'Somebody logs in, lists and fetches.',
    transport: 'tcp',
    port: 110,
    messages: [
      ['server', '+OK POP3 ready <1896.697170952@pop.example>\r\n'],
      ['client', 'USER hanako\r\n'],
      ['server', '+OK\r\n'],
      ['client', 'PASS hush\r\n'],
      ['server', '+OK in\r\n'],
      ['client', 'LIST\r\n'],
      ['server', '+OK 1 message\r\n1 120\r\n.\r\n'],
      ['client', 'RETR 1\r\n'],
      ['server', '+OK\r\nSubject: x\r\n\r\n+OK is no answer here\r\n.\r\n'],
      ['client', 'DELE 2\r\n'],
      ['server', '-ERR no such message\r\n'],
      ['client', 'QUIT\r\n'],
    ],
    says: [
      { 'pop3.request.command': undefined, 'pop3.response.success': true, 'pop3.response.status': 'OK' },
      { 'pop3.request.command': 'USER', 'pop3.request.args': ['hanako'], 'pop3.user': 'hanako' },
      { 'pop3.request.command': 'PASS', 'pop3.request.args': undefined, 'pop3.response.header': 'in' },
      { 'pop3.request.command': 'LIST' },
      { 'pop3.request.command': 'RETR', 'pop3.request.args': ['1'] },
      { 'pop3.request.command': 'DELE', 'pop3.response.success': false, 'pop3.response.status': 'ERR' },
      { 'pop3.request.command': 'QUIT', 'pop3.response.success': undefined },
    ],
  },
  {
    about: 'A log-in in several steps, whose words are passed over; then TLS.',
    transport: 'tcp',
    port: 110,
    messages: [
      ['server', '+OK hello\r\n'],
      ['client', 'AUTH PLAIN\r\n'],
      ['server', '+ \r\n'],
      ['client', 'QUIT\r\n'],
      ['server', '-ERR no\r\n'],
      ['client', 'STLS\r\n'],
      ['server', '+OK go\r\n'],
      ['client', HELLO],
    ],
    says: [
      { 'pop3.response.header': 'hello' },
      { 'pop3.request.command': 'AUTH', 'pop3.request.args': ['PLAIN'], 'pop3.response.success': false },
      { 'pop3.request.command': 'STLS', 'pop3.response.success': true },
    ],
  },
];
