// A mailbox read as RFC 9051 has it: log-in, literals both ways, TLS.
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'Somebody logs in, opens a mailbox and fetches a mail.',
    transport: 'tcp',
    port: 143,
    messages: [
      ['server', '* OK [CAPABILITY IMAP4rev1] ready\r\n'],
      ['client', 'a1 LOGIN "hanako" {4}\r\n'],
      ['server', '+ go on\r\n'],
      ['client', 'hush\r\n'],
      ['server', 'a1 NO [AUTHENTICATIONFAILED] sorry\r\n'],
      ['client', 'a2 login hanako hush\r\n'],
      ['server', 'a2 OK in\r\n'],
      ['client', 'a3 SELECT "INBOX"\r\na4 UID FETCH 1 BODY[]\r\n'],
      ['server', '* 1 EXISTS\r\n* OK [UNSEEN 1] first\r\na3 OK [READ-WRITE] open\r\n'],
      ['server', '* 1 FETCH (BODY[] {17}\r\na4 OK not this\r\n\n)\r\na4 OK done\r\n'],
      ['client', 'a5 LOGOUT\r\n'],
    ],
    says: [
      { 'imap.command': undefined, 'imap.status': 'OK', 'imap.response_code': 'CAPABILITY' },
      {
        'imap.command': 'LOGIN',
        'imap.user': 'hanako',
        'imap.status': 'NO',
        'imap.response_code': 'AUTHENTICATIONFAILED',
      },
      { 'imap.command': 'LOGIN', 'imap.user': 'hanako', 'imap.status': 'OK', 'imap.response_text': 'in' },
      { 'imap.command': 'SELECT', 'imap.mailbox': 'INBOX', 'imap.response_code': 'READ-WRITE' },
      { 'imap.command': 'UID FETCH', 'imap.response_text': 'done' },
      { 'imap.command': 'LOGOUT', 'imap.status': undefined },
    ],
  },
  {
    about: 'A log-in whose words are passed over; then TLS.',
    transport: 'tcp',
    port: 143,
    messages: [
      ['server', '* OK hello\r\n'],
      ['client', '1 AUTHENTICATE plain\r\n'],
      ['server', '+ \r\n'],
      ['client', 'a LOGOUT\r\n'],
      ['server', '1 BAD no\r\n'],
      ['client', '2 STARTTLS\r\n'],
      ['server', '2 OK go\r\n'],
      ['client', HELLO],
    ],
    says: [
      { 'imap.status': 'OK' },
      { 'imap.command': 'AUTHENTICATE', 'imap.auth_mechanism': 'PLAIN', 'imap.status': 'BAD' },
      { 'imap.command': 'STARTTLS', 'imap.status': 'OK' },
    ],
  },
];
