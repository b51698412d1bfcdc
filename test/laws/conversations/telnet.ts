// Telnet as RFC 854 begins: options, a log-in that fails and one that does not; a server that only asks.
import { octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const IAC = 255;
const [WILL, WONT, DO] = [251, 252, 253];

export const spoken: readonly Spoken[] = [
  {
    about: 'Two attempts, the second of which succeeds.',
    transport: 'tcp',
    port: 23,
    messages: [
      ['server', [IAC, DO, 24, IAC, WILL, 1, IAC, DO, 24]],
      ['client', [IAC, WILL, 24, IAC, DO, 1]],
      ['server', [IAC, 250, 24, 1, IAC, 240]],
      ['client', octets([IAC, 250, 24, 0], 'XTERM', [IAC, 240])],
      ['server', 'machine login: '],
      ['client', 'hanako\r\n'],
      ['server', 'hanako\r\nPassword: '],
      ['client', 'wrong\r\n'],
      ['server', '\r\nLogin incorrect\r\nmachine login: '],
      ['client', 'hanako\r\n'],
      ['server', 'Password: '],
      ['client', octets('hush', [IAC, WONT, 1], '\r\n')],
      ['server', '\r\nLast login: yesterday\r\n$ '],
    ],
    says: [
      {
        'telnet.server_options': ['do terminal-type', 'will echo'],
        'telnet.client_options': ['will terminal-type', 'do echo', 'wont echo'],
        'telnet.login_prompt': true,
        'telnet.password_prompt': true,
        'telnet.login_attempts': 2,
        'telnet.login_failed': true,
        'telnet.login_success': true,
      },
    ],
  },
  {
    about: 'A server that negotiates, and nobody answers.',
    transport: 'tcp',
    port: 23,
    messages: [['server', [IAC, DO, 31, IAC, WILL, 3, IAC, 241]]],
    says: [
      {
        'telnet.server_options': ['do window-size', 'will suppress-go-ahead'],
        'telnet.client_options': undefined,
        'telnet.login_prompt': false,
        'telnet.login_success': undefined,
      },
    ],
  },
];
