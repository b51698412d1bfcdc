// Which protocol a flow speaks is told from its bytes, in either direction, from its beginning or from the middle.
import { describe, expect, test } from 'vitest';
import { NOON } from '../../../test/support/packets/capture.ts';
import { Conversation, datagrams } from '../../../test/support/packets/conversation.ts';
import { query } from '../../../test/support/packets/dns.ts';
import { connection, head, type Said } from '../../../test/support/packets/http.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { ordinaryClient, ordinaryServer, records } from '../../../test/support/packets/tls.ts';
import { sense } from '../../../test/support/sense.ts';

const appOf = (frames: Parameters<typeof sense>[0]) => sense(frames).of('flow')[0]['app_proto'];
const GET = head('GET / HTTP/1.1', 'Host: a.example');
const OK = head('HTTP/1.1 200 OK', 'Content-Length: 0');
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('over TCP', () => {
  test.each<[string, string | undefined, Said[]]>([
    [
      'HTTP on the port of TLS',
      'http',
      [
        ['client', GET],
        ['server', OK],
      ],
    ],
    [
      'TLS on the port of HTTP',
      'tls',
      [
        ['client', text(records(ordinaryClient('a')))],
        ['server', text(records(ordinaryServer()))],
      ],
    ],
    ['a server that speaks first', 'http', [['server', OK]]],
    [
      'what nobody knows',
      undefined,
      [
        ['client', '\u0000\u0001\u0002 something of its own'],
        ['server', 'and more of it'],
      ],
    ],
    ['nothing', undefined, []],
  ])('%s', (_, app, said) => {
    expect(appOf(connection(said, { serverPort: app === 'tls' ? 80 : 443 }).frames)).toBe(app);
  });

  test('seen from the middle, without a handshake', () => {
    const { frames } = connection([
      ['client', GET],
      ['server', OK],
    ]);
    const { of } = sense(frames.slice(3));
    expect(of('http')).toHaveLength(1);
    expect(of('flow')[0]).toMatchObject({ app_proto: 'http', dest_port: 80 });
  });

  test("data on the SYN (RFC 7413) is the stream's beginning", () => {
    const talk = new Conversation().packet('client', { flags: 'S' }, GET.slice(0, 10));
    talk.next.client += 11;
    talk.packet('server', { flags: 'SA' });
    talk.next.server += 1;
    talk.send('client', GET.slice(10)).send('server', OK);
    expect(sense(talk.frames).of('http')[0]['http']).toMatchObject({ hostname: 'a.example', status: 200 });
  });

  test('a new session on old ports begins anew', () => {
    const first = connection([
      ['client', GET],
      ['server', OK],
    ]).frames;
    const second = new Conversation({ start: NOON + 1e6 }, { client: 9_000_000, server: 8_000_000 })
      .handshake()
      .send('client', records(ordinaryClient('b.example')))
      .close().frames;
    const { of } = sense([...first, ...second]);
    expect(of('flow').map((e) => e['app_proto'])).toEqual(['http', 'tls']);
    expect(of('tls')[0]['tls'].sni).toBe('b.example');
  });

  test('bytes behind a reset are not read', () => {
    const talk = new Conversation().handshake().packet('client', { flags: 'R' }, GET);
    expect(sense(talk.frames).of('http')).toEqual([]);
  });
});

describe('over UDP', () => {
  test('a flow whose both sides say nothing known is left alone', () => {
    const noise = octets('nothing that we know of at all');
    const { of } = sense(
      datagrams({ serverPort: 4000 }, [
        ['client', noise],
        ['server', noise],
        ['client', query('late.example')],
      ]),
    );
    expect(of('dns')).toEqual([]);
    expect(of('flow')[0]).not.toHaveProperty('app_proto');
  });

  test('the second datagram may be the one that tells', () => {
    const { of } = sense(
      datagrams({ serverPort: 4000 }, [
        ['client', 'hello there'],
        ['server', query('b.example')],
      ]),
    );
    expect(of('dns')).toHaveLength(1);
  });

  test('an empty datagram says nothing', () => {
    expect(sense(datagrams({}, [['client', []]])).of('dns')).toEqual([]);
  });
});

test('one record a session, however often its hello comes', () => {
  const hello = records(ordinaryClient('a.example'));
  const talk = new Conversation({ serverPort: 443 }).handshake().send('client', hello);
  talk.next.client -= hello.length;
  talk.send('client', hello).send('server', records(ordinaryServer())).close();
  const { of, sensor } = sense(talk.frames);
  expect(of('tls')).toHaveLength(1);
  expect(sensor.streams.retransmitted).toBe(1);
});
