// Traffic with a secret wherever people put what is theirs, on clean connections and on every kind of broken one.
import { type Frame, inOrder, NOON } from '../support/packets/capture.ts';
import { Conversation, datagrams, type Ends } from '../support/packets/conversation.ts';
import { dns, query, TYPE } from '../support/packets/dns.ts';
import { ethernet, fragments, icmp, ip, tcp, udp } from '../support/packets/frame.ts';
import { head } from '../support/packets/http.ts';
import { octets } from '../support/packets/octets.ts';
import {
  clientHello,
  extension,
  handshake,
  ordinaryClient,
  ordinaryServer,
  records,
} from '../support/packets/tls.ts';
import type { Secrets } from './secrets.ts';
import { sessions } from './sessions.ts';

/** Inside the body's authority. */
const INSIDE = '10.1.0.7';
/** Under no authority: what is refused must not be written down either. */
const OUTSIDE = '172.16.9.9';

/** All of it. What is planted is what the rules of this test match on, and much that none does. */
export function canaryTraffic(secrets: Secrets): Frame[] {
  let ports = 20_000;
  const flow = (serverPort: number, more: Ends = {}): Conversation =>
    new Conversation({
      client: INSIDE,
      clientPort: ports++,
      serverPort,
      start: NOON + ports * 1000,
      ...more,
    }).handshake();
  const s = (place: string) => secrets.plant(place);
  return inOrder(
    ...web(flow, s, secrets),
    ...brokenWeb(flow, s),
    ...mailAndFiles(flow, s),
    ...sessions(flow, s, INSIDE),
    ...names(s),
    ...encrypted(flow, s),
    loose(s),
  );
}

type Flow = (serverPort: number, more?: Ends) => Conversation;
type Plant = (place: string) => string;

function web(flow: Flow, s: Plant, secrets: Secrets): Frame[][] {
  const request = head(
    `POST /login/${s('url path')}?q=${secrets.plant('query string', '%2F')}&p=${secrets.plantPercent('percent-encoded query')} HTTP/1.1`,
    `Host: ${s('user of the host')}:x@www.example`,
    `Referer: http://www.example/${s('referer')}`,
    `Cookie: session=${s('cookie')}`,
    `Authorization: Basic ${secrets.plantBase64('basic authorization')}`,
    `Proxy-Authorization: Bearer ${s('proxy authorization')}`,
    `X-Forwarded-For: ${s('forwarded for')}`,
    `X-Own: ${s('any header')}`,
    'Content-Type: application/x-www-form-urlencoded',
    'Content-Length: 60',
  );
  const response = head(
    `HTTP/1.1 302 ${s('reason phrase')}`,
    `Location: /next?t=${s('redirect')}`,
    `Set-Cookie: id=${s('set-cookie')}`,
    `Content-Type: text/html; boundary=${s('content type parameter')}`,
    'Transfer-Encoding: chunked',
  );
  const ordinary = flow(80)
    .send('client', request + `password=${s('form body')}`.padEnd(60, '.'))
    .send(
      'server',
      `${response}40\r\n${s('chunked body')}${'.'.repeat(64 - 28)}\r\n0\r\nX: ${s('trailer')}\r\n\r\n`,
    )
    .close();
  const outside = flow(80, { client: OUTSIDE })
    .send(
      'client',
      head(`GET /login?outside=${s('query outside the authority')} HTTP/1.1`, 'Host: www.example'),
    )
    .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 28') + s('body outside the authority'))
    .close();
  const proxied = flow(3128)
    .send(
      'client',
      head(`GET http://u:${s('absolute target')}@www.example/login HTTP/1.1`, 'Host: www.example'),
    )
    .send(
      'server',
      head('HTTP/1.1 401 no', `WWW-Authenticate: Basic realm="${s('realm')}"`, 'Content-Length: 0'),
    )
    .close();
  const many = Array.from({ length: 12 }, (_, i) =>
    flow(80)
      .send('client', head(`GET /login/${i}/${s(`url ${i} of a series`)} HTTP/1.1`, 'Host: www.example'))
      .send('server', head('HTTP/1.1 403 no', 'Content-Length: 0'))
      .close(),
  );
  return [ordinary, outside, proxied, ...many].map(({ frames }) => frames);
}

function brokenWeb(flow: Flow, s: Plant): Frame[][] {
  const get = head('GET /login HTTP/1.1', 'Host: www.example');
  return [
    flow(80).send('client', head(`GET /login ${s('target with a blank')} HTTP/1.1`, 'Host: www.example')),
    flow(80).send('client', `GET /login HTTP/1.1\r\nHost: www.example\r\nX: ${s('unfinished head')}`),
    flow(80).send('client', `${get}GET /login?second=${s('target without version')}\r\n\r\n`),
    flow(80).send(
      'client',
      head('POST /login HTTP/1.1') + `${s('body without length').toUpperCase()} is it\r\n\r\n`,
    ),
    flow(80)
      .send('client', get)
      .send('server', head(`HTTP/1.1${s('version with a tail')} 200 OK`, 'Content-Length: 0')),
    flow(80)
      .send('client', get)
      .send('server', head(`HTTP/1.1 ${s('status that is none')} OK`, 'Content-Length: 0')),
    flow(80)
      .send('client', get)
      .send(
        'server',
        head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + `${s('chunk without size')}\r\n`,
      ),
    flow(80).send('client', get + s('rubbish after a request').padEnd(100, '.')),
    flow(80)
      .send('client', head('POST /login HTTP/1.1', 'Content-Length: 100') + 'x'.repeat(20))
      .lose('client', 200)
      .send('client', `PUT ${s('after a hole')} HTTP/1.1\r\n\r\n`)
      .acknowledge('server'),
    flow(80).send(
      'client',
      head(`GET /login?mid=${s('one byte a segment')} HTTP/1.1`, 'Host: www.example'),
      1,
    ),
    flow(81)
      .packet('client', { flags: 'PA' }, head(`GET /login?bare=${s('not from the start')} HTTP/1.1`))
      .reset('server'),
    flow(80)
      .send('client', head('GET /ws HTTP/1.1', 'Upgrade: websocket'))
      .send('server', head('HTTP/1.1 101 x') + s('behind an upgrade')),
    flow(80)
      .send('client', head('CONNECT www.example:443 HTTP/1.1'))
      .send('server', head('HTTP/1.1 200 OK'))
      .send('client', head(`GET /${s('inside a tunnel')} HTTP/1.1`)),
  ].map(({ frames }) => frames);
}

function mailAndFiles(flow: Flow, s: Plant): Frame[][] {
  return [
    flow(25)
      .send('server', '220 mail.example ESMTP\r\n')
      .send('client', 'EHLO pc\r\nMAIL FROM:<a@example>\r\nRCPT TO:<b@example>\r\nDATA\r\n')
      .send('client', `Subject: ${s('mail subject')}\r\n\r\n${s('mail text')}\r\n.\r\n`),
    flow(143).send('client', `a LOGIN hanako ${s('imap password')}\r\n`),
    flow(21).send('client', `USER hanako\r\nPASS ${s('ftp password')}\r\nSTOR ${s('ftp file name')}\r\n`),
    flow(20).send('server', s('ftp file content').repeat(50)),
    flow(445).send(
      'client',
      octets([0, 0, 1, 0, 0xfe], 'SMB', s('smb file content'), Buffer.from(s('smb file name'), 'utf16le')),
    ),
    flow(23).send('client', `${s('telnet password')}\r\n`),
    flow(1883).send('client', octets([0x30, 60, 0, 4], 'home', s('mqtt message'))),
    flow(22).send('client', 'SSH-2.0-x\r\n').send('client', s('ssh bytes')),
  ].map(({ frames }) => frames);
}

function names(s: Plant): Frame[][] {
  const txt = (secret: string) => octets([secret.length], secret);
  const reply = dns({
    flags: 0x8180,
    questions: [{ name: 'txt.example', type: TYPE.TXT }],
    answers: [
      { name: 'txt.example', type: TYPE.TXT, data: txt(s('dns txt')) },
      { name: 'txt.example', type: 10, data: s('dns null') },
      { name: 'txt.example', type: 65_280, data: s('dns unknown type') },
    ],
    additionals: [{ name: '', type: 41, data: octets([0, 12, 0, 28], s('edns option')) }],
  });
  const ends = { client: INSIDE, server: '10.1.0.53', clientPort: 30_000 };
  return [
    datagrams(ends, [
      ['client', query('txt.example', TYPE.TXT)],
      ['server', reply],
    ]),
    // Cut in the middle of the text.
    datagrams({ ...ends, clientPort: 30_001 }, [['server', reply.subarray(0, 70)]]),
    datagrams({ ...ends, clientPort: 30_002 }, [
      ['client', octets(query('txt.example'), s('behind a dns message'))],
    ]),
  ];
}

function encrypted(flow: Flow, s: Plant): Frame[][] {
  const data = (text: string) => records(text, { type: 23 });
  return [
    flow(443)
      .send('client', records(ordinaryClient('www.example')))
      .send('server', records(ordinaryServer()))
      .send('client', data(s('tls application data')))
      .send('server', data(s('tls answer'))),
    flow(443).send('client', octets(records(ordinaryClient('www.example')), s('rubbish after a hello'))),
    flow(443).send(
      'client',
      records(
        clientHello({
          ciphers: [5],
          session: s('tls session id'),
          extensions: [
            extension.serverName('www.example'),
            [35, octets(s('tls ticket'))],
            [0xfe0d, octets(s('tls unknown extension'))],
          ],
        }),
      ),
    ),
    flow(443)
      .send('client', records(ordinaryClient('www.example')))
      .send('server', records(octets(ordinaryServer(), handshake(11, s('certificate that is none'))))),
  ].map(({ frames }) => frames);
}

function loose(s: Plant): Frame[] {
  const V4 = { src: INSIDE, dest: '198.51.100.9' };
  const packets = [
    ip(V4, icmp(8, 0, octets([0, 1, 0, 1], s('ping')))),
    ip(V4, icmp(3, 1, octets([0, 0, 0, 0], ip(V4, udp({ from: 1, to: 2 }, s('quoted packet')))))),
    ip(V4, udp({ from: 4000, to: 4001 }, s('datagram of no protocol'))),
    ip(
      { src: '2001:db8:1::7', dest: '2001:db8:2::9' },
      udp({ from: 4000, to: 514 }, `<13>${s('syslog line')}`),
    ),
    ip(V4, tcp({ from: 4000, to: 80, flags: 'S' }, s('data on a syn'))),
    ...fragments(V4, udp({ from: 4002, to: 53 }, octets(new Uint8Array(20), s('fragmented'))), 24),
  ];
  const garbage = octets([0x45, 0, 0, 10], s('header that lies'));
  return [...packets, garbage].map((packet, i) => ({ time: NOON + i, bytes: ethernet(packet) }));
}
