// QUIC as captures have it: the server first, keys that do not fit, packets that say nothing, and what is no QUIC.
import { expect, test } from 'vitest';
import type { Side } from '../../../../test/support/packets/conversation.ts';
import { datagrams } from '../../../../test/support/packets/conversation.ts';
import { be32, type Octets, octets } from '../../../../test/support/packets/octets.ts';
import { crypto, ids, initial, short } from '../../../../test/support/packets/quic.ts';
import { extension, ordinaryClient, serverHello } from '../../../../test/support/packets/tls.ts';
import { type Eve, sense } from '../../../../test/support/sense.ts';
import { quic } from './quic.ts';
import { scheduleOf, versionText } from './versions.ts';

const DCID = [1, 1, 2, 3, 5, 8, 13, 21];
const HELLO = ordinaryClient('quic.example');
const ANSWER = serverHello({ ciphers: [0x1301], extensions: [extension.selectedVersion(0x0304)] });
const client = (frames: Octets, key: Octets = DCID) =>
  initial({ from: 'client', key, dcid: DCID, frames, size: 1200 });
const server = (frames: Octets) => initial({ from: 'server', key: DCID, dcid: [], scid: [7, 7], frames });

const told = (...messages: readonly (readonly [Side, Octets])[]): Eve[] =>
  sense(datagrams({ serverPort: 443 }, messages)).of('quic');
const facts = (events: readonly Eve[]): unknown[] =>
  events.map(({ quic: { sni, version, ja3, ja3s } }) => ({ sni, version, ja3: !!ja3, ja3s: !!ja3s }));

const ASKED = { sni: 'quic.example', version: '1', ja3: true, ja3s: false };
const ANSWERED = { sni: undefined, version: '1', ja3: false, ja3s: true };

test('the server comes first in the capture', () => {
  expect(facts(told(['server', server(crypto(0, ANSWER))], ['client', client(crypto(0, HELLO))]))).toEqual([
    ASKED,
    ANSWERED,
  ]);
});

test('packets in one datagram: the server’s answer stands before its encrypted handshake', () => {
  const handshake = octets([0xe0], be32(1), ids([], [7, 7]), [0x40, 20], new Uint8Array(20));
  const both = octets(handshake, server(crypto(0, ANSWER)), short(DCID));
  expect(facts(told(['client', client(crypto(0, HELLO))], ['server', both]))).toEqual([ASKED, ANSWERED]);
});

test('a hello is told once, however often it is sent', () => {
  const again = ['client', client(crypto(0, HELLO))] as const;
  expect(facts(told(again, again, again))).toEqual([ASKED]);
});

test('an Initial packet that no keys open is told by its version', () => {
  expect(facts(told(['client', client(crypto(0, HELLO), [9])]))).toEqual([
    { sni: undefined, version: '1', ja3: false, ja3s: false },
  ]);
});

test('data before the answer, and a hello whose end never comes', () => {
  const early = octets([0xd0], be32(1), ids(DCID, []), [0x40, 30], new Uint8Array(30));
  const half = client(crypto(0, HELLO.subarray(0, 120)));
  expect(facts(told(['client', octets(half, early)]))).toEqual([{ ...ASKED, ja3: false }]);
});

test.each([
  ['a packet behind the handshake', short(DCID)],
  ['an unknown version', octets([0xc0], be32(0x12345678), ids(DCID, []), new Uint8Array(1200))],
  ['an Initial packet that ends too early', client(crypto(0, HELLO)).subarray(0, 600)],
  ['a long connection id', octets([0xc0], be32(1), ids(new Uint8Array(21), []), new Uint8Array(1200))],
  ['DNS', octets([0x8a, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3], 'www', [0, 0, 1, 0, 1])],
])('%s is not taken for the beginning', (_, bytes) => {
  expect(quic.probe(bytes, 0, bytes.length, 0, 'udp')).toBe('no');
});

test('a version that only tests negotiation is QUIC', () => {
  const bytes = octets([0xc0], be32(0x1a2a3a4a), ids(DCID, []), new Uint8Array(1200));
  expect(quic.probe(bytes, 0, bytes.length, 0, 'udp')).toBe('yes');
});

test('versions and their keys', () => {
  for (let draft = 21; draft <= 34; draft++) expect(scheduleOf(0xff000000 + draft)).toBeDefined();
  expect(scheduleOf(0xff000014)).toBeUndefined();
  expect(scheduleOf(0x51303433)).toBeUndefined();
  expect([1, 0x6b3343cf, 0xff00001d, 0x51303530, 0].map(versionText)).toEqual([
    '1',
    '6b3343cf',
    'ff00001d',
    'Q050',
    '0',
  ]);
});
