// FTP's control connection as RFC 959 and its extensions have it: log-in, transfers both ways, TLS.
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'Somebody logs in and fetches a file.',
    transport: 'tcp',
    port: 21,
    messages: [
      ['server', '220-Welcome\r\nto this FTP server\r\n220 ready\r\n'],
      ['client', 'USER hanako\r\n'],
      ['server', '331 which password\r\n'],
      ['client', 'PASS hush\r\n'],
      ['server', '230 in\r\n'],
      ['client', 'PASV\r\n'],
      ['server', '227 Entering Passive Mode (198,51,100,9,156,64).\r\n'],
      ['client', 'RETR a b.txt\r\n'],
      ['server', '150 coming\r\n226 done\r\n'],
      ['client', 'SITE CHMOD 600 x\r\n'],
      ['server', '500 no\r\n'],
    ],
    says: [
      {
        'ftp.command': undefined,
        'ftp.completion_code': ['220'],
        'ftp.reply': ['Welcome', 'to this FTP server', 'ready'],
        'ftp.reply_received': 'yes',
      },
      {
        'ftp.command': 'USER',
        'ftp.command_data': 'hanako',
        'ftp.user': 'hanako',
        'ftp.completion_code': ['331'],
      },
      { 'ftp.command': 'PASS', 'ftp.command_data': undefined, 'ftp.user': 'hanako', 'ftp.reply': ['in'] },
      { 'ftp.command': 'PASV', 'ftp.mode': 'passive', 'ftp.dynamic_port': 40_000 },
      { 'ftp.command': 'RETR', 'ftp.command_data': 'a b.txt', 'ftp.completion_code': ['150', '226'] },
      { 'ftp.command': 'SITE', 'ftp.command_data': 'CHMOD' },
    ],
  },
  {
    about: 'The server says nothing that tells it from a mail server; the client opens ports.',
    transport: 'tcp',
    port: 21,
    messages: [
      ['server', '220 hello\r\n'],
      ['client', 'USER anonymous\r\n'],
      ['server', '230 in\r\n'],
      ['client', 'PORT 10,1,0,7,19,137\r\nNLST\r\n'],
      ['server', '200 ok\r\n150 here\r\n226 done\r\n'],
      ['client', 'EPRT |2|fd00::7|5002|\r\n'],
      ['server', '200 ok\r\n'],
      ['client', 'EPSV\r\n'],
      ['server', '229 Extended (|||5003|)\r\n'],
      ['client', 'QUIT\r\n'],
    ],
    says: [
      { 'ftp.completion_code': ['220'] },
      { 'ftp.command': 'USER' },
      { 'ftp.command': 'PORT', 'ftp.mode': 'active', 'ftp.dynamic_port': 5001 },
      { 'ftp.command': 'NLST', 'ftp.completion_code': ['150', '226'] },
      { 'ftp.command': 'EPRT', 'ftp.mode': 'active', 'ftp.dynamic_port': 5002 },
      { 'ftp.command': 'EPSV', 'ftp.mode': 'passive', 'ftp.dynamic_port': 5003 },
      { 'ftp.command': 'QUIT', 'ftp.reply_received': 'no', 'ftp.completion_code': undefined },
    ],
  },
  {
    about: 'The connection goes over to TLS.',
    transport: 'tcp',
    port: 21,
    messages: [
      ['server', '220 FTP\r\n'],
      ['client', 'AUTH TLS\r\n'],
      ['server', '234 go\r\n'],
      ['client', HELLO],
    ],
    says: [
      { 'ftp.completion_code': ['220'] },
      { 'ftp.command': 'AUTH', 'ftp.command_data': 'TLS', 'ftp.completion_code': ['234'] },
    ],
  },
];
