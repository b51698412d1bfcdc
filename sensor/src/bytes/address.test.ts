// Addresses as text, against RFC 5952's own examples and against Node's parser.
import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOctets } from '../../../test/support/packets/octets.ts';
import { ipv4Text, ipv6Text } from './address.ts';
import { u32 } from './read.ts';

const textOf = (bytes: Uint8Array): string =>
  ipv6Text(u32(bytes, 0), u32(bytes, 4), u32(bytes, 8), u32(bytes, 12));
const groups = (text: string): string =>
  textOf(
    Uint8Array.from(
      text.split(':').flatMap((g) => [Number.parseInt(g, 16) >> 8, Number.parseInt(g, 16) & 255]),
    ),
  );

test.each([
  // RFC 5952 §1, §4.1: leading zeros are dropped.
  ['2001:0db8:0000:0000:0000:0000:0002:0001', '2001:db8::2:1'],
  // §4.2.1: as short as possible.
  ['2001:0db8:0000:0000:0000:0000:0002:0000', '2001:db8::2:0'],
  ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
  ['0000:0000:0000:0000:0000:0000:0000:0000', '::'],
  ['2001:0db8:0000:0000:0000:0000:0000:0000', '2001:db8::'],
  // §4.2.2: one 16-bit zero field is not shortened.
  ['2001:0db8:0000:0001:0001:0001:0001:0001', '2001:db8:0:1:1:1:1:1'],
  // §4.2.3: the longest run, and the first of equals.
  ['2001:0000:0000:0001:0000:0000:0000:0001', '2001:0:0:1::1'],
  ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  // §4.3: lower case.
  ['2001:0DB8:AAAA:BBBB:CCCC:DDDD:EEEE:0AAA', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaa'],
  // A run at each end.
  ['0000:0000:0001:0001:0001:0001:0000:0000', '::1:1:1:1:0:0'],
  ['0001:0000:0000:0001:0001:0000:0000:0000', '1:0:0:1:1::'],
])('%s is written %s', (long, short) => expect(groups(long)).toBe(short));

test('any IPv6 text means the same address to Node, and to our packet builder', () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (words) => {
      const bytes = Uint8Array.from(words.flatMap((w) => [w >> 8, w & 255]));
      const text = textOf(bytes);
      expect([...addressOctets(text)]).toEqual([...bytes]);
      const full = words.map((w) => w.toString(16)).join(':');
      const node = (address: string) => new SocketAddress({ address, family: 'ipv6' }).address;
      expect(node(text)).toBe(node(full));
    }),
    { numRuns: 300 },
  );
});

test('IPv4 with every byte in its place', () => {
  expect(ipv4Text(0)).toBe('0.0.0.0');
  expect(ipv4Text(0xffffffff)).toBe('255.255.255.255');
  expect(ipv4Text(0xc0a80102)).toBe('192.168.1.2');
});

test('thousands of addresses at once, each again and again, are told apart', () => {
  const words = Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 0x01000193) >>> 0);
  const plain = (a: number): string => [24, 16, 8, 0].map((shift) => (a >>> shift) & 255).join('.');
  const last = (d: number): string =>
    new SocketAddress({ family: 'ipv6', address: ipv6Text(1, 2, 3, d) }).address;
  for (let round = 0; round < 2; round++) {
    expect(words.filter((a) => ipv4Text(a) !== plain(a))).toEqual([]);
    expect(new Set(words.map((d) => ipv6Text(1, 2, 3, d))).size).toBe(words.length);
    expect(new Set(words.map((a) => ipv6Text(a, 2, 3, 4))).size).toBe(words.length);
  }
  expect(last(0x00010002)).toBe('0:1:0:2:0:3:1:2');
});
