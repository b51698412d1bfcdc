// IRC as RFC 2812 has it: registration, channels; what is talked about is not told.
import { clientHello, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const HELLO = records(clientHello({ ciphers: [0x1301] }));

export const spoken: readonly Spoken[] = [
  {
    about: 'Somebody registers, joins and talks.',
    transport: 'tcp',
    port: 6667,
    messages: [
      ['server', ':irc.example NOTICE AUTH :*** Looking up your hostname\r\n'],
      ['client', 'PASS hush\r\nNICK hana\r\nUSER hanako 0 * :Real Name\r\n'],
      ['server', ':irc.example 001 hana :Welcome\r\n:irc.example 375 hana :motd\r\n'],
      ['client', 'JOIN #chat key\r\n'],
      ['server', ':hana!h@pc JOIN #chat\r\n'],
      ['client', 'PRIVMSG #chat :secret words\r\nQUIT :bye\r\n'],
    ],
    says: [
      { 'irc.command': 'NICK', 'irc.nick': 'hana', 'irc.user': undefined },
      { 'irc.command': 'USER', 'irc.nick': 'hana', 'irc.user': 'hanako', 'irc.value': undefined },
      { 'irc.command': '001', 'irc.code': 1 },
      { 'irc.command': 'JOIN', 'irc.value': '#chat' },
      { 'irc.command': 'QUIT', 'irc.value': undefined },
    ],
  },
  {
    about: 'A client that speaks first, whose name is taken; then TLS.',
    transport: 'tcp',
    port: 6667,
    messages: [
      ['client', 'CAP LS 302\r\nNICK hana\r\n'],
      ['server', ':irc.example 433 * hana :in use\r\n'],
      ['client', 'STARTTLS\r\n'],
      ['server', ':irc.example 670 hana :go\r\n'],
      ['client', HELLO],
    ],
    says: [
      { 'irc.command': 'CAP', 'irc.value': 'LS' },
      { 'irc.command': 'NICK' },
      { 'irc.code': 433 },
      { 'irc.command': 'STARTTLS' },
      { 'irc.code': 670 },
    ],
  },
];
