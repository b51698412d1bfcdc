// TLS: real sessions of node:tls read by the sensor, and hellos cut at every byte of segments and of records.
import { beforeAll, describe, expect, test } from 'vitest';
import { Conversation } from '../../../../test/support/packets/conversation.ts';
import { be16, octets } from '../../../../test/support/packets/octets.ts';
import {
  type Flight,
  recordTls,
  type ServerIdentity,
  selfSigned,
} from '../../../../test/support/packets/recorded-tls.ts';
import {
  clientHello,
  extension,
  handshake,
  ordinaryClient,
  ordinaryServer,
  records,
  serverHello,
} from '../../../../test/support/packets/tls.ts';
import { type Eve, sense } from '../../../../test/support/sense.ts';
import { readCertificate } from './certificate.ts';

const talk = (said: Flight, size = 1460): Conversation => {
  const conversation = new Conversation({ serverPort: 443 }).handshake();
  for (const [side, bytes] of said) conversation.send(side, bytes, size);
  return conversation.close();
};
const read = (said: Flight, size?: number): Eve[] =>
  sense(talk(said, size).frames)
    .of('tls')
    .map((e) => e['tls']);
const anomalies = (said: Flight) =>
  sense(talk(said).frames)
    .of('anomaly')
    .map((e) => e['anomaly'].event);

const SUBJECT = 'C=JP, O=Example 省, CN=www.example';
const VALIDITY = { from: new Date('2025-12-31T23:59:59Z'), until: new Date('2055-06-01T00:00:00Z') };
let identity: ServerIdentity;
let tls13: Flight;
let tls12: Flight;

beforeAll(async () => {
  identity = await selfSigned(SUBJECT, VALIDITY);
  const client = { servername: 'www.example', ALPNProtocols: ['h2', 'http/1.1'] };
  const server = { ALPNProtocols: ['http/1.1'] };
  tls13 = await recordTls(identity, { ...client, minVersion: 'TLSv1.3' }, server);
  tls12 = await recordTls(identity, { ...client, maxVersion: 'TLSv1.2' }, server);
});

const hex = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('hex');

describe('real sessions', () => {
  test('TLS 1.3', () => {
    const [event, ...rest] = read(tls13);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ sni: 'www.example', version: 'TLS 1.3', client_alpns: ['h2', 'http/1.1'] });
    expect(event['ja4']).toMatch(/^t13d\d\d\d\dh2_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(event['ja3'].string).toMatch(/^771,/);
    expect(event['ja3s'].string).toMatch(/^771,\d+,/);
    expect(event).not.toHaveProperty('subject');
    expect(anomalies(tls13)).toEqual([]);
  });

  test('TLS 1.2 shows its certificate', async () => {
    const [event, ...rest] = read(tls12);
    expect(rest).toEqual([]);
    const sha1 = hex(await identity.certificate.getThumbprint('SHA-1'));
    const sha256 = hex(await identity.certificate.getThumbprint('SHA-256'));
    expect(event).toMatchObject({
      sni: 'www.example',
      version: 'TLS 1.2',
      server_alpns: ['http/1.1'],
      subject: SUBJECT,
      issuerdn: SUBJECT,
      serial: '0A:1B:2C:3D:4E:5F',
      notbefore: '2025-12-31T23:59:59',
      notafter: '2055-06-01T00:00:00',
      fingerprint: sha1.replace(/..(?=.)/g, '$&:'),
      fingerprint_sha256: sha256.replace(/..(?=.)/g, '$&:'),
    });
    expect(anomalies(tls12)).toEqual([]);
  });

  test('what is said after the handshake is nowhere', () => {
    const { events } = sense(talk(tls12).frames);
    expect(JSON.stringify(events)).not.toMatch(/ping|pong/);
  });

  test.each([1, 7, 100])('the same in segments of %i bytes', (size) => {
    expect(read(tls13, size)).toEqual(read(tls13));
    expect(read(tls12, size)).toEqual(read(tls12));
  });

  test('the server’s packets stand before the client’s in the capture', () => {
    const [hello] = tls13;
    const swapped: Flight = [tls13[1], hello, ...tls13.slice(2)];
    expect(read(swapped)[0]).toMatchObject({ sni: 'www.example', version: 'TLS 1.3' });
    expect(read(swapped)).toHaveLength(1);
  });

  test('the server side alone, the client side alone', () => {
    const only = (side: string) => read(tls12.filter(([from]) => from === side))[0];
    expect(only('client')).toMatchObject({ sni: 'www.example' });
    expect(only('client')).not.toHaveProperty('version');
    expect(only('server')).toMatchObject({ version: 'TLS 1.2', subject: SUBJECT, self_signed: true });
    expect(only('server')).not.toHaveProperty('sni');
  });
});

describe('cut anywhere', () => {
  const hello = ordinaryClient('www.example');
  const reply = ordinaryServer();
  let whole: Eve[];
  beforeAll(() => {
    whole = read([
      ['client', records(hello)],
      ['server', records(reply)],
    ]);
    expect(whole[0]).toMatchObject({ sni: 'www.example', version: 'TLS 1.3' });
  });

  test('two segments, at every byte', () => {
    const sent = records(hello);
    for (let cut = 1; cut < sent.length; cut++)
      expect(
        read([
          ['client', sent.subarray(0, cut)],
          ['client', sent.subarray(cut)],
          ['server', records(reply)],
        ]),
        `cut at ${cut}`,
      ).toEqual(whole);
  });

  test('two records, at every byte (RFC 8446 §5.1)', () => {
    for (let cut = 1; cut < hello.length; cut++)
      expect(
        read([
          ['client', octets(records(hello.subarray(0, cut)), records(hello.subarray(cut)))],
          ['server', records(reply)],
        ]),
        `cut at ${cut}`,
      ).toEqual(whole);
  });

  test.each([1, 2, 50])('records of %i bytes', (size) => {
    expect(
      read([
        ['client', records(hello, { size })],
        ['server', records(reply, { size })],
      ]),
    ).toEqual(whole);
  });
});

describe('odd handshakes', () => {
  test.each([
    ['', new Uint8Array(0)],
    [' and a change of cipher for middle boxes', records([1], { type: 20 })],
  ])('a retry%s: the first hello is the client, the second answer the server', (_, extra) => {
    const random = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');
    const retry = octets(ordinaryServer());
    retry.set(random, 4 + 2);
    const answer = serverHello({ ciphers: [0x1302], extensions: [extension.selectedVersion(0x0304)] });
    const events = read([
      ['client', records(ordinaryClient('first.example'))],
      ['server', octets(records(retry), extra)],
      ['client', octets(extra, records(ordinaryClient('second.example')))],
      ['server', octets(records(answer), records([1], { type: 20 }), records('x', { type: 23 }))],
    ]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      sni: 'first.example',
      version: 'TLS 1.3',
      ja3s: { string: '771,4866,43' },
    });
  });

  test('TLS 1.2 resumed: no certificate, cipher changed at once', () => {
    const [event] = read([
      [
        'client',
        records(clientHello({ ciphers: [0xc02f], extensions: [extension.serverName('a.example')] })),
      ],
      [
        'server',
        octets(records(serverHello({ ciphers: [0xc02f], extensions: [] })), records([1], { type: 20 })),
      ],
    ]);
    expect(event).toMatchObject({ session_resumed: true, version: 'TLS 1.2' });
  });

  test('a client that is refused', () => {
    const events = read([
      ['client', records(ordinaryClient('a.example'))],
      ['server', records([2, 40], { type: 21 })],
    ]);
    expect(events[0]).toMatchObject({ sni: 'a.example' });
    expect(events[0]).not.toHaveProperty('version');
  });

  test.each([
    [0x0300, 'SSLv3'],
    [0x0301, 'TLSv1'],
    [0x0302, 'TLS 1.1'],
    [0x7f1c, 'TLS 1.3 draft-28'],
  ])('version %i is %s', (version, text) => {
    const server = octets(serverHello({ version, ciphers: [5], extensions: [] }), handshake(14, []));
    expect(
      read([
        ['client', records(ordinaryClient('a'))],
        ['server', records(server)],
      ])[0]['version'],
    ).toBe(text);
  });

  test.each([
    [
      'a hello that contradicts itself',
      records(handshake(1, octets([3, 3], new Uint8Array(32), [255]))),
      ['tls.invalid_handshake'],
    ],
    [
      'bytes that are no record after the hello',
      octets(records(ordinaryClient('a')), 'nonsense'),
      ['tls.invalid_record'],
    ],
    [
      'a record longer than any',
      octets(records(ordinaryClient('a')), [22, 3, 1, 0xff, 0xff]),
      ['tls.invalid_record'],
    ],
  ])('%s', (_, bytes, expected) => expect(anomalies([['client', bytes]])).toEqual(expected));

  test('a certificate that is none', () => {
    const server = octets(
      serverHello({ ciphers: [5], extensions: [] }),
      handshake(11, [0, 0, 6, 0, 0, 3, 1, 2, 3]),
      handshake(14, []),
    );
    expect(
      anomalies([
        ['client', records(ordinaryClient('a'))],
        ['server', records(server)],
      ]),
    ).toEqual(['tls.invalid_certificate']);
  });

  test('a host name of any bytes is written as it is and stays JSON', () => {
    const host = 'a"\\\u0000\u0007é';
    expect(read([['client', records(ordinaryClient(host))]])[0]['sni']).toBe(host);
  });

  test('a message that claims 16 MiB is not waited for', () => {
    const { sensor } = sense(
      talk([['client', records(octets([1, 0xff, 0xff, 0xff], new Uint8Array(1000)))]]).frames,
    );
    expect(sensor.counters.events).toEqual({ flow: 1 });
  });

  test('one handshake byte a record costs no more than its bytes', () => {
    // 64 KiB of hello, a byte a record: joining anew for each record would copy 2 GiB.
    const padding: [number, Uint8Array] = [21, new Uint8Array(60_000)];
    const hello = clientHello({ ciphers: [5], extensions: [extension.serverName('slow.example'), padding] });
    const frames = talk([['client', records(hello, { size: 1 })]], 60_000).frames;
    const started = performance.now();
    expect(sense(frames).of('tls')[0]['tls'].sni).toBe('slow.example');
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('certificates', () => {
  test('every cut and every changed byte is read or refused, never misread beyond its end', () => {
    const der = new Uint8Array(identity.certificate.rawData);
    const guarded = (guard: number, end: number) => {
      const bytes = octets(
        new Uint8Array(8).fill(guard),
        der.subarray(0, end),
        new Uint8Array(64).fill(guard),
      );
      return JSON.stringify(readCertificate(bytes, 8, 8 + end) ?? null);
    };
    for (let end = 0; end <= der.length; end++) expect(guarded(0x30, end)).toBe(guarded(0xff, end));
    for (let at = 0; at < der.length; at++) {
      const changed = Uint8Array.from(der);
      changed[at] ^= 0xff;
      expect(() => JSON.stringify(readCertificate(changed, 0, changed.length) ?? null)).not.toThrow();
    }
  });

  test.each([
    [0x17, '491231235959Z', '2049-12-31T23:59:59'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00'],
    [0x18, '20991231235959Z', '2099-12-31T23:59:59'],
  ])('a time of tag %i, %s', (tag, text, expected) => {
    const tlv = (t: number, ...parts: (Uint8Array | readonly number[] | string)[]) => {
      const body = octets(...parts);
      return octets([t, 0x82], be16(body.length), body);
    };
    const time = tlv(tag, text);
    const body = tlv(0x30, tlv(2, [7]), tlv(0x30), tlv(0x30), tlv(0x30, time, time), tlv(0x30));
    const bytes = tlv(0x30, body);
    expect(readCertificate(bytes, 0, bytes.length)).toMatchObject({
      notBefore: expected,
      serial: '07',
      subject: '',
    });
  });
});
