// HTTP/1: requests with their responses, what stays private, what is bounded.
import { describe, expect, test } from 'vitest';
import { Conversation } from '../../../../test/support/packets/conversation.ts';
import {
  connection,
  head,
  httpAnomalies,
  httpEvents,
  type Said,
} from '../../../../test/support/packets/http.ts';
import { type Setting, sense } from '../../../../test/support/sense.ts';
import { http } from './http.ts';

const GET = head('GET /a?b=c HTTP/1.1', 'Host: www.example');
const OK = head('HTTP/1.1 200 OK', 'Content-Length: 5') + 'hello';

test('every field of a request and its response', () => {
  const [event] = httpEvents([
    [
      'client',
      head(
        'POST /form?x=1 HTTP/1.1',
        'host: www.example:8080',
        'USER-AGENT:\tagent/1 (x) ',
        'Referer: http://other.example/secret',
        'X-Forwarded-For: 192.0.2.1, 192.0.2.2',
        'Content-Length: 3',
      ) + 'abc',
    ],
    [
      'server',
      head(
        'HTTP/1.1 302 Found',
        'Server: thing/2',
        'Location: /else',
        'Content-Type: text/html; charset=utf-8',
        'Content-Length: 5',
      ) + 'hello',
    ],
  ]);
  expect(event).toEqual({
    hostname: 'www.example',
    http_port: 8080,
    url: '/form?x=1',
    http_user_agent: 'agent/1 (x)',
    xff: '192.0.2.1, 192.0.2.2',
    http_content_type: 'text/html',
    http_refer: 'http://other.example/secret',
    http_method: 'POST',
    protocol: 'HTTP/1.1',
    status: 302,
    redirect: '/else',
    length: 5,
    request_length: 3,
    server: 'thing/2',
  });
});

describe('privacy', () => {
  const strict: Setting = { profile: 'strict' };

  test('target, referrer and redirect stay inside under the strict profile', () => {
    const [event] = httpEvents(
      [
        [
          'client',
          head('GET /SECRET?SECRET HTTP/1.1', 'Host: a.example', 'Referer: http://a.example/SECRET'),
        ],
        ['server', head('HTTP/1.1 302 Found', 'Location: /SECRET', 'Content-Length: 0')],
      ],
      strict,
    );
    expect(JSON.stringify(event)).not.toContain('SECRET');
    expect(event['status']).toBe(302);
  });

  test.each([
    ['a blank in the target', 'GET /a SECRET HTTP/1.1'],
    ['no version', 'GET /a SECRET'],
    ['words behind the version', 'GET /a HTTP/1.1 SECRET'],
    ['a version with a tail', 'GET /a HTTP/1.1SECRET'],
  ])('%s does not turn the target into a version', (_, line) => {
    const [, event] = httpEvents(
      [
        ['client', GET],
        ['server', OK],
        ['client', head(line)],
        ['server', OK],
      ],
      strict,
    );
    expect(JSON.stringify(event)).not.toContain('SECRET');
    // The request's, or else the response's.
    expect(event['protocol']).toBe('HTTP/1.1');
  });

  test('a body that no length announced is not taken for a request', () => {
    const post = head('POST / HTTP/1.1', 'Host: a.example');
    const events = httpEvents(
      [
        ['client', post + 'SECRET-WORD is what it says\r\n\r\n'],
        ['server', OK],
      ],
      strict,
    );
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('SECRET');
  });

  test('forwarded addresses are told only when they are addresses', () => {
    const xff = (text: string) =>
      httpEvents([
        ['client', head('GET / HTTP/1.1', `X-Forwarded-For: ${text}`)],
        ['server', OK],
      ])[0]['xff'];
    expect(xff('192.0.2.1, [2001:DB8::1]:80')).toBe('192.0.2.1, [2001:DB8::1]:80');
    expect(xff('hanako, 192.0.2.1')).toBeUndefined();
  });

  test('a target with blanks is whole where it may leave', () => {
    const [event] = httpEvents([
      ['client', head('GET /a b  c HTTP/1.1')],
      ['server', OK],
    ]);
    expect([event['url'], event['protocol']]).toEqual(['/a b  c', 'HTTP/1.1']);
  });

  test('of a log-in only its scheme is told, and only one that exists', () => {
    const scheme = (text: string) =>
      httpEvents([
        ['client', head('GET / HTTP/1.1', `Authorization: ${text}`)],
        ['server', head('HTTP/1.1 401 Who', 'WWW-Authenticate: Basic realm="SECRET"', 'Content-Length: 0')],
      ])[0];
    for (const [text, told] of [
      ['basic SECRET', 'Basic'],
      ['NTLM SECRET', 'NTLM'],
      ['SECRET', 'other'],
      ['SECRET token', 'other'],
    ]) {
      expect(scheme(text)).toMatchObject({ authorization_scheme: told, authenticate_scheme: 'Basic' });
      expect(JSON.stringify(scheme(text))).not.toContain('SECRET');
    }
  });

  test('who logs in stands before the host, and is no part of it', () => {
    const [event] = httpEvents(
      [
        ['client', head('GET / HTTP/1.1', 'Host: SECRET:SECRET@www.example:81')],
        ['server', OK],
      ],
      strict,
    );
    expect(event).toMatchObject({ hostname: 'www.example', http_port: 81 });
    expect(JSON.stringify(event)).not.toContain('SECRET');
  });
});

describe('a conversation', () => {
  test('pipelined requests meet their responses in order', () => {
    const many = Array.from({ length: 60 }, (_, i) => i);
    const events = httpEvents([
      ['client', many.map((i) => head(`GET /${i} HTTP/1.1`)).join('')],
      ['server', many.map((i) => head(`HTTP/1.1 ${200 + i} OK`, 'Content-Length: 0')).join('')],
    ]);
    expect(events.filter((e) => ![204].includes(e['status'])).map((e) => [e['url'], e['status']])).toEqual(
      many.filter((i) => i !== 4).map((i) => [`/${i}`, 200 + i]),
    );
  });

  test('requests beyond what any client pipelines are told without a response', () => {
    const events = httpEvents([['client', head('GET / HTTP/1.1').repeat(70)]]);
    expect(events).toHaveLength(70);
    expect(events.every((e) => e['status'] === undefined)).toBe(true);
  });

  test('a request without response is told at the end; so is a response without request', () => {
    expect(httpEvents([['client', GET]])[0]).toMatchObject({ url: '/a?b=c', length: 0 });
    expect(httpEvents([['server', OK]])[0]).toMatchObject({ status: 200, length: 5 });
  });

  test('a response before the request has ended belongs to it', () => {
    const [event, ...rest] = httpEvents([
      ['client', head('POST /big HTTP/1.1', 'Content-Length: 10') + 'half-'],
      ['server', head('HTTP/1.1 413 Too Large', 'Content-Length: 0')],
    ]);
    expect(event).toMatchObject({ url: '/big', status: 413 });
    expect(rest).toEqual([]);
  });

  test('after CONNECT another conversation follows, which may be HTTP again', () => {
    const said: Said[] = [
      ['client', head('CONNECT www.example:443 HTTP/1.1', 'Host: www.example:443')],
      ['server', head('HTTP/1.1 200 Connection established')],
      ['client', 'GET /inside HTTP/1.1\r\n\r\n'],
      ['server', 'not http'],
    ];
    expect(httpEvents(said)).toMatchObject([
      { http_method: 'CONNECT', url: 'www.example:443', status: 200 },
      { http_method: 'GET', url: '/inside' },
    ]);
    expect(httpEvents(said)[1]['status']).toBeUndefined();
    expect(httpAnomalies(said)).toEqual([]);
  });

  test('a refused CONNECT is an ordinary response', () => {
    const events = httpEvents([
      ['client', head('CONNECT a.example:1 HTTP/1.1')],
      ['server', head('HTTP/1.1 407 Who', 'Content-Length: 2') + 'no'],
      ['client', GET],
      ['server', OK],
    ]);
    expect(events.map((e) => e['status'])).toEqual([407, 200]);
  });

  test('after an upgrade another protocol follows', () => {
    const said: Said[] = [
      ['client', head('GET /ws HTTP/1.1', 'Upgrade: websocket')],
      ['server', head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket') + '\x81\x05hello'],
      ['client', '\x81\x85....'],
    ];
    expect(httpEvents(said)).toHaveLength(1);
    expect(httpAnomalies(said)).toEqual([]);
  });

  test('empty lines before a request are allowed', () => {
    expect(
      httpEvents([
        ['client', GET],
        ['server', OK],
        ['client', '\r\n\r\n' + GET],
        ['server', OK],
      ]),
    ).toHaveLength(2);
  });

  test('what is no request where one should start', () => {
    expect(
      httpAnomalies([
        ['client', GET],
        ['server', OK],
        ['client', 'this is nothing of the kind'],
      ]),
    ).toEqual(['http.invalid_request']);
  });

  test.each([80, 12_345])('found on port %i', (serverPort) => {
    expect(
      httpEvents(
        [
          ['client', GET],
          ['server', OK],
        ],
        {},
        { serverPort },
      ),
    ).toHaveLength(1);
  });

  test('another method is read as one', () => {
    const events = httpEvents([
      ['client', GET],
      ['server', OK],
      ['client', head('BREW-IT /pot HTTP/1.1')],
      ['server', OK],
    ]);
    expect(events[1]['http_method']).toBe('BREW-IT');
  });
});

describe('picked up in its middle', () => {
  test('a flow whose first packet comes from the server', () => {
    const talk = new Conversation({ client: '198.51.100.9', server: '10.1.0.7' })
      .send('client', OK)
      .send('server', GET)
      .send('client', OK);
    const events = sense(talk.frames).of('http');
    expect(events.map((e) => [e['http'].url, e['http'].status])).toEqual([
      [undefined, 200],
      ['/a?b=c', 200],
    ]);
  });

  test('the rest of a body is passed over', () => {
    const talk = new Conversation()
      .send('client', GET)
      .send('server', 'the rest of something')
      .send('server', OK);
    expect(sense(talk.frames).of('http')).toMatchObject([{ http: { url: '/a?b=c', status: 200 } }]);
  });
});

describe('bounds', () => {
  test('a head without end is given up; what it began with is told', () => {
    const { of, sensor } = sense(
      connection([['client', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(20_000)}`]]).frames,
    );
    expect(of('http').map((e) => e['http'])).toMatchObject([{ http_method: 'GET', length: 0 }]);
    expect(sensor.streams.givenUp).toBe(1);
  });

  test('a head that comes a byte at a time costs no more than its bytes', () => {
    const bytes = Buffer.from(head('GET / HTTP/1.1', `X: ${'y'.repeat(60_000)}`));
    const parser = http.open();
    const emit = { event() {}, anomaly() {}, upgrade() {}, expect() {} };
    const started = performance.now();
    let taken = 0;
    for (let end = 1; end <= bytes.length; end++) taken = parser.stream(bytes, 0, end, 0, emit);
    expect(taken).toBe(bytes.length);
    // Looking for its end from the start each time would look at 1.8 GB.
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('values are cut to 1,024 characters, targets to 4,096', () => {
    const [event] = httpEvents([
      ['client', head(`GET /${'u'.repeat(9000)} HTTP/1.1`, `User-Agent: ${'a'.repeat(5000)}`)],
      ['server', OK],
    ]);
    expect(event['url']).toHaveLength(4096);
    expect(event['http_user_agent']).toHaveLength(1024);
    expect(event['protocol']).toBe('HTTP/1.1');
  });

  test('the first of repeated fields counts', () => {
    expect(
      httpEvents([
        ['client', head('GET / HTTP/1.1', 'Host: a', 'Host: b')],
        ['server', OK],
      ])[0]['hostname'],
    ).toBe('a');
  });
});
