// rsh as its server reads it: the port for errors, who asks, as whom, the command.
import type { Spoken } from './conversation.ts';

export const spoken: readonly Spoken[] = [
  {
    about: 'A command that the server runs.',
    transport: 'tcp',
    port: 514,
    clientPort: 1023,
    messages: [
      ['client', '1022\0'],
      ['client', 'hanako\0root\0uname -a\0'],
      ['server', '\0Linux\n'],
    ],
    says: [
      {
        'rsh.client_user': 'hanako',
        'rsh.server_user': 'root',
        'rsh.command': 'uname -a',
        'rsh.error_port': 1022,
        'rsh.accepted': true,
      },
    ],
  },
  {
    about: 'One that it refuses.',
    transport: 'tcp',
    port: 514,
    messages: [
      ['client', '0\0a\0b\0id\0'],
      ['server', '\x01Permission denied.\n'],
    ],
    says: [{ 'rsh.command': 'id', 'rsh.error_port': 0, 'rsh.accepted': false }],
  },
];
