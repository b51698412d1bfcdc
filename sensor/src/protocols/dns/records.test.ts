// DNS: EDNS, data of the newer record types, kinds of messages, and names written without strings.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datagrams } from '../../../../test/support/packets/conversation.ts';
import { type DnsParts, dns as message, name, pointer, query } from '../../../../test/support/packets/dns.ts';
import { addressOctets, be16, be32, type Octets, octets } from '../../../../test/support/packets/octets.ts';
import { sense } from '../../../../test/support/sense.ts';
import { DnsMessage } from './message.ts';
import { faultOfName, MAX_NAME_TEXT, nameText, writeName } from './name.ts';

const events = (bytes: Uint8Array) => sense(datagrams({}, [['client', bytes]]));
const record = (parts: DnsParts) => events(message(parts)).of('dns')[0]['dns'];

/** The data of one answer, as `rdata` tells it. */
const rdata = (type: number, data: Octets): string | undefined =>
  record({
    flags: 0x8180,
    questions: [{ name: 'x.example', type: 255 }],
    answers: [{ name: pointer(12), type, data }],
  }).answers[0].rdata;

describe('EDNS', () => {
  /** An OPT pseudo-record: its owner is the root, its class the size, its TTL the flags. */
  const opt = (options: Octets, flags = 0x00008000, size = 1232): Uint8Array =>
    octets([0], be16(41), be16(size), be32(flags), be16(octets(options).length), options);
  const withOpt = (bytes: Uint8Array, ...rest: Parameters<typeof opt>): Uint8Array => {
    const whole = octets(bytes, opt(...rest));
    whole[11] = 1;
    return whole;
  };
  const option = (code: number, data: Octets): Uint8Array =>
    octets(be16(code), be16(octets(data).length), data);

  test('version, size and flags stand beside the sections', () => {
    const [event] = events(withOpt(query('a.example'), [])).of('dns');
    expect(event['dns'].edns).toEqual({ version: 0, udp_size: 1232, do: true });
    expect(event['dns'].additionals).toBeUndefined();
  });

  test('options', () => {
    const options = octets(
      option(8, [...be16(1), 24, 0, 192, 0, 2]),
      option(10, new Uint8Array(24)),
      option(15, [...be16(6), 98, 111]),
      option(12, new Uint8Array(7)),
      option(65001, [1]),
    );
    expect(events(withOpt(query('a.example'), options, 0)).of('dns')[0]['dns'].edns).toEqual({
      version: 0,
      udp_size: 1232,
      options: ['CLIENT-SUBNET', 'COOKIE', 'EDE', 'PADDING', '65001'],
      client_subnet: '192.0.2.0/24',
      cookie_length: 24,
      padding: 7,
      ede: 6,
    });
  });

  test('a subnet of IPv6, and one of no family', () => {
    const subnet = (data: Octets) =>
      events(withOpt(query('a.example'), option(8, data))).of('dns')[0]['dns'].edns.client_subnet;
    expect(subnet([...be16(2), 48, 0, 0x20, 1, 0x0d, 0xb8, 0, 7])).toBe('2001:db8:7::/48');
    expect(subnet([...be16(3), 8, 0, 1])).toBeUndefined();
    expect(subnet([...be16(1), 8, 0, 1, 2, 3, 4, 5])).toBeUndefined();
    expect(subnet([0])).toBeUndefined();
  });

  test('the upper bits of the result', () => {
    const answer = message({ flags: 0x8180, questions: [{ name: 'a', type: 1 }] });
    expect(events(withOpt(answer, [], 0x01000000)).of('dns')[0]['dns'].rcode).toBe('BADVERS');
    expect(events(withOpt(answer, [], 0x01010000)).of('dns')[0]['dns'].edns.version).toBe(1);
  });
});

describe('data', () => {
  test.each<[string, number, Octets, string]>([
    ['DS', 43, [...be16(60485), 5, 1, 0x2b, 0xb1], '60485 5 1 2bb1'],
    ['DNSKEY, by its tag', 48, [...be16(257), 3, 8, 1, 2, 3, 4], '257 3 8 2063'],
    [
      'RRSIG',
      46,
      octets(
        be16(1),
        [13, 2],
        be32(300),
        be32(1767225600),
        be32(1764547200),
        be16(12345),
        name('example'),
        'x',
      ),
      'A 13 2 300 20260101000000 20251201000000 12345 example.',
    ],
    ['NSEC', 47, octets(name('b.example'), [0, 6, 0x40, 1, 0, 0, 0, 3]), 'b.example. A MX RRSIG NSEC'],
    ['NSEC3', 50, [1, 1, 0, 10, 1, 0xab, 2, 0xff, 0, 0, 1, 0x40], '1 1 10 ab VS00 A'],
    ['NSEC3 without salt', 50, [1, 0, 0, 0, 0, 1, 0], '1 0 0 - 00'],
    ['NSEC3PARAM', 51, [1, 0, 0, 5, 0], '1 0 5 -'],
    ['TLSA', 52, [3, 1, 1, 0xaa, 0xbb], '3 1 1 aabb'],
    ['CAA', 257, octets([0, 5], 'issueca.example'), '0 issue "ca.example"'],
    ['HINFO', 13, octets([3], 'cpu', [2], 'os'), '"cpu" "os"'],
    [
      'NAPTR',
      35,
      octets(be16(100), be16(10), [1], 'u', [7], 'E2U+sip', [0], name('sip.example')),
      '100 10 "u" "E2U+sip" "" sip.example.',
    ],
  ])('%s', (_, type, data, text) => {
    expect(rdata(type, data)).toBe(text);
    const bytes = octets(data);
    for (let cut = 0; cut < bytes.length; cut++) rdata(type, bytes.subarray(0, cut));
  });

  test('SSHFP', () => {
    const rows = record({
      flags: 0x8180,
      answers: [{ name: 'h.example', type: 44, data: [4, 2, 0xaa, 0xbb] }],
    });
    expect(rows.answers[0].sshfp).toEqual({ fingerprint: 'aa:bb', algo: 4, type: 2 });
  });

  test('HTTPS: what it speaks, where it is, and that it hides its names', () => {
    const parameter = (key: number, value: Octets) => octets(be16(key), be16(octets(value).length), value);
    const data = octets(
      be16(1),
      [0],
      parameter(1, octets([2], 'h3', [2], 'h2')),
      parameter(3, be16(8443)),
      parameter(4, [192, 0, 2, 1, 192, 0, 2, 2]),
      parameter(5, [0xfe, 0x0d, 0, 0]),
      parameter(6, addressOctets('2001:db8::1')),
    );
    const row = record({ flags: 0x8180, answers: [{ name: 'x.example', type: 65, data }] }).answers[0];
    expect(row.svcb).toEqual({
      priority: 1,
      target: '',
      alpn: 'h3,h2',
      port: '8443',
      ipv4hint: '192.0.2.1,192.0.2.2',
      ipv6hint: '2001:db8::1',
      ech: true,
    });
    expect(row.rdata).toBe('1 . alpn=h3,h2 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ech ipv6hint=2001:db8::1');
  });
});

describe('kinds of messages', () => {
  test('a dynamic update that takes records away', () => {
    const row = record({
      flags: 0x2800,
      questions: [{ name: 'example', type: 6 }],
      authorities: [{ name: 'h.example', type: 1, data: [] }],
    });
    expect(row).toMatchObject({ opcode: 5, authorities: [{ rrname: 'h.example', rrtype: 'A' }] });
    expect(row.authorities[0].rdata).toBeUndefined();
  });

  test('oddities', () => {
    const odd = (bytes: Uint8Array) =>
      events(bytes)
        .of('anomaly')
        .map((event) => event['anomaly'].event);
    expect(odd(message({ flags: 0x0140, questions: [{ name: 'a', type: 1 }] }))).toEqual(['dns.z_flag_set']);
    expect(odd(message({ flags: 0x1900, questions: [{ name: 'a', type: 1 }] }))).toEqual([
      'dns.invalid_opcode',
    ]);
    const loop = message({
      flags: 0x8180,
      questions: [{ name: 'a', type: 1 }],
      answers: [{ name: pointer(19), type: 1, data: [1, 2, 3, 4] }],
    });
    expect(odd(loop)).toEqual(['dns.infinite_loop']);
    const inData = { name: pointer(12), type: 5, data: pointer(0x3fff) };
    expect(odd(message({ flags: 0x8180, questions: [{ name: 'a', type: 5 }], answers: [inData] }))).toEqual([
      'dns.malformed_data',
    ]);
  });
});

describe('names', () => {
  const out = new Uint8Array(MAX_NAME_TEXT + 20);
  const written = (b: Uint8Array, at: number) => {
    const end = writeName(b, at, 0, b.length, out, 10);
    return JSON.parse(`"${Buffer.from(out.buffer, 10, end - 10).toString('latin1')}"`);
  };

  test('written into bytes they are what they are as text', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 63 }), { maxLength: 6 }), (labels) => {
        const bytes = octets(...labels.map((label) => octets([label.length], label)), [0]);
        expect(written(bytes, 0)).toBe(nameText(bytes, 0, 0, bytes.length));
      }),
    );
    const longest = octets(...[63, 63, 63, 61].map((n) => octets([n], new Uint8Array(n))), [0]);
    expect(writeName(longest, 0, 0, longest.length, out, 0)).toBeLessThanOrEqual(MAX_NAME_TEXT);
  });

  test('of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(299), (bytes, at) => {
        expect(written(bytes, at)).toBe(nameText(bytes, at, 0, bytes.length));
        faultOfName(bytes, at, 0, bytes.length);
      }),
    );
  });

  test('of a message, with their pointers', () => {
    const m = new DnsMessage();
    const bytes = message({
      questions: [{ name: 'www.example', type: 5 }],
      answers: [{ name: pointer(12), type: 5, data: octets([1], 'b', pointer(16)) }],
    });
    m.read(bytes, 0, bytes.length);
    const text = (end: number) => Buffer.from(out.buffer, 0, end).toString('latin1');
    expect(text(m.writeName(out, 0, 1))).toBe('www.example');
    expect(text(m.writeDataName(out, 0, 1))).toBe('b.example');
  });
});
