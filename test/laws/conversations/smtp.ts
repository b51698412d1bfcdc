// Mails as RFC 5321 hands them over: one, two at once in chunks, a refusal, a log-in, TLS.
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'One mail to two people, whose header is read and whose body is not.',
    transport: 'tcp',
    port: 25,
    messages: [
      ['server', '220-mx.example ESMTP ready\r\n220 go on\r\n'],
      ['client', 'EHLO pc.example\r\n'],
      ['server', '250-mx.example\r\n250-PIPELINING\r\n250 SIZE 1000\r\n'],
      [
        'client',
        'MAIL FROM:<a@one.example> SIZE=99\r\nRCPT TO:<b@two.example>\r\nrcpt to: <c@two.example>\r\nDATA\r\n',
      ],
      ['server', '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
      [
        'client',
        'From: A <a@one.example>\r\nTo: b@two.example\r\nSubject: =?utf-8?q?a?=\r\n  long one\r\nX-Other: 1\r\n',
      ],
      ['client', '\r\nSubject: body\r\nRSET\r\n..\r\n.\r\n'],
      ['server', '250 2.0.0 queued as 42\r\n'],
      ['client', 'QUIT\r\n'],
      ['server', '221 bye\r\n'],
    ],
    says: [
      {
        'smtp.helo': 'pc.example',
        'smtp.mail_from': '<a@one.example>',
        'smtp.rcpt_to': ['<b@two.example>', '<c@two.example>'],
        'smtp.mail_from_domain': 'one.example',
        'smtp.rcpt_to_domain': ['two.example'],
        'smtp.rcpt_count': 2,
        'smtp.subject': '=?utf-8?q?a?= long one',
        'smtp.from': 'A <a@one.example>',
        'smtp.last_code': 250,
        'smtp.last_reply': '250 2.0.0 queued as 42',
        'smtp.tls': false,
        'smtp.size': 119,
        'smtp.trans_depth': 1,
      },
    ],
  },
  {
    about: 'Two mails in chunks over one connection, the first in two pieces.',
    transport: 'tcp',
    port: 25,
    messages: [
      ['server', '220 mx LMTP\r\n'],
      ['client', 'LHLO pc\r\n'],
      ['server', '250 CHUNKING\r\n'],
      ['client', 'MAIL FROM:<>\r\nRCPT TO:<b@two.example>\r\nBDAT 6\r\nQUIT\r\nBDAT 0 LAST\r\n'],
      ['server', '250 ok\r\n250 ok\r\n250 ok\r\n250 taken\r\n'],
      ['client', 'MAIL FROM:<z@three.example>\r\nRCPT TO:<b@two.example>\r\nBDAT 3 LAST\r\nabc'],
      ['server', '250 ok\r\n550 no\r\n503 none\r\n'],
    ],
    says: [
      { 'smtp.mail_from': '<>', 'smtp.mail_from_domain': undefined, 'smtp.size': 6, 'smtp.last_code': 250 },
      {
        'smtp.mail_from_domain': 'three.example',
        'smtp.trans_depth': 2,
        'smtp.helo': 'pc',
        'smtp.last_code': 503,
      },
    ],
  },
  {
    about: 'A log-in that fails: its words are passed over.',
    transport: 'tcp',
    port: 587,
    messages: [
      ['server', '220 hello\r\n'],
      ['client', 'EHLO pc\r\n'],
      ['server', '250 AUTH LOGIN\r\n'],
      ['client', 'AUTH login\r\n'],
      ['server', '334 VXNlcm5hbWU6\r\n'],
      ['client', 'RCPT\r\n'],
      ['server', '334 UGFzc3dvcmQ6\r\n'],
      ['client', 'c2VjcmV0\r\n'],
      ['server', '535 no\r\n'],
      ['client', 'QUIT\r\n'],
      ['server', '221 bye\r\n'],
    ],
    says: [
      { 'smtp.helo': 'pc', 'smtp.auth_mechanism': 'LOGIN', 'smtp.auth_code': 535, 'smtp.rcpt_count': 0 },
    ],
  },
  {
    about: 'The connection goes over to TLS.',
    transport: 'tcp',
    port: 587,
    messages: [
      ['server', '220 mx ESMTP\r\n'],
      ['client', 'EHLO pc\r\n'],
      ['server', '250 STARTTLS\r\n'],
      ['client', 'STARTTLS\r\n'],
      ['server', '220 go\r\n'],
      ['client', HELLO],
    ],
    says: [{ 'smtp.helo': 'pc', 'smtp.tls': true, 'smtp.mail_from': undefined, 'smtp.last_code': 220 }],
  },
  {
    about: 'Only the client is heard.',
    transport: 'tcp',
    port: 25,
    messages: [
      ['client', 'HELO pc\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'],
      ['client', 'Subject: x\r\n\r\ny\r\n.\r\nQUIT\r\n'],
    ],
    says: [{ 'smtp.mail_from': '<a@b.example>', 'smtp.subject': 'x', 'smtp.last_code': undefined }],
  },
];
