// Where HTTP/1 messages end: bodies of every framing, streams cut anywhere, holes in them.
import { describe, expect, test } from 'vitest';
import { Conversation } from '../../../../test/support/packets/conversation.ts';
import { head, httpAnomalies, httpEvents } from '../../../../test/support/packets/http.ts';
import { type Eve, sense } from '../../../../test/support/sense.ts';

const GET = head('GET /a?b=c HTTP/1.1', 'Host: www.example');
const OK = head('HTTP/1.1 200 OK', 'Content-Length: 5') + 'hello';

describe('how long a body is (RFC 9112 §6.3)', () => {
  const second = head('GET /second HTTP/1.1');
  const after = (reply: string, first = GET) =>
    httpEvents([
      ['client', first + second],
      ['server', reply + OK],
    ]);
  const urls = (events: Eve[]) => events.map((e) => [e['url'], e['status'], e['length']]);

  test.each([
    ['a length', head('HTTP/1.1 200 OK', 'Content-Length: 7') + '0123456', 200, 7],
    [
      'chunks',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
      200,
      13,
    ],
    [
      'chunks with a trailer',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '1\r\na\r\n0\r\nX: y\r\n\r\n',
      200,
      1,
    ],
    [
      'chunks before a length',
      head('HTTP/1.1 200 OK', 'Content-Length: 99', 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n',
      200,
      0,
    ],
    ['204', head('HTTP/1.1 204 No Content', 'Content-Length: 9'), 204, 0],
    ['304', head('HTTP/1.1 304 Not Modified', 'Content-Length: 9'), 304, 0],
    [
      '100 before the real one',
      head('HTTP/1.1 100 Continue') +
        head('HTTP/1.1 103 Early Hints', 'Link: x') +
        head('HTTP/1.1 201 Created', 'Content-Length: 0'),
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
    const asks = head('HEAD /h HTTP/1.1');
    const reply = head('HTTP/1.1 200 OK', 'Content-Length: 12345');
    expect(urls(after(reply, asks))).toEqual([
      ['/h', 200, 0],
      ['/second', 200, 5],
    ]);
  });

  test('until the connection closes', () => {
    expect(
      urls(
        httpEvents([
          ['client', GET],
          ['server', head('HTTP/1.0 200 OK') + 'x'.repeat(5000)],
        ]),
      ),
    ).toEqual([['/a?b=c', 200, 5000]]);
  });

  test('a chunked request', () => {
    const post = head('POST /p HTTP/1.1', 'Transfer-Encoding: chunked') + '5\r\nhello\r\n0\r\n\r\n';
    const events = after(head('HTTP/1.1 200 OK', 'Content-Length: 0'), post);
    expect(events[0]).toMatchObject({ url: '/p', request_length: 5 });
    expect(events[1]['url']).toBe('/second');
  });

  test('a chunk without a length', () => {
    const reply = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + 'zz\r\n';
    expect(
      httpAnomalies([
        ['client', GET],
        ['server', reply],
      ]),
    ).toEqual(['http.invalid_chunk']);
  });

  test.each(['0x10', '1e3', '-5', '5, 6', '', '99999999999999999999'])(
    'a length of "%s" is none',
    (length) => {
      const [event] = httpEvents([
        ['client', GET],
        ['server', head('HTTP/1.1 200 OK', `Content-Length: ${length}`) + 'x'.repeat(20)],
      ]);
      expect(event).toMatchObject({ status: 200, length: 20 });
    },
  );
});

describe('cut anywhere', () => {
  const asks = head('POST /p HTTP/1.1', 'Host: www.example', 'Content-Length: 4') + 'body' + GET;
  const answers = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '4\r\nwiki\r\n0\r\n\r\n' + OK;
  const whole = httpEvents([
    ['client', asks],
    ['server', answers],
  ]);

  test('both directions cut in two at every byte', () => {
    expect(whole.map((e) => [e['url'], e['length'], e['request_length']])).toEqual([
      ['/p', 4, 4],
      ['/a?b=c', 5, 0],
    ]);
    for (let cut = 1; cut < Math.max(asks.length, answers.length); cut++) {
      const events = httpEvents([
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
    talk.send('server', head('HTTP/1.1 200 OK', 'Content-Length: 1000') + 'x'.repeat(100));
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

  test('inside a head: what came of it is told, and the next message behind it', () => {
    const talk = new Conversation().handshake().send('client', GET).send('server', 'HTTP/1.1 200 OK\r\n');
    talk.lose('server', 10).send('server', OK).acknowledge('client').close();
    expect(
      sense(talk.frames)
        .of('http')
        .map((e) => e['http']),
    ).toMatchObject([{ url: '/a?b=c', status: 200 }, { status: 200 }]);
  });

  test('inside the head of a request: its whole lines are told, with the response', () => {
    const talk = new Conversation()
      .handshake()
      .send('client', 'GET /cut HTTP/1.1\r\nUser-Agent: one\r\nHost: exa');
    talk.lose('client', 10).send('server', OK).acknowledge('client').close();
    const [only, ...others] = sense(talk.frames).of('http');
    expect(only['http']).toMatchObject({ url: '/cut', http_user_agent: 'one', status: 200 });
    expect(only['http'].hostname).toBeUndefined();
    expect(others).toEqual([]);
  });

  test('a request that is answered before its head is whole is told once', () => {
    const talk = new Conversation().handshake().send('client', 'GET /slow HTTP/1.1\r\nUser-Agent: one\r\n');
    talk
      .send('server', OK)
      .send('client', 'Host: late.example\r\n\r\n')
      .send('client', GET)
      .send('server', OK);
    expect(
      sense(talk.frames)
        .of('http')
        .map((e) => e['http']),
    ).toMatchObject([
      { url: '/slow', status: 200 },
      { url: '/a?b=c', status: 200 },
    ]);
  });

  test('the capture ends behind an interim response: its status is the last one known', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
    const asked = new Conversation().handshake().send('client', GET).send('server', interim);
    const http = (frames: typeof asked.frames) =>
      sense(frames)
        .of('http')
        .map((e) => e['http']);
    expect(http(asked.frames)).toMatchObject([{ url: '/a?b=c', status: 100 }]);
    expect(http(asked.send('server', OK).frames)).toMatchObject([{ url: '/a?b=c', status: 200 }]);
    expect(http(new Conversation().handshake().send('server', interim).frames)).toMatchObject([
      { status: 100 },
    ]);
  });
});
