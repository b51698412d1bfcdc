// Lines as Suricata 6, 7 and 8 write them: what they become, who is the client, and that TXT data stays content.
import { describe, expect, test } from 'vitest';
import { type Eve, eveObject } from '../../../test/support/eve-object.ts';
import { leaves } from '../wire/field.ts';
import { EveLine } from './line.ts';

const line = new EveLine();
const ENDS = { src_ip: '10.1.0.7', src_port: 40000, dest_ip: '10.1.0.53', dest_port: 53, proto: 'UDP' };

/** The line as a record of ours. @param profile strict unless it is said */
function told(more: object, profile: 'strict' | 'lawful-order' = 'lawful-order'): Eve {
  const bytes = Buffer.from(
    JSON.stringify({ timestamp: '2026-01-05T21:00:00.123456+0900', ...ENDS, ...more }),
  );
  expect(line.read(bytes, 0, bytes.length)).toBeUndefined();
  return eveObject(
    line.fields.filter((field) => leaves(profile, field.class)),
    line,
  );
}

describe('time', () => {
  test.each([
    ['2026-01-05T21:00:00.123456+0900', 1_767_614_400_123_456],
    ['2026-01-05T12:00:00.123456+0000', 1_767_614_400_123_456],
    ['2026-01-05T06:30:00.123456-05:30', 1_767_614_400_123_456],
    ['2026-01-05T12:00:00.123456Z', 1_767_614_400_123_456],
    ['2026-01-05T12:00:00.1', 1_767_614_400_100_000],
    ['2026-01-05T12:00:00.123456789+0000', 1_767_614_400_123_456],
    ['2024-02-29T00:00:00+0000', 1_709_164_800_000_000],
    ['2026-02-29T00:00:00+0000', Number.NaN],
    ['2026-13-01T00:00:00+0000', Number.NaN],
    ['2026-01-05 12:00:00+0000', Number.NaN],
    ['2026-01-05T24:00:00+0000', Number.NaN],
    ['1969-12-31T16:04:21.000000-0700', Number.NaN],
    [1_767_614_400, Number.NaN],
  ])('%s', (timestamp, us) => {
    told({ timestamp, event_type: 'dns', dns: { type: 'query' } });
    expect(line.time).toBe(us);
    expect(line.kind).toBe(Number.isNaN(us) ? 'other' : 'event');
  });
});

describe('DNS of all versions', () => {
  const asked = [{ rrname: 'www.example.org', rrtype: 'A' }];
  const question = { version: 3, type: 'request', id: 7, queries: asked };

  test.each<[string, object, object]>([
    ['version 3', { version: 3, type: 'request', id: 7, queries: asked }, question],
    ['a question of version 2', { type: 'query', id: 7, rrname: 'www.example.org', rrtype: 'A' }, question],
    [
      'an answer of version 2, detailed and grouped',
      {
        ...{
          version: 2,
          type: 'answer',
          id: 7,
          flags: '8180',
          qr: true,
          rrname: 'www.example.org',
          rrtype: 'A',
        },
        answers: [{ rrname: 'www.example.org', rrtype: 'A', ttl: 60, rdata: '192.0.2.1' }],
        grouped: { A: ['192.0.2.9'] },
      },
      {
        ...{ version: 3, type: 'response', id: 7, flags: '8180', qr: true, queries: asked },
        answers: [{ rrname: 'www.example.org', rrtype: 'A', ttl: 60, rdata: '192.0.2.1' }],
      },
    ],
    [
      'a grouped answer',
      {
        version: 2,
        type: 'answer',
        rrname: 'www.example.org',
        rrtype: 'A',
        grouped: { A: ['192.0.2.1', '192.0.2.2'] },
      },
      {
        ...{ version: 3, type: 'response', queries: asked },
        answers: ['192.0.2.1', '192.0.2.2'].map((rdata) => ({
          rrname: 'www.example.org',
          rrtype: 'A',
          rdata,
        })),
      },
    ],
    [
      'a grouped answer with an alias: nobody says whose the address is',
      {
        version: 2,
        type: 'answer',
        rrname: 'www.example.org',
        grouped: { CNAME: ['a.example'], A: ['192.0.2.1'] },
      },
      {
        ...{ version: 3, type: 'response', queries: [{ rrname: 'www.example.org' }] },
        answers: [
          { rrtype: 'A', rdata: '192.0.2.1' },
          { rrtype: 'CNAME', rdata: 'a.example' },
        ],
      },
    ],
    [
      'an answer of version 1',
      {
        type: 'answer',
        id: 7,
        rrname: 'www.example.org',
        rrtype: 'A',
        ttl: 8,
        rdata: '192.0.2.1',
        rcode: 'NOERROR',
      },
      {
        ...{ version: 3, type: 'response', id: 7, rcode: 'NOERROR' },
        answers: [{ rrname: 'www.example.org', rrtype: 'A', ttl: 8, rdata: '192.0.2.1' }],
      },
    ],
  ])('%s', (_, theirs, ours) => {
    expect(told({ event_type: 'dns', dns: theirs })['dns']).toEqual(ours);
  });

  test('an alert of version 2 has a question in a list, or an answer', () => {
    const alert = { signature_id: 1 };
    const app = { event_type: 'alert', alert, app_proto: 'dns' };
    expect(told({ ...app, dns: { query: [{ type: 'query', id: 7, ...asked[0] }] } })['dns']).toEqual({
      ...{ version: 3, type: 'request', queries: asked },
    });
    const answer = { version: 2, type: 'answer', id: 7, rcode: 'NXDOMAIN', ...asked[0] };
    expect(told({ ...app, dns: { answer } })['dns']).toEqual({
      ...{ version: 3, type: 'response', rcode: 'NXDOMAIN', queries: asked },
    });
    expect(line).toMatchObject({ kind: 'alert', type: 'dns' });
  });

  test.each(['TXT', 'NULL', 'txt', 'SPF', 'TYPE65400', undefined])(
    'data of type %s is content: it stands where TXT data stands with us',
    (rrtype) => {
      const answers = [
        { rrname: 'a.example', rrtype, rdata: 'a secret' },
        { rrname: 'a.example', rrtype: 'A', rdata: '192.0.2.1' },
      ];
      const record = { event_type: 'dns', dns: { version: 2, type: 'answer', answers } };
      expect(told(record)['dns'].answers[0].text).toBe('a secret');
      expect(JSON.stringify(told(record, 'strict'))).not.toContain('secret');
      expect(told(record, 'strict')['dns'].answers[1].rdata).toBe('192.0.2.1');
      const grouped = {
        event_type: 'dns',
        dns: { version: 2, type: 'answer', grouped: { TXT: ['a secret'] } },
      };
      expect(JSON.stringify(told(grouped, 'strict'))).not.toContain('secret');
      expect(JSON.stringify(told(grouped))).toContain('a secret');
    },
  );
});

describe('who opened the flow', () => {
  const server = { src_ip: '10.1.0.53', src_port: 53, dest_ip: '10.1.0.7', dest_port: 40000 };
  const alert = { event_type: 'alert', alert: { signature_id: 1 } };
  test.each<[string, object]>([
    ['an answer that names the server', { ...server, event_type: 'dns', dns: { type: 'response' } }],
    ['an alert about a packet to the client', { ...alert, ...server, direction: 'to_client' }],
    [
      'an alert with the ends of its flow',
      {
        ...alert,
        ...server,
        flow: { src_ip: '10.1.0.7', src_port: 40000, dest_ip: '10.1.0.53', dest_port: 53 },
      },
    ],
    ['an alert of Suricata 6 about an answer', { ...alert, ...server, app_proto: 'dns' }],
    ['a question', { event_type: 'dns', dns: { type: 'query' } }],
    ['an alert about a packet to the server', { ...alert, direction: 'to_server' }],
  ])('%s', (_, record) => {
    expect(told(record)).toMatchObject(ENDS);
  });

  test('an alert about a packet of no known protocol stays as it is, whatever its ports', () => {
    expect(told({ ...alert, ...server, app_proto: 'failed' })).toMatchObject(server);
  });

  test('Community ID: theirs where it is one, else made of the ends', () => {
    const record = { event_type: 'dns', dns: { type: 'query' } };
    const made = told(record)['community_id'];
    expect(made).toBe('1:L4y+e+axtFG7CWLwZgbSNz9WRV8=');
    expect(told({ ...record, ...server })['community_id']).toBe(made);
    const theirs = '1:AAAAAAAAAAAAAAAAAAAAAAAAAAA=';
    expect(told({ ...record, community_id: theirs })['community_id']).toBe(theirs);
    expect(told({ ...record, community_id: 'secret' })['community_id']).toBe(made);
    // As a Suricata said of these ends.
    const known = { src_ip: '192.168.88.61', src_port: 949, dest_ip: '192.168.88.1' };
    expect(told({ ...record, ...known })['community_id']).toBe('1:P7jixReUPBkrfEsrEJysVvyhqKc=');
  });
});

test('a flow has their counts, and what detectors ask of it', () => {
  const record = told({
    ...{
      event_type: 'flow',
      flow_id: 1_234_567_890_123_456,
      proto: 'TCP',
      dest_port: 22,
      vlan: [7, 8],
      app_proto: 'failed',
    },
    flow: {
      ...{
        pkts_toserver: 1,
        pkts_toclient: 1,
        bytes_toserver: 74,
        bytes_toclient: 60,
        age: 0,
        state: 'closed',
      },
      ...{
        start: '2026-01-05T20:59:59.000000+0900',
        end: '2026-01-05T20:59:59.000100+0900',
        reason: 'timeout',
      },
    },
    tcp: {
      tcp_flags: '16',
      tcp_flags_ts: '02',
      tcp_flags_tc: '14',
      syn: true,
      rst: true,
      ack: true,
      state: 'closed',
    },
  });
  expect(record).toMatchObject({
    ...{ event_type: 'flow', flow_id: 1_234_567_890_123_456, vlan: [7, 8] },
    flow: { bytes_toserver: 74, start: '2026-01-05T11:59:59.000000Z', reason: 'timeout' },
    tcp: { tcp_flags_tc: '14', rst: true },
  });
  expect(record).not.toHaveProperty('app_proto');
  const { isRefused, isAnswered, state, protocol, payload_toserver, start, last } = line.flow;
  expect({ isRefused, isAnswered, state, protocol, payload_toserver, start, last }).toEqual({
    ...{ isRefused: true, isAnswered: false, state: 'closed', protocol: 6, payload_toserver: 0 },
    ...{ start: 1_767_614_399_000_000, last: 1_767_614_399_000_100 },
  });
});

test('anomalies of applications have the protocol in front, as ours have', () => {
  const anomaly = { type: 'applayer', event: 'INVALID_RECORD_TYPE', layer: 'proto_parser' };
  expect(told({ event_type: 'anomaly', app_proto: 'tls', anomaly })['anomaly']).toEqual({
    ...{ type: 'applayer', event: 'tls.invalid_record_type', app_proto: 'tls' },
  });
  const decode = { type: 'decode', event: 'decoder.udp.pkt_too_small' };
  expect(told({ event_type: 'anomaly', anomaly: decode })['anomaly']).toEqual(decode);
});

test.each<[string, object]>([
  ['a type that we do not have', { event_type: 'fileinfo', fileinfo: { filename: 'x' } }],
  ['a word of JavaScript', { event_type: 'constructor' }],
  ['no type', {}],
  ['a type that is no word', { event_type: 'a secret' }],
  ['no address', { event_type: 'dns', src_ip: null }],
])('%s is not taken', (_, record) => {
  told(record);
  expect(line.kind).toBe('other');
  expect(line.theirType).not.toContain('secret');
});

test('what an alert is about: the record of its application, else the flow', () => {
  const alert = { event_type: 'alert', alert: { signature_id: 1 } };
  told({ ...alert, app_proto: 'ftp-data', ftp_data: { filename: 'x' }, http: { hostname: 'x' } });
  expect(line.type).toBe('ftp-data');
  told({ ...alert, app_proto: 'smtp', email: {}, flow: { pkts_toserver: 1 } });
  expect(line.type).toBe('flow');
});
