// rlogin as RFC 1282 begins.
import type { Spoken } from './conversation.ts';

export const spoken: readonly Spoken[] = [
  {
    about: 'A log-in that the server takes.',
    transport: 'tcp',
    port: 513,
    clientPort: 1023,
    messages: [
      ['client', '\0hanako\0root\0xterm/38400\0'],
      ['server', '\0'],
      ['server', 'Password: '],
      ['client', 'hush\r'],
    ],
    says: [
      {
        'rlogin.client_user': 'hanako',
        'rlogin.server_user': 'root',
        'rlogin.terminal': 'xterm/38400',
        'rlogin.accepted': true,
      },
    ],
  },
  {
    about: 'One that it does not answer.',
    transport: 'tcp',
    port: 513,
    messages: [['client', '\0a\0b\0vt100/9600\0']],
    says: [{ 'rlogin.server_user': 'b', 'rlogin.accepted': undefined }],
  },
];
