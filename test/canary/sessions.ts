// Log-ins, mail, files and queries with a secret in each place that names a person or a thing of theirs.

import type { Frame } from '../support/packets/capture.ts';
import type { Conversation, Ends } from '../support/packets/conversation.ts';
import { datagrams } from '../support/packets/conversation.ts';
import { head } from '../support/packets/http.ts';
import { be16, be24, be32, type Octets, octets } from '../support/packets/octets.ts';

type Flow = (serverPort: number, more?: Ends) => Conversation;
type Plant = (place: string) => string;

export function sessions(flow: Flow, s: Plant, client: string): Frame[][] {
  return [
    ...mail(flow, s),
    ...files(flow, s, client),
    ...talk(flow, s, client),
    ...databases(flow, s),
    ...newerWeb(flow, s),
  ];
}

function mail(flow: Flow, s: Plant): Frame[][] {
  return [
    flow(25)
      .send('server', '220 mail.example ESMTP\r\n')
      .send('client', `EHLO [${s('smtp helo of a machine')}]\r\n`)
      .send('server', '250 AUTH PLAIN LOGIN\r\n')
      .send('client', `AUTH PLAIN ${Buffer.from(`\0u\0${s('smtp password')}`).toString('base64')}\r\n`)
      .send('server', '235 ok\r\n')
      .send('client', `MAIL FROM:<${s('smtp sender')}@mail.example>\r\n`)
      .send('server', '250 ok\r\n')
      .send('client', `RCPT TO:<${s('smtp recipient')}@mail.example>\r\nDATA\r\n`)
      .send('server', '250 ok\r\n354 go\r\n')
      .send(
        'client',
        `From: ${s('mail from')} <${s('mail from address')}@mail.example>\r\nTo: ${s('mail to')}@mail.example\r\nSubject: ${s('subject of a mail')}\r\nMessage-ID: <${s('message id')}@mail.example>\r\n\r\n${s('text of a mail')}\r\n.\r\n`,
      )
      .send('server', '250 queued\r\n')
      .close(),
    flow(110)
      .send('server', '+OK POP3 ready\r\n')
      .send('client', `USER ${s('pop3 user')}\r\n`)
      .send('server', '+OK\r\n')
      .send('client', `PASS ${s('pop3 password')}\r\n`)
      .send('server', '-ERR no\r\n')
      .close(),
    flow(143)
      .send('server', '* OK IMAP4rev1 ready\r\n')
      .send('client', `a1 LOGIN ${s('imap user')} ${s('imap secret')}\r\n`)
      .send('server', 'a1 OK done\r\n')
      .send('client', `a2 SELECT "${s('imap folder')}"\r\n`)
      .send('server', 'a2 OK done\r\n')
      .close(),
  ].map(({ frames }) => frames);
}

function files(flow: Flow, s: Plant, client: string): Frame[][] {
  return [
    flow(21)
      .send('server', '220 FTP ready\r\n')
      .send('client', `USER ${s('ftp user')}\r\n`)
      .send('server', '331 password\r\n')
      .send('client', `PASS ${s('ftp secret')}\r\n`)
      .send('server', `230 welcome ${s('ftp welcome')}\r\n`)
      .send('client', `RETR /pub/${s('ftp path')}\r\n`)
      .send('server', '550 no such file\r\n')
      .close().frames,
    datagrams({ client, serverPort: 69, clientPort: 30_100 }, [
      ['client', octets([0, 1], `${s('tftp file')}\0octet\0`)],
    ]),
  ];
}

function talk(flow: Flow, s: Plant, client: string): Frame[][] {
  const text = (value: string): Uint8Array => octets(be16(value.length), value);
  const mqttConnect = octets(
    text('MQTT'),
    [4, 0xc2, 0, 60],
    text(s('mqtt client')),
    text(s('mqtt user')),
    text(s('mqtt password')),
  );
  const publish = octets(text(`home/${s('mqtt topic')}`), s('mqtt payload'));
  const invite = head(
    `INVITE sip:${s('sip called')}@voice.example SIP/2.0`,
    `From: "${s('sip name')}" <sip:${s('sip caller')}@voice.example>;tag=1`,
    `To: <sip:${s('sip to')}@voice.example>`,
    'Call-ID: 4711',
    'CSeq: 1 INVITE',
    `Contact: <sip:${s('sip contact')}@10.1.0.7>`,
    'Content-Length: 0',
  );
  return [
    flow(6667)
      .send('client', `NICK ${s('irc nick')}\r\nUSER ${s('irc user')} 0 * :${s('irc real name')}\r\n`)
      .send('server', ':irc.example 001 x :Welcome\r\n')
      .send('client', `JOIN #${s('irc channel')}\r\nPRIVMSG #x :${s('irc message')}\r\n`)
      .close().frames,
    flow(1883)
      .send('client', octets([0x10, mqttConnect.length], mqttConnect))
      .send('server', [0x20, 2, 0, 0])
      .send('client', octets([0x30, publish.length], publish))
      .close().frames,
    datagrams({ client, serverPort: 5060, clientPort: 5060 }, [['client', octets(invite)]]),
  ];
}

function databases(flow: Flow, s: Plant): Frame[][] {
  const packet = (number: number, ...parts: Octets[]): Uint8Array => {
    const payload = octets(...parts);
    return octets([payload.length & 255, payload.length >> 8, 0, number], payload);
  };
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const greeting = octets(
    [10],
    '8.0.36\0',
    [30, 0, 0, 0],
    'abcdefgh\0',
    [0xff, 0xff, 0xff, 2, 0, 0xff, 0xdf, 21],
    zeros(10),
    'ijklmnopqrst\0mysql_native_password\0',
  );
  const start = (...parts: Octets[]): Uint8Array => {
    const body = octets(...parts);
    return octets(be32(body.length + 4), body);
  };
  const message = (type: string, ...parts: Octets[]): Uint8Array => octets(type, start(...parts));
  const command = (...words: string[]): string =>
    `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
  return [
    flow(3306)
      .send('server', packet(0, greeting))
      .send(
        'client',
        packet(
          1,
          [0x8d, 0xa2, 0x08, 0, 0, 0, 0, 1, 33],
          zeros(23),
          `${s('mysql user')}\0`,
          [28],
          s('mysql proof'),
          `${s('mysql database')}\0mysql_native_password\0`,
        ),
      )
      .send('server', packet(2, [0, 0, 0, 2, 0, 0, 0]))
      .send('client', packet(0, [3], `select '${s('mysql query')}'`))
      .send('server', packet(1, [0xff, 0x28, 4], `#42000near '${s('mysql error')}'`))
      .close(),
    flow(5432)
      .send(
        'client',
        start(
          be16(3),
          be16(0),
          `user\0${s('pgsql user')}\0database\0${s('pgsql database')}\0options\0${s('pgsql options')}\0\0`,
        ),
      )
      .send('server', message('R', be32(3)))
      .send('client', message('p', `${s('pgsql password')}\0`))
      .send('server', octets(message('R', be32(0)), message('Z', 'I')))
      .send('client', message('Q', `select '${s('pgsql query')}'\0`))
      .send(
        'server',
        octets(message('E', `SERROR\0C42601\0Mnear "${s('pgsql error')}"\0\0`), message('Z', 'I')),
      )
      .send('client', message('X'))
      .close(),
    flow(6379)
      .send('client', command('AUTH', s('redis user'), s('redis password')))
      .send('server', '+OK\r\n')
      .send('client', command('SET', s('redis key'), s('redis value')) + command('GET', s('redis other key')))
      .send('server', `+OK\r\n-ERR ${s('redis error')}\r\n`)
      .send(
        'client',
        command('CONFIG', 'SET', 'requirepass', s('redis argument')) + command(s('redis made-up command')),
      )
      .close(),
  ].map(({ frames }) => frames);
}

function newerWeb(flow: Flow, s: Plant): Frame[][] {
  const frame = (type: number, flags: number, stream: number, ...parts: Octets[]): Uint8Array => {
    const payload = octets(...parts);
    return octets(be24(payload.length), [type, flags], be32(stream), payload);
  };
  const text = (value: string): Uint8Array => octets([value.length], value);
  const field = (name: string, value: string): Uint8Array => octets([0x40], text(name), text(value));
  return [
    flow(8080)
      .send(
        'client',
        octets(
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          frame(4, 0, 0),
          frame(
            1,
            4,
            1,
            [0x83, 0x86],
            field(':path', `/login/${s('http2 path')}`),
            field(':authority', 'www.example'),
            field('cookie', s('http2 cookie')),
            field('authorization', s('http2 authorization')),
            field('referer', `http://www.example/${s('http2 referer')}`),
            field('x-own', s('http2 header')),
          ),
          frame(0, 1, 1, s('http2 body')),
        ),
      )
      .send(
        'server',
        octets(
          frame(4, 0, 0),
          frame(
            1,
            4,
            1,
            [0x88],
            field('set-cookie', s('http2 set-cookie')),
            field('location', `/${s('http2 location')}`),
          ),
          frame(0, 1, 1, s('http2 answer')),
        ),
      )
      .close(),
    flow(80)
      .send(
        'client',
        head(
          'GET /login HTTP/1.1',
          'Host: www.example',
          `User-Agent: own/1.0 (${s('mail address of a program')}@mail.example)`,
        ),
      )
      .send(
        'server',
        head(
          'HTTP/1.1 200 OK',
          `Server: own/1 http://www.example/${s('path in a server name')}`,
          'Content-Length: 0',
        ),
      )
      .close(),
  ].map(({ frames }) => frames);
}
