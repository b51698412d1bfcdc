// Redis over RESP 2 and 3, as its specification writes it.
import type { Spoken } from './conversation.ts';

export const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

export const spoken: readonly Spoken[] = [
  {
    about: 'A log-in fails, another is taken, then keys are read and written in one go.',
    transport: 'tcp',
    port: 6379,
    messages: [
      ['client', command('AUTH', 'wrong')],
      ['server', '-WRONGPASS invalid username-password pair or user is disabled.\r\n'],
      ['client', command('HELLO', '3', 'AUTH', 'app', 'secret', 'SETNAME', 'web-1')],
      ['server', '%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n'],
      [
        'client',
        command('get', 'session:1') + command('SET', 'session:1', 'x'.repeat(300)) + command('GET', 'no'),
      ],
      ['server', '$3\r\nabc\r\n+OK\r\n_\r\n'],
      ['client', command('CONFIG', 'SET', 'dir', '/var/spool/cron')],
      ['server', '-NOPERM this user has no permissions to run the command\r\n'],
    ],
    says: [
      {
        'redis.cmd.name': 'AUTH',
        'redis.success': false,
        'redis.error': 'WRONGPASS',
        'redis.user': undefined,
      },
      { 'redis.cmd.name': 'HELLO', 'redis.success': true, 'redis.user': 'app' },
      {
        'redis.cmd.name': 'CONFIG',
        'redis.cmd.subcommand': 'SET',
        'redis.success': false,
        'redis.error': 'NOPERM',
      },
      {
        'redis.record': 'close',
        'redis.commands.name': ['AUTH', 'HELLO', 'GET', 'SET', 'CONFIG'],
        'redis.commands.count': [1, 1, 2, 1, 1],
        'redis.errors.name': ['WRONGPASS', 'NOPERM'],
      },
    ],
  },
  {
    about: 'A replica is told to copy from elsewhere; nested answers are walked over.',
    transport: 'tcp',
    port: 6379,
    messages: [
      ['client', command('SCAN', '0')],
      ['server', '*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n*1\r\n:7\r\n'],
      ['client', command('REPLICAOF', '198.51.100.9', '6379')],
      ['server', '+OK\r\n'],
      ['client', command('SUBSCRIBE', 'news')],
      [
        'server',
        '*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n',
      ],
    ],
    says: [
      { 'redis.cmd.name': 'REPLICAOF', 'redis.success': true },
      { 'redis.record': 'close', 'redis.commands.name': ['SCAN', 'REPLICAOF', 'SUBSCRIBE'] },
    ],
  },
];
