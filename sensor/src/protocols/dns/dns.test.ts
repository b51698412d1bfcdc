// DNS: honest messages as EVE records, dishonest ones as anomalies, and TCP streams cut anywhere.
import { describe, expect, test } from 'vitest';
import { Conversation, datagrams } from '../../../../test/support/packets/conversation.ts';
import {
  answer,
  type DnsParts,
  dns as message,
  name,
  overTcp,
  pointer,
  query,
  TYPE,
} from '../../../../test/support/packets/dns.ts';
import { addressOctets, be16, be32, octets } from '../../../../test/support/packets/octets.ts';
import { type Eve, sense } from '../../../../test/support/sense.ts';
import { DnsMessage, looksLikeDns, MAX_RECORDS } from './message.ts';
import { nameText, skipName } from './name.ts';

const told = (...parts: (DnsParts | Uint8Array)[]): Eve[] =>
  sense(
    datagrams(
      {},
      parts.map((p) => ['client', p instanceof Uint8Array ? p : message(p)]),
    ),
  ).events.filter((e) => e['event_type'] !== 'flow');
const record = (parts: DnsParts) => told(parts)[0]['dns'];

describe('records', () => {
  test('a question and its answer', () => {
    const { frames } = {
      frames: datagrams({}, [
        ['client', query('www.Example.jp', TYPE.A, 7)],
        ['server', answer('www.Example.jp', ['192.0.2.1', '192.0.2.2'], 7)],
      ]),
    };
    const [asked, answered] = sense(frames).of('dns');
    expect(asked).toMatchObject({ app_proto: 'dns', proto: 'UDP', dest_port: 53 });
    expect(asked['dns']).toEqual({
      version: 3,
      type: 'request',
      id: 7,
      rd: true,
      opcode: 0,
      queries: [{ rrname: 'www.Example.jp', rrtype: 'A' }],
    });
    expect(answered['dns']).toEqual({
      version: 3,
      type: 'response',
      id: 7,
      flags: '8180',
      qr: true,
      rd: true,
      ra: true,
      opcode: 0,
      rcode: 'NOERROR',
      queries: [{ rrname: 'www.Example.jp', rrtype: 'A' }],
      answers: [
        { rrname: 'www.Example.jp', rrtype: 'A', ttl: 300, rdata: '192.0.2.1' },
        { rrname: 'www.Example.jp', rrtype: 'A', ttl: 300, rdata: '192.0.2.2' },
      ],
    });
  });

  test('data of each type that has a record of its own', () => {
    const rows = record({
      flags: 0x8400,
      questions: [{ name: 'x.example', type: 255 }],
      answers: [
        { name: pointer(12), type: TYPE.AAAA, data: addressOctets('2001:db8::1') },
        { name: pointer(12), type: TYPE.CNAME, data: name('y.example') },
        { name: pointer(12), type: TYPE.MX, data: octets(be16(10), name('mail.example')) },
        { name: pointer(12), type: TYPE.TXT, data: octets([3], 'a b', [2], '"c') },
        {
          name: pointer(12),
          type: TYPE.SRV,
          data: octets(be16(1), be16(2), be16(5060), name('sip.example')),
        },
        { name: pointer(12), type: 65280, data: [1, 2, 3] },
      ],
      authorities: [
        {
          name: 'example',
          type: TYPE.SOA,
          data: octets(
            name('ns.example'),
            name('host.example'),
            be32(2026010501),
            ...[7200, 900, 1209600, 60].map(be32),
          ),
        },
      ],
    });
    const x = { rrname: 'x.example', ttl: 300 };
    expect(rows.answers).toEqual([
      { ...x, rrtype: 'AAAA', rdata: '2001:db8::1' },
      { ...x, rrtype: 'CNAME', rdata: 'y.example' },
      { ...x, rrtype: 'MX', rdata: 'mail.example' },
      { ...x, rrtype: 'TXT', text: 'a b"c' },
      { ...x, rrtype: 'SRV', srv: { priority: 1, weight: 2, port: 5060, name: 'sip.example' } },
      { ...x, rrtype: 'TYPE65280' },
    ]);
    expect(rows.authorities).toEqual([
      {
        rrname: 'example',
        rrtype: 'SOA',
        ttl: 300,
        soa: {
          mname: 'ns.example',
          rname: 'host.example',
          serial: 2026010501,
          refresh: 7200,
          retry: 900,
          expire: 1209600,
          minimum: 60,
        },
      },
    ]);
  });

  test.each([
    [0x8183, 'NXDOMAIN'],
    [0x8182, 'SERVFAIL'],
    [0x8185, 'REFUSED'],
    [0x818b, 'DSOTYPENI'],
    [0x818c, '12'],
  ])('flags %i are %s', (flags, rcode) => {
    expect(record({ flags, questions: [{ name: 'a.example', type: 1 }] }).rcode).toBe(rcode);
  });

  test('names that are no host names are written so that nothing is lost (RFC 1035 §5.1)', () => {
    const odd = octets([5], 'a.b\\"', [3, 0, 0x7f, 0xff], [0]);
    expect(record({ questions: [{ name: odd, type: 1 }] }).queries[0].rrname).toBe(
      'a\\.b\\\\".\\000\\127\\255',
    );
    expect(record({ questions: [{ name: '', type: TYPE.NS }] }).queries[0].rrname).toBe('');
  });

  test('TXT leaves under no profile but the one with an order', () => {
    const parts = {
      flags: 0x8180,
      questions: [{ name: 'a', type: TYPE.TXT }],
      answers: [{ name: 'a', type: TYPE.TXT, data: octets([6], 'secret') }],
    };
    const under = (profile: 'strict' | 'standard' | 'lawful-order') =>
      JSON.stringify(sense(datagrams({}, [['server', message(parts)]]), { profile }).events);
    expect(under('strict')).not.toContain('secret');
    expect(under('standard')).not.toContain('secret');
    expect(under('lawful-order')).toContain('secret');
  });
});

describe('names', () => {
  const at = (bytes: Uint8Array, offset: number) => nameText(bytes, offset, 0, bytes.length);

  test('compression pointers lead back', () => {
    const bytes = octets(new Uint8Array(12), name('example'), [3], 'www', pointer(12));
    expect(at(bytes, 21)).toBe('www.example');
    expect(skipName(bytes, 21, bytes.length)).toBe(bytes.length);
  });

  test.each([
    ['to itself', octets(new Uint8Array(12), pointer(12)), 12, ''],
    ['forwards', octets(new Uint8Array(12), pointer(14), name('a')), 12, ''],
    ['to each other', octets(new Uint8Array(12), pointer(14), pointer(12)), 12, ''],
    ['beyond the message', octets(new Uint8Array(12), pointer(0x3fff)), 12, ''],
    ['back and again from a label', octets(new Uint8Array(12), [1], 'a', pointer(12)), 12, 'a.a'],
    ['a pointer cut in half', octets(new Uint8Array(12), [0xc0]), 12, ''],
    ['a label beyond the end', octets(new Uint8Array(12), [5], 'ab'), 12, ''],
    ['a reserved label type', octets(new Uint8Array(12), [0x80, 1, 2]), 12, ''],
  ])('a pointer %s ends', (_, bytes, offset, text) => {
    const started = performance.now();
    const seen = at(bytes, offset);
    expect(seen.startsWith(text)).toBe(true);
    expect(seen.length).toBeLessThan(256);
    expect(performance.now() - started).toBeLessThan(50);
  });

  test('a chain of pointers is followed 16 jumps and no more', () => {
    // Each pointer leads to the one before it; the first leads to a name.
    const chain = (jumps: number) =>
      octets(name('end'), ...Array.from({ length: jumps }, (_, i) => pointer(i === 0 ? 0 : 5 + 2 * (i - 1))));
    expect(at(chain(16), 5 + 2 * 15)).toBe('end');
    expect(at(chain(17), 5 + 2 * 16)).toBe('');
  });

  test('no text is longer than a name may be', () => {
    const labels = octets(...Array.from({ length: 10 }, () => octets([63], 'x'.repeat(63))), [0]);
    expect(at(labels, 0).length).toBeLessThanOrEqual(255);
    expect(skipName(labels, 0, labels.length)).toBe(-1);
  });
});

describe('dishonest messages', () => {
  const anomalies = (bytes: Uint8Array) =>
    told(bytes)
      .filter((e) => e['event_type'] === 'anomaly')
      .map((e) => e['anomaly'].event);

  test('every cut of a message is malformed, and what was whole is told', () => {
    const whole = answer('www.example', ['192.0.2.1', '192.0.2.2']);
    for (let length = 1; length < whole.length; length++) {
      const events = told(whole.subarray(0, length));
      expect(events[0]['anomaly'], `cut at ${length}`).toMatchObject({
        type: 'applayer',
        event: 'dns.malformed_data',
      });
      const rows = events[1]?.['dns'];
      expect(rows?.queries?.length ?? 0).toBe(length >= 29 ? 1 : 0);
      expect(rows?.answers?.length ?? 0).toBe(length >= 45 ? 1 : 0);
    }
    expect(anomalies(whole)).toEqual([]);
  });

  test('65,535 records claimed', () => {
    const bytes = query('a.example');
    bytes.set([0xff, 0xff], 6);
    expect(anomalies(bytes)).toEqual(['dns.malformed_data']);
  });

  test('more records than any honest message has', () => {
    const many = {
      flags: 0x8180,
      answers: Array.from({ length: MAX_RECORDS + 1 }, () => ({ name: '', type: 1, data: [1, 2, 3, 4] })),
    };
    expect(anomalies(message(many))).toEqual(['dns.too_many_records']);
    expect(told(many)[1]['dns'].answers).toHaveLength(MAX_RECORDS);
    expect(anomalies(message({ ...many, answers: many.answers.slice(1) }))).toEqual([]);
  });

  test('data of the wrong length is left out', () => {
    const rows = record({
      flags: 0x8180,
      answers: [
        { name: 'a', type: TYPE.A, data: [1, 2, 3] },
        { name: 'a', type: TYPE.AAAA, data: [1, 2, 3] },
        { name: 'a', type: TYPE.SRV, data: [1, 2] },
        { name: 'a', type: TYPE.SOA, data: [0, 0, 1] },
        { name: 'a', type: TYPE.MX, data: [1] },
        { name: 'a', type: TYPE.TXT, data: [200, 65] },
      ],
    });
    expect(rows.answers.map((r: Eve) => [r['rrtype'], r['rdata'], r['srv'], r['soa'], r['text']])).toEqual([
      ['A', undefined, undefined, undefined, undefined],
      ['AAAA', undefined, undefined, undefined, undefined],
      ['SRV', undefined, undefined, undefined, undefined],
      ['SOA', undefined, undefined, undefined, undefined],
      ['MX', undefined, undefined, undefined, undefined],
      ['TXT', undefined, undefined, undefined, 'A'],
    ]);
  });

  test('a message in the middle of a buffer keeps to its own bytes', () => {
    const bytes = octets(new Uint8Array(50).fill(0xc0), query('a.example'), new Uint8Array(50).fill(0xc0));
    const m = new DnsMessage();
    expect(m.read(bytes, 50, bytes.length - 50)).toBe('');
    expect(m.name(0)).toBe('a.example');
  });
});

describe('found on any port', () => {
  test('by its looks', () => {
    const [event] = sense(datagrams({ serverPort: 5454 }, [['client', query('printer.local')]])).of('dns');
    expect(event['dns'].queries[0].rrname).toBe('printer.local');
  });

  test.each([
    ['text', octets('GET / HTTP/1.1\r\nHost: a\r\n')],
    ['zeros', new Uint8Array(100)],
    ['ones', new Uint8Array(100).fill(255)],
    ['a reserved bit', message({ flags: 0x0140, questions: [{ name: 'a', type: 1 }] })],
    ['an unknown type', message({ questions: [{ name: 'a', type: 9999 }] })],
    [
      'two questions',
      message({
        questions: [
          { name: 'a', type: 1 },
          { name: 'b', type: 1 },
        ],
      }),
    ],
  ])('%s does not look like it', (_, bytes) => expect(looksLikeDns(bytes, 0, bytes.length)).toBe(false));
});

describe('over TCP', () => {
  const stream = octets(overTcp(query('a.example', 1, 1)), overTcp(query('b.example', 28, 2)));
  const reply = octets(
    overTcp(answer('a.example', ['192.0.2.1'], 1)),
    overTcp(answer('b.example', ['2001:db8::1'], 2)),
  );

  test('two messages, the stream cut in two at every byte', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const talk = new Conversation({ serverPort: 53 }).handshake();
      talk.send('client', stream.subarray(0, cut)).send('client', stream.subarray(cut));
      talk.send('server', reply.subarray(0, cut)).send('server', reply.subarray(cut)).close();
      const ids = sense(talk.frames)
        .of('dns')
        .map((e) => [e['dns'].type, e['dns'].id]);
      expect(ids, `cut at ${cut}`).toEqual([
        ['request', 1],
        ['request', 2],
        ['response', 1],
        ['response', 2],
      ]);
    }
  });

  test('one byte a segment', () => {
    const talk = new Conversation({ serverPort: 53 }).handshake().send('client', stream, 1).close();
    expect(
      sense(talk.frames)
        .of('dns')
        .map((e) => e['dns'].queries[0].rrname),
    ).toEqual(['a.example', 'b.example']);
  });

  test('a length too short for any message ends the reading', () => {
    const talk = new Conversation({ serverPort: 53 }).handshake();
    talk.send('client', octets(overTcp(query('a.example')), [0, 1, 0], overTcp(query('b.example'))));
    expect(sense(talk.frames).of('dns')).toHaveLength(1);
  });
});
