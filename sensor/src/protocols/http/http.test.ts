// HTTP/1: requests with their responses, bodies of every framing, and streams cut anywhere.
import { describe, expect, test } from 'vitest';
import { Conversation, type Ends } from '../../../../test/support/packets/conversation.ts';
import { type Eve, type Setting, sense } from '../../../../test/support/sense.ts';
import { http } from './http.ts';

type Said = readonly ['client' | 'server', string];

function talk(said: readonly Said[], ends: Ends = {}, close = true): Conversation {
  const conversation = new Conversation(ends).handshake();
  for (const [side, text] of said) conversation.send(side, text);
  return close ? conversation.close() : conversation;
}
const read = (said: readonly Said[], setting: Setting = {}, ends: Ends = {}): Eve[] =>
  sense(talk(said, ends).frames, setting)
    .of('http')
    .map((e) => e['http']);
const anomalies = (said: readonly Said[]) =>
  sense(talk(said).frames)
    .of('anomaly')
    .map((e) => e['anomaly'].event);

const request = (line: string, ...fields: string[]) => [line, ...fields, '', ''].join('\r\n');
const GET = request('GET /a?b=c HTTP/1.1', 'Host: www.example');
const OK = request('HTTP/1.1 200 OK', 'Content-Length: 5') + 'hello';

test('every field of a request and its response', () => {
  const [event] = read([
    [
      'client',
      request(
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
      request(
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
    const [event] = read(
      [
        [
          'client',
          request('GET /SECRET?SECRET HTTP/1.1', 'Host: a.example', 'Referer: http://a.example/SECRET'),
        ],
        ['server', request('HTTP/1.1 302 Found', 'Location: /SECRET', 'Content-Length: 0')],
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
    const [, event] = read(
      [
        ['client', GET],
        ['server', OK],
        ['client', request(line)],
        ['server', OK],
      ],
      strict,
    );
    expect(JSON.stringify(event)).not.toContain('SECRET');
    // The request's, or else the response's.
    expect(event['protocol']).toBe('HTTP/1.1');
  });

  test('a target with blanks is whole where it may leave', () => {
    const [event] = read([
      ['client', request('GET /a b  c HTTP/1.1')],
      ['server', OK],
    ]);
    expect([event['url'], event['protocol']]).toEqual(['/a b  c', 'HTTP/1.1']);
  });

  test('who logs in stands before the host, and is no part of it', () => {
    const [event] = read(
      [
        ['client', request('GET / HTTP/1.1', 'Host: SECRET:SECRET@www.example:81')],
        ['server', OK],
      ],
      strict,
    );
    expect(event).toMatchObject({ hostname: 'www.example', http_port: 81 });
    expect(JSON.stringify(event)).not.toContain('SECRET');
  });
});

describe('how long a body is (RFC 9112 §6.3)', () => {
  const second = request('GET /second HTTP/1.1');
  const after = (reply: string, first = GET) =>
    read([
      ['client', first + second],
      ['server', reply + OK],
    ]);
  const urls = (events: Eve[]) => events.map((e) => [e['url'], e['status'], e['length']]);

  test.each([
    ['a length', request('HTTP/1.1 200 OK', 'Content-Length: 7') + '0123456', 200, 7],
    [
      'chunks',
      request('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') +
        '3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
      200,
      13,
    ],
    [
      'chunks with a trailer',
      request('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '1\r\na\r\n0\r\nX: y\r\n\r\n',
      200,
      1,
    ],
    [
      'chunks before a length',
      request('HTTP/1.1 200 OK', 'Content-Length: 99', 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n',
      200,
      0,
    ],
    ['204', request('HTTP/1.1 204 No Content', 'Content-Length: 9'), 204, 0],
    ['304', request('HTTP/1.1 304 Not Modified', 'Content-Length: 9'), 304, 0],
    [
      '100 before the real one',
      request('HTTP/1.1 100 Continue') +
        request('HTTP/1.1 103 Early Hints', 'Link: x') +
        request('HTTP/1.1 201 Created', 'Content-Length: 0'),
      201,
      0,
    ],
  ])('%s', (_, reply, status, length) => {
    expect(urls(after(reply))).toEqual([
      ['/a?b=c', status, length],
      ['/second', 200, 5],
    ]);
  });

  test('HEAD: whatever the fields say, none', () => {
    const head = request('HEAD /h HTTP/1.1');
    const reply = request('HTTP/1.1 200 OK', 'Content-Length: 12345');
    expect(urls(after(reply, head))).toEqual([
      ['/h', 200, 0],
      ['/second', 200, 5],
    ]);
  });

  test('until the connection closes', () => {
    expect(
      urls(
        read([
          ['client', GET],
          ['server', request('HTTP/1.0 200 OK') + 'x'.repeat(5000)],
        ]),
      ),
    ).toEqual([['/a?b=c', 200, 5000]]);
  });

  test('a chunked request', () => {
    const post = request('POST /p HTTP/1.1', 'Transfer-Encoding: chunked') + '5\r\nhello\r\n0\r\n\r\n';
    const events = after(request('HTTP/1.1 200 OK', 'Content-Length: 0'), post);
    expect(events[0]).toMatchObject({ url: '/p', request_length: 5 });
    expect(events[1]['url']).toBe('/second');
  });

  test('a chunk without a length', () => {
    const reply = request('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + 'zz\r\n';
    expect(
      anomalies([
        ['client', GET],
        ['server', reply],
      ]),
    ).toEqual(['http.invalid_chunk']);
  });

  test.each(['0x10', '1e3', '-5', '5, 6', '', '99999999999999999999'])(
    'a length of "%s" is none',
    (length) => {
      const [event] = read([
        ['client', GET],
        ['server', request('HTTP/1.1 200 OK', `Content-Length: ${length}`) + 'x'.repeat(20)],
      ]);
      expect(event).toMatchObject({ status: 200, length: 20 });
    },
  );
});

describe('a conversation', () => {
  test('pipelined requests meet their responses in order', () => {
    const many = Array.from({ length: 60 }, (_, i) => i);
    const events = read([
      ['client', many.map((i) => request(`GET /${i} HTTP/1.1`)).join('')],
      ['server', many.map((i) => request(`HTTP/1.1 ${200 + i} OK`, 'Content-Length: 0')).join('')],
    ]);
    expect(events.filter((e) => ![204].includes(e['status'])).map((e) => [e['url'], e['status']])).toEqual(
      many.filter((i) => i !== 4).map((i) => [`/${i}`, 200 + i]),
    );
  });

  test('requests beyond what any client pipelines are told without a response', () => {
    const events = read([['client', request('GET / HTTP/1.1').repeat(70)]]);
    expect(events).toHaveLength(70);
    expect(events.every((e) => e['status'] === undefined)).toBe(true);
  });

  test('a request without response is told at the end; so is a response without request', () => {
    expect(read([['client', GET]])[0]).toMatchObject({ url: '/a?b=c', length: 0 });
    expect(read([['server', OK]])[0]).toMatchObject({ status: 200, length: 5 });
  });

  test('a response before the request has ended belongs to it', () => {
    const [event, ...rest] = read([
      ['client', request('POST /big HTTP/1.1', 'Content-Length: 10') + 'half-'],
      ['server', request('HTTP/1.1 413 Too Large', 'Content-Length: 0')],
    ]);
    expect(event).toMatchObject({ url: '/big', status: 413 });
    expect(rest).toEqual([]);
  });

  test('after CONNECT another protocol follows, and is not read as HTTP', () => {
    const said: Said[] = [
      ['client', request('CONNECT www.example:443 HTTP/1.1', 'Host: www.example:443')],
      ['server', request('HTTP/1.1 200 Connection established')],
      ['client', 'GET /inside HTTP/1.1\r\n\r\n'],
      ['server', 'not http'],
    ];
    expect(read(said)).toHaveLength(1);
    expect(read(said)[0]).toMatchObject({ http_method: 'CONNECT', url: 'www.example:443', status: 200 });
    expect(anomalies(said)).toEqual([]);
  });

  test('a refused CONNECT is an ordinary response', () => {
    const events = read([
      ['client', request('CONNECT a.example:1 HTTP/1.1')],
      ['server', request('HTTP/1.1 407 Who', 'Content-Length: 2') + 'no'],
      ['client', GET],
      ['server', OK],
    ]);
    expect(events.map((e) => e['status'])).toEqual([407, 200]);
  });

  test('after an upgrade another protocol follows', () => {
    const said: Said[] = [
      ['client', request('GET /ws HTTP/1.1', 'Upgrade: websocket')],
      ['server', request('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket') + '\x81\x05hello'],
      ['client', '\x81\x85....'],
    ];
    expect(read(said)).toHaveLength(1);
    expect(anomalies(said)).toEqual([]);
  });

  test('empty lines before a request are allowed', () => {
    expect(
      read([
        ['client', GET],
        ['server', OK],
        ['client', '\r\n\r\n' + GET],
        ['server', OK],
      ]),
    ).toHaveLength(2);
  });

  test('what is no request where one should start', () => {
    expect(
      anomalies([
        ['client', GET],
        ['server', OK],
        ['client', 'this is nothing of the kind'],
      ]),
    ).toEqual(['http.invalid_request']);
  });

  test.each([80, 12_345])('found on port %i', (serverPort) => {
    expect(
      read(
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
    const events = read([
      ['client', GET],
      ['server', OK],
      ['client', request('BREW-IT /pot HTTP/1.1')],
      ['server', OK],
    ]);
    expect(events[1]['http_method']).toBe('BREW-IT');
  });
});

describe('cut anywhere', () => {
  const asks = request('POST /p HTTP/1.1', 'Host: www.example', 'Content-Length: 4') + 'body' + GET;
  const answers = request('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '4\r\nwiki\r\n0\r\n\r\n' + OK;
  const whole = read([
    ['client', asks],
    ['server', answers],
  ]);

  test('both directions cut in two at every byte', () => {
    expect(whole.map((e) => [e['url'], e['length'], e['request_length']])).toEqual([
      ['/p', 4, 4],
      ['/a?b=c', 5, 0],
    ]);
    for (let cut = 1; cut < Math.max(asks.length, answers.length); cut++) {
      const events = read([
        ['client', asks.slice(0, cut)],
        ['client', asks.slice(cut)],
        ['server', answers.slice(0, cut)],
        ['server', answers.slice(cut)],
      ]);
      expect(events, `cut at ${cut}`).toEqual(whole);
    }
  });

  test('one byte a segment', () => {
    const conversation = new Conversation()
      .handshake()
      .send('client', asks, 1)
      .send('server', answers, 1)
      .close();
    expect(
      sense(conversation.frames)
        .of('http')
        .map((e) => e['http']),
    ).toEqual(whole);
  });
});

describe('holes', () => {
  const lossy = (lost: number) => {
    const talk = new Conversation().handshake().send('client', GET);
    talk.send('server', request('HTTP/1.1 200 OK', 'Content-Length: 1000') + 'x'.repeat(100));
    talk
      .lose('server', lost)
      .send('server', 'y'.repeat(900 - lost) + OK)
      .acknowledge('client');
    return sense(talk.close().frames);
  };

  test('inside a body: the body goes on behind it, and so does the stream', () => {
    const { of, sensor } = lossy(300);
    expect(of('http').map((e) => e['http'].length)).toEqual([1000, 5]);
    expect(sensor.streams).toMatchObject({ gaps: 1, gapBytes: 300 });
  });

  test('inside a head: the direction is given up, the request is told', () => {
    const talk = new Conversation().handshake().send('client', GET).send('server', 'HTTP/1.1 200 OK\r\n');
    talk.lose('server', 10).send('server', OK).acknowledge('client').close();
    expect(
      sense(talk.frames)
        .of('http')
        .map((e) => e['http']),
    ).toMatchObject([{ url: '/a?b=c' }]);
  });
});

describe('bounds', () => {
  test('a head without end is given up', () => {
    const { of, sensor } = sense(talk([['client', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(20_000)}`]]).frames);
    expect(of('http')).toEqual([]);
    expect(sensor.streams.givenUp).toBe(1);
  });

  test('a head that comes a byte at a time costs no more than its bytes', () => {
    const bytes = Buffer.from(request('GET / HTTP/1.1', `X: ${'y'.repeat(60_000)}`));
    const parser = http.open();
    const emit = { event() {}, anomaly() {} };
    const started = performance.now();
    let taken = 0;
    for (let end = 1; end <= bytes.length; end++) taken = parser.stream(bytes, 0, end, 0, emit);
    expect(taken).toBe(bytes.length);
    // Looking for its end from the start each time would look at 1.8 GB.
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('values are cut to 1,024 characters, targets to 4,096', () => {
    const [event] = read([
      ['client', request(`GET /${'u'.repeat(9000)} HTTP/1.1`, `User-Agent: ${'a'.repeat(5000)}`)],
      ['server', OK],
    ]);
    expect(event['url']).toHaveLength(4096);
    expect(event['http_user_agent']).toHaveLength(1024);
    expect(event['protocol']).toBe('HTTP/1.1');
  });

  test('the first of repeated fields counts', () => {
    expect(
      read([
        ['client', request('GET / HTTP/1.1', 'Host: a', 'Host: b')],
        ['server', OK],
      ])[0]['hostname'],
    ).toBe('a');
  });
});
