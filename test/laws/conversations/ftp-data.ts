// FTP's data connections, each announced by a control connection.
import type { Spoken } from './conversation.ts';

export const byPortOnly =
  'A data connection carries a file as it is; only the control connection knows of it.';

export const spoken: readonly Spoken[] = [
  {
    about: 'The client connects to the port that the server named.',
    transport: 'tcp',
    port: 40_000,
    before: {
      transport: 'tcp',
      port: 21,
      messages: [
        ['server', '220 FTP\r\n'],
        ['client', 'PASV\r\n'],
        ['server', '227 Entering Passive Mode (198,51,100,9,156,64).\r\n'],
        ['client', 'RETR a.txt\r\n'],
        ['server', '150 coming\r\n'],
      ],
    },
    messages: [['server', 'what is in the file\n']],
    says: [{ 'ftp_data.filename': 'a.txt', 'ftp_data.command': 'RETR', 'ftp_data.mode': 'passive' }],
  },
  {
    about: 'A listing, over the extended form.',
    transport: 'tcp',
    port: 5003,
    before: {
      transport: 'tcp',
      port: 21,
      messages: [
        ['server', '220 FTP\r\n'],
        ['client', 'EPSV\r\n'],
        ['server', '229 Extended (|||5003|)\r\n'],
        ['client', 'MLSD\r\n'],
      ],
    },
    messages: [['server', 'type=file; a.txt\r\n']],
    says: [{ 'ftp_data.command': 'MLSD', 'ftp_data.filename': undefined }],
  },
];
